"""Intervals by resampling, for statistics that have no formula."""

from collections.abc import Callable

import numpy as np

from analysis.inference.interval import Interval, upper_tail

CELLS_AT_ONCE = 2_000_000  # numbers held in memory for one batch of resamples (16 MB)


def bootstrap_interval(
    values,
    statistic: Callable[[np.ndarray], np.ndarray],
    *,
    rng: np.random.Generator,
    draws: int = 999,
    confidence: float = 0.95,
) -> Interval:
    """Percentile bootstrap interval of `statistic`, for example the median or the share of sales of the top tenth.

    `values` has one row per customer, and one or more columns; whole rows are drawn with replacement. `statistic` gets
    a batch of resamples, shape (batch, customers) or (batch, customers, columns), and returns one number for each:
    `lambda samples: np.median(samples, axis=1)`. The same `rng` state gives the same interval, whatever the row order.

    The interval is NaN for fewer than two rows, and where the statistic is NaN in any resample. For statistics of the
    extremes (a maximum, a far quantile) and for a few dozen customers the percentile interval is too narrow.

    Raises ValueError where a value is not known, where the statistic returns another shape, and where `draws` are too
    few for `confidence`. Source: Efron and Tibshirani (1993), chapter 13; the k-th smallest and k-th largest of the
    draws with k = (draws + 1)(1 - confidence)/2, as in Davison and Hinkley (1997), section 5.3.
    """
    rows = _in_one_order(np.asarray(values, dtype=float))
    tail = 1 - upper_tail(confidence)
    k = int(np.floor((draws + 1) * tail + 1e-9))
    if k < 1:
        raise ValueError(
            f"{draws} draws are too few for confidence {confidence:g}; take {int(np.ceil(1 / tail - 1e-9)) - 1}"
        )
    if len(rows) < 2:
        return Interval(np.nan, np.nan)
    drawn = np.sort(_statistics(rows, statistic, rng=rng, draws=draws))
    if np.isnan(drawn).any():
        return Interval(np.nan, np.nan)
    return Interval(drawn[k - 1].item(), drawn[draws - k].item())


def _statistics(rows: np.ndarray, statistic: Callable, *, rng: np.random.Generator, draws: int) -> np.ndarray:
    """The statistic of each resample, worked out in batches that fit in memory."""
    batch = max(1, CELLS_AT_ONCE // rows.size)
    found = []
    for start in range(0, draws, batch):
        size = min(batch, draws - start)
        result = np.asarray(statistic(rows[rng.integers(len(rows), size=(size, len(rows)))]), dtype=float)
        if result.shape != (size,):
            raise ValueError(f"statistic returned shape {result.shape} for {size} resamples; it must be ({size},)")
        found.append(result)
    return np.concatenate(found)


def _in_one_order(rows: np.ndarray) -> np.ndarray:
    """The rows sorted by their values, so that the draws do not depend on the order they came in."""
    if rows.ndim not in (1, 2):
        raise ValueError(f"values have {rows.ndim} dimensions; one row per customer has 1 or 2")
    unknown = np.isnan(rows).any(axis=1) if rows.ndim == 2 else np.isnan(rows)
    if unknown.any():
        raise ValueError(f"{unknown.sum()} of {len(rows)} rows hold a value that is not known; leave them out first")
    return rows[np.lexsort(rows.T[::-1])] if rows.ndim == 2 else np.sort(rows)
