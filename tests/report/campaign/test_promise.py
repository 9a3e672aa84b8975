import pytest

from analysis.report.campaign import promise as promised

WORDS = {"customers": "households", "currency": "USD", "days": 56, "power": 0.8}
NAN = float("nan")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "The holdout can show a rise of spend of 9.8 % or more"),
        ({"reached": False, "smallest_effect": 0.2}, "The holdout shows a rise of spend only from 20.0 %, not the 10 % asked for"),
        ({"smallest_effect": NAN}, "How small a rise of spend the holdout can show cannot be promised"),
        ({"holdout": 0}, "Nobody is held out, so this plan cannot show what it changes"),
        ({"planned": 0}, "Nothing is planned, so nothing can be shown"),
    ],
)  # fmt: skip
def test_the_title_says_what_can_be_shown(promise, changed, words):
    assert promised.title(promise.assign(**changed), effect=0.1) == words


def test_the_promise_says_cost_arms_chance_and_the_gap_that_stays_unseen(promise):
    text = " ".join(promised.leads(promise, **WORDS))
    assert (
        "about 10.80 USD" in text
        and "the 3 treated truly spend 9.8 % more than the 1 held-out households, 80 of 100 such plans" in text
    )
    assert "between 0.9 % and 9.8 %" in text and "56 days after the start" in text


def test_a_plan_that_pays_only_where_it_is_seen_has_no_gap(promise):
    assert "pays in sales" not in " ".join(promised.leads(promise.assign(break_even=0.2), **WORDS))


def test_what_cannot_be_shown_is_said(promise):
    assert (
        "cannot be promised. Too few."
        in promised.leads(promise.assign(smallest_effect=NAN, why_not="Too few."), **WORDS)[0]
    )
    assert "nobody will know" in promised.leads(promise.assign(holdout=0), **WORDS)[0]


def test_all_segments_come_first_in_the_figure_and_last_in_the_table(promise):
    assert promised.visible_changes(promise.iloc[::-1])["segment"].tolist() == ["all segments", "champions"]
    better = promise.assign(smallest_effect=[0.098, 0.05, NAN, NAN])  # one segment alone sees more than all together
    assert promised.visible_changes(better)["segment"].tolist() == ["all segments", "champions"]
    assert promised.listed(promise.iloc[::-1])["segment"].tolist() == ["champions", "all segments"]
    assert promised.single(promised.visible_changes(promise)) == "the one segment with a figure of its own needs 31 %"


def test_a_section_stands_with_and_without_its_figure(promise):
    words = {"customer": "household", "effect": 0.1, **WORDS}
    assert "<svg" in promised.section(promise, **words)
    assert "<svg" not in promised.section(promise.assign(smallest_effect=NAN), **words)
    assert "No plan reaches anyone" in promised.section(None, **words)
