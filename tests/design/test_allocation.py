"""The plan: the budget holds to the cent, the arms differ by chance, and everyone is in it with a reason."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.allocation import affordable, plan
from analysis.design.handoff import assignment, send

STRATEGIES = pd.DataFrame(
    {
        "segment": ["slipping", "loyal", "quiet"],
        "priority": pd.array([1, 2, pd.NA], "Int64"),
        "gift": ["mug", None, None],
        "incentive": [None, "double", None],
        "forms": ["gift", "points", "nothing"],
        "expected_cost": [2.0, 1.0, 0.0],
        "largest_cost": [3.0, 2.0, 0.0],
    }
)


def people(slipping=0, loyal=0, quiet=0):
    segments = ["slipping"] * slipping + ["loyal"] * loyal + ["quiet"] * quiet
    return pd.DataFrame({"customer_id": [f"c{number:03d}" for number in range(len(segments))], "segment": segments})


def made(customers, *, budget, share=0.25, seed=1):
    return plan(customers, STRATEGIES, budget=budget, share=share, rng=np.random.default_rng(seed))


def test_the_budget_pays_the_treated_by_priority_and_ends_inside_a_segment():
    counts = pd.Series({"slipping": 8, "loyal": 12, "quiet": 5})
    # slipping: 8 planned, 2 held out, 6 treated at 2 = 12; 4 are left: loyal: 6 planned, 2 held out, 4 treated at 1
    assert affordable(counts, STRATEGIES, budget=16, share=0.25).to_dict("records") == [
        {"segment": "slipping", "customers": 8, "planned": 8, "treated": 6, "holdout": 2,
         "expected_cost": 12.0, "largest_cost": 18.0},
        {"segment": "loyal", "customers": 12, "planned": 6, "treated": 4, "holdout": 2,
         "expected_cost": 4.0, "largest_cost": 8.0},
        {"segment": "quiet", "customers": 5, "planned": 0, "treated": 0, "holdout": 0,
         "expected_cost": 0.0, "largest_cost": 0.0},
    ]  # fmt: skip


def test_the_whole_plan_of_a_small_table():
    table = made(people(slipping=2, loyal=2, quiet=1), budget=2.99)
    assert table["arm"].value_counts().to_dict() == {"treated": 1, "holdout": 1, "not planned": 3}
    treated = table[table["arm"] == "treated"].iloc[0]
    assert (treated["segment"], treated["gift"], pd.isna(treated["incentive"])) == ("slipping", "mug", True)
    assert (treated["expected_cost"], treated["largest_cost"]) == (2.0, 3.0)
    held = table[table["arm"] == "holdout"].iloc[0]
    assert (held["segment"], pd.isna(held["gift"]), held["expected_cost"]) == ("slipping", True, 0.0)
    # 0.99 is left, and one loyal customer would cost 1.00
    assert table.loc[table["segment"] == "loyal", "reason"].tolist() == ["the budget ended"] * 2
    assert table.loc[table["segment"] == "quiet", "reason"].tolist() == ["no incentive for this segment"]


def test_once_the_budget_ends_a_cheaper_segment_behind_does_not_jump_the_queue():
    reach = affordable(pd.Series({"slipping": 1, "loyal": 1}), STRATEGIES, budget=1.5, share=0.25)
    assert reach["planned"].tolist() == [0, 0, 0]


def test_a_budget_is_never_rounded_up():
    # 3.999 does not pay two customers at 2.00; one alone is treated
    reach = affordable(pd.Series({"slipping": 4}), STRATEGIES, budget=3.999, share=0.01)
    assert reach["expected_cost"].tolist() == [2.0, 0.0, 0.0]


def test_what_costs_nothing_is_planned_without_a_budget():
    free = STRATEGIES.assign(expected_cost=[2.0, 0.0, 0.0])
    reach = affordable(pd.Series({"slipping": 2, "loyal": 4}), free, budget=0, share=0.25)
    assert reach["planned"].tolist() == [0, 4, 0]


@given(
    counts=st.lists(st.integers(0, 40), min_size=3, max_size=3),
    budget=st.decimals(0, 120, places=2),
    share=st.floats(0.01, 0.5),
    costs=st.lists(st.decimals("0.01", 9, places=2), min_size=2, max_size=2),
)
@settings(max_examples=50, deadline=None)
def test_the_expected_cost_never_exceeds_the_budget_and_one_more_would(counts, budget, share, costs):
    strategies = STRATEGIES.assign(expected_cost=[*map(float, costs), 0.0])
    customers = people(*counts)
    table = plan(customers, strategies, budget=float(budget), share=share, rng=np.random.default_rng(5))
    spent = sum((Decimal(repr(cost)) for cost in table["expected_cost"].tolist()), Decimal(0))
    assert spent <= budget
    reach = affordable(customers["segment"].value_counts(), strategies, budget=float(budget), share=share)
    assert sum(Decimal(repr(cost)) for cost in reach["expected_cost"]) == spent
    short = reach[(reach["planned"] < reach["customers"]) & (reach["segment"] != "quiet")]
    if len(short):  # the first segment that was cut could not take one more treated customer
        assert spent + Decimal(repr(dict(zip(strategies["segment"], strategies["expected_cost"], strict=True))[
            short["segment"].iloc[0]])) > budget  # fmt: skip


@given(order=st.permutations(range(12)))
@settings(max_examples=20, deadline=None)
def test_the_plan_does_not_depend_on_the_order_of_rows(order):
    customers = people(slipping=6, loyal=6)
    pd.testing.assert_frame_equal(made(customers.iloc[list(order)], budget=9), made(customers, budget=9))


def test_every_customer_is_in_the_plan_once_and_every_segment_has_a_holdout():
    table = made(people(slipping=10, loyal=10, quiet=10), budget=1000)
    assert table["customer_id"].is_monotonic_increasing
    assert table["customer_id"].is_unique
    assert len(table) == 30
    arms = table.groupby(["segment", "arm"]).size().to_dict()
    assert arms == {
        ("slipping", "holdout"): 3, ("slipping", "treated"): 7, ("loyal", "holdout"): 3, ("loyal", "treated"): 7,
        ("quiet", "not planned"): 10,
    }  # fmt: skip


def test_a_larger_budget_plans_the_same_customers_and_more():
    customers = people(slipping=9, loyal=9)
    planned = [set(made(customers, budget=b).query("arm != 'not planned'")["customer_id"]) for b in (0, 6, 9, 17, 90)]
    assert all(fewer < more for fewer, more in zip(planned, planned[1:], strict=False))


def test_who_is_held_out_or_cut_is_chance_and_not_the_place_in_the_table():
    customers = people(slipping=8)
    arms = [made(customers, budget=6, seed=seed)["arm"] for seed in range(80)]  # 4 planned: 1 held out, 3 treated
    held = sum((arm == "holdout").to_numpy().astype(int) for arm in arms)
    cut = sum((arm == "not planned").to_numpy().astype(int) for arm in arms)
    assert np.abs(held - 80 / 8).max() < 12  # 10 each, sd 3.0
    assert np.abs(cut - 80 / 2).max() < 18  # 40 each, sd 4.5


@given(
    why=st.lists(st.sampled_from([None, None, "no consent", "on the suppression list"]), min_size=1, max_size=40),
    budget=st.integers(0, 60),
    seed=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_nobody_without_consent_is_planned_or_handed_over_in_either_arm(why, budget, seed):
    customers = people(*(len(why[part::3]) for part in range(3))).assign(barred=why)
    table = made(customers, budget=budget, seed=seed)
    barred = set(customers.loc[customers["barred"].notna(), "customer_id"])
    listed = assignment(table, STRATEGIES)
    assert not barred & set(listed["customer_id"]) and not barred & set(send(listed)["customer_id"])
    counts = table["reason"].value_counts()
    assert {name: counts.get(name, 0) for name in ("no consent", "on the suppression list")} == {
        name: why.count(name) for name in ("no consent", "on the suppression list")
    }
    assert counts.sum() == len(why)
    # those who may be contacted are planned as if nobody else were there
    alone = made(customers[customers["barred"].isna()].drop(columns="barred"), budget=budget, seed=seed)
    pd.testing.assert_frame_equal(table[~table["customer_id"].isin(barred)].reset_index(drop=True), alone)


def test_a_plan_in_which_nobody_is_barred_is_the_same_plan():
    customers = people(slipping=6, loyal=6)
    pd.testing.assert_frame_equal(made(customers.assign(barred=None), budget=9), made(customers, budget=9))


@pytest.mark.parametrize(
    ("customers", "budget", "message"),
    [
        (people(1), -1, "budget=-1 is out of range; the nearest valid value is 0"),
        (people(1).assign(segment="lost"), 5, "segment 'lost' has customers but no row among the strategies"),
        (people(1).assign(segment=None), 5, "customer 'c000' has no segment; a plan needs one"),
    ],
)
def test_what_cannot_be_planned_is_refused(customers, budget, message):
    with pytest.raises(ValueError, match=message):
        made(customers, budget=budget)
