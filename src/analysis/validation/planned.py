"""The planner beyond spend of customers: rates, orders and their value by formula, and plans that draw whole households."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design import household_plan, promise, visible
from analysis.inference.clusters import compare_units
from analysis.inference.linearised import RATIO, compare_linearised
from analysis.inference.permutation import compare
from analysis.inference.rates import compare_rates
from analysis.monitor import lot_outcomes
from analysis.validation import populations
from analysis.validation.households import SHARES, SIZES
from analysis.validation.lots import DRAWS
from analysis.validation.outcomes import NAIVE, Outcome, claim
from analysis.validation.plans import ALPHA, GOAL, POWER, SHOWS, STRATEGIES

NAME = "smallest rise of other measures"
JUDGED = {  # a planned measure, and the outcome of the report that judges it
    visible.BUYERS: lot_outcomes.SHARE, visible.ORDERS: lot_outcomes.ORDERS, visible.VALUE: lot_outcomes.VALUE,
}  # fmt: skip


def measures(rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float) -> list[Outcome]:
    """Say from what customers did what can be shown, let a campaign do that to each measure by itself, and judge it."""
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, customers)
    value = populations.ORDER * rng.lognormal(0, sigma, customers)
    before, held = rng.poisson(rate), np.arange(customers) < round(customers * holdout)
    planned = pd.DataFrame({
        "customer_id": np.arange(customers), "segment": "all", "arm": np.where(held, "holdout", "treated"),
    })  # fmt: skip
    done = pd.DataFrame({"customer_id": np.arange(customers), "orders": before, "spend": before * value})[before > 0]
    table = visible.by_measure(planned, planned[["customer_id", "segment"]], done, effect=0.1, power=POWER, rng=rng)
    table, found = table.set_index("measure"), []
    for measure, outcome in JUDGED.items():
        more, dearer = _raised(measure, table.loc[measure], silent=silent)
        now = rng.poisson(np.where(held, rate, rate * more))
        spend = now * value * np.where(held, 1.0, dearer)
        seen = _shown(pd.DataFrame({"spend": spend, "orders": now}), held, outcome, rng=rng)
        found.append(
            claim(NAME, f"the smallest rise of: {measure}", seen if np.isfinite(more * dearer) else None, GOAL)
        )
    return found


def _raised(measure: str, row: pd.Series, *, silent: float) -> tuple[float, float]:
    """By what the orders and the value of an order are multiplied, so that the measure truly rises by the smallest rise."""
    if measure != visible.BUYERS:
        factor = 1 + row["smallest_relative"]
        return (factor, 1.0) if measure == visible.ORDERS else (1.0, factor)
    left = silent - row["smallest_rise"]
    return populations.mean_orders(left) / populations.mean_orders(silent) if left > 0 else np.nan, 1.0


def _shown(people: pd.DataFrame, held: np.ndarray, outcome: str, *, rng) -> bool:
    """Whether the report sees a rise of an outcome, each by its own test."""
    arms, sizes = (people[~held], people[held]), {"n_treated": int((~held).sum()), "n_holdout": int(held.sum())}
    if outcome == lot_outcomes.SHARE:
        found = compare_rates(*(int(x) for arm in arms for x in ((arm["orders"] > 0).sum(), len(arm))))
        return found.p_value < ALPHA and found.treated > found.holdout
    active = [arm[arm["orders"] > 0].astype(float) for arm in arms]
    if outcome == lot_outcomes.ORDERS:
        found = compare(*(arm["orders"] for arm in active), **sizes, rng=rng, draws=DRAWS)
    else:
        found = compare_linearised(
            *(arm[["spend", "orders"]] for arm in active), how=RATIO, **sizes, rng=rng, draws=DRAWS
        )
    return bool(not found.refused and found.p_value < ALPHA and found.lift > 0)


def of_households(
    rng: np.random.Generator, *, households: int, silent: float, sigma: float, share: float
) -> list[Outcome]:
    """Plan a lot of whole households from what they spent, let it have the promised effect, and look whether it is shown.

    The people of a household order equally often and for equally much, but for chance.
    """
    home = np.repeat(np.arange(households), rng.choice(SIZES, households, p=SHARES))
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, households)[home]
    value = populations.ORDER * rng.lognormal(0, sigma, households)[home]
    before, now = (rng.poisson(rate) * value for _ in range(2))
    ids = [f"c{number:06d}" for number in range(len(home))]
    customers = pd.DataFrame({"customer_id": ids, "household_id": [f"h{number:06d}" for number in home]})
    members = pd.DataFrame({"customer_id": ids, "segment": np.where(rng.random(len(ids)) < 0.5, "often", "seldom")})
    spent = pd.DataFrame({"customer_id": ids, "spend": before})[before > 0]
    segments = members.assign(barred=pd.array([pd.NA] * len(ids), dtype="str"))
    drawn = household_plan.homes(segments, customers, STRATEGIES, members, spent)
    plan = household_plan.plan(segments, STRATEGIES, drawn, budget=10.0 * len(ids), share=share, rng=rng)
    told = pd.DataFrame({"segment": [promise.TOTAL]})
    promised = household_plan.promised(told, plan, drawn, effect=0.4, power=POWER, rng=rng)["smallest_effect"].iloc[0]
    people = plan.assign(spend=now, people=1.0)
    arms = [
        people[people["arm"] == arm].groupby("household")[["spend", "people"]].sum().to_numpy()
        for arm in ("treated", "holdout")
    ]
    return [
        _kept(arms, promised, rng=rng),
        _kept(
            [np.column_stack([people.loc[people["arm"] == arm, "spend"], np.ones((people["arm"] == arm).sum())])
             for arm in ("treated", "holdout")],
            promised, rng=rng, method=f"{NAIVE}: people drawn again",
        ),
    ]  # fmt: skip


def _kept(arms: list[np.ndarray], promised: float, *, rng, method: str = "") -> Outcome:
    if np.isnan(promised):
        return claim("promise of a plan of households", SHOWS, None, GOAL, method=method)
    raised = arms[0] * [1 + promised, 1.0]
    found = compare_units(raised, arms[1], rng=rng, draws=DRAWS)
    seen = not found.refused and found.p_value < ALPHA and found.difference > 0
    return claim("promise of a plan of households", SHOWS, bool(seen), GOAL, method=method)
