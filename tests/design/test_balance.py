"""The arms before the plan: means and differences by hand, and what chance does to them."""

import numpy as np
import pandas as pd
import pytest

from analysis.design.allocation import plan
from analysis.design.balance import balance
from analysis.inference.means import sums, welch_difference
from analysis.inference.permutation import compare

PLAN = pd.DataFrame(
    [("Ann", "loyal", "treated"), ("Bob", "loyal", "treated"), ("Cy", "loyal", "holdout"), ("Di", "loyal", "holdout"),
     ("Ed", "new", "treated"), ("Flo", "quiet", "not planned")],
    columns=["customer_id", "segment", "arm"],
)  # fmt: skip
SPENT = pd.DataFrame({"customer_id": ["Ann", "Bob", "Cy", "Ed", "Flo"], "spend": [10.0, 30.0, 12.0, 5.0, 99.0]})


def test_means_and_differences_are_those_of_the_planned_customers():
    table = balance(PLAN, SPENT, measure="spend", rng=np.random.default_rng(1), draws=199).set_index("segment")
    assert table.index.tolist() == ["loyal", "new", "all segments"]  # nobody of the quiet is planned
    assert table.loc["loyal", ["treated", "holdout"]].tolist() == [2, 2]
    # Di has no order: her spend is 0
    assert table.loc["loyal", ["treated_mean", "holdout_mean", "difference"]].tolist() == [20.0, 6.0, 14.0]
    assert table.loc["all segments", ["treated_mean", "holdout_mean"]].tolist() == [15.0, 6.0]


def many(*, held=400, n=4000, seed=3):
    """A plan and spend before of which a fifth is above zero, heavy-tailed."""
    draw = np.random.default_rng(seed)
    plan_ = pd.DataFrame(
        {"customer_id": range(n), "segment": "loyal", "arm": np.where(np.arange(n) < held, "holdout", "treated")}
    )
    spent = pd.DataFrame({"customer_id": range(n), "spend": draw.lognormal(3, 1.2, n) * (draw.random(n) < 0.2)})
    return plan_, spent[spent["spend"] > 0]


def test_the_interval_is_that_of_lots_drawn_again_and_near_that_of_welch_where_the_arms_are_even():
    plan_, spent = many(held=2000)
    row = balance(plan_, spent, measure="spend", rng=np.random.default_rng(1), draws=999).iloc[0]
    values = spent.set_index("customer_id")["spend"].reindex(range(4000), fill_value=0.0).to_numpy()
    plain = welch_difference(sums(values[2000:]), sums(values[:2000])).interval
    assert (row["low"], row["high"]) == pytest.approx(plain, rel=0.2)
    by_hand = compare(
        values[2000:], values[:2000], n_treated=2000, n_holdout=2000, rng=np.random.default_rng(1), draws=999
    )
    assert (row["low"], row["high"]) == tuple(by_hand.interval)


def test_a_segment_in_which_few_spent_has_no_interval():
    loyal = balance(PLAN, SPENT, measure="spend", rng=np.random.default_rng(1), draws=199).iloc[0]
    assert loyal[["low", "high"]].isna().all() and loyal["difference"] == 14.0


def test_an_arm_of_fewer_than_two_has_no_interval():
    new = balance(PLAN, SPENT, measure="spend", rng=np.random.default_rng(1), draws=199).set_index("segment").loc["new"]
    assert new[["holdout_mean", "difference", "low", "high"]].isna().all()


def test_an_empty_plan_has_a_row_that_says_nothing():
    table = balance(PLAN.assign(arm="not planned"), SPENT, measure="spend", rng=np.random.default_rng(1), draws=199)
    assert table["segment"].tolist() == ["all segments"]
    assert table.loc[0, ["treated_mean", "difference", "low"]].isna().all()


def test_a_random_draw_leaves_out_zero_about_once_in_twenty():
    strategies = pd.DataFrame({"segment": ["loyal"], "priority": [1], "gift": ["mug"], "incentive": [None],
                               "expected_cost": [1.0], "largest_cost": [2.0]})  # fmt: skip
    rng = np.random.default_rng(6)
    customers = pd.DataFrame({"customer_id": range(80), "segment": "loyal"})
    spent = pd.DataFrame({"customer_id": range(80), "spend": rng.normal(100, 20, 80).clip(1)})
    outside = 0
    for _ in range(40):
        drawn = plan(customers, strategies, budget=1e6, share=0.4, rng=rng)
        total = balance(drawn, spent, measure="spend", rng=np.random.default_rng(1), draws=199).iloc[-1]
        outside += not total["low"] <= 0 <= total["high"]
    assert outside <= 6  # 2 expected, sd 1.4
