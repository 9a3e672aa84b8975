"""Campaigns by lot, beyond spend: who ordered, how often, the value of an order, and spend adjusted by spend before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.aggregates import Aggregates, ratio_sums
from analysis.inference.means import relative_difference
from analysis.monitor import lot_outcomes
from analysis.validation import populations
from analysis.validation.lots import DRAWS, WELCH
from analysis.validation.outcomes import Outcome, interval

NAMES = {
    lot_outcomes.SHARE: "campaign by lot, share who ordered", lot_outcomes.ORDERS: "campaign by lot, orders per customer",
    lot_outcomes.VALUE: "campaign by lot, value of an order", lot_outcomes.CUPED: "campaign by lot, adjusted spend",
}  # fmt: skip


def trial(
    rng: np.random.Generator,
    *,
    customers: int,
    holdout: float,
    silent: float,
    sigma: float,
    effect: float = 0.0,
    how: str = "orders",
) -> list[Outcome]:
    """Make one campaign; `effect` raises the number of orders (`how` "orders") or the value of each ("value").

    Some customers order often, most seldom, before as now; the value of an order is a customer's own.
    """
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, customers)
    value = populations.ORDER * rng.lognormal(0, sigma, customers)
    before, treated = rng.poisson(rate) * value, np.arange(customers) >= round(customers * holdout)
    more, dearer = (1 + effect * (how == name) for name in ("orders", "value"))
    orders = rng.poisson(np.where(treated, rate * more, rate))
    people = pd.DataFrame({
        "spend": orders * value * np.where(treated, dearer, 1.0), "orders": orders, "buyer": orders > 0, "before": before,
    }).astype(float)  # fmt: skip
    parts = [people[treated], people[~treated]]
    arms = [_sums(part) for part in parts]
    found = lot_outcomes.measured(
        arms, parts, (np.nan,) * 4, seen_before=True, confidence=0.95, rng=rng, draws=DRAWS, least_saved=-1.0
    )
    truths = {
        lot_outcomes.SHARE: _share(silent, more) / (1 - silent) - 1, lot_outcomes.ORDERS: more - 1, lot_outcomes.VALUE: dearer - 1,
        lot_outcomes.CUPED: effect,
    }  # fmt: skip
    return [
        *(interval(NAMES[name], found[name].lift, found[name][3:5], truth, nothing=effect == 0, why=(found[name].why or "").split(":")[0])
          for name, truth in truths.items()),
        *_naive(arms, truths, nothing=effect == 0),
    ]  # fmt: skip


def _share(silent: float, more: float) -> float:
    """Share with an order where everybody's rate is `more` times that which leaves `silent` without one."""
    return 1 - (1 + more * populations.mean_orders(silent) / populations.SHAPE) ** -populations.SHAPE


def _sums(part: pd.DataFrame) -> Aggregates:
    products = {(a, b): float((part[a] * part[b]).sum()) for a in part for b in part}
    return Aggregates(len(part), part.sum().to_dict(), products)


def _naive(arms: list[Aggregates], truths: dict[str, float], *, nothing: bool) -> list[Outcome]:
    orders = relative_difference(*(arm.sums("orders") for arm in arms))
    value = relative_difference(*(ratio_sums(arm, "spend", "orders") for arm in arms))
    return [
        interval(
            NAMES[name],
            made.difference,
            made.interval,
            truths[name],
            nothing=nothing,
            method=WELCH,
            why="nobody ordered",
        )
        for name, made in ((lot_outcomes.ORDERS, orders), (lot_outcomes.VALUE, value))
    ]
