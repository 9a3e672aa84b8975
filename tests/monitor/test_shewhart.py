"""The textbook's charts: by hand, by listing every course, and by known run lengths."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.shewhart import (
    Limits,
    false_alarm_chance,
    individuals_limits,
    rate_limits,
    share_limits,
    weeks_beyond,
)


def test_limits_of_individual_values_by_hand():
    # baseline 10, 12, 11, 13: mean 11.5, moving ranges 2, 1, 2 with mean 5/3
    found = individuals_limits([10, 12, 11, 13, 99], baseline=4)
    assert found.centre.tolist() == [11.5] * 5
    assert found.upper[0] == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert found.lower[0] == pytest.approx(11.5 - 2.66 * 5 / 3)
    assert individuals_limits([1, 9, 1, 9], baseline=4).lower.tolist() == [0] * 4  # sales cannot be below zero


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=20), st.lists(st.floats(0, 1e6), max_size=10))
def test_later_weeks_never_change_the_limits(baseline, later):
    before = individuals_limits(baseline, baseline=5)
    after = individuals_limits(baseline + later, baseline=5)
    assert before.upper[0] == after.upper[0] and before.lower[0] == after.lower[0]


def test_a_p_chart_has_three_binomial_standard_deviations_by_hand():
    # 30 of 300: 0.1; sd of 100 trials is sqrt(0.1 * 0.9 / 100) = 0.03, of 400 half of that
    found = share_limits([10, 13, 7, 10, 0], [100, 100, 100, 400, 0], baseline=3, beyond_chance=False)
    assert found.centre[:4] == pytest.approx([0.1] * 4)
    assert found.upper[:4] == pytest.approx([0.19, 0.19, 0.19, 0.145])
    assert found.lower[:4] == pytest.approx([0.01, 0.01, 0.01, 0.055])
    assert np.isnan(found.upper[4])  # nobody to redeem


def test_weeks_that_differ_beyond_chance_widen_the_limits_of_a_share():
    found = share_limits([10, 13, 7, 10, 0], [100, 100, 100, 400, 0], baseline=3, beyond_chance=True)
    spread = np.mean([1.0, 2.0]) / 1.128  # from 0 to +1 to -1 standard deviations
    assert found.upper[0] == pytest.approx(0.1 + 3 * spread * 0.03)
    assert found.upper[3] == pytest.approx(0.1 + 3 * spread * 0.015)  # four times the contacts, half the reach
    assert found.lower[0] == 0 and np.isnan(found.upper[4])


def test_a_u_chart_has_three_poisson_standard_deviations_by_hand():
    # 12 events in 12 units: 1 each; sd of 4 units is sqrt(1 / 4), of 1 unit 1
    found = rate_limits([4, 2, 6, 1], [4, 4, 4, 1], baseline=3, beyond_chance=False)
    assert found.centre.tolist() == [1.0] * 4
    assert found.upper.tolist() == pytest.approx([2.5, 2.5, 2.5, 4.0])
    assert found.lower.tolist() == [0.0] * 4
    # distances 0, -1, +1 in these: moving ranges 1 and 2
    wider = rate_limits([4, 2, 6, 1], [4, 4, 4, 1], baseline=3, beyond_chance=True)
    assert wider.upper[0] == pytest.approx(1 + 1.5 * 1.5 / 1.128)


def test_a_rare_event_has_the_same_limits_as_share_and_as_rate():
    hits, trials = np.array([3, 5, 4, 6]), np.full(4, 100_000)
    share = share_limits(hits, trials, baseline=4, beyond_chance=True)
    rate = rate_limits(hits, trials, baseline=4, beyond_chance=True)
    assert share.upper == pytest.approx(rate.upper, rel=1e-3)


@pytest.mark.parametrize("limits", [share_limits, rate_limits])
def test_a_baseline_without_an_event_has_no_limits(limits):
    found = limits([0, 0, 0], [100, 100, 100], baseline=3, beyond_chance=True)
    assert found.centre.tolist() == [0, 0, 0] and np.isnan(found.upper).all()


def test_a_week_beyond_a_limit_and_the_last_of_a_row_are_signals():
    limits = Limits(np.full(9, 10.0), np.full(9, 5.0), np.full(9, 15.0))
    values = [11, 16, 11, 9, 10, 11, 11, 11, 4]  # 10 is on neither side and ends the row
    assert np.flatnonzero(weeks_beyond(values, limits, run=3)).tolist() == [1, 2, 7, 8]


@pytest.mark.parametrize(("n", "run"), [(1, 3), (4, 3), (6, 2), (7, 4)])
def test_the_false_alarm_chance_agrees_with_listing_every_course_of_weeks(n, run):
    beyond = 0.1
    alarm = 0.0
    for course in product([(1, False), (-1, False), (1, True)], repeat=n):  # side, beyond a limit
        chance = np.prod([beyond if out else (1 - beyond) / 2 for _, out in course])
        sides = [side for side, _ in course]
        rows = any(len(set(sides[i : i + run])) == 1 for i in range(n - run + 1))
        alarm += chance * (rows or any(out for _, out in course))
    assert false_alarm_chance(weeks=n, run=run, beyond=beyond) == pytest.approx(alarm)


def test_three_standard_deviations_alone_give_the_known_run_length():
    # one week in 370 (Shewhart): without the rule of eight, 52 quiet weeks have chance (1 - 0.0027)^52
    assert 1 / false_alarm_chance(weeks=1) == pytest.approx(370.4, abs=0.1)
    assert false_alarm_chance(weeks=52, run=60) == pytest.approx(1 - 0.9973002039**52)
