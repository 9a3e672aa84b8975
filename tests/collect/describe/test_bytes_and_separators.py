"""Encoding and separator: what would be valid is said with samples, and more than one valid reading is a question."""

from analysis.collect.describe.bytes_seen import encoding
from analysis.collect.describe.evidence import OPEN, visible
from analysis.collect.describe.separators import cuts, separator


def test_utf_8_with_other_signs_than_ascii_is_hardly_anything_else():
    found = encoding("name\nAda\nJürg\n".encode(), whole=True)
    assert (found.codec, found.evidence.value) == ("utf-8", "utf-8")
    assert found.evidence.words == "valid UTF-8, with signs beyond ASCII in 1 of 3 lines"
    assert found.evidence.samples == ("Jürg",)


def test_a_cut_character_counts_at_the_end_of_a_whole_file_only():
    cut = "Jür".encode()[:-2]
    assert encoding(cut, whole=False).evidence.value == "utf-8"
    assert encoding(cut, whole=True).evidence.value == OPEN


def test_a_byte_order_mark_says_which_it_is():
    assert encoding("a,b\n".encode("utf-8-sig"), whole=True)[0] == "utf-8-sig"
    assert encoding("a,b\n".encode("utf-16"), whole=True).evidence.value == "utf-16"


def test_gb18030_is_a_question_with_samples_of_every_valid_reading():
    found = encoding("买家,金额\n张三,5\n".encode("gb18030"), whole=True)
    assert found.codec == "gb18030" and found.evidence.value == OPEN
    assert "not UTF-8; valid gb18030" in found.evidence.words
    assert found.evidence.samples[:2] == ("gb18030: 买家,金额", "gb18030: 张三,5")
    assert "cp1252: Âò¼Ò,½ð¶î" in found.evidence.samples


def test_a_sample_cannot_move_the_cursor_and_is_not_endless():
    assert visible("a\x1b[2Jb\u202ec") == "a·[2Jb·c"
    assert visible("x" * 100) == "x" * 59 + "…"


def test_the_separator_is_settled_where_one_alone_makes_columns_of_nearly_all_records():
    value, evidence = separator('a;b\n"x;y";1,5\nz;2,5\n')
    assert (value, evidence.value) == (";", ";")
    assert "semicolon 2 columns in 3 of 3 records; " in evidence.words
    assert "comma 2 columns in 2 of 3 records" in evidence.words


def test_two_separators_that_are_as_regular_are_a_question():
    value, evidence = separator("a;b,c\n1;2,3\n4;5,6\n")
    assert evidence.value == OPEN
    assert {(cut.separator, cut.columns) for cut in cuts("a;b,c\n1;2,3\n")} >= {(";", 2), (",", 2)}


def test_a_first_line_that_names_the_separator_is_believed():
    assert separator("sep=;\na;b\n1;2\n")[1].value == ";"
