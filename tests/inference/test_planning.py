import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.experiments import power_two_means, power_two_proportions
from analysis.inference.planning import customers_needed, design_effect, intraclass, ratio_spread, smallest_rate_rise

PLAN = {"power": 0.8, "alpha": 0.05}


def test_the_smallest_rise_of_a_rate_turns_the_published_size_round():
    # 3,834.6 customers in each arm tell 12 from 10 % with power 0.8 (Cohen's arcsine formula)
    assert smallest_rate_rise(3834.6, 3834.6, 0.10, **PLAN) == pytest.approx(0.02, abs=1e-5)


@given(st.integers(30, 5000), st.integers(30, 5000), st.floats(0.01, 0.6))
@settings(max_examples=40, deadline=None)
def test_the_smallest_rise_of_a_rate_has_its_power_in_unequal_arms(treated, held, rate):
    rise = smallest_rate_rise(treated, held, rate, **PLAN)
    if np.isnan(rise):
        assert power_two_proportions(treated, held, rate_a=1.0, rate_b=rate, alpha=0.05) < 0.8
    else:
        assert power_two_proportions(treated, held, rate_a=rate + rise, rate_b=rate, alpha=0.05) == pytest.approx(0.8)


def test_what_cannot_be_planned_is_not_known():
    assert np.isnan(smallest_rate_rise(0, 10, 0.1, **PLAN)) and np.isnan(smallest_rate_rise(2, 2, 0.9, **PLAN))
    assert np.isnan(ratio_spread([1.0, 2.0], [0, 0])).all()
    assert np.isnan(intraclass([1, 2, 3], ["a", "b", "c"])) and np.isnan(intraclass([1, 1, 1], ["a", "a", "b"]))


def test_the_spread_of_a_ratio_by_hand():
    # 30 over 3 orders: R = 10, mean of orders 1; residuals 2, -2, 0 (who orders nothing): variance 8 / 2
    ratio, spread = ratio_spread([12, 18, 0], [1, 2, 0])
    assert (ratio, spread) == pytest.approx((10, 2))
    assert ratio_spread([12, 18, 0], [1, 2, 0], [2, 2, 2]) == pytest.approx((10, 2))  # each stands for two alike
    mean, plain = ratio_spread([12, 18, 0], [1, 1, 1])
    assert (mean, plain) == pytest.approx((10, np.std([12, 18, 0], ddof=1)))


def test_the_power_promised_for_a_ratio_is_the_simulated_one():
    rng, n_a, n_b, worlds = np.random.default_rng(1), 900, 300, 4000

    def arm(n, factor):
        orders = rng.poisson(1.0, (worlds, n))
        return orders.sum(axis=1), (orders * rng.gamma(4, 5 * factor, (worlds, n))).sum(axis=1)

    pilot = rng.poisson(1.0, 100_000)
    ratio, spread = ratio_spread(pilot * rng.gamma(4, 5, 100_000), pilot)
    promised = power_two_means(n_a, n_b, effect=0.12 * ratio, sd=spread, alpha=0.05)
    (orders_a, sales_a), (orders_b, sales_b) = arm(n_a, 1.12), arm(n_b, 1.0)
    error = spread * np.sqrt(1 / n_a + 1 / n_b)
    shown = np.abs(sales_a / orders_a - sales_b / orders_b) > 1.96 * error
    assert shown.mean() == pytest.approx(promised, abs=0.02)  # two points


def test_intraclass_correlation_by_hand_and_of_a_known_world():
    # two pairs, (1, 3) and (7, 9): between 72 / 1 = 36 x 2, within (1 + 1 + 1 + 1) / 2 = 2; (36 - 2) / (36 + 2)
    assert intraclass([1, 3, 7, 9], list("aabb")) == pytest.approx((36 - 2) / (36 + 2))
    rng = np.random.default_rng(2)
    home = np.repeat(np.arange(4000), rng.integers(1, 6, 4000))
    values = rng.normal(0, 0.3**0.5, 4000)[home] + rng.normal(0, 0.7**0.5, len(home))
    assert intraclass(values, home) == pytest.approx(0.3, abs=0.03)


def test_the_design_effect_by_hand_and_as_the_variance_it_stands_for():
    assert design_effect([10, 10], 0.05) == pytest.approx(1.45)  # 1 + 9 x 0.05
    assert design_effect([1, 3], 0.1) == pytest.approx(1 + ((1 + 0.25) * 2 - 1) * 0.1)
    assert design_effect([1, 1, 1], 0.9) == 1
    rng, sizes = np.random.default_rng(3), np.tile([1, 2, 6], 20)
    home = np.repeat(np.arange(len(sizes)), sizes)
    draws = 6000
    means = (rng.normal(0, 0.4**0.5, (draws, len(sizes)))[:, home] + rng.normal(0, 0.6**0.5, (draws, len(home)))).mean(
        axis=1
    )
    assert means.var() * len(home) == pytest.approx(design_effect(sizes, 0.4), rel=0.06)


def test_customers_needed_are_the_published_ones_and_clusters_need_more():
    def rate(a, b):
        return power_two_proportions(a, b, rate_a=0.12, rate_b=0.10, alpha=0.05)

    assert customers_needed(rate, share=0.5, power=0.8) == 7670  # 2 x 3,834.6, rounded up
    assert (
        customers_needed(lambda a, b: power_two_means(a, b, effect=0.2, sd=1, alpha=0.05), share=0.5, power=0.8) == 787
    )
    assert customers_needed(rate, share=0.5, power=0.8, design_effect=2) == pytest.approx(2 * 7670, abs=2)
    fewest = customers_needed(rate, share=0.1, power=0.8)
    assert rate(0.9 * fewest, 0.1 * fewest) >= 0.8 > rate(0.9 * (fewest - 1), 0.1 * (fewest - 1))
    assert np.isnan(customers_needed(lambda a, b: 0.05, share=0.5, power=0.8))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: smallest_rate_rise(9, 9, 0.1, power=0.01, alpha=0.05), "power 0.01 must lie between alpha 0.05 and 1"),
        (lambda: design_effect([1, 2], 1.5), "correlation 1.5"),
        (lambda: design_effect([], 0.5), "at least one cluster"),
        (lambda: customers_needed(lambda a, b: 1.0, share=1.0, power=0.8), "share 1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
