import pandas as pd
import pytest

from analysis.monitor.redeemers import COLUMNS
from analysis.report.campaign import redeemers

NAN = float("nan")
WHO = {"customers": "households", "currency": "USD"}


@pytest.fixture
def table():
    """Campaign 2 has a clear effect, 4 no upper limit, 5 nobody who redeemed."""
    rows = [
        ("2", 100, 50, 40, 0, 0.4, 12.34, 2.0, 25.0, None),
        ("4", 90, 60, 15, 3, 1 / 6, 8.0, -30.0, float("inf"), None),
        ("5", 80, 60, 0, 0, 0.0, NAN, NAN, NAN, "Nobody treated is known to have redeemed."),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_title_counts_what_is_clear(table):
    assert (
        redeemers.title(table)
        == "Taken by itself, an effect on those who redeemed is clear in one of two campaigns by lot"
    )
    assert (
        redeemers.title(table[1:])
        == "Taken by itself, an effect on those who redeemed is clear in none of one campaign by lot"
    )
    assert redeemers.title(table[2:]) == "What the offers did to those who redeemed is not known"


def test_the_condition_and_the_first_question_come_first_and_campaigns_by_rule_get_no_number(table):
    first, biggest = redeemers.leads(table, **WHO)
    assert (
        "A decision to send a campaign rests on what it changed for all households drawn" in first
        and redeemers.CONDITION in first
    )
    assert biggest == (
        "In campaign 2, 40 of 100 treated redeemed; each spent +12.3 (+2.0 to +25.0) USD beyond what they would have."
    )
    assert len(redeemers.leads(table[2:], **WHO)) == 1
    assert "Without a lot none is given: those who redeem chose to." in redeemers.section(table, **WHO)


def test_an_interval_without_a_limit_says_why_and_so_does_a_missing_number(table):
    notes = redeemers.listed(table, still=frozenset({"4"}))
    assert notes["why"].tolist() == ["", redeemers.ENDLESS, "Nobody treated is known to have redeemed."]
    assert notes["campaign_id"].tolist() == ["2", "4 · still runs", "5"]


def test_the_section_has_the_numbers_and_none_without_a_lot(table):
    html = redeemers.section(table, **WHO)
    assert "+12.3" in html and "no limit" in html and "lot_redeemers.csv" in html and "16.7 %" in html
    assert redeemers.section(None, **WHO) == redeemers.section(table.head(0), **WHO) == ""


def test_few_redeemers_are_not_shown(table):
    made = redeemers.shown(table, smallest=10)
    assert made["campaign_id"].tolist() == ["2", "4"] and made["redeemed_holdout"].isna().tolist() == [False, True]
    assert (
        redeemers.shown(table.assign(redeemed_treated=95), smallest=10)["campaign_id"].tolist() == []
    )  # of 100, 90, 80
    assert redeemers.shown(table, smallest=0) is table and redeemers.shown(None, smallest=10) is None
