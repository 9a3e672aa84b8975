"""The difference of two rates that may share units: by hand, against what it becomes in the plain cases, and both tails."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.means import sums, welch_difference
from analysis.inference.overlapping import SMALLEST, Rate, interval, jeffreys, p_value


def alone(hits, n):
    """The rate of trials that are units of their own."""
    return Rate(hits / n, hits / n * (1 - hits / n) / max(n - 1, 1), n, n)


@pytest.mark.parametrize(
    ("hits", "low", "high"), [(0, 0, 0.292), (1, 0.016, 0.501), (2, 0.065, 0.648)]
)  # of 7: Brown, Cai and DasGupta (2001), table 5
def test_the_limits_of_a_rate_are_jeffreys_as_published(hits, low, high):
    assert jeffreys(hits / 7, 7, tail=0.025) == pytest.approx((low, high), abs=5e-4)
    mirrored = jeffreys(1 - hits / 7, 7, tail=0.025)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((low, high), abs=5e-4)


def test_by_hand_the_distances_to_the_limits_are_added_as_errors_are():
    a, b, together = Rate(0.10, 0.0009, 200, 150), Rate(0.16, 0.0004, 900, 400), 0.0003  # worth 100 and 336
    limits = []
    for rate, worth, units in ((0.10, 0.10 * 0.90 / 0.0009, 150), (0.16, 0.16 * 0.84 / 0.0004, 400)):
        n = worth * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, units - 1)) ** 2
        limits.append(stats.beta.ppf([0.025, 0.975], rate * n + 0.5, (1 - rate) * n + 0.5))
    (la, ua), (lb, ub) = limits
    r = 0.0003 / (0.03 * 0.02)  # one half
    below = ((0.10 - la) ** 2 + (ub - 0.16) ** 2 - 2 * r * (0.10 - la) * (ub - 0.16)) ** 0.5
    above = ((ua - 0.10) ** 2 + (0.16 - lb) ** 2 - 2 * r * (ua - 0.10) * (0.16 - lb)) ** 0.5
    assert interval(a, b, together) == pytest.approx((-0.06 - below, -0.06 + above))


def test_large_groups_have_nearly_the_interval_and_the_p_value_of_two_means():
    one, other = [1] * 1800 + [0] * 6200, [1] * 2000 + [0] * 6000
    expected = welch_difference(sums(one), sums(other))
    a, b = alone(1800, 8000), alone(2000, 8000)
    assert interval(a, b, 0.0) == pytest.approx(tuple(expected.interval), abs=1e-4)
    assert p_value(a, b, 0.0) == pytest.approx(expected.p_value, rel=0.02)


def test_trials_are_worth_no_more_than_they_are_and_units_where_all_or_none_are_hits():
    assert Rate(0.5, 0.001, 100, 40).worth == 100  # they differ less than by chance
    assert Rate(0.5, 0.005, 100, 40).worth == pytest.approx(50)
    assert Rate(0.0, 0.0, 100, 40).worth == Rate(1.0, 0.0, 100, 40).worth == 40


def test_the_p_value_is_where_the_interval_just_reaches_zero():
    a, b = alone(4, 60), alone(30, 200)
    p = p_value(a, b, 0.0)
    assert min(abs(limit) for limit in interval(a, b, 0.0, confidence=1 - p)) == pytest.approx(0, abs=1e-8)
    assert p_value(b, a, 0.0) == pytest.approx(p)
    assert p_value(a, a, 0.0) == 1
    assert p_value(alone(10, 4000), alone(3990, 4000), 0.0) == 2 * SMALLEST


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.floats(-0.99, 0.99))
def test_it_holds_the_difference_stays_in_reach_and_mirrors(hits, others, correlation):
    a, b = alone(hits, 40), alone(others, 40)
    shared = correlation * (a.variance * b.variance) ** 0.5
    low, high = interval(a, b, shared)
    assert -1 - 1e-9 <= low <= a.rate - b.rate <= high <= 1 + 1e-9
    assert interval(b, a, shared) == pytest.approx((-high, -low))
    assert (p_value(a, b, shared) < 0.05 - 1e-6) <= (low > 0 or high < 0)


def test_six_hits_against_very_many_miss_on_both_sides_alike():
    small, large, rate = 120, 4_000, 0.05
    chances = stats.binom(small, rate).pmf(np.arange(small + 1))
    other = alone(rate * large, large)  # so many hardly vary
    found = [interval(alone(hits, small), other, 0.0) for hits in range(small + 1)]
    below, above = chances @ [one.high < 0 for one in found], chances @ [one.low > 0 for one in found]
    assert 0.01 < below < 0.035 and 0.01 < above < 0.035  # hits are whole numbers, so neither can be one in forty
    by_t = [
        welch_difference(sums([1] * k + [0] * (small - k)), sums([1] * 200 + [0] * 3800)).interval.high < 0
        for k in range(small)
    ]
    assert chances[:-1] @ by_t > 0.05  # what this is for
