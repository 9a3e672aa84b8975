"""What the page says of lots that drew whole households."""

import pandas as pd
import pytest

from analysis.report.campaign import households, lots

ROW = {
    "campaign_id": "7", "declared": False, "units_treated": 604, "units_holdout": 600, "customers_treated": 1004,
    "customers_holdout": 996, "several": 500, "split": 0, "split_chance": 1e-9, "effect_per_household": 2.345,
    "low": 0.5, "high": 4.3, "lift": 0.1, "lift_low": 0.0, "lift_high": 0.2, "p_value": 0.01,
}  # fmt: skip
SAID = {"customers": "customers", "currency": "EUR"}


def units(**changes):
    return pd.DataFrame([ROW | changes])


def test_both_counts_stand_there_with_how_it_is_known_and_the_effect_per_household():
    assert households.leads(units(), **SAID) == [
        "Campaign 7 drew whole households: 1,204 households with 2,000 customers (604 with 1,004 treated, 600 with 996 held out). The "
        "study does not say so, but none of 500 households of several was split, which a lot among customers would do with a chance of "
        "less than one in a million only. They are what is compared; per household and week spend changed by +2.3 EUR (95 % interval +0.5 "
        "to +4.3)."
    ]


def test_a_declared_lot_without_a_result_says_what_was_drawn_and_no_more():
    (said,) = households.leads(units(declared=True, effect_per_household=float("nan")), **SAID)
    assert said.endswith("600 with 996 held out). They are what is compared.") and "does not say so" not in said


def test_households_on_both_sides_are_an_alarm_with_their_number_and_what_to_ask():
    first, alarm = households.leads(units(declared=True, split=12), **SAID)
    assert first.startswith(
        "Campaign 7 was to draw whole households: 1,204 households or parts of them with 2,000 customers"
    )
    assert "12 of 500 households of several have customers in both arms" in alarm and alarm.count("?") == 1


def test_few_split_households_are_not_counted_and_campaigns_that_are_not_shown_stay_away():
    drawn = pd.DataFrame({"campaign_id": ["7"]})
    shown = households.shown(units(split=3), drawn, smallest=10)
    assert (
        shown["split"].isna().all()
        and "some households have customers in both arms" in households.leads(shown, **SAID)[1]
    )
    assert households.shown(units(split=3), drawn, smallest=0)["split"].tolist() == [3]
    assert (
        households.shown(units(), drawn.head(0), smallest=10) is None
        and households.shown(None, drawn, smallest=0) is None
    )
    assert households.shown(units().head(0), drawn, smallest=0) is None


@pytest.fixture
def section():
    lot = {
        "campaign_id": "7", "kind": "mail", "treated": 604, "holdout": 600, "share_meant": 0.5, "share_found": 604 / 1204, "split_p": 0.9,
        "broken": False, "where_broken": None, "before_difference": 0.01, "leaked": 0, "leaked_share": 0.0, "leaked_estimate": 0.0,
        "elsewhere": 0, "closed": True,
    }  # fmt: skip
    result = {
        "campaign_id": "7",
        "verdict": "caused a gain",
        "naive_effect": float("nan"),
        "effect_per_week": 1.0,
        "starts_on": pd.Timestamp("2024-03-01"),
    }
    tables = pd.DataFrame([lot]), pd.DataFrame([result])
    return lambda **more: str(lots.section(*tables, **SAID, **more))


def test_the_section_on_lots_says_the_unit_only_where_households_were_drawn(section):
    plain, homes = section(), section(units=units())
    assert "1,204 households with 2,000 customers" in homes and "all counts are of households" in homes
    assert "household" not in plain and section(units=None) == plain
    assert "every lot fits what was meant" in plain and "every lot fits what was meant" in homes
    torn = section(units=units(split=12))
    assert "drawn by lot; in one households stand in both arms" in torn and "every lot fits" not in torn
