import numpy as np
import pytest
from scipy.stats import binom

from analysis.report.loyalty.medians import median_interval, places


@pytest.mark.parametrize(("n", "place"), [(6, 1), (10, 2), (16, 4), (20, 6), (100, 40)])
def test_the_places_are_those_of_published_tables(n, place):
    assert places(n) == place  # Conover 1999, table A3 at one half, for 95 %
    doubled = np.repeat(np.arange(n, 0, -1), 2)
    assert median_interval(doubled) == (np.sort(doubled)[places(2 * n) - 1], np.sort(doubled)[-places(2 * n)])


@pytest.mark.parametrize("n", [6, 7, 10, 25, 143, 2469])
def test_the_interval_holds_the_median_in_95_of_100_samples_and_the_next_one_inside_does_not(n):
    low, high = places(n), n + 1 - places(n)
    # the median lies below the value at place k when fewer than k of n values are below it, each with chance 1/2
    held = [binom.cdf(high - 1 - inner, n, 0.5) - binom.cdf(low - 1 + inner, n, 0.5) for inner in (0, 1)]
    assert held[0] >= 0.95 > held[1]


def test_five_values_are_too_few():
    assert np.isnan(median_interval([1, 2, 3, 4, 5])).all() and np.isnan(median_interval([])).all()


def test_between_places_the_limit_is_where_hettmansperger_and_sheather_put_it():
    # Of ten values the second from either end holds the median in 97.85 of 100 samples, the third in 89.06, so 32.4 % of
    # the way in chance; by their formula that is 8 * 0.324 / (2 + 6 * 0.324) of the way between the values.
    assert median_interval(np.arange(1, 11) / 4) == pytest.approx((2.6577 / 4, 8.3423 / 4), abs=1e-4)


def test_of_values_that_differ_the_interval_holds_the_median_in_about_95_of_100_samples():
    rng = np.random.default_rng(4)
    for n in (9, 22):  # plain places hold it in 96.1 and 98.3 of 100
        held = [median_interval(rng.lognormal(0, 1.5, n)) for _ in range(2000)]
        assert np.mean([low <= 1 <= high for low, high in held]) == pytest.approx(0.95, abs=0.012)


def test_limits_of_whole_numbers_are_whole():
    assert median_interval([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]) == (1, 5)
    assert median_interval(range(1, 11)) == (2, 9)
