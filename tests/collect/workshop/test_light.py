"""Small worlds: many of them agree with their own truth, and they are quick."""

import numpy as np
import pandas as pd
import pytest

from analysis.collect.workshop.light import world
from analysis.randomness import generator


def difference(table):
    arms = table.groupby("arm")["spend"].mean()
    return arms["treated"] - arms["holdout"]


def worlds(n, **settings):
    return [world(generator(seed, "test of small worlds"), **settings) for seed in range(n)]


def test_the_mean_of_many_lots_is_the_expected_effect():
    made = worlds(60, customers=1_500, holdout=0.3, incentive="twenty-off")
    found = np.array([difference(one.table) for one in made])
    expected = np.mean([one.effect_expected for one in made])
    assert expected > 1 and found.mean() == pytest.approx(expected, abs=4 * found.std() / 60**0.5)
    happened = np.array([one.effect for one in made])
    assert happened.mean() == pytest.approx(expected, abs=4 * happened.std() / 60**0.5)


def test_an_a_a_world_has_no_effect_and_what_is_left_is_chance():
    one = world(generator(1, "a"), customers=800, incentive=None)
    assert (one.effect, one.effect_expected, one.profit_expected) == (0, 0, 0) and one.table["redeemed"].sum() == 0
    assert difference(one.table) == pytest.approx(one.naive_bias)


def test_a_rule_that_takes_the_best_misleads_by_the_naive_bias():
    one = world(generator(1, "b"), customers=3_000, holdout=0.5, assigned="by rule")
    arms = one.table.groupby("arm")["spend_before"]
    assert arms.min()["treated"] >= arms.max()["holdout"]
    assert difference(one.table) == pytest.approx(one.effect + one.naive_bias) and one.naive_bias > 2 * one.effect


def test_the_silent_share_is_the_share_of_persons_without_an_order_before():
    one = world(generator(1, "c"), customers=20_000, silent=0.9)
    assert one.table["spend_before"].eq(0).mean() == pytest.approx(0.9, abs=0.01)  # 5 % are no persons and buy more


def test_a_broken_lot_loses_silent_treated_customers_and_a_leak_weakens_the_difference():
    lost = world(generator(1, "d"), customers=4_000, lost=0.5)
    assert lost.table["arm"].eq("treated").mean() < 0.45
    leak, sound = (np.mean([difference(one.table) for one in worlds(25, customers=1_500, incentive="twenty-off", leaked=share)])
                   for share in (0.9, 0.0))  # fmt: skip
    assert leak < 0.5 * sound


def test_a_share_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="holdout=0 is out of range; the nearest valid value is beyond 0"):
        world(generator(1, "e"), customers=10, holdout=0)
    with pytest.raises(ValueError, match="silent=1.2 is out of range; the nearest valid value is beyond 1"):
        world(generator(1, "e"), customers=10, silent=1.2)


def test_the_same_generator_makes_the_same_world():
    one, again = (world(generator(5, "f"), customers=300) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, again.table)
    assert one[1:] == again[1:]
