"""How large the holdout must be, so that the planned campaign can show the effect that would matter."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.design.allocation import affordable
from analysis.inference.assurance import assured
from analysis.inference.lot_power import Smallest, Stratum, rehearse, smallest_rise

ALPHA = 0.05  # two-sided: how often a campaign without any effect may look as if it had one
STEP = 0.001  # the share is chosen in steps of 0.1 %, because nobody can use a finer one
ROUNDS, CLOSE = 8, 0.99  # of the search, which ends where a share shows hardly less than is asked for
NOTHING_KNOWN = "What customers of these segments spend in so many days is not known."
ONE_ARM = "Nobody is held out, or nobody is treated."
UNSURE = "What these customers spent once tells too little of what they usually spend for a promise to hold that often."


class Size(NamedTuple):
    """A holdout and what it can see. Amounts are per customer in the planned days, in currency; effects relative."""

    share: float  #: of the planned customers in every segment, held out
    reached: bool  #: whether `effect` is seen with the stated power; False when `max_holdout` is too small for that
    smallest_effect: float  #: smallest relative rise of spend that this holdout shows with the stated power
    refused: str | None  #: why there is none
    planned: int  #: customers whom the budget reaches at this share, treated and held out
    known: int  #: of them, customers whose segment has a baseline; the figures rest on these


def holdout_size(
    customers: pd.Series,
    strategies: pd.DataFrame,
    outcomes: Mapping[str, np.ndarray],
    *,
    budget: float,
    effect: float,
    power: float,
    max_holdout: float,
    rng: np.random.Generator,
    alpha: float = ALPHA,
) -> Size:
    """Return the smallest share, up to `max_holdout`, at which a relative rise of spend by `effect` is seen with `power`.

    Takes the number of customers by segment, one row per segment of strategies, and what customers of each segment spent
    (`baseline.outcomes`). The budget matters: it decides who is planned, and a larger share lets it reach more. So each
    share is tried with the customers that it would plan, by rehearsing the campaign and the test that will judge it (see
    `inference.lot_power`): drawn by lot in every segment, judged over all of them. Each share meets the same chance.

    Where the share has to stop at `max_holdout`, `reached` is False and `smallest_effect` says what remains visible, or
    `refused` why nothing does. Else the share is found by steps: what a share shows says which one would do.
    """

    def at(share: float) -> Size:
        reach = affordable(customers, strategies, budget=budget, share=share)
        planned = reach[reach["planned"] > 0]
        known = int(planned.loc[planned["segment"].isin(outcomes), "planned"].sum())
        found = visible(strata(reach, outcomes), power=power, rng=deepcopy(rng), alpha=alpha)
        return Size(share, found.effect <= effect, *found, int(planned["planned"].sum()), known)

    best = tried = at(max_holdout)
    too_small = 0.0
    for _ in range(ROUNDS if best.reached else 0):
        if best.share - too_small < 1.5 * STEP or best.smallest_effect > CLOSE * effect:
            break
        tried = at(_next(tried, effect, above=too_small, below=best.share))
        best, too_small = (tried, too_small) if tried.reached else (best, tried.share)
    return best


def _next(tried: Size, effect: float, *, above: float, below: float) -> float:
    """The share that would just show `effect` if the error were that of normal means, which grows as 1 / (s (1 - s))."""
    guess = (above + below) / 2
    if np.isfinite(tried.smallest_effect):
        needed = (effect / tried.smallest_effect) ** 2 / (tried.share * (1 - tried.share))
        guess = (1 - np.sqrt(max(1 - 4 / needed, 0.0))) / 2
    steps = np.clip(np.ceil(guess / STEP - 1e-9), np.floor(above / STEP + 1e-9) + 1, np.ceil(below / STEP - 1e-9) - 1)
    return round(float(steps * STEP), 3)


def strata(reach: pd.DataFrame, outcomes: Mapping[str, np.ndarray]) -> list[Stratum]:
    """Return the planned segments as strata of the lot; takes one row per segment: segment, treated, holdout.

    A segment without a baseline is taken to be like the other planned ones; without any baseline there are no strata.
    """
    rows = reach[reach["treated"] + reach["holdout"] > 0]
    known = [outcomes[name] for name in rows["segment"] if name in outcomes]
    if not known:
        return []
    others = np.concatenate(known)
    return [Stratum(outcomes.get(row.segment, others), row.treated, row.holdout) for row in rows.itertuples()]


def visible(planned: list[Stratum], *, power: float, rng: np.random.Generator, alpha: float = ALPHA) -> Smallest:
    """Return the smallest relative rise of spend that these customers show with `power`, or why none can be named.

    The power holds on average over what the customers seen could have spent instead, see `assurance`.
    """
    if not planned:
        return Smallest(np.nan, NOTHING_KNOWN)
    if not (sum(one.treated for one in planned) and sum(one.holdout for one in planned)):
        return Smallest(np.nan, ONE_ARM)
    rehearsal = rehearse(planned, rng=rng)
    found = smallest_rise(rehearsal, power=power, alpha=alpha)
    if found.refused:
        return found
    promised = assured(rehearsal, planned, found.effect, power=power, alpha=alpha, rng=rng)
    return Smallest(promised, UNSURE if np.isnan(promised) else None)
