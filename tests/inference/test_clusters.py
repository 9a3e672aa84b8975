"""Where whole units were drawn, units are drawn again: by enumeration, against the test on people, and on worlds without an effect."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.clusters import Arm, compare_units
from analysis.inference.linearised import per_unit
from analysis.inference.permutation import compare


def rng(seed=1):
    return np.random.default_rng(seed)


def world(seed, units, *, silent=0.4):
    """Units of one to three people; the second half held out."""
    draw = rng(seed)
    people = draw.integers(1, 4, units).astype(float)
    spend = np.where(draw.random(units) < silent, 0.0, people**0.7 * draw.lognormal(3, 1, units))
    rows = np.stack([spend, people], axis=1)
    return rows[: units // 2], rows[units // 2 :]


def test_the_difference_is_that_of_two_totals_over_people():
    treated = [(30.0, 1), (0.0, 2), (60.0, 3)]  # 90 by six people
    holdout = [(20.0, 2), (4.0, 1), (0.0, 1)]  # 24 by four
    found = compare_units(treated, holdout, rng=rng(), draws=99, min_buyers=1)
    assert found.difference == pytest.approx(15 - 6) and found.total == pytest.approx(9 * 6)
    assert found.expected_buyers == 2 and found.largest_share == 60 / 114


def test_the_p_value_is_that_of_all_lots_of_units_counted_one_by_one():
    treated, holdout = world(3, 10)
    rows = np.concatenate([treated, holdout])

    def statistic(chosen):
        arms = rows[list(chosen)], np.delete(rows, list(chosen), axis=0)
        ratios = [arm[:, 0].sum() / arm[:, 1].sum() for arm in arms]
        left = [arm[:, 0] - ratio * arm[:, 1] for arm, ratio in zip(arms, ratios, strict=True)]
        error = sum(part.var(ddof=1) / len(part) / arm[:, 1].mean() ** 2 for part, arm in zip(left, arms, strict=True))
        return (ratios[0] - ratios[1]) / error**0.5

    seen = statistic(range(5))
    again = np.array([statistic(chosen) for chosen in combinations(range(10), 5)])
    exact = 2 * min((again <= seen + 1e-9).mean(), (again >= seen - 1e-9).mean())
    found = compare_units(treated, holdout, rng=rng(), draws=3999, min_buyers=1)
    assert found.p_value == pytest.approx(min(exact, 1), abs=0.04)  # 4,000 draws: an error of 0.016


def test_the_variance_of_a_ratio_is_that_of_what_units_differ_from_it():
    (y, x) = np.array([(30.0, 1), (0.0, 2), (60.0, 3), (10.0, 2)]).T  # 100 by eight people: 12.5 each
    arm = Arm(4, y.sum(), (y**2).sum(), (x * y).sum(), x.sum(), (x**2).sum())
    left = np.array([17.5, -25.0, 22.5, -15.0])  # by hand: what each unit spent beyond 12.5 a person
    assert arm.ratio == 12.5 and arm.variance == pytest.approx((left**2).sum() / 3 / 4 / 2**2)


def test_with_one_person_in_each_unit_it_is_the_test_on_people():
    rows = [np.stack([arm[:, 0], np.ones(len(arm))], axis=1) for arm in world(5, 400)]
    units = compare_units(*rows, rng=rng(), draws=1999)
    people = compare(*(arm[arm[:, 0] > 0, 0] for arm in rows), n_treated=200, n_holdout=200, rng=rng(2), draws=1999)
    assert units.difference == pytest.approx(people.difference) and units.p_value == pytest.approx(
        people.p_value, abs=0.03
    )
    width = people.interval.high - people.interval.low
    assert units.interval == pytest.approx(people.interval, abs=0.08 * width)  # other lots drawn, the same statistic
    assert units.total_interval == pytest.approx(people.total_interval, abs=0.08 * 200 * width)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.5, 3.0]))
def test_currency_and_the_order_of_rows_change_nothing_and_the_interval_holds_the_estimate(seed, factor):
    treated, holdout = world(seed, 80)
    found = compare_units(treated, holdout, rng=rng(), draws=199, min_buyers=5)
    turned = compare_units(treated[::-1] * (factor, 1), holdout[::-1] * (factor, 1), rng=rng(), draws=199, min_buyers=5)
    assert turned.p_value == pytest.approx(found.p_value) and turned.lift == pytest.approx(found.lift)
    assert turned.interval == pytest.approx([factor * end for end in found.interval])
    assert found.interval.low <= found.difference <= found.interval.high
    assert (found.p_value <= 0.05 + 1e-9) == found.interval.excludes(0)  # both come from the same lots and statistic


def test_people_of_a_household_taken_as_drawn_one_by_one_raise_false_alarms():
    found = {"units": 0, "people": 0}
    for seed in range(60):
        draw = rng(seed)
        home = draw.lognormal(3, 1, 60) * (draw.random(60) < 0.6)  # three people who do the very same
        spend, household = np.repeat(home, 3), np.repeat(np.arange(60), 3)
        treated = household < 30
        arms = per_unit(np.stack([spend, np.ones(180)], axis=1), household, treated)
        found["units"] += compare_units(*arms, rng=draw, draws=99, min_buyers=5).p_value < 0.05
        buyers = [spend[side & (spend > 0)] for side in (treated, ~treated)]
        found["people"] += compare(*buyers, n_treated=90, n_holdout=90, rng=draw, draws=99, min_buyers=5).p_value < 0.05
    assert found["units"] <= 8 and found["people"] >= 10  # of 60; 5 % would be 3


def test_what_cannot_be_compared_is_refused_with_the_reason():
    few = compare_units([(5.0, 1), (0.0, 2)], [(4.0, 2), (0.0, 1)], rng=rng(), draws=99)
    assert (
        few.refused.startswith("Too few buyers: 1.0 are expected")
        and np.isnan(few.p_value)
        and np.isnan(few.interval.low)
    )
    with pytest.raises(ValueError, match="1 of 2 units of the treated have no people"):
        compare_units([(5.0, 0), (1.0, 2)], [(4.0, 2)], rng=rng())
    with pytest.raises(ValueError, match="19 draws are too few for confidence 0.95; take 39"):
        compare_units([(5.0, 1)], [(4.0, 2)], rng=rng(), draws=19)
