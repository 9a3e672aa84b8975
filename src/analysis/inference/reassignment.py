"""Lots drawn again: which buyers would have fallen into the smaller arm, and how large the difference would have been.

Customers who bought nothing need no drawing: only how many buyers fall into the smaller arm, and which, can differ.
"""

from typing import NamedTuple

import numpy as np


class Outcomes(NamedTuple):
    """What a comparison needs of one arm: its customers, and the sum and sum of squares of one outcome over them.

    Sums may be arrays, one entry per lot drawn again.
    """

    n: int
    total: float
    squares: float


class Lots(NamedTuple):
    """Both arms as they were, and for each lot drawn again the sums over the buyers that fell into the smaller arm.

    `from_treated` and `from_holdout` hold these sums apart by the arm a buyer was truly in, so that the outcomes of one
    arm can be scaled without drawing again.
    """

    treated: Outcomes
    holdout: Outcomes
    treated_is_smaller: bool
    from_treated: Outcomes
    from_holdout: Outcomes


def draw(
    treated: np.ndarray, holdout: np.ndarray, *, n_treated: int, n_holdout: int, rng: np.random.Generator, draws: int
) -> Lots:
    """Draw the lots again `draws` times; `treated` and `holdout` are the sorted, positive outcomes of the buyers.

    The same `rng` state gives the same lots for any row order, and mirrored ones where the arms change names.
    """
    as_treated = Outcomes(n_treated, treated.sum().item(), np.square(treated).sum().item())
    as_holdout = Outcomes(n_holdout, holdout.sum().item(), np.square(holdout).sum().item())
    treated_is_smaller = as_treated < as_holdout
    smaller, larger = (treated, holdout) if treated_is_smaller else (holdout, treated)
    own = np.r_[np.ones(smaller.size, bool), np.zeros(larger.size, bool)]
    values = np.r_[smaller, larger]
    order = np.lexsort((own, values))
    values, own = values[order], own[order]
    at_home, from_away = np.where(own, values, 0.0), np.where(own, 0.0, values)
    columns = np.stack([at_home, at_home**2, from_away, from_away**2])
    n_smaller = min(n_treated, n_holdout)
    found = sums_again(columns, n=n_treated + n_holdout, n_smaller=n_smaller, rng=rng, draws=draws)
    home, away = Outcomes(n_smaller, found[:, 0], found[:, 1]), Outcomes(n_smaller, found[:, 2], found[:, 3])
    from_treated, from_holdout = (home, away) if treated_is_smaller else (away, home)
    return Lots(as_treated, as_holdout, treated_is_smaller, from_treated, from_holdout)


def sums_again(columns: np.ndarray, *, n: int, n_smaller: int, rng: np.random.Generator, draws: int) -> np.ndarray:
    """One row per lot drawn again, one column per row of `columns`: its sum over those who fell into the smaller arm.

    `columns` has one column per customer who has something to add; the other customers of `n` have zero in all rows.
    """
    there = columns.shape[1]
    numbers = rng.hypergeometric(there, n - there, n_smaller, size=draws)
    # One lot at a time, so that memory stays that of the buyers however many lots there are.
    return np.array([_sums(columns, number, rng=rng) for number in numbers])


def _sums(columns: np.ndarray, number: int, *, rng: np.random.Generator) -> np.ndarray:
    """Sum of each column over `number` of its entries, each such subset as likely."""
    size = columns.shape[1]
    if 4 * number < size:
        return columns[:, rng.choice(size, size=number, replace=False, shuffle=False)].sum(axis=1)
    # Half of many entries: take each with the same chance, then draw out or in what is too many or too few. Several
    # times as fast as drawing one entry after the other.
    taken = (rng.random(size, dtype=np.float32) * size < number).astype(float)
    excess = int(taken.sum()) - int(number)
    candidates = np.flatnonzero(taken == (excess > 0))
    taken[rng.choice(candidates, size=abs(excess), replace=False, shuffle=False)] = excess < 0
    return np.einsum("j,ij->i", taken, columns)  # a matrix product may round by the number of threads; this does not


def studentised(treated: Outcomes, holdout: Outcomes, *, centre: float = 0.0, stretch: float = 1.0):
    """Mean of the treated minus mean of the holdout over its standard error (Welch 1947); NaN where nobody differs.

    With `stretch`, the deviations of the treated from `centre`, and so their spread, are multiplied by it.
    """
    above = stretch * (treated.total / treated.n - centre) - (holdout.total / holdout.n - centre)
    return above / standard_error(treated, holdout, stretch=stretch)


def standard_error(treated: Outcomes, holdout: Outcomes, *, stretch: float = 1.0):
    """Standard error of the difference in means, each arm with its own variance; NaN where nobody differs."""
    variance = stretch**2 * _variance(treated) / treated.n + _variance(holdout) / holdout.n
    return np.sqrt(np.where(variance > 0, variance, np.nan))


def drawn_again(lots: Lots, *, scale=1.0, stretch=1.0) -> np.ndarray:
    """The studentised difference of each lot drawn again, had every outcome of the treated been `scale` times as large.

    With `stretch` other than 1, the arm drawn as treated deviates from the mean of all by that factor. Columns of scales
    give a row for each.
    """
    total = lots.holdout.total + scale * lots.treated.total
    squares = lots.holdout.squares + scale**2 * lots.treated.squares
    small_total = lots.from_holdout.total + scale * lots.from_treated.total
    small_squares = lots.from_holdout.squares + scale**2 * lots.from_treated.squares
    sizes = (lots.treated.n, lots.holdout.n)
    small = Outcomes(min(sizes), small_total, small_squares)
    large = Outcomes(max(sizes), total - small_total, squares - small_squares)
    treated, holdout = (small, large) if lots.treated_is_smaller else (large, small)
    return studentised(treated, holdout, centre=total / sum(sizes), stretch=stretch)


def ratios_again(lots: Lots, *, scale: float) -> np.ndarray:
    """Mean of the treated over mean of the held out in each lot drawn again, had the treated's outcomes been scaled.

    Infinite or NaN where nobody who bought fell into the held out.
    """
    small = lots.from_holdout.total + scale * lots.from_treated.total
    large = lots.holdout.total + scale * lots.treated.total - small
    sizes = lots.treated.n, lots.holdout.n
    treated, holdout = (small, large) if lots.treated_is_smaller else (large, small)
    treated = treated / sizes[0]
    return np.divide(treated, holdout / sizes[1], out=np.full(treated.shape, np.inf), where=holdout > 0)


def scaled(arm: Outcomes, scale) -> Outcomes:
    """The arm with every outcome multiplied."""
    return Outcomes(arm.n, arm.total * scale, arm.squares * scale**2)


def tails(again: np.ndarray, observed) -> tuple[np.ndarray, np.ndarray]:
    """Share of lots, the real one among them, at or below and at or above what was observed; one entry per row.

    A lot without any spread counts in both, and what differs from the observed only by rounding counts as equal.
    """
    observed = np.asarray(observed, dtype=float)[..., None]
    near, lots = 1e-9 * np.maximum(1.0, np.abs(observed)), again.shape[-1]
    below, above = (~(again > observed + near)).sum(axis=-1), (~(again < observed - near)).sum(axis=-1)
    return (1 + below) / (lots + 1), (1 + above) / (lots + 1)


def _variance(arm: Outcomes):
    return np.maximum(arm.squares - arm.total**2 / arm.n, 0) / (arm.n - 1)
