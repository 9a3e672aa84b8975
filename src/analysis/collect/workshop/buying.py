"""When customers order, when they leave, and for how much: BG/NBD orders and Gamma-Gamma values, drawn and in formulas.

A customer joins without an order, orders as a Poisson process with the own rate, and leaves after each order with the own
chance (Fader, Hardie and Lee 2005, section 3). A monthly account orders on its day of each month and leaves likewise (the
beta-geometric model of Fader and Hardie 2007, Journal of Interactive Marketing 21(1), 76-90). Who has not left behaves as if
they had just joined, so a world can go on from any day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.scenario import MONTH, Scenario


class Span(NamedTuple):
    """A span of days of each customer, in the measure that the process counts."""

    rate: np.ndarray  # orders per model day
    drop: np.ndarray  # chance to leave after an order
    model_days: np.ndarray
    due_days: np.ndarray | None  # days on which a monthly account orders; None where orders come by chance

    def still_as(self, share: np.ndarray | float) -> np.ndarray:
        """E(share^N) for the N orders a customer would make without leaving: exp(-rate (1 - share) days), or share^N."""
        if self.due_days is not None:
            return np.asarray(share, dtype=float) ** self.due_days
        return np.exp(-self.rate * (1 - share) * self.model_days)


def span(
    people: pd.DataFrame, begins: np.ndarray | float, ends: np.ndarray | float, *, clock: Clock, process: str
) -> Span:
    """Return the span of each customer from one calendar day to another; empty where the second is not later."""
    rate, drop, due = (people[name].to_numpy(dtype=float) for name in ("rate", "drop", "due"))
    days = np.broadcast_to(clock.between(begins, ends), rate.shape)
    on_due = _due_number(ends, due) - _due_number(begins, due) if process == "monthly" else None
    return Span(rate, drop, days, None if on_due is None else np.maximum(on_due, 0))


def expected_orders(span: Span) -> np.ndarray:
    """Orders expected of a customer who has not left: (1 - exp(-rate drop days)) / drop, or (1 - (1 - drop)^N) / drop."""
    return (1 - span.still_as(1 - span.drop)) / span.drop


def chance_to_stay(span: Span) -> np.ndarray:
    """Chance that a customer who has not left has not left at the end of the span: exp(-rate drop days)."""
    return span.still_as(1 - span.drop)


def expected_power(span: Span, share: np.ndarray | float, *, if_stayed: np.ndarray | float = 1.0) -> np.ndarray:
    """E(share^X), X the orders in the span, times `if_stayed` where the customer is there at its end.

    With share the chance that an order is lost, this is the chance that none is left. Solves h' = -rate h + rate share
    (drop + (1 - drop) h), h(0) = if_stayed.
    """
    lost = share * (1 - span.drop)
    floor = share * span.drop / (1 - lost)
    return floor + (if_stayed - floor) * span.still_as(lost)


def population_orders(scenario: Scenario, model_days: float) -> float:
    """Expected orders of a random person in a time since joining: Fader, Hardie and Lee (2005), equation (9)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = scenario.r, scenario.alpha, scenario.a, scenario.b
    t = model_days
    return (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t)))


def draw_orders(
    people: pd.DataFrame, begins: np.ndarray, ends: float, *, clock: Clock, scenario: Scenario, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """One row per order, by customer and time: who (row of `people`), day, value, cancelled; and the day each one left.

    `begins` is the day from which each customer can order; those for whom it is not before `ends` make none. The day of
    leaving is infinite for who has not left by `ends`.
    """
    n = len(people)
    who, day = _arrivals(people, begins, ends, clock=clock, process=scenario.process, rng=rng)
    last = rng.geometric(people["drop"].to_numpy(dtype=float))  # the order after which a customer leaves
    number = np.arange(len(who)) - np.searchsorted(who, who) + 1
    left = np.full(n, np.inf)
    left[who[number == last[who]]] = day[number == last[who]]
    made = number <= last[who]
    return orders_of(who[made], day[made], people=people, scenario=scenario, rng=rng), left


def orders_of(
    who: np.ndarray, day: np.ndarray, *, people: pd.DataFrame, scenario: Scenario, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per order: who, day, value (gamma around the customer's mean, at least a cent), cancelled."""
    mean = people["value"].to_numpy(dtype=float)[who]
    value = np.maximum(np.round(rng.gamma(scenario.p, mean / scenario.p), 2), 0.01)
    cancelled = rng.random(len(who)) < scenario.cancelled
    return pd.DataFrame({"who": who, "day": day, "value": value, "cancelled": cancelled})


def _arrivals(people, begins, ends, *, clock, process, rng) -> tuple[np.ndarray, np.ndarray]:
    begins = np.broadcast_to(np.asarray(begins, dtype=float), len(people))
    if process == "monthly":
        due = people["due"].to_numpy(dtype=float)
        first, last = _due_number(begins, due), _due_number(ends, due)
        counts = np.maximum(last - first, 0).astype(np.int64)
        who = np.repeat(np.arange(len(people)), counts)
        number = np.arange(len(who)) - np.searchsorted(who, who) + 1
        return who, due[who] + MONTH * (first[who] + number)
    from_model, to_model = clock.at(begins), clock.at(ends)
    length = np.maximum(to_model - from_model, 0.0)
    who = np.repeat(np.arange(len(people)), rng.poisson(people["rate"].to_numpy(dtype=float) * length))
    model = from_model[who] + rng.random(len(who)) * length[who]
    order = np.lexsort((model, who))
    return who, clock.day_of(model[order])


def _due_number(day: np.ndarray | float, due: np.ndarray) -> np.ndarray:
    """Number of the last due day before a day: 0 is the first one of the data, below 0 lie those before it."""
    return np.ceil((day - due) / MONTH) - 1
