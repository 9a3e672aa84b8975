"""A small world with one campaign of every kind, made so that each answer can be worked out by hand."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.comparison import Rules
from analysis.monitor.effects import COLUMNS, campaign_effects

RULES = Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=5)
OPTIONS = {
    "as_of": date(2024, 6, 30),
    "data_from": date(2024, 1, 1),
    "rules": RULES,
    "unit": "EUR per customer and week",
    "seed": 1,
}
NAMES = [f"c{number:03d}" for number in range(400)]
CAMPAIGNS = [  # every campaign runs for one week
    ("all", "mail", "2024-03-01"), ("lot", "mail", "2024-04-01"), ("nothing", "A/A", "2024-05-01"),
    ("rule", "mail", "2024-06-01"), ("torn", "mail", "2024-06-15"),
]  # fmt: skip


def contacts():
    """Everyone; half by lot, twice; the first hundred by a rule; a lot from which most of the treated are gone."""
    arms = {
        "all": ["treated"] * 400,
        "lot": ["treated", "holdout"] * 200,
        "nothing": ["treated", "holdout"] * 200,
        "rule": ["treated"] * 100,
        "torn": ["treated"] * 80 + [None] * 120 + ["holdout"] * 200,
    }
    rows = [(name, customer, arm, 0.5 if name in ("lot", "nothing", "torn") else None)
            for name, part in arms.items() for customer, arm in zip(NAMES, part, strict=False) if arm]  # fmt: skip
    table = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "arm", "propensity"])
    return table.astype({"propensity": float})


def orders():
    """Half of the customers order 10 to 40 each week of the campaigns; the lot's treated 20 more."""
    rng = np.random.default_rng(4)
    rows = []
    for name, _, start in CAMPAIGNS:
        for number, customer in enumerate(NAMES):
            if rng.random() < 0.5:
                more = 20 * (name == "lot" and number % 2 == 0)
                rows.append((customer, start, "milk", float(rng.integers(10, 40) + more)))
    return rows


@pytest.fixture
def world(table, order_lines):
    campaigns = table("campaign_id kind starts_on", *CAMPAIGNS)
    campaigns["ends_on"] = pd.to_datetime(campaigns["starts_on"]) + pd.Timedelta(days=6)
    responses = table(
        "campaign_id customer_id kind responded_on",
        ("lot", "c000", "redeem", "2024-06-01"),
        ("lot", "c001", "redeem", "2024-06-01"),
    )
    offers = engine.lazy(table("campaign_id incentive_id product_id", ("lot", "five-off", "milk")))
    return contacts(), orders(), campaigns, pd.DataFrame({"customer_id": NAMES}), responses, offers


def parts(found):
    """All tables of a result, those of the campaigns without a lot among them."""
    return [*found[:3], found.units.table, *found.compared]


def effects(world, order_lines, **changes):
    rows, lines, *rest = world
    return campaign_effects(rows, order_lines(lines), *rest, **OPTIONS | changes)


@pytest.fixture
def found(world, order_lines):
    return effects(world, order_lines)


def test_each_campaign_is_measured_as_its_contacts_allow(found):
    results = found.results.set_index("campaign_id")
    assert results["method"].to_dict() == {
        "all": "none", "lot": "lot", "nothing": "lot", "rule": "comparable customers", "torn": "lot"
    }  # fmt: skip
    assert results.loc[["all", "torn"], "verdict"].tolist() == ["no control group", "not valid"]
    blank = results.loc[["all", "torn"], ["effect_per_week", "low", "high", "total_effect", "p_value", "p_adjusted"]]
    assert blank.isna().all(axis=None)
    assert found.results.columns.tolist() == COLUMNS
    told = results.loc["all", "why"]
    assert "there is nobody to compare with. From the weeks before to the campaign their spend changed by +" in told
    assert told.endswith(
        "EUR per customer and week; between 47 pairs of windows on earlier dates it moved by +0.0 to +0.0 (19 of 20). "
        "That is before and after, not an effect."
    )  # nobody ordered before


def test_the_lot_is_read_as_it_was_drawn_and_says_caused(world, found):
    spent = pd.DataFrame(world[1], columns=["customer_id", "day", "product", "amount"]).query("day == '2024-04-01'")
    by_name = spent.set_index("customer_id")["amount"].reindex(NAMES, fill_value=0.0)
    row = found.results.set_index("campaign_id").loc["lot"]
    assert row["effect_per_week"] == pytest.approx(by_name[::2].mean() - by_name[1::2].mean())
    assert row["total_effect"] == pytest.approx(200 * row["effect_per_week"])
    assert row["low"] < 10 < row["high"] and row["total_low"] < 2000 < row["total_high"]  # half of 200 spend 20 more
    assert row["verdict"] == "caused a gain" and (row["contacted_used"], row["comparable"]) == (200, 200)
    assert row["naive_effect"] == pytest.approx(row["effect_per_week"])  # everyone not treated was held out by lot
    assert "Diluted: at least 1 of 200 held out" in row["why"]


def test_while_the_lot_still_runs_its_clear_difference_decides_nothing(world, order_lines, found):
    early = effects(world, order_lines, as_of=date(2024, 4, 3)).results.set_index("campaign_id").loc["lot"]
    assert early["low"] > 0 and early["p_adjusted"] < 0.05  # the same orders as in the whole week
    assert early["verdict"] == "cannot tell yet"
    assert early["why"].startswith("So far the difference is ") and "measured until 2024-04-03" in early["why"]


def test_the_broken_lot_says_where_and_the_naive_method_stands_beside_it(found):
    row = found.results.set_index("campaign_id").loc["torn"]
    assert row["why"].startswith("The lot is broken (chance of such a split below one in a million): ")
    assert "treated are missing" in row["why"] and pd.notna(row["naive_effect"])


def test_holm_counts_lots_and_comparisons_together(world, order_lines, found):
    results = found.results.set_index("campaign_id")
    assert results["tested"].unique().tolist() == [3]  # lot, nothing and rule
    p = results["p_value"].dropna()
    one, two, three = p.sort_values()  # Holm: three times the least, twice the next, the last as it is, never falling
    steps = np.minimum(np.maximum.accumulate([3 * one, 2 * two, three]), 1)
    assert results["p_adjusted"].dropna().sort_values().tolist() == pytest.approx(steps)
    rule = results.loc["rule"]
    rows, lines, campaigns, *rest = world
    only = campaign_effects(
        rows[rows["campaign_id"] == "rule"], order_lines(lines), campaigns, *rest, **OPTIONS
    ).results
    alone = only.set_index("campaign_id").loc["rule"]
    assert alone["p_value"] == pytest.approx(rule["p_value"]) and alone["p_adjusted"] <= rule["p_adjusted"]


def test_benjamini_hochberg_is_used_over_all_of_them_where_the_study_sets_it(world, order_lines, found):
    results = effects(world, order_lines, many="benjamini-hochberg").results
    p = results["p_value"].dropna()
    pd.testing.assert_series_equal(p, found.results["p_value"].dropna())
    one, two, three = (
        p.sort_values()
    )  # three times the least, three halves of the next, the last as it is, never rising
    steps = np.minimum.accumulate([3 * one, 1.5 * two, three][::-1])[::-1]
    assert results["p_adjusted"].dropna().sort_values().tolist() == pytest.approx(steps)
    assert (results["p_adjusted"].dropna() <= found.results["p_adjusted"].dropna()).all()


def test_neither_row_order_nor_the_other_campaigns_change_a_result(world, order_lines, found):
    rows, lines, campaigns, customers, responses, offers = world
    turned = (rows[::-1], lines[::-1], campaigns[::-1], customers[::-1], responses[::-1], offers)
    for first, second in zip(parts(effects(turned, order_lines)), parts(found), strict=True):
        pd.testing.assert_frame_equal(first, second, check_exact=True)
    two = campaigns["campaign_id"].isin(["lot", "rule"])
    fewer = effects((rows[rows["campaign_id"].isin(["lot", "rule"])], lines, campaigns[two], *world[3:]), order_lines)
    same = ["effect_per_week", "low", "high", "p_value", "total_low", "lift_high", "naive_effect"]
    kept = found.results.set_index("campaign_id").loc[["lot", "rule"], same]
    pd.testing.assert_frame_equal(fewer.results.set_index("campaign_id")[same], kept, check_exact=True)


def test_a_lot_that_began_before_the_data_or_has_several_shares_is_no_estimate(world, order_lines):
    late = effects(world, order_lines, data_from=date(2024, 4, 2)).results.set_index("campaign_id").loc["lot"]
    assert (late["verdict"], late["why"]) == ("no estimate", "The campaign began before the data.")
    rows = world[0].assign(propensity=world[0]["propensity"].where(world[0]["customer_id"] != "c000", 0.9))
    mixed = effects((rows, *world[1:]), order_lines).results.set_index("campaign_id").loc["lot"]
    assert mixed["verdict"] == "no estimate" and mixed["why"].startswith("The chance of being treated differs")


def test_a_lot_without_its_holdout_is_not_compared_with_others(world, order_lines):
    rows = world[0][(world[0]["campaign_id"] != "lot") | (world[0]["arm"] == "treated")]
    found = effects((rows, *world[1:]), order_lines)
    row = found.results.set_index("campaign_id").loc["lot"]
    assert (row["method"], row["verdict"]) == ("lot", "not valid") and math.isnan(row["effect_per_week"])
    assert "nobody held out is in the data" in row["why"]


def test_a_holdout_without_a_chance_is_said_beside_the_comparison(world, order_lines):
    rows = world[0].assign(propensity=world[0]["propensity"].mask(world[0]["campaign_id"] == "lot"))
    results = effects((rows, *world[1:]), order_lines).results.set_index("campaign_id")
    assert results.loc["lot", "method"] == "comparable customers"
    assert results.loc["lot", "why"].endswith(
        "Some were held out, but the contacts do not say by which chance (propensity): nobody knows whether lots were drawn."
    )
    assert "Some were held out" not in results.loc["rule", "why"]


def test_no_campaign_at_all_gives_empty_tables_with_their_columns(world, order_lines):
    rows, lines, campaigns, *rest = world
    found = effects((rows.head(0), lines, campaigns.head(0), *rest), order_lines)
    assert all(part.empty for part in parts(found)) and found.results.columns.tolist() == COLUMNS
