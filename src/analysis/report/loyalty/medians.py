"""How sure a median is, without an assumption about the values."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.inference.interval import Interval


def median_interval(values: Any) -> Interval:
    """95 % interval of the median of known values: two of the values, as many places from the least as from the largest.

    The places are the innermost that hold the median in at least 95 of 100 samples, by the binomial distribution with
    one half. Not known below six values, where even the least and the largest hold it too seldom.
    Source: Conover (1999), Practical Nonparametric Statistics, section 3.2.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n, low = len(ordered), places(len(ordered))
    return Interval(float(ordered[low - 1]), float(ordered[n - low])) if low else Interval(np.nan, np.nan)


def places(n: int) -> int:
    """Return how many places from either end the interval of a median of `n` values begins; 0 where there is none."""
    from scipy.special import bdtr

    return int((bdtr(np.arange(n // 2 + 1), n, 0.5) < 0.025).sum()) if n else 0
