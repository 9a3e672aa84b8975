"""Several differences between two groups at once, with limits for each and a band that holds for all together.

Who is contacted is drawn again within each stratum, many times. What the studentised differences do then shows how far they can lie
from the truth by chance, on either side: with few customers of whom most buy nothing the two sides differ. Inside a stratum contact is
taken to have no link with the outcome but through the campaign, as for every comparison by strata.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DRAWS = 1999
AT_ONCE = 2_000_000  # entries of the drawn labels held in memory


class Bands(NamedTuple):
    """One entry per outcome: difference on the contacted, limits of its own, and limits of the band of all."""

    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    band_low: np.ndarray
    band_high: np.ndarray


def bands(
    outcomes: np.ndarray, contacted: np.ndarray, strata: np.ndarray, *,
    rng: np.random.Generator, confidence: float = 0.95, draws: int = DRAWS,
) -> Bands:  # fmt: skip
    """Difference of contacted and comparable customers in each column of `outcomes`, one row per customer.

    Strata are weighted by their contacted, who must be two or more as must be the comparable (ValueError). The limits of an outcome
    leave it out in 1 - `confidence` of the cases, evenly on both sides; those of the band leave out one of all outcomes that often.
    The same draws serve all outcomes, so that weeks in which the same customers buy count as alike as they are. Limits are NaN for
    an outcome in which nobody differs. Source: studentised permutation, Chung and Romano (2013), Annals of Statistics 41, 484-507;
    one level for all outcomes, Westfall and Young (1993), section 2.6.
    """
    codes = np.unique(strata, return_inverse=True)[1]
    n = np.bincount(codes, weights=contacted), np.bincount(codes, weights=~contacted)
    if min(part.min() for part in n) < 2:
        raise ValueError(
            f"a stratum has {min(part.min() for part in n):.0f} customers of one group; the least is 2 of each"
        )
    active = outcomes.any(axis=1)  # who buys nothing at all adds nothing to any sum: only the others are drawn
    y, codes, contacted = outcomes[active], codes[active], contacted[active]
    difference, error = (part[0] for part in _differences(y, codes, contacted[None, :], n))
    moved = np.concatenate([
        _studentised(*_differences(y, codes, labels, n)) for labels in _drawn(codes, n, rng=rng, draws=draws)
    ])  # fmt: skip
    own, together = _limits(moved, confidence)
    error = np.where(error > 0, error, np.nan)
    return Bands(
        difference, difference - own[1] * error, difference - own[0] * error,
        difference - together[1] * error, difference - together[0] * error,
    )  # fmt: skip


def _limits(
    moved: np.ndarray, confidence: float
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Lower and upper limit of each column of studentised differences, and those that hold for all columns at once."""
    draws, alpha = len(moved), 1 - confidence
    ordered = np.sort(moved, axis=0)
    ranks = np.empty(moved.shape, dtype=int)
    np.put_along_axis(ranks, moved.argsort(axis=0, kind="stable"), np.arange(draws)[:, None], axis=0)
    nearest = np.minimum(ranks, draws - 1 - ranks).min(axis=1)  # how far out the draw lies where it lies farthest out
    cut = int(
        np.sort(nearest)[int(np.floor(alpha * (draws + 1))) - 1]
    )  # this many draws are cut on each side of every column
    one = int(np.floor(alpha / 2 * (draws + 1))) - 1
    # Rounded, because the last digits of sums depend on how many threads work them out.
    return tuple(tuple(np.round(ordered[at], 6) for at in (k, draws - 1 - k)) for k in (one, min(cut, one)))


def _drawn(codes: np.ndarray, n: tuple[np.ndarray, np.ndarray], *, rng: np.random.Generator, draws: int):
    """Yield labels of contact of the active customers, one row per draw: in every stratum as many contacted as there were.

    How many of them are active is hypergeometric; which ones, an order by lot says.
    """
    inside = [np.flatnonzero(codes == code) for code in range(len(n[0]))]
    at_once = max(1, AT_ONCE // max(len(codes), 1))
    for first in range(0, draws, at_once):
        labels = np.zeros((min(at_once, draws - first), len(codes)), dtype=bool)
        for members, ones, others in zip(inside, *n, strict=True):
            hit = rng.hypergeometric(int(ones), int(others), len(members), size=(len(labels), 1))
            place = np.broadcast_to(np.arange(len(members), dtype=np.int32), (len(labels), len(members)))
            labels[:, members] = rng.permuted(place, axis=1) < hit
        yield labels


def _differences(y: np.ndarray, codes: np.ndarray, labels: np.ndarray, n: tuple[np.ndarray, np.ndarray]):
    """Difference and standard error of each outcome (columns) under each row of labels, strata weighted by their contacted."""
    weight = n[0] / n[0].sum()
    difference, variance = np.zeros((2, len(labels), y.shape[1]))
    for code, (ones, others) in enumerate(zip(*n, strict=True)):
        inside = codes == code
        values = np.column_stack([y[inside], y[inside] ** 2])
        drawn = labels[:, inside].astype(float) @ values
        rest = values.sum(axis=0) - drawn
        half = y.shape[1]
        means = drawn[:, :half] / ones, rest[:, :half] / others
        spreads = [
            np.maximum(sums[:, half:] / size - mean**2, 0) / (size - 1)
            for sums, size, mean in ((drawn, ones, means[0]), (rest, others, means[1]))
        ]
        difference += weight[code] * (means[0] - means[1])
        variance += weight[code] ** 2 * (spreads[0] + spreads[1])
    return difference, np.sqrt(variance)


def _studentised(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    return np.divide(difference, error, out=np.zeros_like(difference), where=error > 0)
