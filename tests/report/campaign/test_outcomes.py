import pandas as pd
import pytest

from analysis.report.campaign import outcomes

NAN = float("nan")
WHO = {"customer": "household", "customers": "households", "currency": "USD"}


@pytest.fixture
def table():
    """Campaign 2: more ordered for sure, spend without limit, nothing to adjust by; campaign 4: too few."""
    rows = [
        ("2", 0, "share who ordered", 0.5, 0.4, 0.25, 0.05, 0.5, NAN, None),
        ("2", 1, "orders per customer", 0.75, 0.7, 0.07, -0.1, 0.3, NAN, None),
        ("2", 3, "spend per customer", 20.5, 19.0, 0.08, -0.2, float("inf"), NAN, None),
        ("2", 4, "spend, adjusted by spend before", 20.1, 19.2, 0.05, -0.1, 0.2, 0.234, None),
        ("4", 4, "spend, adjusted by spend before", NAN, NAN, NAN, NAN, NAN, 0.0005, "nothing is saved."),
    ]  # fmt: skip
    names = [
        "campaign_id",
        "place",
        "measure",
        "value_treated",
        "value_holdout",
        "lift",
        "low",
        "high",
        "variance_saved",
        "why",
    ]
    made = pd.DataFrame(rows, columns=names)
    ordered = made["campaign_id"].map({"2": 40, "4": 6})
    return made.assign(customers_treated=100, customers_holdout=80, buyers_treated=ordered, buyers_holdout=ordered)


def test_the_title_counts_what_is_clear_of_no_change(table):
    assert outcomes.title(table) == "One of 4 further numbers on campaigns by lot is clear of no change"
    assert outcomes.title(table[1:]) == "None of 3 further numbers on campaigns by lot are clear of no change"


def test_each_measure_has_its_unit_and_the_adjusted_one_says_what_it_saves(table):
    shown = outcomes.listed(table[::-1], customer="household")
    assert shown["measured"].tolist() == [
        "share who ordered", "orders per household",
        "spend, adjusted by spend before (23 % of its variance saved)", "spend, adjusted by spend before",
    ]  # fmt: skip
    assert shown["of_treated"].tolist()[:3] == ["50.0 %", "0.750", "20.10"] and shown["of_treated"].isna().tolist()[3]
    assert shown["note"].tolist() == ["", "", "", "nothing is saved."]


def test_the_section_says_how_many_numbers_these_are_and_that_no_verdict_rests_on_them(table):
    html = outcomes.section(table, **WHO)
    assert "Of 4 numbers of 2 campaigns, each read at 95 %" in html and "no verdict rests on them" in html
    assert "+25.0 %" in html and "spend per household" not in html and "lot_outcomes.csv" in html


def test_without_a_lot_that_can_be_read_there_is_no_section(table):
    assert outcomes.section(None, **WHO) == "" and outcomes.section(table.head(0), **WHO) == ""


def test_campaigns_in_which_few_ordered_are_left_out(table):
    assert outcomes.shown(table, smallest=10)["campaign_id"].unique().tolist() == ["2"]
    assert outcomes.shown(table.assign(buyers_holdout=75), smallest=10).empty  # five did not order
    assert len(outcomes.shown(table, smallest=0)) == 5 and outcomes.shown(None, smallest=10) is None
