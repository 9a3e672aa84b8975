"""What a page says where something stays blank."""

import pandas as pd

from analysis.report import blanks


def test_a_dash_says_that_it_may_be_of_few():
    assert "fewer than 10 households" in blanks.dash(10, customers="households")
    assert blanks.dash(0, customers="households") == "not known"


def test_the_number_of_blanks_is_said_once_and_never_with_the_rule_off():
    column = pd.Series([12, None, None])
    said = blanks.note(column, what="segment", smallest=10, customers="households")
    assert said.startswith(" Two segments are left blank") and "fewer than 10 households" in said
    assert blanks.note(column, what="segment", smallest=0, customers="households") == ""
    assert blanks.note(column.dropna(), what="segment", smallest=10, customers="households") == ""
    one = blanks.note(column.head(2), what="pair of segments", smallest=10, customers="households")
    assert one.startswith(" One pair of segments is left blank")
    two = blanks.note(column, what="pair of segments", smallest=10, customers="households")
    assert two.startswith(" Two pairs of segments are left blank")


def test_a_section_of_few_names_its_subject_and_the_rule():
    html = blanks.too_few("segments", "segments", smallest=10, customers="households")
    assert "Too few households to show segments" in html and "Fewer than 10 households" in html


def test_with_the_rule_off_a_section_of_nobody_speaks_of_no_rule():
    made = blanks.too_few("a", "the way", smallest=0, customers="shops")
    assert "No shops stand behind its numbers." in made and "Fewer than" not in made
