"""Customers who move between groups: whether the mix is said to drift, and by how much each group changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.mix import drift, shares
from analysis.validation.outcomes import FAMILY, Outcome, claim, interval

GROUPS = ("few", "many", "middle", "none")
USUAL = np.array(
    [[0.04, 0.01, 0.02, 0.01], [0.01, 0.33, 0.06, 0.02], [0.02, 0.06, 0.2, 0.04], [0.01, 0.02, 0.04, 0.11]]
)
DRAWS = 499


def trial(rng: np.random.Generator, *, customers: int, more: float = 0.0) -> list[Outcome]:
    """Make the moves of so many customers; `more` of all customers go from the many to the middle in addition."""
    chances = USUAL.copy()
    chances[1, 2] += more
    chances[1, 1] -= more
    counts = rng.multinomial(customers, (chances / chances.sum()).ravel()).reshape(chances.shape)
    moves = pd.DataFrame(
        [(GROUPS[i], GROUPS[j], n) for i, row in enumerate(counts) for j, n in enumerate(row)],
        columns=["from_segment", "to_segment", "customers"],
    )
    one = shares(moves).set_index("group").loc["middle"]
    word = drift(moves, rng=rng, draws=DRAWS).word
    says = "a drift where there is one" if more else "a drift where there is none"
    return [
        interval("mix of segments, change", one["change"], (one["low"], one["high"]), more, nothing=not more),
        claim("mix of segments, drift", says, word == "drifted", (np.nan, np.nan) if more else FAMILY),
    ]
