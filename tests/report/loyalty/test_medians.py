import numpy as np
import pytest
from scipy.stats import binom

from analysis.report.loyalty.medians import median_interval


@pytest.mark.parametrize(("n", "places"), [(6, (1, 6)), (10, (2, 9)), (16, (4, 13)), (20, (6, 15)), (100, (40, 61))])
def test_the_places_are_those_of_published_tables(n, places):
    assert median_interval(np.arange(n, 0, -1)) == places  # Conover 1999, table A3 at one half, for 95 %


@pytest.mark.parametrize("n", [6, 7, 10, 25, 143, 2469])
def test_the_interval_holds_the_median_in_95_of_100_samples_and_the_next_one_inside_does_not(n):
    low, high = median_interval(np.arange(1, n + 1))
    # the median lies below the value at place k when fewer than k of n values are below it, each with chance 1/2
    held = [binom.cdf(high - 1 - inner, n, 0.5) - binom.cdf(low - 1 + inner, n, 0.5) for inner in (0, 1)]
    assert held[0] >= 0.95 > held[1]


def test_five_values_are_too_few():
    assert np.isnan(median_interval([1, 2, 3, 4, 5])).all() and np.isnan(median_interval([])).all()
