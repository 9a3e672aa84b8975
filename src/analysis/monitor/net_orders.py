"""Order lines less what went back: a refund counts on the day of the order that it takes back, not on its own.

A refund booked weeks later belongs to the sale that a campaign is said to have made; on its own day it would lower the
sales of whatever ran then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis import engine
from analysis.engine import nw

if TYPE_CHECKING:
    from datetime import date

LEAST = 20  # refunds behind the usual time to refund; with fewer it is not known
USUAL = 0.95  # share of refunds that came within it


class Netted(NamedTuple):
    """Order lines less refunds, and what was done; all zero and `known` false where the source says nothing of refunds."""

    orders: (
        nw.LazyFrame
    )  #: order lines and, for each refund of an order, a line with its amount below zero and no pieces
    known: bool
    netted: int = 0  #: refunds taken off the sales of their order
    amount: float = 0.0  #: currency, taken off
    without_order: int = 0  #: refunds that name no order of the data; taken off nowhere
    without_amount: float = 0.0  #: currency
    above: int = 0  #: orders of which more went back than was paid; they count as nothing sold, never as less
    usual_days: float = np.nan  #: within which 95 of 100 refunds came; NaN for fewer than `LEAST`
    usual_of: int = (
        0  #: refunds that this rests on: of orders of the first half of the data, so that late ones are seen
    )


def net_of_refunds(orders: nw.LazyFrame, refunds: nw.LazyFrame | None, *, data_from: date, as_of: date) -> Netted:
    """Return the order lines with refunds up to `as_of` taken off on the day of their order, by order_id.

    The lines keep their columns. A refund line has the customer of the order, its own product where that is known, a
    quantity, discounts and coupons of zero, so orders, buyers and coupon costs are counted as before.
    """
    if refunds is None:
        return Netted(orders, known=False)
    sold = orders.group_by("order_id").agg(
        customer_id=nw.col("customer_id").min(), ordered_on=nw.col("ordered_on").min(), sold=nw.col("amount").sum()
    )
    missing = [name for name in ("order_id", "product_id") if name not in refunds.collect_schema().names()]
    seen = refunds.filter(nw.col("refunded_on") <= nw.lit(as_of)).with_columns(
        **{name: nw.lit(None).cast(nw.String) for name in missing}, refund=nw.col("amount")
    )
    columns = ("refund_id", "line_id", "order_id", "product_id", "refunded_on", "refund")
    back = engine.hold(seen.select(*columns).join(sold, on="order_id", how="left"))
    found = back.filter(~nw.col("ordered_on").is_null())
    of_order = found.group_by("order_id").agg(whole=nw.col("refund").sum())
    parts = found.join(of_order, on="order_id").with_columns(is_above=nw.col("whole") > nw.col("sold"))
    lines = nw.concat([_lines(parts.filter(~nw.col("is_above")), orders), _all_of_it(parts, orders)])
    rows = engine.collect(parts.select("order_id", "ordered_on", "refunded_on", "refund", "whole", "sold", "is_above"))
    lost = engine.collect(back.filter(nw.col("ordered_on").is_null()).select("refund"))
    usual, of = _usual_days(rows, data_from=data_from, as_of=as_of)
    taken = rows["refund"].where(~rows["is_above"], rows["refund"] * rows["sold"] / rows["whole"])
    return Netted(
        nw.concat([orders, lines]), True, len(rows), float(taken.sum()), len(lost), float(lost["refund"].sum()),
        int(rows.loc[rows["is_above"], "order_id"].nunique()), usual, of,
    )  # fmt: skip


def refunds_over(runs: pd.DataFrame, netted: Netted, *, as_of: date) -> pd.DataFrame:
    """One row per campaign begun: campaign_id, refunds_netted, refund_days, usual_days, refunds_over.

    `refund_days` have passed since the last day measured, in which refunds could come in. `refunds_over` says whether those
    are as many as 95 of 100 refunds took; missing where the source says nothing of refunds or how long they take is not known.
    """
    days = (pd.Timestamp(as_of) - runs["measured_until"]).dt.days
    over = pd.array([None] * len(runs), "boolean") if np.isnan(netted.usual_days) else (days >= netted.usual_days)
    return pd.DataFrame({
        "campaign_id": runs["campaign_id"], "refunds_netted": netted.known, "refund_days": days,
        "usual_days": netted.usual_days, "refunds_over": over,
    }).astype({"refunds_over": "boolean"})  # fmt: skip


def _lines(parts: nw.LazyFrame, orders: nw.LazyFrame) -> nw.LazyFrame:
    """A line below zero for each refund, with the columns of the order lines."""
    made = parts.with_columns(
        line_id=nw.concat_str(nw.lit("refund "), nw.col("refund_id"), nw.lit(" "), nw.col("line_id")),
        amount=0 - nw.col("refund"),
    )
    return _as_lines(made, orders)


def _all_of_it(parts: nw.LazyFrame, orders: nw.LazyFrame) -> nw.LazyFrame:
    """One line for each order of which more went back than was paid: all that was paid."""
    above = parts.filter(nw.col("is_above")).group_by("order_id").agg(
        customer_id=nw.col("customer_id").min(), ordered_on=nw.col("ordered_on").min(), sold=nw.col("sold").max()
    )  # fmt: skip
    made = above.with_columns(line_id=nw.lit("refund"), amount=0 - nw.col("sold"), product_id=nw.lit(None))
    return _as_lines(made, orders)


def _as_lines(made: nw.LazyFrame, orders: nw.LazyFrame) -> nw.LazyFrame:
    schema = orders.collect_schema()
    told = {"order_id", "line_id", "customer_id", "product_id", "ordered_on", "amount"}
    none = {"quantity", "discount", "coupon_discount", "coupon_match"}
    columns = {
        name: (nw.col(name) if name in told else nw.lit(0 if name in none else None)).cast(kind)
        for name, kind in schema.items()
    }
    return made.select(**columns)


def _usual_days(rows: pd.DataFrame, *, data_from: date, as_of: date) -> tuple[float, int]:
    """Days from order to refund within which 95 of 100 came, of orders of the first half of the data."""
    first, last = pd.Timestamp(data_from), pd.Timestamp(as_of)
    ordered, refunded = pd.to_datetime(rows["ordered_on"]), pd.to_datetime(rows["refunded_on"])
    days = (refunded - ordered).dt.days[(ordered <= first + (last - first) / 2) & (refunded >= ordered)]
    return (float(np.quantile(days, USUAL, method="higher")) if len(days) >= LEAST else np.nan), len(days)
