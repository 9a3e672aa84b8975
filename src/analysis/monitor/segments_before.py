"""The segment of each contacted customer on the day before the campaign: what the campaign did cannot be in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.segment.as_of import segments_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_SUMS = ("amount", "discount", "coupon_discount")


def days_before(contacts: pd.DataFrame, campaigns: pd.DataFrame) -> pd.Series:
    """Return per campaign_id the last day that lies before its first day and before its first contact, sorted by campaign.

    Campaigns that contacted nobody are left out.
    """
    first = pd.to_datetime(contacts["contacted_on"]).groupby(contacts["campaign_id"]).min()
    begins = pd.to_datetime(campaigns.set_index("campaign_id")["starts_on"]).reindex(first.index)
    return (
        (first.where(begins.isna() | (first <= begins), begins) - pd.Timedelta(days=1)).rename("known_on").sort_index()
    )


def segments_before(
    contacts: pd.DataFrame, campaigns: pd.DataFrame, orders: nw.LazyFrame, customers: pd.DataFrame, products: nw.LazyFrame, *,
    segment_rules: Sequence[tuple[str, str]], otherwise: str, bins: int, window_days: int, data_from: date,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign and contacted customer: campaign_id, customer_id, segment_before, by the study's rules.

    The rules see the orders up to the day before the campaign (`days_before`) and nothing later. A campaign that begins
    less than `window_days` after the data is left out: with so short a history everyone would seem to be new or quiet.
    """
    known_on = days_before(contacts, campaigns)
    known_on = known_on[known_on >= pd.Timestamp(data_from) + pd.Timedelta(days=window_days - 1)]
    parts, short = [], shortened(orders, products) if len(known_on) else orders
    for day in sorted(known_on.unique()):
        named = segments_on(
            pd.Timestamp(day).date(), short, customers, products, segment_rules=segment_rules, otherwise=otherwise,
            bins=bins, window_days=window_days, everyone=True,
        ).rename(columns={"segment": "segment_before"})  # fmt: skip
        here = contacts[contacts["campaign_id"].isin(known_on.index[known_on == day])]
        parts.append(here[["campaign_id", "customer_id"]].merge(named, on="customer_id", how="left"))
    columns = ["campaign_id", "customer_id", "segment_before"]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    return table[columns].sort_values(["campaign_id", "customer_id"]).reset_index(drop=True)


def shortened(orders: nw.LazyFrame, products: nw.LazyFrame) -> nw.LazyFrame:
    """Return fewer lines from which `segment.features.behaviour` makes the same table for any day; the engine keeps them.

    One line per order and day, and one more for each first purchase of a customer in a department.
    """
    schema, sums = orders.collect_schema(), {name: nw.col(name).sum() for name in _SUMS}
    of_order = (
        orders.group_by("order_id", "customer_id", "ordered_on")
        .agg(quantity=nw.col("quantity").max(), **sums)
        .with_columns(product_id=nw.lit(""))
    )
    shelf = products.filter(~nw.col("department").is_null()).select("product_id", "department")
    goods = orders.filter(nw.col("quantity") > 0).join(shelf, on="product_id", how="inner")
    days = goods.group_by("customer_id", "department", "ordered_on").agg(
        order_id=nw.col("order_id").min(), product_id=nw.col("product_id").min(), quantity=nw.col("quantity").max()
    )
    first = days.group_by("customer_id", "department").agg(ordered_on=nw.col("ordered_on").min())
    firsts = days.join(first, on=["customer_id", "department", "ordered_on"]).with_columns(
        **{name: nw.lit(0) for name in _SUMS}
    )
    columns = ["order_id", "customer_id", "product_id", "ordered_on", "quantity", *_SUMS]
    parts = [part.select(*(nw.col(name).cast(schema[name]) for name in columns)) for part in (of_order, firsts)]
    return engine.hold(nw.concat(parts))
