"""Whether the mix of customers drifted from one window to the next: shares of segments, and how much is noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.means import Sums, mean_interval

DRAWS = 1_999  # mixes without drift
LEVEL = 0.05  # chance of speaking of a drift where there is none


class Drift(NamedTuple):
    """How far two mixes are apart."""

    customers: int
    index: float  #: population stability index: 0 where the mixes are equal; NaN without customers or groups
    usual: float  #: what 95 % of mixes without drift stay below, for as many customers who move as much
    p_value: float

    @property
    def word(self) -> str:
        """What may be said: drifted, no clear drift, or cannot tell."""
        if np.isnan(self.p_value):
            return "cannot tell"
        return "drifted" if self.p_value <= LEVEL else "no clear drift"


def shares(movement: pd.DataFrame) -> pd.DataFrame:
    """One row per group: earlier and now (customers), share_earlier and share_now (of all customers), change, low, high.

    Takes `segment.movement`, one row per pair of groups with the customers who went from one to the other; those absent
    on one side are a group of their own. The interval of the change (95 %) is that of a mean of -1, 0 and 1 over
    customers, because it is the same customers on both sides: most stay, and those say nothing of the change.
    """
    moves = movement[["from_segment", "to_segment", "customers"]]
    n = int(moves["customers"].sum())
    groups = sorted({*moves["from_segment"], *moves["to_segment"]})
    earlier, now = (
        moves.groupby(f"{side}_segment")["customers"].sum().reindex(groups, fill_value=0) for side in ("from", "to")
    )
    stayed = moves[moves["from_segment"] == moves["to_segment"]].groupby("from_segment")["customers"].sum()
    stayed = stayed.reindex(groups, fill_value=0)
    sums = Sums(float(n), (now - earlier).to_numpy(float), (now + earlier - 2 * stayed).to_numpy(float))
    low, high = mean_interval(sums) if n > 1 else (np.nan, np.nan)
    table = pd.DataFrame({"group": groups, "earlier": earlier.to_numpy(), "now": now.to_numpy()})
    table["share_earlier"], table["share_now"] = table["earlier"] / max(n, 1), table["now"] / max(n, 1)
    return table.assign(change=table["share_now"] - table["share_earlier"], low=low, high=high)


def drift(movement: pd.DataFrame, *, rng: np.random.Generator, draws: int = DRAWS) -> Drift:
    """Return the population stability index of both mixes beside what it is without drift.

    The index is the sum over groups of (now - earlier) x ln(now / earlier), in shares, with half a customer added to each
    count. Without drift as many go from A to B as from B to A, so for each pair of groups every mover's way is drawn again
    by a fair coin: the share of such draws with an index as large is the p-value (a permutation test of marginal
    homogeneity). The usual limits of 0.1 and 0.25 (Siddiqi (2006), Credit Risk Scorecards) know no sample size.
    """
    counts = movement.pivot_table("customers", "from_segment", "to_segment", aggfunc="sum", fill_value=0)
    groups = sorted({*counts.index, *counts.columns})
    table = counts.reindex(index=groups, columns=groups, fill_value=0).to_numpy(dtype=np.int64)
    n = int(table.sum())
    if not n or len(groups) < 2:
        return Drift(n, *(np.nan,) * 3)
    index = float(_index(table[None])[0])
    upper = np.triu_indices(len(groups), 1)
    both = (table + table.T)[upper]
    one_way = rng.binomial(both, 0.5, size=(draws, len(both)))
    drawn = np.zeros((draws, *table.shape))
    drawn[:, upper[0], upper[1]], drawn[:, upper[1], upper[0]] = one_way, both - one_way
    drawn += np.diag(np.diag(table))
    found = _index(drawn)
    larger = int((found >= index * (1 - 1e-9)).sum())
    return Drift(n, index, float(np.quantile(found, 1 - LEVEL)), (1 + larger) / (1 + draws))


def _index(tables: np.ndarray) -> np.ndarray:
    """Return the index of each table of moves, from rows to columns."""
    earlier, now = (tables.sum(axis=axis) + 0.5 for axis in (2, 1))
    earlier, now = (side / side.sum(axis=1, keepdims=True) for side in (earlier, now))
    return ((now - earlier) * np.log(now / earlier)).sum(axis=1)
