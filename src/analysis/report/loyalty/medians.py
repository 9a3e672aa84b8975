"""How sure a median is, without an assumption about the values."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.inference.interval import Interval


def median_interval(values: Any) -> Interval:
    """95 % interval of the median of known values, between two of them, as many places from the least as from the largest.

    The places are the innermost that hold the median in at least 95 of 100 samples, by the binomial distribution with
    one half. Where values are measured, no two equal and not all whole, the limits are moved towards the next place inside,
    until they hold it in about 95; between numbers that are counted nothing lies. Not known below six values, where even
    the least and the largest hold it too seldom.
    Source: Conover (1999), Practical Nonparametric Statistics, section 3.2; Hettmansperger and Sheather (1986), Statistics
    and Probability Letters 4, 75-79.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n, low = len(ordered), places(len(ordered))
    if not low:
        return Interval(np.nan, np.nan)
    measured = (np.diff(ordered) > 0).all() and (ordered % 1 > 0).any()
    moved = _inwards(n, low) if measured else 0.0
    left, right = ordered[[low - 1, low]], ordered[[n - low, n - low - 1]]
    return Interval(*(float(end[0] + moved * (end[1] - end[0])) for end in (left, right)))


def places(n: int) -> int:
    """Return how many places from either end the interval of a median of `n` values begins; 0 where there is none."""
    from scipy.special import bdtr

    return int((bdtr(np.arange(n // 2 + 1), n, 0.5) < 0.025).sum()) if n else 0


def _inwards(n: int, place: int) -> float:
    """Part of the way from this place to the next one inside at which the median is held in about 95 of 100 samples."""
    from scipy.special import bdtr

    outer, inner = 1 - 2 * bdtr([place - 1, place], n, 0.5)
    part = (outer - 0.95) / (outer - inner)
    return (n - place) * part / (place + (n - 2 * place) * part)
