"""How often lots show a rise: the campaign rehearsed on what customers spent, and judged by the test that will judge it.

A formula that takes the mean of an arm to be normal promises too much where spend is mostly zero and seldom very large.
So lots are drawn as the campaign will draw them, apart in each stratum, the treated are made to spend more, and the
studentised test of `permutation` draws the lots again without strata, as it will.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.inference.experiments import refuse_power
from analysis.inference.reassignment import Lots, Outcomes, drawn_again, scaled, studentised
from analysis.inference.subsets import subsets

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
    sums, arms = np.zeros((4, lots)), []
    for values, *sizes in pools:
        both = np.stack([values, values**2])
        cuts, first = _cuts(len(values), *sizes, rng=rng, lots=lots), []
        for rows, chosen in subsets(len(values), cuts, rng=rng):
            sums[:2, rows] += _sums(chosen[1] & ~chosen[0], both)
            sums[2:, rows] += _sums(chosen[0], both)
            first += [
                (values[all_ & ~held], values[held])
                for held, all_ in zip(*chosen[:, : judged - len(first)], strict=True)
            ]
        arms.append(first)
    able = min(n_treated, n_holdout) > 1
    met = [[np.concatenate(arm) for arm in zip(*lot, strict=True)] for lot in zip(*arms, strict=True)] if able else []
    again = [
        _again(*lot, n_treated=n_treated, n_holdout=n_holdout, rng=rng) for lot in met if lot[0].size + lot[1].size
    ]
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
    refuse_power(power, alpha=alpha)
    needed = enough_buyers(rehearsal.share)
    if not rehearsal.judged or rehearsal.expected_buyers < needed:
        found = f"Fewer than {np.ceil(needed - 1e-9):.0f} buyers are expected in the smaller arm"
        return Smallest(np.nan, f"{found}; the test needs {LEAST_BUYERS} there, however chance falls.")
    return least_rise(lambda rise: shown(rehearsal, rise, alpha=alpha), power=power)


def least_rise(chance: Callable[[float], float], *, power: float) -> Smallest:
    """The smallest relative rise whose `chance` of being shown is `power`, to a thousandth of it; refused beyond 1,000 %."""
    low, high = 0.0, 0.01
    while chance(high) < power:
        if high > LARGEST:
            return Smallest(np.nan, f"Even a rise of {LARGEST:.0%} would not be shown that often.".replace("%", " %"))
        low, high = high, 2 * high
    while high - low > 0.001 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= power else (middle, high)
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


def _cuts(buyers: int, size: int, treated: int, holdout: int, *, rng, lots: int) -> np.ndarray:
    """For each lot how many of the buyers among `size` customers are held out, and how many are in either arm."""
    held = rng.hypergeometric(buyers, size - buyers, holdout, size=lots)
    left = buyers - held
    return np.stack([held, held + rng.hypergeometric(left, size - holdout - left, treated)])


def _again(treated: np.ndarray, held: np.ndarray, *, n_treated: int, n_holdout: int, rng) -> Lots:
    """The lots drawn again, as `reassignment.draw` does, many at once."""
    treated, held = np.sort(treated), np.sort(held)
    arms = (
        Outcomes(n_treated, treated.sum(), np.square(treated).sum()),
        Outcomes(n_holdout, held.sum(), np.square(held).sum()),
    )
    values, own = np.r_[treated, held], np.arange(treated.size + held.size) < treated.size
    n, smaller = n_treated + n_holdout, min(n_treated, n_holdout)
    cuts = rng.hypergeometric(values.size, n - values.size, smaller, size=AGAIN)[None]
    columns = np.stack([own * values, own * values**2, ~own * values, ~own * values**2])
    drawn = np.concatenate([_sums(chosen[0], columns) for _, chosen in subsets(values.size, cuts, rng=rng)], axis=1)
    return Lots(*arms, n_treated < n_holdout, Outcomes(smaller, *drawn[:2]), Outcomes(smaller, *drawn[2:]))


def _sums(chosen: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """One row per column, one entry per lot: its sum over those chosen. Not a matrix product, which rounds by the number of threads."""
    return np.einsum("lb,cb->cl", chosen.astype(float), columns)
