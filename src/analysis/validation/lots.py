"""Campaigns by lot: treated against held out, with spend that is mostly zero and seldom very large."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.collect.workshop.light import world
from analysis.inference.arms import sample_ratio
from analysis.inference.hurdle import log_hurdle
from analysis.inference.means import relative_difference, sums, welch_difference
from analysis.inference.multiple import holm
from analysis.inference.permutation import compare
from analysis.monitor import lot_effects
from analysis.validation.outcomes import FAMILY, NAIVE, Outcome, claim, interval

MEAN = 40.0  # of a buyer's spend, in currency
ALPHA = 0.05
DRAWS = 399  # lots drawn again; a report draws 1,999, which moves the limits a little and not how often they miss
WELCH = f"{NAIVE}: Welch"
ORDERS = f"{NAIVE}: orders as customers"


class Arms(NamedTuple):
    """Outcomes of all customers of both arms, and what the campaign truly did."""

    treated: np.ndarray
    held: np.ndarray
    added: float  # by the campaign to the spend of the treated of this world
    difference: float  # per customer, on average over all worlds
    lift: float


def trial(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float,
    effect: float = 0.0, how: str = "spend",
) -> list[Outcome]:  # fmt: skip
    """Make one campaign; `effect` raises the spend of each buyer (`how` "spend") or the share who buy ("buying")."""
    arms = _arms(rng, customers, holdout=holdout, silent=silent, sigma=sigma, effect=effect, how=how)
    nothing = effect == 0
    # Nobody promises a power here: the plan's rehearsed promise has cells of its own.
    goal = (0.044, 0.056) if nothing else (np.nan, np.nan)
    return [
        *_compared(arms, rng=rng, nothing=nothing, goal=goal),
        *_naive(arms, nothing=nothing, goal=goal),
        *([_orders(arms, rng=rng, effect=effect, nothing=nothing)] if how == "spend" else []),
    ]


def company(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, incentive: str | None
) -> list[Outcome]:  # fmt: skip
    """Make one campaign of the simulated company, in which customers answer differently; None is an A/A campaign."""
    made = world(rng, customers=customers, holdout=holdout, silent=silent, incentive=incentive)
    spend, treated = made.table["spend"].to_numpy(), made.table["arm"].eq("treated").to_numpy()
    nothing = incentive is None
    expected = 0.0 if nothing else made.effect_expected
    arms = Arms(spend[treated], spend[~treated], made.effect * treated.sum(), expected, 0.0 if nothing else np.nan)
    return [
        *_compared(arms, rng=rng, nothing=nothing, goal=(0.044, 0.056) if nothing else None),
        *_naive(arms, nothing=nothing, goal=(0.044, 0.056) if nothing else None),
    ]


def together(
    rng: np.random.Generator, *, campaigns: int, customers: int, holdout: float, silent: float
) -> list[Outcome]:
    """Make several campaigns that do nothing and one that sends nothing, and return the words that are printed of them."""
    found = []
    for _ in range(campaigns):
        arms = _arms(rng, customers, holdout=holdout, silent=silent, sigma=1.5, effect=0.0, how="spend")
        buyers = [arm[arm > 0] for arm in (arms.treated, arms.held)]
        found.append(compare(*buyers, n_treated=len(arms.treated), n_holdout=len(arms.held), rng=rng, draws=DRAWS))
    adjusted = holm([one.p_value for one in found])
    words = [
        lot_effects.verdict(one, lot_effects.Around(campaigns, p, sent_nothing=not place), weeks=4, unit="per week")[0]
        for place, (one, p) in enumerate(zip(found, adjusted, strict=True))
    ]
    wrong = {lot_effects.GAIN, lot_effects.LOSS, lot_effects.FALSE_FIND}
    return [
        claim(
            "verdict of a lot",
            "a gain or loss in one of several campaigns that did nothing",
            bool(wrong & set(words)),
            FAMILY,
        )
    ]


def split(rng: np.random.Generator, *, customers: int, holdout: float, lost: float) -> list[Outcome]:
    """Draw a lot customer by customer, lose a share of the treated, and return whether the split is called broken."""
    treated = rng.binomial(customers, 1 - holdout)
    left = treated - rng.binomial(treated, lost)
    broken = sample_ratio(left, customers - treated, share=1 - holdout).broken
    if lost:
        return [claim("split of the lot", "the lot is broken, where it is", broken)]
    return [claim("split of the lot", "the lot is broken, where it is not", broken, (0.0, 0.001))]


def _arms(rng, customers: int, *, holdout: float, silent: float, sigma: float, effect: float, how: str) -> Arms:
    held, buying = round(customers * holdout), 1 - silent
    place, amount = rng.random(customers), rng.lognormal(np.log(MEAN) - sigma**2 / 2, sigma, customers)
    without = np.where(place < buying, amount, 0.0)
    more = np.where(place < buying * (1 + effect), amount, 0.0)
    offered = without * (1 + effect) if how == "spend" else more
    added = float((offered - without)[held:].sum())
    return Arms(offered[held:], without[:held], added, buying * MEAN * effect, effect)


def _compared(arms: Arms, *, rng, nothing: bool, goal: tuple[float, float] | None) -> list[Outcome]:
    buyers = [arm[arm > 0] for arm in (arms.treated, arms.held)]
    found = compare(*buyers, n_treated=len(arms.treated), n_holdout=len(arms.held), rng=rng, draws=DRAWS)
    truths = {
        "per customer": (found.difference, found.interval, arms.difference), "lift": (found.lift, found.lift_interval, arms.lift),
        "total": (found.total, found.total_interval, arms.added),
    }  # fmt: skip
    why = (found.refused or "").split(":")[0]
    outcomes = [
        interval(f"campaign by lot, {what}", value, limits, truth, nothing=nothing, why=why)
        for what, (value, limits, truth) in truths.items()
        if not np.isnan(truth)
    ]
    seen = None if found.refused else found.p_value < ALPHA
    if not np.isnan(arms.lift) and not found.refused:
        second = log_hurdle(*buyers, n_treated=len(arms.treated), n_holdout=len(arms.held))
        outcomes.append(
            interval(
                "campaign by lot, log-hurdle",
                second.lift,
                second.interval,
                arms.lift,
                nothing=nothing,
                why="fewer than two buyers in an arm",
            )
        )
    return outcomes + ([] if goal is None else [claim("campaign by lot, test", _says(nothing), seen, goal)])


def _naive(arms: Arms, *, nothing: bool, goal: tuple[float, float] | None) -> list[Outcome]:
    both = [sums(arm) for arm in (arms.treated, arms.held)]
    plain, relative = welch_difference(*both), relative_difference(*both)
    seen = None if np.isnan(plain.p_value) else plain.p_value < ALPHA
    found = [interval("campaign by lot, per customer", plain.difference, plain.interval, arms.difference,
                      nothing=nothing, method=WELCH)]  # fmt: skip
    if not np.isnan(arms.lift):
        limits = relative.interval
        found.append(
            interval("campaign by lot, lift", relative.difference, limits, arms.lift, nothing=nothing, method=WELCH)
        )
    return found + ([] if goal is None else [claim("campaign by lot, test", _says(nothing), seen, goal, method=WELCH)])


def _orders(arms: Arms, *, rng, effect: float, nothing: bool) -> Outcome:
    """Each order taken as a customer of its own: the mean value of an order, of which each buyer makes one or more."""
    values = []
    for arm in (arms.treated, arms.held):
        spent = arm[arm > 0]
        number = 1 + rng.poisson(1.0, len(spent))
        values.append(np.repeat(spent / number, number))
    found = welch_difference(*(sums(arm) for arm in values))
    return interval("campaign by lot, per customer", found.difference, found.interval, MEAN / 2 * effect,
                    nothing=nothing, method=ORDERS)  # fmt: skip


def _says(nothing: bool) -> str:
    return "an effect, where there is none" if nothing else "an effect, where there is one"
