"""How customers move between segments from one half of the history to the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Halves(NamedTuple):
    """Two halves of a history: the first ends on `first_until`, the second begins on the next day, `second_from`."""

    first_until: date
    second_from: date


def halves(data_from: date, as_of: date) -> Halves:
    """Cut the days from `data_from` to `as_of`, both included, in two; of an odd number the second half has one more.

    For the segments of the halves, compute `behaviour` as of `first_until`, and as of `as_of` with `counted_from` set
    to `second_from`: then each half counts its own orders only, while tenure still runs from the first order ever seen.
    Raises ValueError for fewer than two days.
    """
    days = (as_of - data_from).days + 1
    if days < 2:
        raise ValueError(f"{data_from} to {as_of} has {max(days, 0)} days; two halves need at least 2")
    second_from = data_from + timedelta(days=days // 2)
    return Halves(second_from - timedelta(days=1), second_from)


def movement(before: pd.DataFrame, after: pd.DataFrame, *, absent: str) -> pd.DataFrame:
    """One row per pair of segments: customers who were in `from_segment` and are in `to_segment`, and their share.

    Both tables have one row per customer: customer_id, segment. A customer who is in one table only, or whose segment
    is missing there, is `absent` in the other. share is that of the customers of `from_segment` (0 to 1; each
    from_segment adds up to 1). Pairs that nobody went are in the table with 0. Customers near a cut point change their
    segment by chance: not every move is a change in the customer.

    Raises ValueError when a table has a customer twice, or a segment is itself named as `absent`.
    """
    import pandas as pd

    for table in (before, after):
        if (table["segment"] == absent).any():
            raise ValueError(f"a segment is named {absent!r} already; choose another word for absent")
    both = before[["customer_id", "segment"]].merge(
        after[["customer_id", "segment"]], on="customer_id", how="outer", validate="one_to_one"
    )
    moves = both[["segment_x", "segment_y"]].fillna(absent)
    moves = moves[(moves != absent).any(axis=1)]  # absent twice is no customer of either half
    counted = pd.crosstab(moves["segment_x"], moves["segment_y"])
    table = counted.stack().rename("customers").rename_axis(["from_segment", "to_segment"]).reset_index()
    table["share"] = table["customers"] / table.groupby("from_segment")["customers"].transform("sum")
    return table.sort_values(["from_segment", "to_segment"], ignore_index=True)
