"""Intervals of means and ratios of totals whose outcomes are never negative and seldom very large, such as spend.

The t interval of such a mean ends too low: a sample without its share of big spenders has a low mean and a low spread at
once. The bootstrap-t asks how far samples of these customers miss their own mean in standard errors of their own, and
shifts and widens the interval by that. On the scale of logarithms it stays above zero and suits what multiplies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.inference.interval import Interval, upper_tail

FEWEST = 50  # customers with an outcome above zero; of fewer the tail is not seen, and no interval holds what it says
UNITS = 4_000  # more customers are put into so many groups by lot, whose sums are resampled: skewness of a total stays
LEAST_ERROR = 1e-12  # of a logarithm; below it is rounding
CELLS_AT_ONCE = 2_000_000  # numbers held in memory for one batch of resamples


def totals_interval(
    columns,
    powers: Sequence[float],
    *,
    rng: np.random.Generator,
    draws: int = 999,
    confidence: float = 0.95,
    fewest: int = FEWEST,
) -> Interval:
    """Interval of a product of means, each to its power: (1,) is a mean, (1, -1) a ratio such as sales per buyer.

    `columns` has one row per customer and one column per mean, zero or above; whole rows are drawn with replacement. The
    same `rng` state gives the same interval, whatever the row order. NaN where the first column has fewer than `fewest` values
    above zero, where nobody differs, and where so few customers make a total that resamples lose it.

    Raises ValueError for unknown or negative values and where draws are too few. Source: bootstrap-t, Davison and
    Hinkley (1997), section 2.4 and 5.2, with the linearised standard error (Cochran 1977, section 6.5) of the logarithm.
    """
    rows = np.asarray(columns, dtype=float)
    rows = rows[:, None] if rows.ndim == 1 else rows
    if rows.shape[1] != len(powers):
        raise ValueError(f"{rows.shape[1]} columns but {len(powers)} powers; each column needs one")
    if not np.isfinite(rows).all() or (rows < 0).any():
        wrong = rows[~(np.isfinite(rows) & (rows >= 0))]
        raise ValueError(f"value {wrong.flat[0]:g}; every value must be known and the least is 0")
    k = int(np.floor((draws + 1) * (1 - upper_tail(confidence)) + 1e-9))
    if k < 1:
        least = int(np.ceil(1 / (1 - upper_tail(confidence)) - 1e-9)) - 1
        raise ValueError(f"{draws} draws are too few for confidence {confidence:g}; take {least}")
    if (rows[:, 0] > 0).sum() < max(fewest, 2):
        return Interval(np.nan, np.nan)
    units = _units(rows[np.lexsort(rows.T[::-1])], rng=rng)
    weights = np.array([*powers, -float(sum(powers))])  # the last column counts customers
    centre, error = (float(found[0]) for found in _logarithm(units[None], weights))
    if not error > LEAST_ERROR:
        return Interval(np.nan, np.nan)
    missed = np.sort(_missed(units, weights, centre, rng=rng, draws=draws))
    with np.errstate(over="ignore"):
        low, high = np.exp([centre - missed[draws - k] * error, centre - missed[k - 1] * error])
    return Interval(float(low), float(high)) if low > 0 and high < np.inf else Interval(np.nan, np.nan)


def _units(rows: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """The rows with a column of ones, or, of very many, the sums of groups put together by lot."""
    counted = np.column_stack([rows, np.ones(len(rows))])
    if len(counted) <= UNITS:
        return counted
    starts = np.linspace(0, len(counted), UNITS, endpoint=False).astype(int)
    return np.add.reduceat(counted[rng.permutation(len(counted))], starts, axis=0)


def _logarithm(samples: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of the product of totals of each sample (samples, units, columns), and its standard error."""
    n, totals = samples.shape[1], samples.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (weights * np.log(totals)).sum(axis=1)
        share = np.einsum("sij,sj->si", samples, weights / totals)  # what each unit adds, in parts of the whole
        error = np.sqrt(n / (n - 1) * np.square(share).sum(axis=1))
    return found, error


def _missed(
    units: np.ndarray, weights: np.ndarray, centre: float, *, rng: np.random.Generator, draws: int
) -> np.ndarray:
    """By how many of its own standard errors each resample misses the sample; infinite where it lost a total."""
    batch, found = max(1, CELLS_AT_ONCE // units.size), []
    for start in range(0, draws, batch):
        size = min(batch, draws - start)
        value, error = _logarithm(units[rng.integers(len(units), size=(size, len(units)))], weights)
        with np.errstate(divide="ignore", invalid="ignore"):
            missed = (value - centre) / error
        lost = ~(error > LEAST_ERROR)  # no spread is left, or a total is zero
        found.append(np.where(lost, np.where(value > centre, np.inf, -np.inf), missed))
    return np.concatenate(found)
