"""One small world with one campaign, made in milliseconds: what estimates are tried on, many times over."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop import buying
from analysis.collect.workshop.answering import answered
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.effects import expected_effects
from analysis.collect.workshop.incentives import positions
from analysis.collect.workshop.people import people
from analysis.collect.workshop.scenario import Scenario, scenario_named


class World(NamedTuple):
    """What a report would see, and the truth that it would not."""

    table: pd.DataFrame  # one row per customer in the campaign: customer_id, arm, spend_before, spend, orders, redeemed
    effect: float  # what the offer did to the spend of a treated customer in the window, in this world
    effect_expected: (
        float  # the same for a random customer of this company, on average over what chance does in the window
    )
    naive_bias: float  # treated minus others without any offer: 0 on average where the lot decides
    profit_expected: float  # margin of the additional spend of the treated in the whole, minus cost, expected


def world(
    rng: np.random.Generator, *, customers: int, holdout: float = 0.5, incentive: str | None = "ten-off", silent: float = 0.5,
    tail: float = 4.0, days: int = 28, days_before: int = 56, assigned: Literal["by lot", "by rule"] = "by lot",
    lost: float = 0.0, leaked: float = 0.0, scenario: str = "ecommerce",
) -> World:  # fmt: skip
    """Make one campaign of `days` days among customers who all joined `days_before` days before it.

    holdout is the share that gets nothing; by rule, those who spent least before. incentive None is an A/A campaign. silent is
    the share of persons without an order in the days before: it sets the rate of orders. tail is the shape q of the
    Gamma-Gamma model: the variance of the mean value is infinite at 2 and below. lost is the share of the treated without an
    order before who are missing from the table (a broken lot), leaked the share of the held out who get the offer anyway.
    The clock is even: no season, trend or weekday. A holdout or silent share outside 0 to 1 raises ValueError.
    """
    for name, share in (("holdout", holdout), ("silent", silent)):
        if not 0 < share < 1:
            raise ValueError(
                f"{name}={share} is out of range; the nearest valid value is beyond {0 if share <= 0 else 1}"
            )
    trade = replace(scenario_named(scenario), q=tail, season=0.0, trend=0.0, weekdays=(1.0,) * 7)
    if trade.process == "poisson":  # the chance of no order in a time t is (alpha / (alpha + t))^r
        trade = replace(trade, alpha=days_before / (silent ** (-1 / trade.r) - 1))
    clock, run = _clock(trade), {"begins": 0, "days": days}
    everyone = people(customers, scenario=trade, first=1, rng=rng)
    orders, left = buying.draw_orders(
        everyone, np.full(customers, -days_before), 2 * days, clock=clock, scenario=trade, rng=rng
    )
    everyone["here"] = left > 0
    before = _spend(orders, customers, -days_before, 0)
    treated = rng.random(customers) >= holdout if assigned == "by lot" else _best(before, 1 - holdout)
    kind = positions(pd.Series([incentive], dtype="str"))[0]
    nothing, missing = np.full(customers, -1), treated & (before == 0) & (rng.random(customers) < lost)
    gets = np.where((treated & ~missing) | (~treated & (rng.random(customers) < leaked)), kind, -1)
    now = answered(orders, everyone, nothing, gets, clock=clock, scenario=trade, rng=rng, **run)
    spend, without = _spend(now.orders, customers, 0, days), _spend(orders, customers, 0, days)
    expected = expected_effects(everyone, nothing, np.full(customers, kind), clock=clock, scenario=trade, **run)
    table = pd.DataFrame({
        "customer_id": everyone["customer_id"], "arm": np.where(treated, "treated", "holdout"), "spend_before": before,
        "spend": spend, "orders": _count(now.orders, customers, 0, days),
        "redeemed": np.bincount(now.used["who"], minlength=customers),
    })[~missing].reset_index(drop=True)  # fmt: skip
    seen = treated & ~missing
    return World(
        table,
        effect=float((spend - without)[seen].mean()),
        effect_expected=float(expected["sales_window"].mean()),
        naive_bias=float(without[seen].mean() - without[~treated].mean()),
        profit_expected=float(expected["profit"][treated & (gets >= 0)].sum()),
    )


@cache
def _clock(scenario: Scenario) -> Clock:
    return Clock(scenario)


def _span(orders: pd.DataFrame, begins: int, ends: int) -> pd.DataFrame:
    day = orders["day"].to_numpy()
    return orders[(day >= begins) & (day < ends) & ~orders["cancelled"].to_numpy()]


def _spend(orders: pd.DataFrame, customers: int, begins: int, ends: int) -> np.ndarray:
    span = _span(orders, begins, ends)
    return np.bincount(span["who"], weights=span["value"], minlength=customers).round(2)


def _count(orders: pd.DataFrame, customers: int, begins: int, ends: int) -> np.ndarray:
    return np.bincount(_span(orders, begins, ends)["who"], minlength=customers)


def _best(before: np.ndarray, share: float) -> np.ndarray:
    """The share of customers who spent most; those of equal spend by their place in the table."""
    place = np.argsort(np.argsort(-before, kind="stable"), kind="stable")
    return place < round(share * len(before))
