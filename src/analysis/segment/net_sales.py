"""Sales before and after what went back: gross, refunds and net, by month and for the whole period."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from analysis import engine

WHOLE = "whole period"


def net_sales(orders: nw.LazyFrame, refunds: nw.LazyFrame | None, *, data_from: date, as_of: date) -> pd.DataFrame:
    """One row per calendar month and one for the whole period: gross, refunds, net, refund_share, refund_lines, refunded.

    Columns: period ("2011-03", or WHOLE), days (of the month inside the data), full (whether that is the whole month), gross
    (sales), refunds (money that went back, in the month in which it did), net (gross - refunds), refund_share (refunds /
    gross), refund_lines, refunded (customers who got money back) and largest (the share of the customer who got most). What
    went back is missing, not 0, where the source does not say.
    """
    sold = _by_month(orders, "ordered_on", as_of).rename(columns={"amount": "gross"})[["period", "gross"]]
    months = pd.period_range(data_from, as_of, freq="M")
    table = pd.DataFrame({"period": [WHOLE, *months.astype(str)]}).merge(sold, on="period", how="left")
    table["gross"] = table["gross"].fillna(0.0)
    ends = [(max(month.start_time.date(), data_from), min(month.end_time.date(), as_of)) for month in months]
    inside = [(last - first).days + 1 for first, last in ends]
    table["days"] = [sum(inside), *inside]
    table["full"] = [True, *(days == month.days_in_month for days, month in zip(inside, months, strict=True))]
    told = ["refunds", "refund_lines", "refunded", "largest"]
    if refunds is None:
        table[told] = float("nan")
    else:
        back = _by_month(refunds, "refunded_on", as_of).rename(columns={"amount": "refunds", "lines": "refund_lines"})
        table = table.merge(back[["period", *told]], on="period", how="left")
        table[told[:3]] = table[told[:3]].fillna(0.0)
    table["net"] = table["gross"] - table["refunds"]
    table["refund_share"] = (table["refunds"] / table["gross"]).where(table["gross"] > 0)
    return table[
        ["period", "days", "full", "gross", "refunds", "net", "refund_share", "refund_lines", "refunded", "largest"]
    ]


def _by_month(rows: nw.LazyFrame, day: str, as_of: date) -> pd.DataFrame:
    """One row per month and WHOLE: period, amount, lines, refunded (customers with a row), largest (share of one customer)."""
    dated = rows.filter(nw.col(day) <= nw.lit(as_of)).with_columns(period=nw.col(day).dt.to_string("%Y-%m"))
    every = nw.concat([dated.select("period", "customer_id", "amount"),
                       dated.select(nw.lit(WHOLE).alias("period"), "customer_id", "amount")])  # fmt: skip
    each = every.group_by("period", "customer_id").agg(amount=nw.col("amount").sum(), lines=nw.len())
    return engine.collect(
        each.group_by("period").agg(
            amount=nw.col("amount").sum(), lines=nw.col("lines").sum(), refunded=nw.len(),
            largest=nw.col("amount").max().cast(nw.Float64) / nw.col("amount").sum().cast(nw.Float64),
        )
    )  # fmt: skip
