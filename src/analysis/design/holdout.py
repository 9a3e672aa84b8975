"""The holdout: planned customers who get nothing, drawn at random, to see what would have happened anyway."""

from __future__ import annotations

import numpy as np
import pandas as pd


def held_out(planned: int, *, share: float) -> int:
    """Return how many of a segment's planned customers are held out: the nearest whole number to `share` of them.

    At least one where two or more are planned, and never all: a segment without a holdout, or without anyone treated,
    could not be judged at all. A segment of one is treated. Raises ValueError for a share outside 0 to 0.5.
    """
    if not 0 < share <= 0.5:
        raise ValueError(f"share={share} is out of range; the nearest valid is {'0.5' if share > 0.5 else 'above 0'}")
    if planned < 2:
        return 0
    return min(max(int(np.floor(share * planned + 0.5)), 1), planned // 2)


def draw_order(customers: pd.DataFrame, *, rng: np.random.Generator) -> pd.Series:
    """Return for every row its place in a random order of its segment, from 0, as a whole number.

    Takes one row per customer: customer_id, segment. Lots are drawn by ascending customer_id, so the order of the rows
    does not matter; the index of the answer is that of `customers`. Raises ValueError for a customer in two rows.
    """
    ids = customers["customer_id"].reset_index(drop=True)
    if (twice := ids.duplicated()).any():
        raise ValueError(f"customer {ids[twice].iloc[0]!r} is in two rows; a draw needs one row for each")
    lots = pd.Series(rng.permutation(len(ids)), index=ids.sort_values().index)  # whole numbers: no two alike
    place = lots.sort_index().groupby(customers["segment"].to_numpy()).rank().astype("int64") - 1
    return place.set_axis(customers.index)
