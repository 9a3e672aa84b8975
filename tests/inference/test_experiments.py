import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.experiments import (
    holdout_share,
    power_two_means,
    power_two_proportions,
    smallest_effect_mean,
)

PLAN = {"power": 0.8, "alpha": 0.05}


def test_power_of_a_t_test_reproduces_statsmodels_and_pwr():
    assert power_two_means(30, 30, effect=1, sd=1, alpha=0.05) == pytest.approx(0.967708258, abs=1e-5)


def test_power_of_two_proportions_reproduces_statsmodels_and_pwr():
    # Cohen's h of 0.01 above a rate of one half
    rate = math.sin(math.asin(math.sqrt(0.5)) + 0.01 / 2) ** 2
    found = power_two_proportions(80, 80, rate_a=rate, rate_b=0.5, alpha=0.05, one_sided=True)
    assert found == pytest.approx(0.056869535, abs=1e-5)


def test_computed_sizes_give_their_power():
    found = power_two_proportions(3834.6, 3834.6, rate_a=0.10, rate_b=0.12, alpha=0.05)
    assert found == pytest.approx(0.8, abs=1e-5)
    assert power_two_means(393.4, 393.4, effect=0.2, sd=1, alpha=0.05) == pytest.approx(0.8, abs=1e-5)
    assert smallest_effect_mean(393.4, 393.4, 1, **PLAN) == pytest.approx(0.2, abs=1e-5)


def test_arcsine_power_comes_close_to_the_variance_formula_of_statsmodels():
    # statsmodels: 76.70692 per arm for a rate of .5 against .75 with power .9
    found = power_two_proportions(76.70692, 76.70692, rate_a=0.5, rate_b=0.75, alpha=0.05)
    assert found == pytest.approx(0.9, abs=0.01)


@given(st.integers(2, 3000), st.integers(2, 3000), st.floats(0, 2), st.sampled_from([0.01, 0.05, 0.2]))
@settings(max_examples=40, deadline=None)
def test_power_of_a_t_test_agrees_with_statsmodels(n_a, n_b, effect, alpha):
    from statsmodels.stats.power import TTestIndPower

    found = power_two_means(n_a, n_b, effect=3 * effect, sd=3, alpha=alpha)
    # one tail at a time: statsmodels gives NaN for the far one where it is next to nothing
    tails = [
        TTestIndPower().power(effect, n_a, alpha / 2, ratio=n_b / n_a, alternative=kind)
        for kind in ("larger", "smaller")
    ]
    expected = np.nansum(tails)
    assert found == pytest.approx(expected, abs=1e-7)
    assert found == power_two_means(n_b, n_a, effect=-3 * effect, sd=3, alpha=alpha)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 3000), st.integers(1, 3000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_power_of_two_proportions_agrees_with_statsmodels(rate_a, rate_b, n_a, n_b, one_sided):
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    effect = proportion_effectsize(rate_a, rate_b)
    kind = "larger" if one_sided else "two-sided"
    expected = NormalIndPower().power(effect, n_a, 0.05, ratio=n_b / n_a, alternative=kind)
    found = power_two_proportions(n_a, n_b, rate_a=rate_a, rate_b=rate_b, alpha=0.05, one_sided=one_sided)
    assert found == pytest.approx(expected, abs=1e-9)


def test_without_an_effect_the_power_is_the_false_alarm_rate():
    assert power_two_means(20, 50, effect=0, sd=2, alpha=0.03) == pytest.approx(0.03)
    assert power_two_proportions(20, 50, rate_a=0.3, rate_b=0.3, alpha=0.03) == pytest.approx(0.03)


def test_the_power_is_the_share_of_simulated_tests_that_see_the_effect():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(11)
    treated, holdout = rng.normal(1.2, 2, size=(2000, 40)), rng.normal(0, 2, size=(2000, 15))
    seen = (ttest_ind(treated, holdout, axis=1).pvalue < 0.05).mean()
    power = power_two_means(40, 15, effect=1.2, sd=2, alpha=0.05)
    assert seen == pytest.approx(power, abs=3 * math.sqrt(power * (1 - power) / 2000))


@given(st.integers(2, 10**6), st.integers(2, 10**6), st.floats(0.01, 1000), st.floats(0.3, 0.99))
@settings(max_examples=50, deadline=None)
def test_the_smallest_effect_is_seen_with_the_power_asked_for(n_treated, n_holdout, sd, power):
    effect = smallest_effect_mean(n_treated, n_holdout, sd, power=power, alpha=0.05)
    assert power_two_means(n_treated, n_holdout, effect=effect, sd=sd, alpha=0.05) == pytest.approx(power, abs=1e-6)


@pytest.mark.parametrize(
    ("n_treated", "n_holdout", "sd"), [(1, 10, 2.0), (10, 1, 2.0), (10, 10, 0.0), (10, 10, math.nan)]
)
def test_what_cannot_be_planned_is_not_known(n_treated, n_holdout, sd):
    assert math.isnan(power_two_means(n_treated, n_holdout, effect=1, sd=sd, alpha=0.05))
    assert math.isnan(smallest_effect_mean(n_treated, n_holdout, sd, **PLAN))


def test_an_empty_arm_has_no_power_for_proportions():
    assert math.isnan(power_two_proportions(0, 10, rate_a=0.1, rate_b=0.2, alpha=0.05))


def test_the_holdout_is_the_first_that_reaches_the_power():
    # the slow way: try every number of customers
    tried = [power_two_means(400 - held, held, effect=3, sd=8, alpha=0.05) for held in range(2, 201)]
    first = next(held for held, power in enumerate(tried, start=2) if power >= 0.8)
    plan = holdout_share(400, effect=3, sd=8, max_share=0.5, **PLAN)
    assert (plan.customers, plan.share, plan.reached) == (first, first / 400, True)
    assert 2.9 < plan.smallest_effect <= 3


def test_the_holdout_is_close_to_the_normal_formula_for_a_large_group():
    # (1.95996 + 0.84162)^2 x sd^2 / effect^2 = 12,558: the harmonic sum 1/h + 1/(n - h) may be at most 1/12,558
    plan = holdout_share(1_000_000, effect=1, sd=40, max_share=0.5, **PLAN)
    expected = (1 - math.sqrt(1 - 4 * 12558.2 / 1_000_000)) / 2
    assert plan.share == pytest.approx(expected, rel=1e-3)


@given(st.integers(0, 3000), st.floats(0.1, 10), st.floats(0.01, 0.5))
@settings(max_examples=50, deadline=None)
def test_one_customer_fewer_would_not_reach_the_power_and_the_share_stays_within_its_limit(
    customers, effect, max_share
):
    plan = holdout_share(customers, effect=effect, sd=5, max_share=max_share, **PLAN)
    assert plan.customers <= max_share * customers + 1e-6
    power = power_two_means(customers - plan.customers, plan.customers, effect=effect, sd=5, alpha=0.05)
    assert plan.reached == (power >= 0.8)
    if plan.reached and plan.customers > 2:
        held = plan.customers - 1
        assert power_two_means(customers - held, held, effect=effect, sd=5, alpha=0.05) < 0.8


def test_a_group_too_small_for_the_effect_gets_the_largest_share_and_says_what_it_can_see():
    plan = holdout_share(100, effect=1, sd=5, max_share=0.2, **PLAN)
    assert plan[:3] == (0.2, 20, False)
    assert plan.smallest_effect == pytest.approx(smallest_effect_mean(80, 20, 5, **PLAN)) and plan.smallest_effect > 1


def test_a_group_without_spread_or_customers_gets_no_promise():
    for sd in (0.0, math.nan):
        plan = holdout_share(100, effect=1, sd=sd, max_share=0.2, **PLAN)
        assert plan[:3] == (0.2, 20, False) and math.isnan(plan.smallest_effect)
    nobody = holdout_share(0, effect=1, sd=5, max_share=0.2, **PLAN)
    assert math.isnan(nobody.share) and nobody.customers == 0 and not nobody.reached


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power_two_means(9, 9, effect=1, sd=1, alpha=5), "alpha 5 must lie between 0 and 1"),
        (lambda: power_two_means(9, 9, effect=1, sd=-1, alpha=0.05), "sd -1 is negative; the least is 0"),
        (
            lambda: power_two_proportions(9, 9, rate_a=0.1, rate_b=12, alpha=0.05),
            "rate_b 12 must lie between 0 and 1",
        ),
        (
            lambda: smallest_effect_mean(9, 9, 1, power=80, alpha=0.05),
            "power 80 must lie between alpha 0.05 and 1, for example 0.8",
        ),
        (
            lambda: holdout_share(9, effect=1, sd=1, max_share=0.6, **PLAN),
            "max_share 0.6 must lie above 0 and be at most 0.5",
        ),
        (lambda: holdout_share(9, effect=0, sd=1, max_share=0.5, **PLAN), "effect 0 must be above 0"),
        (lambda: holdout_share(-9, effect=1, sd=1, max_share=0.5, **PLAN), "-9 customers; the least is 0"),
    ],
)
def test_an_impossible_plan_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
