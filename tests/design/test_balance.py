"""The arms before the plan: means and differences by hand, and what chance does to them."""

import numpy as np
import pandas as pd
import pytest

from analysis.design.allocation import plan
from analysis.design.balance import balance

PLAN = pd.DataFrame(
    [("Ann", "loyal", "treated"), ("Bob", "loyal", "treated"), ("Cy", "loyal", "holdout"), ("Di", "loyal", "holdout"),
     ("Ed", "new", "treated"), ("Flo", "quiet", "not planned")],
    columns=["customer_id", "segment", "arm"],
)  # fmt: skip
SPENT = pd.DataFrame({"customer_id": ["Ann", "Bob", "Cy", "Ed", "Flo"], "spend": [10.0, 30.0, 12.0, 5.0, 99.0]})


def test_means_and_differences_are_those_of_the_planned_customers():
    table = balance(PLAN, SPENT, measure="spend", rng=np.random.default_rng(1)).set_index("segment")
    assert table.index.tolist() == ["loyal", "new", "all segments"]  # nobody of the quiet is planned
    assert table.loc["loyal", ["treated", "holdout"]].tolist() == [2, 2]
    # Di has no order: her spend is 0
    assert table.loc["loyal", ["treated_mean", "holdout_mean", "difference"]].tolist() == [20.0, 6.0, 14.0]
    assert table.loc["all segments", ["treated_mean", "holdout_mean"]].tolist() == [15.0, 6.0]


def test_the_interval_holds_what_every_lot_that_could_have_been_gives():
    from itertools import combinations

    spent = np.array([0.0, 3.0, 8.0, 1.0, 0.0, 20.0, 4.0, 11.0, 2.0])
    plan_of = pd.DataFrame({"customer_id": range(9), "segment": "a", "arm": ["treated"] * 5 + ["holdout"] * 4})
    measured = pd.DataFrame({"customer_id": range(9), "spend": spent})
    row = balance(plan_of, measured, measure="spend", rng=np.random.default_rng(2)).iloc[-1]
    every = [
        (spent.sum() - held) / 5 - held / 4 for held in (spent[list(four)].sum() for four in combinations(range(9), 4))
    ]
    least, most = np.quantile(every, [0.025, 0.975])  # all 126 lots
    assert (row["low"], row["high"]) == pytest.approx((row["difference"] - most, row["difference"] - least), abs=0.4)


def test_lots_drawn_in_segments_are_drawn_again_in_segments():
    rng = np.random.default_rng(3)
    plan_of = pd.DataFrame(
        {"customer_id": range(80), "segment": ["a", "b"] * 40, "arm": ["treated"] * 60 + ["holdout"] * 20}
    )
    level = np.where(plan_of["segment"] == "a", 10.0, 1000.0)
    measured = pd.DataFrame({"customer_id": range(80), "spend": level + rng.random(80)})
    row = balance(plan_of, measured, measure="spend", rng=rng).iloc[-1]
    assert row["high"] - row["low"] < 1  # the level of a segment is the same in both arms


def test_an_arm_of_fewer_than_two_has_no_interval():
    new = balance(PLAN, SPENT, measure="spend", rng=np.random.default_rng(1)).set_index("segment").loc["new"]
    assert new[["holdout_mean", "difference", "low", "high"]].isna().all()


def test_an_empty_plan_has_a_row_that_says_nothing():
    table = balance(PLAN.assign(arm="not planned"), SPENT, measure="spend", rng=np.random.default_rng(1))
    assert table["segment"].tolist() == ["all segments"]
    assert table.loc[0, ["treated_mean", "difference", "low"]].isna().all()


def test_a_random_draw_leaves_out_zero_about_once_in_twenty(monkeypatch):
    monkeypatch.setattr("analysis.design.balance.DRAWS", 199)
    strategies = pd.DataFrame({"segment": ["loyal"], "priority": [1], "gift": ["mug"], "incentive": [None],
                               "expected_cost": [1.0], "largest_cost": [2.0]})  # fmt: skip
    rng = np.random.default_rng(6)
    customers = pd.DataFrame({"customer_id": range(80), "segment": "loyal"})
    spent = pd.DataFrame({"customer_id": range(80), "spend": rng.normal(100, 30, 80)})
    outside = 0
    for _ in range(40):
        drawn = plan(customers, strategies, budget=1e6, share=0.4, rng=rng)
        total = balance(drawn, spent, measure="spend", rng=rng).iloc[-1]
        outside += not total["low"] <= 0 <= total["high"]
    assert outside <= 6  # 2 expected, sd 1.4
