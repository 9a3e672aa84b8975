import math
from itertools import product

import numpy as np
import pytest

from analysis.inference import resampling
from analysis.inference.means import mean_interval, sums
from analysis.inference.resampling import bootstrap_interval


def median(samples):
    return np.median(samples, axis=1)


def mean(samples):
    return samples.mean(axis=1)


def share_of_top_tenth(samples):
    ordered = np.sort(samples, axis=1)
    return ordered[:, -(samples.shape[1] // 10) :].sum(axis=1) / ordered.sum(axis=1)


def revenue_per_order(samples):
    return samples[:, :, 0].sum(axis=1) / samples[:, :, 1].sum(axis=1)


def test_the_limits_are_those_of_all_resamples_when_they_can_be_listed():
    # 0, 1 and 10 have 27 resamples. 7 of 27 have the median 0 or below, 20 of 27 have 1 or below.
    medians = sorted(np.median(resample) for resample in product([0, 1, 10], repeat=3))
    assert (medians.count(0), medians.count(1), medians.count(10)) == (7, 13, 7)
    rng = np.random.default_rng(1)
    assert bootstrap_interval([0, 1, 10], median, rng=rng, confidence=0.6) == (0, 10)  # tails of 20 % lie within 26 %
    assert bootstrap_interval([0, 1, 10], median, rng=rng, confidence=0.4) == (1, 1)  # tails of 30 % do not


def test_the_limits_are_the_25th_lowest_and_highest_of_999_draws():
    values = np.sqrt(np.arange(20))  # twenty roots, so that hardly two resamples have the same mean
    rng = np.random.default_rng(7)
    drawn = sorted(np.mean([values[i] for i in row]) for row in rng.integers(20, size=(999, 20)))
    assert drawn[23] < drawn[24] < drawn[25] and drawn[-26] < drawn[-25] < drawn[-24]
    found = bootstrap_interval(values, mean, rng=np.random.default_rng(7))
    assert found == pytest.approx((drawn[24], drawn[-25]), abs=1e-12)


def test_for_a_mean_of_many_it_comes_to_students_interval():
    values = np.random.default_rng(3).normal(50, 10, size=400)
    found = bootstrap_interval(values, mean, rng=np.random.default_rng(4), draws=3999)
    assert found == pytest.approx(mean_interval(sums(values)), abs=0.15)  # about three errors of a limit


def test_it_agrees_with_scipy_on_the_share_of_the_top_tenth():
    from scipy.stats import bootstrap

    spend = np.random.default_rng(5).lognormal(3, 1, size=300)
    found = bootstrap_interval(spend, share_of_top_tenth, rng=np.random.default_rng(6), draws=1999)
    referee = bootstrap(
        (spend,),
        lambda samples, axis: share_of_top_tenth(samples),
        n_resamples=1999,
        method="percentile",
        rng=np.random.default_rng(8),
    ).confidence_interval
    assert found == pytest.approx(tuple(referee), abs=0.02)


def test_columns_of_a_row_stay_together():
    # every customer pays 4 per order, so each resample does
    spend_and_orders = [[4, 1], [8, 2], [40, 10]]
    interval = bootstrap_interval(spend_and_orders, revenue_per_order, rng=np.random.default_rng(1))
    assert interval == pytest.approx((4, 4))


@pytest.mark.parametrize(("columns", "statistic"), [((), mean), ((2,), revenue_per_order)])
def test_the_order_of_rows_does_not_matter(columns, statistic):
    values = np.random.default_rng(9).lognormal(size=(20, *columns))
    forwards = bootstrap_interval(values, statistic, rng=np.random.default_rng(2))
    assert bootstrap_interval(values[::-1], statistic, rng=np.random.default_rng(2)) == forwards
    assert forwards.low < forwards.high


def test_small_batches_draw_as_many_resamples(monkeypatch):
    sizes = []
    monkeypatch.setattr(resampling, "CELLS_AT_ONCE", 1000)

    def recorded(samples):
        sizes.append(len(samples))
        return median(samples)

    interval = bootstrap_interval(range(10), recorded, rng=np.random.default_rng(1))
    assert sizes == [100] * 9 + [99]
    assert 0 <= interval.low < 4.5 < interval.high <= 9


def test_one_row_or_an_undefined_statistic_gives_no_interval():
    rng = np.random.default_rng(1)
    assert all(math.isnan(limit) for limit in bootstrap_interval([3.0], median, rng=rng))
    undefined = bootstrap_interval([1, 2], lambda samples: np.where(samples[:, 0] > 1, np.nan, 1.0), rng=rng)
    assert all(math.isnan(limit) for limit in undefined)


def test_an_endless_statistic_has_an_endless_upper_limit():
    # lifetime is 1 over churn; some resamples hold no customer who left
    def lifetime(samples):
        churn = samples.mean(axis=1)
        return np.where(churn > 0, 1 / np.where(churn > 0, churn, 1), np.inf)

    low, high = bootstrap_interval([0, 0, 0, 1], lifetime, rng=np.random.default_rng(1))
    assert 1 <= low < 4 and high == math.inf


@pytest.mark.parametrize(
    ("values", "statistic", "options", "message"),
    [
        ([1, math.nan, 2], median, {}, "1 of 3 rows hold a value that is not known; leave them out first"),
        ([[[1.0]]], median, {}, "values have 3 dimensions; one row per customer has 1 or 2"),
        ([1, 2], np.median, {}, "statistic returned shape () for 999 resamples; it must be (999,)"),
    ],
)
def test_what_cannot_be_resampled_is_named(values, statistic, options, message):
    with pytest.raises(ValueError) as error:
        bootstrap_interval(values, statistic, rng=np.random.default_rng(1), **options)
    assert str(error.value) == message


@pytest.mark.parametrize(("draws", "confidence"), [(39, 0.95), (9, 0.8)])
def test_the_fewest_draws_give_the_lowest_and_the_highest(draws, confidence):
    values = np.sqrt(np.arange(20))
    drawn = mean(values[np.random.default_rng(1).integers(20, size=(draws, 20))])
    found = bootstrap_interval(values, mean, rng=np.random.default_rng(1), draws=draws, confidence=confidence)
    assert found == (drawn.min(), drawn.max())
    with pytest.raises(ValueError, match=rf"^{draws - 1} draws are too few for confidence {confidence}; take {draws}$"):
        bootstrap_interval(values, mean, rng=np.random.default_rng(1), draws=draws - 1, confidence=confidence)
