import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtri

from analysis.inference.proportions import newcombe_difference, wilson_interval

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_wilson_interval_reproduces_newcombe_1998_table_1(successes, trials, low, high):
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_limits_are_the_shares_that_a_score_test_just_accepts():
    # the definition: |p - limit| is z standard errors, the error taken at the limit
    p, n, z = 3 / 8, 8, ndtri(0.95)

    def score(limit):
        return (p - limit) ** 2 - z**2 * limit * (1 - limit) / n

    expected = brentq(score, 1e-9, p), brentq(score, p, 1 - 1e-9)
    assert wilson_interval(3, 8, confidence=0.90) == pytest.approx(expected, abs=1e-9)


def test_no_success_and_no_failure_have_limits_of_exactly_0_and_1():
    trials = np.arange(1, 200)
    for confidence in (0.9, 0.95, 0.99):
        assert (wilson_interval(0, trials, confidence=confidence).low == 0).all()
        assert (wilson_interval(trials, trials, confidence=confidence).high == 1).all()


def test_no_trials_give_no_interval_and_arrays_keep_their_order():
    interval = wilson_interval(pd.Series([0, 81, 20]), pd.Series([0, 263, 20]))
    assert interval.low == pytest.approx([math.nan, 0.2553, 0.8389], abs=5e-5, nan_ok=True)
    assert interval.high == pytest.approx([math.nan, 0.3662, 1], abs=5e-5, nan_ok=True)
    assert all(math.isnan(limit) for limit in wilson_interval(0, 0))


def test_an_unknown_count_gives_no_interval():
    interval = wilson_interval(pd.Series([1, None], dtype="Int64"), pd.Series([2, 2]))
    assert np.isnan(interval.low).tolist() == np.isnan(interval.high).tolist() == [False, True]


@pytest.mark.parametrize(
    ("successes", "trials", "message"),
    [
        (5, 3, "5 successes in 3 trials; successes run from 0 to 3"),
        (-1, 3, "-1 successes in 3 trials; successes run from 0 to 3"),
        ([1, 4], [2, 3], "4 successes in 3 trials; successes run from 0 to 3"),
        (-2, -1, "-1 trials; the least is 0"),
    ],
)
def test_impossible_counts_are_named(successes, trials, message):
    for call in (lambda: wilson_interval(successes, trials), lambda: newcombe_difference(1, 2, successes, trials)):
        with pytest.raises(ValueError) as error:
            call()
        assert str(error.value) == message


@given(COUNTS, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
@settings(max_examples=50, deadline=None)
def test_wilson_interval_holds_the_share_and_mirrors_with_the_failures(count, confidence):
    successes, trials = count
    low, high = wilson_interval(successes, trials, confidence=confidence)
    assert 0 <= low <= successes / trials <= high <= 1
    mirrored = wilson_interval(trials - successes, trials, confidence=confidence)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1),
        ((10, 10), (0, 10), 0.6075, 1),
    ],
)
def test_newcombe_difference_reproduces_newcombe_1998_table_2_method_10(a, b, low, high):
    assert newcombe_difference(*a, *b).interval == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, COUNTS)
@settings(max_examples=25, deadline=None)
def test_newcombe_difference_agrees_with_statsmodels_and_turns_its_sign_with_the_groups(a, b):
    from statsmodels.stats.proportion import confint_proportions_2indep

    estimate, (low, high) = newcombe_difference(*a, *b, confidence=0.9)
    assert estimate == pytest.approx(a[0] / a[1] - b[0] / b[1])
    assert (low, high) == pytest.approx(confint_proportions_2indep(*a, *b, method="newcomb", alpha=0.1), abs=1e-9)
    assert newcombe_difference(*b, *a, confidence=0.9).interval == pytest.approx((-high, -low), abs=1e-12)


def test_difference_to_an_empty_group_is_not_known():
    estimate, interval = newcombe_difference([1, 1], [2, 2], [0, 1], [0, 2])
    assert estimate == pytest.approx([math.nan, 0], nan_ok=True)
    assert np.isnan(interval.low).tolist() == np.isnan(interval.high).tolist() == [True, False]
