import numpy as np
import pytest

from analysis.inference.experiments import smallest_effect_mean
from analysis.inference.ratio_power import smallest_ratio_rise

PLAN = {"power": 0.8, "alpha": 0.05}


def found(tops, bottoms=None, *, n_treated, n_holdout, seed=1, customers=None, **options):
    rng = np.random.default_rng(seed)
    customers = len(tops) if customers is None else customers
    return smallest_ratio_rise(
        tops, bottoms, customers=customers, n_treated=n_treated, n_holdout=n_holdout, rng=rng, **PLAN | options
    )


def test_of_equal_arms_without_a_tail_it_is_that_of_the_formula():
    tops = np.random.default_rng(3).normal(10, 2, 3000)
    expected = smallest_effect_mean(400, 400, 2, **PLAN) / 10
    assert found(tops, n_treated=400, n_holdout=400).effect == pytest.approx(expected, rel=0.12)
    value = found(tops * 2, np.full(3000, 2.0), n_treated=400, n_holdout=400)  # over two orders each: the same
    assert value.effect == pytest.approx(expected, rel=0.12)


def test_the_rise_found_is_shown_as_often_in_campaigns_simulated_one_by_one():
    rng, n_a, n_b, worlds = np.random.default_rng(4), 900, 300, 1500
    pilot = rng.poisson(1.0, 20_000)
    sales = pilot * rng.gamma(2, 10, 20_000)
    rise = found(sales[pilot > 0], pilot[pilot > 0], customers=20_000, n_treated=n_a, n_holdout=n_b).effect

    def ratio(n, factor):
        orders = rng.poisson(1.0, (worlds, n))
        spend = orders * rng.gamma(2, 10, (worlds, n)) * factor
        value = spend.sum(axis=1) / orders.sum(axis=1)
        left = spend - value[:, None] * orders
        return value, np.square(left).sum(axis=1) / orders.sum(axis=1) ** 2

    (null, v0), (a, va), (b, vb) = ratio(n_a, 1.0), ratio(n_a, 1 + rise), ratio(n_b, 1.0)
    limit = np.quantile((null - b) / np.sqrt(v0 + vb), 0.975)
    assert ((a - b) / np.sqrt(va + vb) > limit).mean() == pytest.approx(0.8, abs=0.05)


def test_a_row_that_stands_for_several_is_as_good_as_so_many_rows():
    tops = np.random.default_rng(5).gamma(2, 5, 500)
    options = {"n_treated": 900, "n_holdout": 300}
    once = found(np.repeat(tops, 3), **options)
    weighted = found(tops, weights=np.full(500, 3.0), customers=1500, **options)
    assert weighted.effect == pytest.approx(once.effect, rel=0.1)


def test_the_order_of_rows_does_not_matter():
    tops, bottoms = np.random.default_rng(6).gamma(2, 5, (2, 200))
    options = {"n_treated": 300, "n_holdout": 300}
    assert found(tops, bottoms, **options) == found(tops[::-1], bottoms[::-1], **options)


def test_too_few_in_the_smaller_arm_are_refused_with_the_reason():
    few = found(np.ones(10), customers=1000, n_treated=900, n_holdout=100)
    assert np.isnan(few.effect) and "the test needs 20 there" in few.refused
    assert found(np.ones(10), customers=0, n_treated=900, n_holdout=0).refused == few.refused


def test_a_power_below_alpha_is_refused():
    with pytest.raises(ValueError, match="power 0.01 must lie between alpha 0.05 and 1"):
        found(np.ones(10), n_treated=9, n_holdout=9, power=0.01)
