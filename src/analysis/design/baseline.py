"""What customers spend without us doing anything new, and how much that differs between them.

The figures must come from customers put into segments *before* the days that are measured. Segments as of today look
back on those days: "no order for a quarter" has by definition spent nothing in the last eight weeks, and would promise
a spend of zero, without spread, for ever. So the caller forms segments as of the day before the measured days begin.
"""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import numpy as np
import pandas as pd

LEAST = 10  # customers of a segment; a mean and a spread of fewer are not shown, they would only look like knowledge


def measurable(data_from: date, *, until: date, days: int) -> bool:
    """Return whether the data reaches back far enough: over the measured days, and as many before to form segments."""
    return data_from <= until - timedelta(days=2 * days - 1)


def spend(orders: nw.LazyFrame, *, until: date, days: int) -> nw.LazyFrame:
    """One row per customer who ordered in the last `days` days up to and with `until`: customer_id, spend in currency.

    Takes one row per order line: customer_id, ordered_on, amount.
    """
    starts = until - timedelta(days=days - 1)
    seen = orders.filter(nw.col("ordered_on") >= starts, nw.col("ordered_on") <= until)
    return seen.group_by("customer_id").agg(spend=nw.col("amount").sum()).sort("customer_id")


def outcomes(members: pd.DataFrame, spent: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return by segment what each of its customers spent in the days after they were in it, sorted, in currency.

    Parameters
    ----------
    members
        One row per customer: customer_id, segment, as of the day before the measured days.
    spent
        One row per customer who ordered: customer_id, spend. Members without a row spent nothing.

    Segments of fewer than `LEAST` customers are left out. Raises ValueError for a customer in two rows.
    """
    table = members[["customer_id", "segment"]].merge(spent, on="customer_id", how="left", validate="1:1")
    groups = table.fillna({"spend": 0.0}).groupby("segment", sort=True)["spend"]
    return {name: np.sort(values.to_numpy(float)) for name, values in groups if len(values) >= LEAST}


def baseline(members: pd.DataFrame, spent: pd.DataFrame) -> pd.DataFrame:
    """One row per segment, by name: what its customers spent in the days after they were in it; takes what `outcomes` does.

    Returns segment, customers, buyers (share with any spend), mean, sd (of one customer's spend, zeros included, in
    currency). Missing for segments of fewer than `LEAST` customers.
    """
    known, sizes = outcomes(members, spent), members["segment"].value_counts().sort_index()
    rows = [
        (name, n, (seen > 0).mean(), seen.mean(), seen.std(ddof=1))
        if (seen := known.get(name)) is not None else (name, n, np.nan, np.nan, np.nan)
        for name, n in sizes.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["segment", "customers", "buyers", "mean", "sd"])
