"""Worlds of opinions, several of each customer: how many order again after one, satisfied or not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.opinions import again_shares
from analysis.report.conversion.after_opinions import difference
from analysis.validation.outcomes import Outcome, interval

AGAIN = 0.5  # mean chance of an order after an opinion that says satisfied


def trial(rng: np.random.Generator, *, customers: int, less: float) -> list[Outcome]:
    """Make one to five opinions of each customer, who has an own chance to be satisfied and an own one to order again.

    Both are beta distributed; the chance of an order is `less` times two lower, in proportion, after an opinion that says not satisfied.
    """
    who = np.repeat(np.arange(customers), rng.integers(1, 6, customers))
    content, comes = rng.beta(2.0, 1.0, customers), rng.beta(1.0, 1.0, customers)
    satisfied = rng.random(len(who)) < content[who]
    chance = comes[who] * np.where(satisfied, 1.0, 1 - less / AGAIN)
    table = pd.DataFrame(
        {"customer_id": who, "kind": "feedback", "satisfied": satisfied, "ordered_again": rng.random(len(who)) < chance}
    )
    row = again_shares(table).set_index(["kind", "answer"]).loc[("all", "not satisfied")]
    found = difference(table)
    return [
        interval("ordered again after an opinion", row["rate"], (row["low"], row["high"]), AGAIN - less),
        interval(
            "ordered again, by satisfaction",
            found.estimate,
            (found.low, found.high),
            -less,
            nothing=not less,
        ),
    ]
