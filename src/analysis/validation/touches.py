"""Worlds of contacts by several channels: what the page says of each step and of channels and segments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.funnels import funnels
from analysis.report.conversion.against_the_rest import compared
from analysis.validation.outcomes import FAMILY, Outcome, claim, interval

CAMPAIGNS = ("email", "app", "email", "shop", "app", "email")  # their channels
SEGMENTS = ("few", "some", "most")
MOVES = 0.2  # chance that a customer is in another segment at the next campaign


def contacts(rng: np.random.Generator, *, customers: int, rate: float, alike: float) -> list[Outcome]:
    """Make one world in which no channel and no segment differs, and say what the section on them says.

    Each customer has an own chance to redeem, beta distributed with mean `rate` and shapes that add up to `alike`; everyone
    is in half of the campaigns and moves between segments by chance.
    """
    own = np.full(customers, rate) if np.isinf(alike) else rng.beta(rate * alike, (1 - rate) * alike, customers)
    segment = rng.choice(3, customers, p=[0.1, 0.3, 0.6])
    parts = []
    for number, channel in enumerate(CAMPAIGNS):
        segment = np.where(rng.random(customers) < MOVES, rng.choice(3, customers, p=[0.1, 0.3, 0.6]), segment)
        who = np.flatnonzero(rng.random(customers) < 0.5)
        parts.append(pd.DataFrame({
            "campaign_id": f"c{number}", "campaign": f"c{number}", "customer_id": who, "channel": channel,
            "segment": np.array(SEGMENTS)[segment[who]], "ordered": False, "redeemed": rng.random(len(who)) < own[who],
        }))  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    found = funnels(table, table.assign(department="one").head(0))
    one = found.set_index(["dimension", "group", "step"]).loc[("channel", "app", "redeemed")]
    held = compared(table, found)
    shop = held[held["group"] == "shop"].iloc[0]
    limits = (shop["difference_low"], shop["difference_high"])
    clear = bool((held["verdict"] != "cannot tell").any())
    return [
        interval("funnel, one step of a group", one["rate"], (one["low"], one["high"]), rate),
        interval(
            "channel or segment against the rest",
            shop["difference"],
            limits,
            0.0,
            nothing=True,
            why="fewer than 5 redemptions expected",
        ),
        claim("channel or segment against the rest", "a group redeems more or less often", clear, FAMILY),
    ]
