import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.means import Sums, mean_interval, ratio_interval, relative_difference, sums, welch_difference

# Sums printed in the tests of GrowthBook's statistics engine, with their expected results below
GROWTHBOOK_TREATED = Sums(3461, 2422.7, 134698.29)
GROWTHBOOK_COMPARISON = Sums(3407, 1396.87, 52377.9767)
SPEND = st.lists(st.integers(0, 1000).map(float), min_size=3, max_size=8).filter(lambda v: len(set(v)) > 1)


def test_sums_add_up_values_and_squares():
    assert sums([3, 1, 2]) == Sums(3, 6, 14)


def test_sums_refuse_values_that_are_not_known():
    with pytest.raises(ValueError, match=r"^1 of 3 values are not known; leave them out first$"):
        sums([1, math.nan, 2])


def test_mean_interval_by_hand():
    # 1, 2, 3: mean 2, variance 1, error 1/sqrt(3) = 0.57735, t(0.975, 2) = 4.30265
    assert mean_interval(Sums(3, 6, 14)) == pytest.approx((2 - 2.48414, 2 + 2.48414), abs=1e-5)


def test_mean_interval_takes_one_entry_per_group_and_needs_two_customers():
    groups = Sums(np.array([0, 1, 3]), np.array([0, 5, 6]), np.array([0, 25, 14]))
    low, high = mean_interval(groups)
    assert low == pytest.approx([math.nan, math.nan, -0.48414], abs=1e-5, nan_ok=True)
    assert high == pytest.approx([math.nan, math.nan, 4.48414], abs=1e-5, nan_ok=True)


def test_alike_customers_show_no_spread_and_give_no_interval():
    # ten times 0.1: the sums carry rounding errors that must not pass for a spread
    assert all(math.isnan(limit) for limit in mean_interval(Sums(10, 0.1 * 10, sum([0.1**2] * 10))))


@given(SPEND)
@settings(max_examples=50, deadline=None)
def test_mean_interval_agrees_with_scipy(values):
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    assert mean_interval(sums(values), confidence=0.9) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-9)


def test_welch_difference_reproduces_growthbook():
    found = welch_difference(GROWTHBOOK_TREATED, GROWTHBOOK_COMPARISON)
    assert (found.difference, found.standard_error, found.p_value) == pytest.approx((0.29, 0.12478, 0.02016), abs=1e-5)
    assert found.interval == pytest.approx((0.04538, 0.53462), abs=1e-5)


def test_relative_difference_reproduces_growthbook():
    found = relative_difference(GROWTHBOOK_TREATED, GROWTHBOOK_COMPARISON)
    assert (found.difference, found.standard_error) == pytest.approx((0.70732, 0.37879), abs=1e-5)
    assert found.p_value == pytest.approx(0.06191, abs=1e-5)
    assert found.interval == pytest.approx((-0.03526, 1.44989), abs=1e-5)


@given(SPEND, SPEND, st.integers(-50, 50))
@settings(max_examples=50, deadline=None)
def test_welch_difference_agrees_with_scipy_and_moves_with_the_treated(treated, comparison, shift):
    found = welch_difference(sums(treated), sums(comparison))
    referee = stats.ttest_ind(treated, comparison, equal_var=False)
    assert found.p_value == pytest.approx(referee.pvalue, abs=1e-9)
    assert found.degrees_of_freedom == pytest.approx(referee.df)
    assert found.interval == pytest.approx(tuple(referee.confidence_interval()), abs=1e-7)
    moved = welch_difference(sums([value + shift for value in treated]), sums(comparison))
    assert moved.difference == pytest.approx(found.difference + shift, abs=1e-9)
    assert moved.standard_error == pytest.approx(found.standard_error, rel=1e-6)


@given(SPEND, SPEND)
@settings(max_examples=50, deadline=None)
def test_the_lift_does_not_depend_on_the_currency(treated, comparison):
    found = relative_difference(sums(treated), sums(comparison))
    scaled = relative_difference(sums([7 * v for v in treated]), sums([7 * v for v in comparison]))
    assert scaled.difference == pytest.approx(found.difference)
    assert scaled.interval == pytest.approx(found.interval)
    assert found.difference == pytest.approx(np.mean(treated) / np.mean(comparison) - 1)


def test_one_customer_gives_a_difference_without_an_interval():
    found = welch_difference(Sums(1, 5, 25), Sums(3, 6, 14))
    assert found.difference == 3
    assert all(math.isnan(value) for value in (found.standard_error, found.p_value, *found.interval))


def test_an_empty_arm_gives_nothing():
    found = welch_difference(Sums(0, 0, 0), Sums(3, 6, 14))
    assert all(math.isnan(value) for value in (found.difference, found.standard_error, *found.interval))


def test_there_is_no_lift_over_nothing():
    found = relative_difference(Sums(3, 6, 14), Sums(3, 0, 2))
    assert all(math.isnan(value) for value in (found.difference, found.standard_error, *found.interval))


def test_sums_that_contradict_each_other_are_named():
    with pytest.raises(ValueError) as error:
        mean_interval(Sums(3, 6, 11))
    assert str(error.value) == ("total of squares 11 cannot belong to a total of 6 over 3 customers; the least is 12")
    with pytest.raises(ValueError, match=r"^-1 customers; the least is 0$"):
        mean_interval(Sums(-1, 6, 14))


def test_the_ratio_of_two_totals_by_hand():
    # Ann 20 in 2 orders, Bob 30 in 2, Cem 10 in 1: 60 over 5 = 12. Residuals spend - 12 orders: -4, 6, -2; variance 28.
    # Error sqrt(28 / 3) / (5 / 3) = 1.83303; t(0.975, 2) = 4.30265
    spend, orders = sums([20, 30, 10]), sums([2, 2, 1])
    interval = ratio_interval(spend, orders, cross_product=20 * 2 + 30 * 2 + 10 * 1)
    assert interval == pytest.approx((12 - 7.88690, 12 + 7.88690), abs=1e-4)


@given(SPEND)
@settings(max_examples=50, deadline=None)
def test_a_ratio_to_one_per_customer_is_the_mean(values):
    ones = sums([1.0] * len(values))
    found = ratio_interval(sums(values), ones, cross_product=sum(values))
    assert found == pytest.approx(mean_interval(sums(values)), rel=1e-6)


@given(SPEND, st.data())
@settings(max_examples=50, deadline=None)
def test_the_ratio_interval_agrees_with_residuals_worked_out_customer_by_customer(spend, data):
    orders = data.draw(st.lists(st.integers(1, 9), min_size=len(spend), max_size=len(spend)))
    ratio = sum(spend) / sum(orders)
    residuals = [y - ratio * x for y, x in zip(spend, orders, strict=True)]
    error = np.std(residuals, ddof=1) / np.sqrt(len(spend)) / np.mean(orders)
    reach = stats.t.ppf(0.975, len(spend) - 1) * error if np.ptp(residuals) > 1e-3 else math.nan
    cross_product = sum(y * x for y, x in zip(spend, orders, strict=True))
    found = ratio_interval(sums(spend), sums(orders), cross_product=cross_product)
    assert found == pytest.approx((ratio - reach, ratio + reach), rel=1e-5, nan_ok=True)


def test_a_ratio_needs_the_same_customers_and_a_possible_cross_product():
    with pytest.raises(ValueError, match=r"^numerator has 3 customers, denominator 2; they must be the same$"):
        ratio_interval(Sums(3, 6, 14), Sums(2, 2, 2), cross_product=4)
    with pytest.raises(ValueError, match=r"^cross product 99 is beyond what the two totals of squares allow$"):
        ratio_interval(Sums(3, 6, 14), Sums(3, 6, 14), cross_product=99)


def test_a_ratio_to_no_orders_is_not_known():
    assert all(math.isnan(limit) for limit in ratio_interval(Sums(3, 6, 14), Sums(3, 0, 0), cross_product=0))


def test_a_small_holdout_and_heavy_tails_mislead_welch_in_one_direction():
    # No effect at all: 2,000 customers, a holdout of 10 %, 5 % of customers buy, spend log-normal with sigma 1.5.
    # The warning in the module's docstring: far more than 2.5 % of the intervals lie wholly above the truth.
    rng = np.random.default_rng(20170101)
    spend = rng.lognormal(0, 1.5, size=(400, 2000)) * (rng.random((400, 2000)) < 0.05)

    def arm(values):
        return Sums(np.full(400, values.shape[1]), values.sum(axis=1), np.square(values).sum(axis=1))

    low, high = welch_difference(arm(spend[:, 200:]), arm(spend[:, :200])).interval
    assert np.mean(low > 0) > 0.08
    assert np.mean(high < 0) < 0.02
    # Two arms of equal size hold their promise within three Monte-Carlo errors
    low, high = welch_difference(arm(spend[:, 1000:]), arm(spend[:, :1000])).interval
    assert np.mean((low > 0) | (high < 0)) < 0.05 + 3 * 0.0109
