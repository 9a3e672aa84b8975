"""How often lots show a rise: the campaign rehearsed on what customers spent, and judged by the test that will judge it.

A formula that takes the mean of an arm to be normal promises too much where spend is mostly zero and seldom very large.
So lots are drawn as the campaign will draw them, apart in each stratum, the treated are made to spend more, and the
studentised test of `permutation` draws the lots again without strata, as it will.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.inference.reassignment import Lots, Outcomes, draw, drawn_again, scaled, studentised

LEAST_BUYERS = 20  # in the smaller arm; `permutation.compare` gives no interval below
LARGEST = 10.0  # a rise of 1,000 %; what only a larger one would show is called not shown
REHEARSED, JUDGED, AGAIN = 2_000, 10, 200  # lots; of them, those that are drawn again; how often


class Stratum(NamedTuple):
    """Customers among whom the lots are drawn apart from others."""

    outcomes: np.ndarray  #: of customers like these in a span as long, one each, zeros included
    treated: int
    holdout: int


class Rehearsal(NamedTuple):
    """Lots drawn before the campaign: sums of each arm, one entry per lot, and what the test would draw again."""

    treated: Outcomes
    holdout: Outcomes
    judged: list[Lots]
    expected_buyers: float  #: buyers of both arms times the share of the smaller arm
    share: float  #: of the smaller arm


class Smallest(NamedTuple):
    """The smallest relative rise that is shown with the stated power; NaN where `refused` says why there is none."""

    effect: float
    refused: str | None


def rehearse(
    strata: Sequence[Stratum], *, rng: np.random.Generator, lots: int = REHEARSED, judged: int = JUDGED
) -> Rehearsal:
    """Draw `lots` lots in the strata, from customers whose outcomes are as those of the customers seen.

    Each lot takes as many customers as a stratum plans from the outcomes seen, each as often as they are needed to be
    enough, without putting back: with as many seen as planned each lot holds just these. The first `judged` lots are
    drawn again as the test would. The order of outcomes does not matter.

    Raises ValueError for a negative or unknown outcome, and for a stratum that plans customers and saw none.
    """
    pools = [_pool(stratum) for stratum in strata if stratum.treated + stratum.holdout]
    n_treated, n_holdout = sum(pool[2] for pool in pools), sum(pool[3] for pool in pools)
    numbers = [_numbers(*pool, rng=rng, lots=lots) for pool in pools]
    sums, again = np.zeros((4, lots)), []
    for lot in range(lots if pools else 0):
        arms = [_arms(pool[0], *counts[lot], rng=rng) for pool, counts in zip(pools, numbers, strict=True)]
        treated, held = (np.concatenate(arm) for arm in zip(*arms, strict=True))
        sums[:, lot] = treated.sum(), np.square(treated).sum(), held.sum(), np.square(held).sum()
        if lot < judged and min(n_treated, n_holdout) > 1 and treated.size + held.size:
            buyers = np.sort(treated), np.sort(held)
            again.append(draw(*buyers, n_treated=n_treated, n_holdout=n_holdout, rng=rng, draws=AGAIN))
    n = max(n_treated + n_holdout, 1)
    expected = sum(len(values) / size * (treated + holdout) for values, size, treated, holdout in pools)
    share = min(n_treated, n_holdout) / n
    both = Outcomes(n_treated, *sums[:2]), Outcomes(n_holdout, *sums[2:])
    return Rehearsal(*both, again, round(float(expected * share), 9), share)


def shown(rehearsal: Rehearsal, effect: float, *, alpha: float) -> float:
    """Share of rehearsed campaigns in which the test at `alpha`, two-sided, shows that a rise by `effect` is a rise.

    `effect` is relative: every outcome of the treated is multiplied by 1 + `effect`. NaN where nothing can be judged.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha {alpha:g} must lie between 0 and 1, for example 0.05")
    if not rehearsal.judged:
        return np.nan
    again = np.concatenate([drawn_again(lots, scale=1 + effect) for lots in rehearsal.judged])
    # A lot without any spread counts against the campaign, as it does in the test.
    beyond = np.quantile(np.where(np.isnan(again), np.inf, again), 1 - alpha / 2, method="higher")
    return float((studentised(scaled(rehearsal.treated, 1 + effect), rehearsal.holdout) > beyond).mean())


def smallest_rise(rehearsal: Rehearsal, *, power: float, alpha: float) -> Smallest:
    """The smallest relative rise that the rehearsed campaign shows with `power`, found by halving to a thousandth of it.

    Refused where fewer buyers than the test needs may come into the smaller arm, or where no rise up to 1,000 % is shown
    that often. Raises ValueError unless `alpha` < `power` < 1.
    """
    if not alpha < power < 1:
        raise ValueError(f"power {power:g} must lie between alpha {alpha:g} and 1, for example 0.8")
    needed = enough_buyers(rehearsal.share)
    if not rehearsal.judged or rehearsal.expected_buyers < needed:
        found = f"Fewer than {np.ceil(needed - 1e-9):.0f} buyers are expected in the smaller arm"
        return Smallest(np.nan, f"{found}; the test needs {LEAST_BUYERS} there, however chance falls.")
    low, high = 0.0, 0.01
    while shown(rehearsal, high, alpha=alpha) < power:
        if high > LARGEST:
            return Smallest(np.nan, f"Even a rise of {LARGEST:.0%} would not be shown that often.".replace("%", " %"))
        low, high = high, 2 * high
    while high - low > 0.001 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if shown(rehearsal, middle, alpha=alpha) >= power else (middle, high)
    return Smallest(high, None)


def enough_buyers(share: float) -> float:
    """Buyers to expect in the smaller arm, which has `share` of all, so that chance seldom leaves fewer than the least.

    The test counts the buyers of both arms times the share: of variance share x buyers, as a Poisson count. Two standard
    deviations above the least.
    """
    return float((np.sqrt(share) + np.sqrt(share + LEAST_BUYERS)) ** 2)


def _pool(stratum: Stratum) -> tuple[np.ndarray, int, int, int]:
    """The outcomes above zero to draw from, the customers to draw from, and how many are treated and held out."""
    outcomes = np.sort(np.asarray(stratum.outcomes, dtype=float))
    planned = stratum.treated + stratum.holdout
    if not np.isfinite(outcomes).all() or (outcomes.size and outcomes[0] < 0):
        raise ValueError(f"outcome {outcomes[-1] if np.isnan(outcomes[-1:]).any() else outcomes[0]:g}; the least is 0")
    if not outcomes.size:
        raise ValueError(f"{planned} customers are planned in a stratum of which no outcome was seen")
    copies = -(-planned // outcomes.size)
    return np.tile(outcomes[outcomes > 0], copies), copies * outcomes.size, stratum.treated, stratum.holdout


def _numbers(values: np.ndarray, size: int, treated: int, holdout: int, *, rng, lots: int) -> list[list[int]]:
    """For each lot how many of the buyers among `size` customers are treated and how many are held out."""
    held = rng.hypergeometric(len(values), size - len(values), holdout, size=lots)
    left = len(values) - held
    return np.column_stack([rng.hypergeometric(left, size - holdout - left, treated), held]).tolist()


def _arms(values: np.ndarray, treated: int, held: int, *, rng) -> tuple[np.ndarray, np.ndarray]:
    """So many buyers for each arm, each such choice as likely."""
    left = np.ones(len(values), bool)
    out = rng.choice(len(values), size=held, replace=False, shuffle=False)
    left[out] = False
    others = values[left]
    if treated < len(others):
        others = others[rng.choice(len(others), size=treated, replace=False, shuffle=False)]
    return others, values[out]
