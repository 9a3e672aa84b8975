"""Whole households are drawn: each in one arm, within the budget, and sized for what households spend."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import allocation, household_plan, sizing
from analysis.design.handoff import assignment, kept, screened
from analysis.design.promise import promise
from analysis.refusals import StudyError

STRATEGIES = pd.DataFrame({
    "segment": ["best", "new", "rest"], "priority": pd.array([1, 2, pd.NA], "Int64"), "gift": [None, None, None],
    "incentive": ["ten-off", "five-off", None], "forms": ["coupon", "coupon", "nothing"],
    "expected_cost": [1.0, 0.5, 0.0], "largest_cost": [10.0, 5.0, 0.0],
}).astype({"gift": "str", "incentive": "str"})  # fmt: skip


def people(*rows):
    """Customers as name, segment, household (None alone); all may be contacted."""
    table = pd.DataFrame(rows, columns=["customer_id", "segment", "household_id"])
    return table.assign(barred=None)


def made(table, *, spent=None):
    spent = pd.DataFrame({"customer_id": [], "spend": []}) if spent is None else spent
    return household_plan.homes(table, table, STRATEGIES, table[["customer_id", "segment"]], spent)


def rng(seed=1):
    return np.random.default_rng(seed)


def many(number, *, seed=3):
    draw, rows = rng(seed), []
    for home in range(number):
        for place in range(draw.integers(1, 4)):
            rows.append((f"c{home:03d}{place}", draw.choice(["best", "new", "rest"]), f"h{home:03d}"))
    return people(*rows)


def test_a_household_stands_in_the_first_segment_of_its_people_and_costs_what_they_get():
    table = people(
        ("Ann", "new", "h1"), ("Ben", "best", "h1"), ("Cy", "rest", "h1"), ("Dee", "new", None), ("Eve", "rest", "h2")
    )
    units = made(table).units.set_index("customer_id")
    assert units["segment"].to_dict() == {"Dee": "new", "h1": "best", "h2": "rest"}
    assert units["cost"].to_dict() == {"Dee": 50, "h1": 150, "h2": 0}  # cents
    without = made(table.assign(barred=["no consent", None, None, None, None])).units.set_index("customer_id")
    assert without.loc["h1", "cost"] == 100  # who may not be contacted costs nothing


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(0, 60), st.sampled_from([0.1, 0.3, 0.5]), st.integers(0, 99))
def test_no_household_is_split_and_the_budget_holds(number, budget, share, seed):
    table = many(number, seed=seed)
    drawn = made(table)
    plan = household_plan.plan(table, STRATEGIES, drawn, budget=budget, share=share, rng=rng(seed))
    assert plan["expected_cost"].sum() <= budget and plan["customer_id"].tolist() == sorted(table["customer_id"])
    arms = plan[plan["arm"] != "not planned"].groupby("household")["arm"].nunique()
    assert (arms == 1).all()
    inside = plan["household"].isin(arms.index)
    assert (
        plan.loc[inside & (plan["segment"] != "rest"), "arm"] != "not planned"
    ).all()  # a household is planned as a whole
    assert (plan.loc[plan["segment"] == "rest", "reason"] == "no incentive for this segment").all()
    turned = household_plan.plan(table[::-1], STRATEGIES, made(table[::-1]), budget=budget, share=share, rng=rng(seed))
    pd.testing.assert_frame_equal(turned, plan)


def test_customers_alone_are_held_out_and_reached_as_a_plan_by_customer_does():
    table = people(*((f"c{n:02d}", "best" if n < 20 else "new", f"h{n:02d}") for n in range(40)))
    by_home = household_plan.plan(table, STRATEGIES, made(table), budget=15, share=0.2, rng=rng())
    alone = allocation.plan(table, STRATEGIES, budget=15, share=0.2, rng=rng())
    counts = [part.groupby(["segment", "arm"]).size().to_dict() for part in (by_home, alone)]
    assert counts[0] == counts[1]  # one person in each household costs the same
    reach = household_plan.reached(by_home, STRATEGIES, barred=table["barred"])
    pd.testing.assert_frame_equal(
        reach, allocation.affordable(table["segment"].value_counts(), STRATEGIES, budget=15, share=0.2)
    )


def test_nobody_without_consent_is_in_an_arm_and_the_rest_of_the_household_stays():
    table = people(("Ann", "best", "h1"), ("Ben", "best", "h1"), ("Cy", "best", "h2"), ("Dee", "best", "h2"))
    table.loc[0, "barred"] = "no consent"
    plan = household_plan.plan(table, STRATEGIES, made(table), budget=10, share=0.5, rng=rng()).set_index("customer_id")
    assert plan.loc["Ann", ["arm", "reason"]].tolist() == ["not planned", "no consent"]
    assert {plan.loc["Ben", "arm"], plan.loc["Cy", "arm"]} == {"treated", "holdout"} and plan.loc[
        "Cy", "arm"
    ] == plan.loc["Dee", "arm"]


def test_the_holdout_is_sized_for_what_households_spend_which_asks_for_more_than_people_would():
    table = people(*((f"c{home:03d}{place}", "best", f"h{home:03d}") for home in range(300) for place in range(3)))
    spend = np.repeat(rng(4).lognormal(3, 1, 300) * (rng(5).random(300) < 0.7), 3)  # people of a household do the same
    spent = table[["customer_id"]].assign(spend=spend)
    drawn = made(table, spent=spent)
    assert drawn.outcomes["best"].tolist() == pytest.approx(sorted(spend.reshape(300, 3).sum(axis=1)))
    options = {"budget": 10_000, "effect": 0.3, "power": 0.8, "max_holdout": 0.5}
    homes = sizing.holdout_size(*drawn.basis, rng=rng(), **options)
    single = sizing.holdout_size(
        table["segment"].value_counts(), STRATEGIES, {"best": np.sort(spend)}, rng=rng(), **options
    )
    assert homes.planned == 300 and single.planned == 900
    assert homes.share > 1.3 * single.share or homes.smallest_effect > 1.3 * single.smallest_effect
    plan = household_plan.plan(table, STRATEGIES, drawn, budget=10_000, share=0.5, rng=rng())
    reach = household_plan.reached(plan, STRATEGIES, barred=table["barred"])
    told = promise(reach, {"best": spend}, effect=0.3, power=0.8, rng=rng())
    promised = household_plan.promised(told, plan, drawn, effect=0.3, power=0.8, rng=rng())
    assert (
        promised["smallest_effect"].notna().tolist() == [False, False, False, True]
        and promised["planned"].iloc[-1] == 900
    )
    assert promised["why_not"].iloc[0] == household_plan.TOGETHER
    assert promised["smallest_effect"].iloc[-1] > 1.3 * told["smallest_effect"].iloc[-1]


def test_the_assignment_names_what_was_drawn_and_only_where_households_were():
    table = people(("Ann", "best", "h1"), ("Ben", "new", "h1"), ("Cy", "best", None))
    drawn = made(table)
    plan = household_plan.plan(table, STRATEGIES, drawn, budget=10, share=0.5, rng=rng())
    listed = kept(screened(assignment(plan, STRATEGIES)))
    assert listed.set_index("customer_id")["household"].to_dict() == {"Ann": "h1", "Ben": "h1", "Cy": "Cy"}
    plain = allocation.plan(table, STRATEGIES, budget=10, share=0.5, rng=rng())
    assert "household" not in kept(screened(assignment(plain, STRATEGIES)))
    assert household_plan.as_units(plan, drawn)["customer_id"].tolist() == ["Cy", "h1"]


def test_a_study_that_draws_households_must_know_them():
    table = people(("Ann", "best", None))
    with pytest.raises(StudyError, match="says unit: household, and the customers have no household_id"):
        made(table)
