"""Campaigns by lot drawn for whole households, whose people are alike: judged by household, and as people drawn one by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.clusters import compare_units
from analysis.inference.permutation import compare
from analysis.monitor.drawn_units import drawn_units
from analysis.validation.lots import ALPHA, DRAWS, MEAN
from analysis.validation.outcomes import NAIVE, Outcome, claim, interval

SIZES, SHARES = (
    np.array([1, 2, 3, 4]),
    np.array([0.3, 0.4, 0.2, 0.1]),
)  # people of a household, and how many have so many
THRIFT = -0.3  # power of the size that the spend of each person falls with: people of large households spend less each
BY_PEOPLE = f"{NAIVE}: people drawn again"


class Arm(NamedTuple):
    """One arm: what each person spent, and the household of each, from 0."""

    spend: np.ndarray
    household: np.ndarray

    @property
    def units(self) -> np.ndarray:
        """One row per household: spend and people."""
        return np.stack([np.bincount(self.household, weights=self.spend), np.bincount(self.household)], axis=1)


def trial(
    rng: np.random.Generator, *, households: int, holdout: float, silent: float, sigma: float, alike: float, effect: float = 0.0
) -> list[Outcome]:  # fmt: skip
    """Make one campaign; `effect` raises the spend of every treated buyer.

    A person does as the household does with chance `alike`, and that is also the share of the variance of log spend that the
    people of a household have in common.
    """
    held = round(households * holdout)
    treated, out = (
        _arm(rng, n, silent=silent, sigma=sigma, alike=alike, times=times)
        for n, times in ((households - held, 1 + effect), (held, 1.0))
    )
    per_person = (1 - silent) * MEAN * float((SHARES * SIZES ** (1 + THRIFT)).sum() / (SHARES * SIZES).sum())
    per_household = per_person * float((SHARES * SIZES).sum())
    added = treated.spend.sum() * effect / (1 + effect)
    units = [arm.units for arm in (treated, out)]
    found = compare_units(*units, rng=rng, draws=DRAWS)
    spent = [rows[rows[:, 0] > 0, 0] for rows in units]
    sums = compare(*spent, n_treated=households - held, n_holdout=held, rng=rng, draws=DRAWS)
    truths = {
        "per customer": (found.difference, found.interval, per_person * effect), "lift": (found.lift, found.lift_interval, effect),
        "total": (found.total, found.total_interval, added), "per household": (sums.difference, sums.interval, per_household * effect),
    }  # fmt: skip
    nothing, why = effect == 0, (found.refused or "").split(":")[0]
    return [
        *(interval(f"campaign by household, {what}", value, limits, truth, nothing=nothing, why=why)
          for what, (value, limits, truth) in truths.items()),
        *_tests(found, treated, out, rng=rng, truth=per_person * effect, nothing=nothing),
    ]  # fmt: skip


def unit(rng: np.random.Generator, *, households: int, holdout: float, whole: bool) -> list[Outcome]:
    """Draw a lot of households or of customers, and return whether the contacts are read as households that were drawn."""
    home = np.repeat(np.arange(households), rng.choice(SIZES, size=households, p=SHARES))
    held = rng.permutation(households)[home] < round(households * holdout) if whole else rng.random(len(home)) < holdout
    names = [f"c{number:05d}" for number in range(len(home))]
    contacts = pd.DataFrame({"campaign_id": "1", "customer_id": names, "arm": np.where(held, "holdout", "treated")})
    customers = pd.DataFrame({"customer_id": names, "household_id": [f"h{number}" for number in home]})
    said = len(drawn_units(contacts, pd.DataFrame({"campaign_id": ["1"]}), customers).table) == 1
    if whole:
        return [claim("unit of the lot", "households were drawn, where they were", said, (0.99, 1.0))]
    return [claim("unit of the lot", "households were drawn, where customers were", said, (0.0, 0.001))]


def _tests(found, treated: Arm, out: Arm, *, rng: np.random.Generator, truth: float, nothing: bool) -> list[Outcome]:
    """Whether an effect is seen, by household and with people taken as drawn one by one."""
    people = [arm.spend[arm.spend > 0] for arm in (treated, out)]
    naive = compare(*people, n_treated=len(treated.spend), n_holdout=len(out.spend), rng=rng, draws=DRAWS)
    says = "an effect, where there is none" if nothing else "an effect, where there is one"
    goal = (0.044, 0.056) if nothing else (0.0, 1.0)
    return [
        interval("campaign by household, per customer", naive.difference, naive.interval, truth, nothing=nothing, method=BY_PEOPLE,
                 why=(naive.refused or "").split(":")[0]),
        claim("campaign by household, test", says, None if found.refused else found.p_value < ALPHA, goal),
        claim("campaign by household, test", says, None if naive.refused else naive.p_value < ALPHA, goal, method=BY_PEOPLE),
    ]  # fmt: skip


def _arm(rng: np.random.Generator, households: int, *, silent: float, sigma: float, alike: float, times: float) -> Arm:
    sizes = rng.choice(SIZES, size=households, p=SHARES)
    household = np.repeat(np.arange(households), sizes)
    as_home = rng.random(len(household)) < alike
    place = np.where(as_home, rng.random(households)[household], rng.random(len(household)))
    common, own = rng.normal(size=households)[household], rng.normal(size=len(household))
    level = np.log(MEAN) - sigma**2 / 2 + THRIFT * np.log(sizes[household])
    amount = np.exp(level + sigma * (np.sqrt(alike) * common + np.sqrt(1 - alike) * own))
    return Arm(np.where(place < 1 - silent, amount * times, 0.0), household)
