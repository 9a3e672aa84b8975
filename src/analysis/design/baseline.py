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
    """One row per customer who ordered: spend in the last `days` days up to and with `until`, and in the `days` before.

    Takes one row per order line: customer_id, ordered_on, amount. Returns customer_id, spend, spend_before in currency.
    Customers with no order in either period have no row.
    """
    starts, before = until - timedelta(days=days - 1), until - timedelta(days=2 * days - 1)
    amount, nothing = nw.col("amount"), nw.lit(0).cast(nw.Decimal(12, 2))
    return (
        orders.filter(nw.col("ordered_on") >= before, nw.col("ordered_on") <= until)
        .group_by("customer_id")
        .agg(
            spend=nw.when(nw.col("ordered_on") >= starts).then(amount).otherwise(nothing).sum(),
            spend_before=nw.when(nw.col("ordered_on") < starts).then(amount).otherwise(nothing).sum(),
        )
        .sort("customer_id")
    )


def baseline(members: pd.DataFrame, spent: pd.DataFrame) -> pd.DataFrame:
    """One row per segment, by name: mean and spread of what its customers spent in the days after they were in it.

    Parameters
    ----------
    members
        One row per customer: customer_id, segment, as of the day before the measured days.
    spent
        One row per customer who ordered: customer_id, spend, spend_before. Members without a row spent nothing.

    Returns
    -------
    segment, customers, mean, sd (of one customer's spend, in currency), residual_sd (what remains of sd once a straight
    line through spend_before is taken out, segment by segment), variance_saved (share of the variance that this takes
    away, 0 where the line does not help). Missing for segments of fewer than `LEAST` customers.

    The line is the pre-period adjustment known as CUPED (Deng, Xu, Kohavi and Walker 2013), fitted within each segment
    as in Lin (2013): in large samples it never makes the comparison worse. Raises ValueError for a customer in two
    rows.
    """
    table = members[["customer_id", "segment"]].merge(spent, on="customer_id", how="left", validate="1:1")
    table = table.fillna({"spend": 0.0, "spend_before": 0.0}).sort_values("customer_id", kind="stable")
    groups = table.groupby("segment", sort=True)
    rows = [{"segment": name, "customers": len(group), **_spread(group)} for name, group in groups]
    return pd.DataFrame(rows, columns=["segment", "customers", "mean", "sd", "residual_sd", "variance_saved"])


def _spread(group: pd.DataFrame) -> dict[str, float]:
    n = len(group)
    if n < LEAST:
        return dict.fromkeys(("mean", "sd", "residual_sd", "variance_saved"), np.nan)
    after, before = group["spend"].to_numpy(float), group["spend_before"].to_numpy(float)
    variance = float(after.var(ddof=1))
    moved = before - before.mean()
    slope = float(moved @ after) / float(moved @ moved) if moved.any() else 0.0
    left = after - after.mean() - slope * moved
    residual = min(variance, float(left @ left) / (n - 2))  # two degrees of freedom: the mean and the slope
    return {
        "mean": float(after.mean()),
        "sd": variance**0.5,
        "residual_sd": residual**0.5,
        "variance_saved": 1 - residual / variance if variance > 0 else np.nan,
    }
