import re

import pytest

from analysis.report import page
from analysis.report.fragments import Fragment

SCRIPT = "<script>alert(1)</script>"
FIGURE, TABLE, CSV = Fragment("<svg></svg>"), Fragment("<table></table>"), Fragment("<a>csv</a>")


def order(html, *marks):
    places = [html.index(mark) for mark in marks]
    return places == sorted(places)


def test_a_section_keeps_the_order_title_sentence_figure_reading_data_source():
    html = page.section(
        "who", "Title", "Lead.", subtitle="Share, 2017", figure=FIGURE, how_to_read="Each bar.", table=TABLE, csv=CSV,
        note="Note.", source="orders",
    )  # fmt: skip
    assert order(
        html, "<h2", "Lead.", "<figcaption>Share, 2017", "<svg>", "Each bar.", "<details>", "<table>", "csv", "Note."
    )
    assert "Note. Source: orders." in html
    assert "<details><summary>Data behind this</summary><table></table><a>csv</a></details>" in html


def test_a_folded_table_stands_closed_with_what_is_needed_to_read_it():
    html = page.section(
        "who",
        "Title",
        "Lead.",
        subtitle="Share, 2017",
        how_to_read="Each row.",
        table=TABLE,
        csv=CSV,
        note="Note.",
        folded=True,
    )
    fold = html[html.index("<details>") : html.index("</details>")]
    assert order(fold, "Data behind this", "Share, 2017", "<table>", "Each row.", "csv")
    assert order(html, "Lead.", "<details>", "</details>", "Note.")
    assert "<details" not in page.section("who", "Title", "Lead.", folded=True)  # nothing to fold


def test_the_points_of_an_answer_stand_between_its_title_and_its_sentences():
    html = page.answer("Two paid", "How many.", points=[("Worth it", "campaign 1"), ("Not", SCRIPT)])
    assert order(
        html, "<h1>Two paid", "<li><b>Worth it</b> campaign 1</li>", "<li><b>Not</b> &lt;script", "<p>How many."
    )
    assert "<ul" not in page.answer("None", "Sentence.")


def test_without_a_figure_the_table_is_open():
    html = page.section("who", "Title", ["One.", "Two."], table=TABLE, csv=CSV)
    assert "<p>One.</p><p>Two.</p><table></table><a>csv</a>" in html
    assert "<details" not in html


@pytest.mark.parametrize("given", [{"table": TABLE}, {"how_to_read": "Each bar."}])
def test_a_figure_without_its_table_or_its_reading_is_refused(given):
    with pytest.raises(ValueError, match="section 'who' shows a figure; it also needs `table`"):
        page.section("who", "Title", figure=FIGURE, **given)


@pytest.mark.parametrize("key", ["", "Who", "a b", '"x', "1a"])
def test_a_key_that_cannot_be_an_address_is_refused(key):
    with pytest.raises(ValueError, match="must be small letters, digits and dashes"):
        page.section(key, "Title")


def test_a_key_figure_shows_label_value_interval_n_and_change():
    figure = page.KeyFigure("Back the next month", "90.7 %", "89.4 to 91.9 %", 2061, "no clear change from 90.1 %")
    text = re.sub("<[^>]+>", "|", page.key_figures([figure]))
    assert [part for part in text.split("|") if part] == [
        "Back the next month", "90.7 %", "89.4 to 91.9 % · n = 2,061", "no clear change from 90.1 %",
    ]  # fmt: skip


def test_a_long_unit_is_set_smaller_and_reads_on():
    html = page.key_figures([page.KeyFigure("Sales", "4.60 million USD"), page.KeyFigure("Spend", "205 USD")])
    assert "4.60<small> million USD</small>" in html
    assert ">205 USD<" in html


def test_a_script_shows_as_text_in_every_part():
    parts = [
        page.answer(SCRIPT, SCRIPT),
        page.key_figures([page.KeyFigure(SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT)]),
        page.section("a", SCRIPT, SCRIPT, subtitle=SCRIPT, figure=FIGURE, how_to_read=SCRIPT, table=TABLE, note=SCRIPT,
                     source=SCRIPT, label=SCRIPT),
        page.absent("b", SCRIPT, SCRIPT, SCRIPT),
        page.next_steps([SCRIPT], title=SCRIPT),
        page.trust(quality=[SCRIPT], method=[(SCRIPT, SCRIPT)], limits=[SCRIPT], title=SCRIPT),
        page.footer({SCRIPT: SCRIPT}),
    ]  # fmt: skip
    assert [part.count("<script") for part in parts] == [0] * 7
    assert [part.count("&lt;script&gt;") for part in parts] == [2, 5, 7, 3, 2, 5, 2]


def test_an_absent_table_says_what_is_missing_and_what_would_show_it():
    html = page.absent("needs", "Are needs met?", "This data has no feedback table.", "With one, it is shown.")
    assert '<p class="absent">This data has no feedback table. With one, it is shown.</p>' in html


@pytest.mark.parametrize("steps", [[], ["a"] * 6])
def test_next_steps_are_one_to_five(steps):
    with pytest.raises(ValueError, match=f"next steps are one to five, not {len(steps)}"):
        page.next_steps(steps)


def test_levels_of_headings_do_not_jump():
    whole = page.answer("A") + page.section("s", "S") + page.trust(quality=["q"], method=[("m", "t")], limits=["l"])
    assert re.findall(r"<h(\d)", whole) == ["1", "2", "2", "3", "3"]
    assert "<details><summary>How the numbers are made</summary><p><b>m.</b> t</p></details>" in whole
