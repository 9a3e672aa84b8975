"""What customers do besides ordering: visits, opinions and referrals, driven by how often, how content and how loyal they are.

Visits without an order follow the rate of orders while a customer stays. Scores follow the customer's satisfaction and the
product's quality, with noise; complaints come from the dissatisfied. Who came by referral was sent by a customer of before,
the more likely the more loyal.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop.campaigns import RUNS_DAYS
from analysis.collect.workshop.clock import Clock, dates, moments
from analysis.collect.workshop.incentives import answers
from analysis.collect.workshop.lines import home_channel
from analysis.collect.workshop.scenario import Scenario

OPINIONS = {
    "need": 0.05,
    "inquiry": 0.08,
    "feedback": 0.14,
    "complaint": 0.10,
}  # per order; complaints of the discontent
_DAYS_FROM_ORDER = {"need": (-20, -2), "inquiry": (-10, 0), "feedback": (2, 14), "complaint": (1, 20)}
_SHIFT = {"need": 0.0, "inquiry": 0.1, "feedback": 0.0, "complaint": -1.3}
_WAYS = {"email": 0.0, "phone": -0.3, "app": 0.15, "shop": 0.05}


def visits(
    orders: pd.DataFrame, people: pd.DataFrame, left: np.ndarray, given, *,
    begins: int, ends: int, clock: Clock, scenario: Scenario, utc_offset_hours: float, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """One row per visit from the day `begins` until before `ends`, by customer and moment: those with an order and others.

    `given` has for each campaign its first day and the position of what each customer got, -1 for nothing.
    """
    rate = people["rate"].to_numpy(dtype=float) * scenario.visits
    since, until = np.maximum(people["joined_day"], begins).to_numpy(), np.minimum(left, ends)
    who, day = _at_random(rate, since, until, clock=clock, rng=rng)
    parts = [(orders["who"].to_numpy(), orders["day"].to_numpy())]
    for first, gets in given:
        change = answers(people, gets)["visits"]
        inside = (day >= first) & (day < first + RUNS_DAYS)
        stays = ~(inside & (rng.random(len(day)) < -change[who]))
        who, day = who[stays], day[stays]
        here = (people["joined_day"].to_numpy() <= first) & (left > first)
        more = rate * np.maximum(change, 0) * here
        parts.append(
            _at_random(more, np.full(len(more), first), np.full(len(more), first + RUNS_DAYS), clock=clock, rng=rng)
        )
    who, day = (np.concatenate(both) for both in zip((who, day), *parts, strict=True))
    table = pd.DataFrame({
        "customer_id": people["customer_id"].to_numpy()[who],
        "visited_at": moments(day, utc_offset_hours=utc_offset_hours),
        "channel": home_channel(people["channel"], who, rng=rng),
    })[(day >= begins) & (day < ends)]  # fmt: skip
    once = table.sort_values(["customer_id", "visited_at", "channel"]).drop_duplicates(["customer_id", "visited_at"])
    return once.reset_index(drop=True)


def feedback(
    orders: pd.DataFrame, lines: pd.DataFrame, people: pd.DataFrame, products: pd.DataFrame, *,
    begins: int, ends: int, utc_offset_hours: float, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """One row per opinion, by customer, moment, product and kind, about the first product of an order; `lines` as `order_lines`."""
    orders = orders.sort_values(["day", "who"], ignore_index=True)  # as the lines are numbered
    product = pd.Index(products["product_id"]).get_indexer(lines.loc[lines["line_id"] == "1", "product_id"])
    content = people["satisfaction"].to_numpy()[orders["who"]]
    quality = products["quality"].to_numpy()[product]
    parts = []
    for kind, share in OPINIONS.items():
        chance = share * 3 * (1 - content) if kind == "complaint" else np.full(len(orders), share)
        gave = np.flatnonzero(rng.random(len(orders)) < chance)
        way = rng.choice(list(_WAYS), len(gave), p=[0.35, 0.2, 0.3, 0.15])
        feels = (
            1
            + 4 * (0.65 * content[gave] + 0.35 * quality[gave])
            + _SHIFT[kind]
            + np.array([_WAYS[name] for name in way])
        )
        score = np.clip(np.round(feels + rng.normal(0, 0.8, len(gave))), 1, 5)
        asked = rng.random(len(gave)) >= 0.06  # of some opinions nobody asked whether it was settled
        parts.append(pd.DataFrame({
            "customer_id": people["customer_id"].to_numpy()[orders["who"].to_numpy()[gave]],
            "product_id": products["product_id"].to_numpy()[product[gave]],
            "day": orders["day"].to_numpy()[gave] + rng.uniform(*_DAYS_FROM_ORDER[kind], len(gave)),
            "kind": kind, "channel": way, "score": score, "satisfied": np.where(asked, (score >= 4).astype(float), np.nan),
        }))  # fmt: skip
    table = pd.concat(parts)
    table = table[table["day"].ge(begins) & table["day"].lt(ends)].copy()
    table.insert(2, "given_at", moments(table.pop("day").to_numpy(), utc_offset_hours=utc_offset_hours))
    key = ["customer_id", "given_at", "product_id", "kind"]
    return (
        table.sort_values(key, kind="stable").drop_duplicates(key).astype({"satisfied": "Int64"}).reset_index(drop=True)
    )


def referrals(people: pd.DataFrame, *, begins: int, ends: int, rng: np.random.Generator) -> pd.DataFrame:
    """One row per referral: who sent whom on which day. Everyone whose channel is referral has one sender who joined before."""
    sorted_in = people.sort_values(["joined_day", "customer_id"], ignore_index=True)
    below = np.concatenate([[0.0], np.cumsum(sorted_in["loyalty"].to_numpy() ** 2 + 1e-6)])
    earlier = np.searchsorted(sorted_in["joined_day"], sorted_in["joined_day"], side="left")
    sender = np.searchsorted(below, rng.random(len(people)) * below[earlier], side="right") - 1
    came = sorted_in["channel"].eq("referral") & (earlier > 0) & sorted_in["joined_day"].between(begins, ends - 1)
    return pd.DataFrame({
        "customer_id": sorted_in["customer_id"].to_numpy()[sender[came]],
        "referred_customer_id": sorted_in.loc[came, "customer_id"].to_numpy(),
        "referred_on": dates(sorted_in.loc[came, "joined_day"].to_numpy()),
    }).sort_values(["customer_id", "referred_customer_id"], ignore_index=True)  # fmt: skip


def _at_random(rate, since, until, *, clock: Clock, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    first, last = clock.at(since), clock.at(until)
    length = np.maximum(last - first, 0.0)
    who = np.repeat(np.arange(len(rate)), rng.poisson(rate * length))
    return who, clock.day_of(first[who] + rng.random(len(who)) * length[who])
