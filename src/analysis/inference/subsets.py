"""Random subsets of given sizes, many at once: who of the same customers falls into an arm, lot by lot.

Drawing one lot after the other costs far more in calls than in drawing. Here every customer of every lot of a block gets
a random key, and a lot takes those with the smallest: each subset of its size is as likely, and exactly that large.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

AT_ONCE = 2_000_000  # keys of a block; bounds memory to some tens of megabytes however many customers there are


def subsets(size: int, cuts: np.ndarray, *, rng: np.random.Generator) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield for blocks of lots their place among all lots, and for each cut, lot and customer whether it is before the cut.

    Parameters
    ----------
    size
        Customers to draw from.
    cuts
        One row per cut, one column per lot: how many come before it. Down a column cuts do not fall, and a later subset
        holds the earlier ones: with cuts 3 and 10 the first three are one arm and the next seven another.

    Raises ValueError for a cut below 0 or above `size`.
    """
    outside = (cuts < 0) | (cuts > size)
    if outside.any():
        raise ValueError(f"{cuts[outside][0]} of {size} customers cannot be drawn")
    lots = cuts.shape[1]
    step = max(AT_ONCE // max(size, 1), 1)
    for first in range(0, lots, step):
        rows = slice(first, min(first + step, lots))
        keys = rng.random((rows.stop - first, size))
        yield rows, np.stack([keys <= _thresholds(keys, numbers)[:, None] for numbers in cuts[:, rows]])


def _thresholds(keys: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The key of the last customer before the cut, lot by lot; -1 where there is none. Lots with one cut are sorted together."""
    found = np.where(numbers > 0, 1.0, -1.0)  # keys are below 1: where everyone is taken there is nothing to sort
    for number in np.unique(numbers[(numbers > 0) & (numbers < keys.shape[1])]):
        rows = np.flatnonzero(numbers == number)
        found[rows] = np.partition(keys[rows], number - 1, axis=1)[:, number - 1]
    return found
