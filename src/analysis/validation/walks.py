"""Walks from contact to contact whose chances are known: the credit of a channel by each method, and its interval."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pandas as pd

from analysis.monitor import attribution
from analysis.validation.outcomes import Outcome, interval

LONGEST = 4  # touches of a walk
CHAINS = (  # start, a, b, c in rows; to a, b, c, conversion, nothing in columns
    np.array([[0.6, 0.3, 0.1, 0, 0], [0.2, 0.2, 0.1, 0.1, 0.4], [0.1, 0.1, 0.2, 0.3, 0.3], [0.1, 0.1, 0.1, 0.1, 0.6]]),
    np.array([[0.2, 0.2, 0.6, 0, 0], [0.1, 0.2, 0.2, 0.2, 0.3], [0.2, 0.1, 0.1, 0.1, 0.5], [0.3, 0.1, 0.1, 0.3, 0.2]]),
)  # customers are of one kind or the other, half each
CHANNELS = ("a", "b", "c")
DRAWS = 399


def credit(rng: np.random.Generator, *, customers: int, visits: int = 2) -> list[Outcome]:
    """Make walks of so many customers, each up to `visits`, and hold the share of a channel by each method to the true one."""
    named, chances = zip(*(_walks(kind) for kind in range(len(CHAINS))), strict=True)
    truth = _truth(named, chances)
    of, times = rng.integers(len(CHAINS), size=customers), rng.integers(1, visits + 1, customers)
    drawn = []
    for kind, (table, chance) in enumerate(zip(named, chances, strict=True)):
        who = np.repeat(np.flatnonzero(of == kind), times[of == kind])
        drawn.append(_taken(table, rng.choice(len(chance), len(who), p=chance), who, kind))
    found = attribution.attribution(attribution.walks(pd.concat(drawn, ignore_index=True)), rng=rng, draws=DRAWS)
    rows = found[found["channel"] == "b"]
    why = "fewer than 20 customers with a conversion"
    if rows.empty:
        return [
            interval(f"attribution, {name}", np.nan, (np.nan, np.nan), truth[name], why=why)
            for name in attribution.METHODS
        ]
    return [interval(f"attribution, {row.method}", row.share, (row.low, row.high), truth[row.method], why=why)
            for row in rows.itertuples()]  # fmt: skip


@cache
def _walks(kind: int) -> tuple[pd.DataFrame, np.ndarray]:
    """One row per touch of every walk of up to `LONGEST` touches, and the chance of each walk; a longer one comes to nothing."""
    chain, tables, chances = CHAINS[kind], [], []
    for length in range(1, LONGEST + 1):
        for walk in product(range(3), repeat=length):
            chance = chain[0, walk[0]] * np.prod([chain[i + 1, j] for i, j in pairwise(walk)])
            stops = chain[walk[-1] + 1, 4] + (chain[walk[-1] + 1, :3].sum() if length == LONGEST else 0.0)
            for converted, last in ((True, chain[walk[-1] + 1, 3]), (False, stops)):
                tables.append(pd.DataFrame({
                    "customer_id": len(tables), "path": len(tables), "place": range(length),
                    "channel": [CHANNELS[place] for place in walk], "converted": converted,
                }))  # fmt: skip
                chances.append(chance * last)
    return pd.concat(tables, ignore_index=True), np.array(chances) / np.sum(chances)


def _taken(walks: pd.DataFrame, numbers: np.ndarray, who: np.ndarray, kind: int) -> pd.DataFrame:
    """The touches of the walks with these numbers, one walk after the other, with the customers who went them."""
    visits = pd.DataFrame({"customer_id": who, "path": kind + len(CHAINS) * np.arange(len(who)), "number": numbers})
    return visits.merge(walks.drop(columns="customer_id").rename(columns={"path": "number"}), on="number")


def _truth(named, chances) -> dict[str, float]:
    """The share of channel b by each method when every walk comes as often as its chance says."""
    sums = sum(chance @ attribution.walks(table).counts for table, chance in zip(named, chances, strict=True))
    return dict(zip(attribution.METHODS, attribution.shares(sums, 3)[:, 1], strict=True))
