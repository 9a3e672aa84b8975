"""Campaigns by lot that are looked at before their end: false alarms over all looks, and the interval where one stops."""

from __future__ import annotations

import numpy as np

from analysis.inference.means import sums, welch_difference
from analysis.inference.spending import OBRIEN_FLEMING, spent
from analysis.monitor import looks
from analysis.validation.lots import ALPHA, DRAWS, MEAN
from analysis.validation.outcomes import FAMILY, NAIVE, Outcome, claim

DAYS = 28  # of a campaign
NAME = "campaign by lot, looks before the end"
FALSE_FIND, FOUND = "an effect at any look, where there is none", "an effect at any look, where there is one"
HOLDS = "the truth inside the interval where it stops"
DAILY = f"{NAIVE}: Welch, looked at every day"
SETTINGS = (  # name, in words, options: chosen before any result was seen
    ("looks none", "10,000 customers, 10 % held out, 95 % without an order, tail 1.5, 4 looks",
     {"customers": 10_000, "holdout": 0.1, "silent": 0.95, "sigma": 1.5}),
    ("looks half", "2,000 customers, 50 % held out, 50 % without an order, tail 1, 2 looks",
     {"customers": 2_000, "holdout": 0.5, "silent": 0.5, "sigma": 1.0, "shares": (0.5, 1.0)}),
    ("looks pocock", "10,000 customers, 5 % held out, 90 % without an order, tail 1.5, 4 looks as Pocock",
     {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "sigma": 1.5, "kind": "pocock"}),
    ("looks buying", "10,000 customers, 10 % held out, 90 % without an order, tail 1.5, +30 % buyers, 4 looks",
     {"customers": 10_000, "holdout": 0.1, "silent": 0.9, "sigma": 1.5, "effect": 0.3, "how": "buying"}),
)  # fmt: skip
LEAST = (0.94, 1.0)  # an interval that holds at all looks together is wide at one of them: no upper goal


def trial(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float,
    shares: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0), kind: str = OBRIEN_FLEMING, effect: float = 0.0, how: str = "spend",
) -> list[Outcome]:  # fmt: skip
    """Make one campaign of 28 days; `effect` raises what each buyer spends ("spend") or the share who buy ("buying").

    Buyers order once or more on days of their own; the last look is the end.
    """
    by_day, treated = _spend(rng, customers, holdout=holdout, silent=silent, sigma=sigma, effect=effect, how=how)
    days = [round(share * DAYS) for share in shares]
    values = by_day.cumsum(axis=1)[:, [day - 1 for day in days]].round(2)
    behind = spent([day / DAYS for day in days], error=ALPHA / 2, kind=kind)
    found = looks.at_looks(values, treated, spent=behind, rngs=rng.spawn(len(days)), draws=DRAWS)
    words = looks.decisions(found, looks=len(days))
    stopped = next((at for at, word in enumerate(words) if word in (looks.STOP_GAIN, looks.STOP_LOSS)), len(days) - 1)
    refused = all(one.refused for one in found)
    seen = None if refused else bool(found[stopped].shows)
    says = FOUND if effect else FALSE_FIND
    outcomes = [claim(NAME, says, seen, *([(0.044, 0.056)] if not effect else []))]
    low, high = found[stopped].interval
    inside = None if np.isnan(low) else bool(low <= effect <= high)
    outcomes.append(claim(NAME, HOLDS, inside, LEAST))
    if not effect:
        outcomes.append(claim(NAME, says, _any_day(by_day, treated), FAMILY, method=DAILY))
    return outcomes


def _spend(
    rng: np.random.Generator, customers: int, *, holdout: float, silent: float, sigma: float, effect: float, how: str
) -> tuple[np.ndarray, np.ndarray]:
    """Spend of each customer on each day, and who was treated. Orders are lognormal; buyers place one and a few more."""
    treated = np.arange(customers) >= round(customers * holdout)
    more = np.where(treated, 1 + effect, 1.0)
    buyers = np.flatnonzero(rng.random(customers) < (1 - silent) * (more if how == "buying" else 1.0))
    who = np.repeat(buyers, 1 + rng.poisson(1.0, len(buyers)))
    amount = MEAN * rng.lognormal(-(sigma**2) / 2, sigma, len(who))
    if how == "spend":
        amount = amount * more[who]
    by_day = np.zeros((customers, DAYS))
    np.add.at(by_day, (who, rng.integers(0, DAYS, len(who))), amount)
    return by_day, treated


def _any_day(by_day: np.ndarray, treated: np.ndarray) -> bool:
    """Whether the usual test of means finds an effect on any day, once both groups have two buyers."""
    for so_far in by_day.cumsum(axis=1).T:
        arms = [so_far[treated], so_far[~treated]]
        if min((arm > 0).sum() for arm in arms) >= 2 and welch_difference(*(sums(arm) for arm in arms)).p_value < ALPHA:
            return True
    return False
