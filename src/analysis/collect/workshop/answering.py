"""What happens to the orders when some customers get an offer: orders added, moved, lost, raised, and offers used.

The orders without any offer are drawn first, so the same customers with and without the offer differ by its effect alone.
An offer changes neither how long a customer stays nor what the customer does after twice the days of the offer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop import buying
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.incentives import answers, together
from analysis.collect.workshop.scenario import Scenario


class Answered(NamedTuple):
    """Orders as they came with the offers, and the offers used."""

    orders: pd.DataFrame  # one row per order, by customer and time: who, day, value, cancelled
    used: pd.DataFrame  # one row per offer used: who, day (of the order it was used with), incentive (position)


def answered(
    orders: pd.DataFrame, people: pd.DataFrame, gift: np.ndarray, incentive: np.ndarray, *,
    begins: int, days: int, clock: Clock, scenario: Scenario, rng: np.random.Generator,
) -> Answered:  # fmt: skip
    """Change the orders of those who get something (positions in INCENTIVES, -1 for nothing) from the day `begins` on.

    `orders` has one row per order (who is the row of `people`), `people` one per customer with `here`: a customer that day.
    """
    one, two = answers(people, gift), answers(people, incentive)
    answer = together(one, two)
    who, day = orders["who"].to_numpy(), orders["day"].to_numpy()
    inside = (day >= begins) & (day < begins + days)
    after = (day >= begins + days) & (day < begins + 2 * days)
    lost = inside & (rng.random(len(who)) < answer["put_off"][who])
    pulled = after & (rng.random(len(who)) < answer["pulled"][who])
    day = np.where(pulled, _some_day(len(who), begins, days, clock=clock, rng=rng), day)
    kept = orders.assign(day=day)[~lost]
    extra = _extra(answer["extra"], people, begins, days, clock=clock, scenario=scenario, rng=rng)
    table = pd.concat([kept, extra], ignore_index=True)
    raised = table["day"].ge(begins) & table["day"].lt(begins + days)
    more = 1 + answer["amount"][table["who"]] * raised.to_numpy()
    table["value"] = np.where(more == 1, table["value"], np.maximum(np.round(table["value"] * more, 2), 0.01))
    table = table.sort_values(["who", "day"], ignore_index=True)
    chances = ((gift, one["redeem"]), (incentive, two["redeem"]))
    return Answered(table, _used(table, chances, begins=begins, days=days, rng=rng))


def _extra(share, people, begins, days, *, clock, scenario, rng) -> pd.DataFrame:
    length = clock.between(begins, begins + days)
    mean = share * people["rate"].to_numpy(dtype=float) * length * people["here"].to_numpy(dtype=float)
    who = np.repeat(np.arange(len(people)), rng.poisson(mean))
    day = _some_day(len(who), begins, days, clock=clock, rng=rng)
    return buying.orders_of(who, day, people=people, scenario=scenario, rng=rng)


def _some_day(n: int, begins: int, days: int, *, clock: Clock, rng: np.random.Generator) -> np.ndarray:
    """Return as many random days of the window, more on days on which more is bought."""
    first = clock.at(begins)
    return clock.day_of(first + rng.random(n) * (clock.at(begins + days) - first))


def _used(orders: pd.DataFrame, chances, *, begins: int, days: int, rng: np.random.Generator) -> pd.DataFrame:
    inside = orders[orders["day"].ge(begins) & orders["day"].lt(begins + days) & ~orders["cancelled"]]
    first = inside.drop_duplicates("who")
    who = first["who"].to_numpy()
    parts = []
    for position, chance in chances:
        uses = (position[who] >= 0) & (rng.random(len(who)) < chance[who])
        parts.append(first.loc[uses, ["who", "day"]].assign(incentive=position[who[uses]]))
    return pd.concat(parts).sort_values(["who", "incentive"], ignore_index=True)
