"""How sure a median is, without an assumption about the values."""

from __future__ import annotations

from math import ceil, floor, sqrt
from typing import Any

import numpy as np

from analysis.inference.interval import Interval

FEWEST = 6  # values; of fewer even the least and the largest hold the median too seldom


def median_interval(values: Any) -> Interval:
    """95 % interval of the median of known values: those at places n/2 minus and plus 0.98 roots of n, in order.

    Not known below six values; a small sample has a little more than 95 %, because places are whole numbers.
    Source: Conover (1999), Practical Nonparametric Statistics, section 3.2; 0.98 is half of 1.96.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < FEWEST:
        return Interval(np.nan, np.nan)
    reach = 0.98 * sqrt(n)
    low, high = max(floor(n / 2 - reach), 1), min(ceil(n / 2 + reach) + 1, n)
    return Interval(float(ordered[low - 1]), float(ordered[high - 1]))
