"""The world goes on as the plan says, and only as the plan says."""

import numpy as np
import pandas as pd
import pytest

from analysis.collect.workshop.play import play

SETTINGS = {"seed": 7, "scenario": "ecommerce"}


def plan_for(customers, *, incentive="ten-off", holdout=0.5):
    arms = np.where(np.random.default_rng([1]).random(len(customers)) < holdout, "holdout", "treated")
    return pd.DataFrame({"customer_id": customers, "gift": None, "incentive": incentive, "arm": arms})


@pytest.fixture(scope="module")
def played(part):
    return play(part.customers, plan_for(part.customers["customer_id"]), round_number=1, **SETTINGS)


def test_the_plan_changes_the_treated_and_nobody_else(part, played):
    nothing = play(part.customers, plan_for(part.customers["customer_id"][:0]), round_number=1, **SETTINGS)
    assert nothing.truth["sales_effect"] == nothing.truth["cost"] == 0
    with_plan, without = (one.tables["orders"].groupby("customer_id")["amount"].sum() for one in (played, nothing))
    arm = played.tables["contacts"].set_index("customer_id")["arm"]
    change = with_plan.sub(without, fill_value=0).round(2)
    assert (change[arm.reindex(change.index).eq("holdout")] == 0).all()
    assert change.sum() == pytest.approx(played.truth["sales_effect"], abs=0.01)


def test_what_happens_is_near_what_the_plan_was_expected_to_do(played):
    found, expected = played.truth["sales_effect"], played.truth["expected_sales_effect"]
    assert found == pytest.approx(expected, rel=0.3) and played.truth["cost"] == pytest.approx(
        played.truth["expected_cost"], rel=0.1
    )


def test_rounds_follow_each_other_with_the_same_customers(played):
    second = play(played.customers, plan_for(played.customers["customer_id"]), round_number=2, **SETTINGS)
    first_days, second_days = (
        (one.tables["orders"]["ordered_at"] + pd.Timedelta(hours=8)).dt.normalize() for one in (played, second)
    )
    assert (first_days.min(), first_days.max()) == (pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-25"))
    assert (second_days.min(), second_days.max()) == (pd.Timestamp("2025-02-26"), pd.Timestamp("2025-04-22"))
    assert second.customers["here"].sum() < played.customers["here"].sum()  # nobody joins, some leave
    gone = played.customers.query("not here")["customer_id"]
    assert not second.tables["orders"]["customer_id"].isin(gone).any()
    ids = [set(one.tables["orders"]["order_id"]) for one in (played, second)]
    assert ids[0].isdisjoint(ids[1])


def test_the_same_round_played_twice_is_the_same(part, played):
    again = play(
        part.customers.sample(frac=1, random_state=3),
        plan_for(part.customers["customer_id"]),
        round_number=1,
        **SETTINGS,
    )
    assert again.truth == played.truth
    for name, table in played.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)


def test_a_gift_and_an_incentive_are_both_used_and_both_paid(part):
    some = part.customers.query("here")["customer_id"][:2_000]
    both = play(part.customers, plan_for(some, holdout=0).assign(gift="thank-you"), round_number=1, **SETTINGS)
    used = both.tables["responses"].query("kind == 'redeem'")["incentive_id"].value_counts()
    messages = 0.2 * 2_000
    assert both.truth["cost"] == pytest.approx(used["thank-you"] * 6 + used["ten-off"] * 10 + messages)
    assert both.truth["expected_cost"] == pytest.approx(both.truth["cost"], rel=0.15)


def test_round_zero_is_refused(part):
    with pytest.raises(ValueError, match="round_number=0 is out of range; the nearest valid value is 1"):
        play(part.customers, plan_for([]), round_number=0, **SETTINGS)
