"""Spend that a campaign cannot touch: what its customers bought in categories of which it offered nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.monitor.comparison import Windows

LEAST_SHARE = 0.05  # of the spend of the contacted before; below that a scaled-up change is mostly chance
PARTS = ("before", "after")


def untouched_spend(
    orders: nw.LazyFrame, offers: nw.LazyFrame, products: pd.DataFrame, spans: Mapping[str, Windows]
) -> pd.DataFrame:
    """One row per customer with an order (index), columns `<campaign> before` and `<campaign> after`: sales in currency.

    A campaign offers a category as soon as it offers one product of it, because who buys that instead of another product of the
    category was moved by the offer. A product without a category stands for itself. A campaign without offers has no columns.
    """
    offered = engine.collect(offers.select("campaign_id", "product_id").unique())
    offered = offered[offered["campaign_id"].isin(list(spans))]
    group = _groups(products)
    offered = offered.assign(
        group=group.reindex(offered["product_id"]).to_numpy()
    )  # a product that nobody lists has none
    by_campaign = offered.groupby("campaign_id")["group"].agg(set)
    if by_campaign.empty:
        return pd.DataFrame(index=pd.Index([], name="customer_id"))
    flags = pd.DataFrame({f"offered {name}": group.isin(by_campaign[name]) for name in by_campaign.index})
    flags.index.name = "product_id"
    lines = orders.select("customer_id", "product_id", "ordered_on", "amount").join(
        engine.lazy(flags.reset_index()), on="product_id", how="left"
    )
    day, sums = nw.col("ordered_on"), {}
    for name in by_campaign.index:
        for part in PARTS:
            first, last = (end.date() for end in getattr(spans[name], part))
            spared = ~nw.col(f"offered {name}").fill_null(False)
            inside = (day >= first) & (day <= last) & spared
            sums[f"{name} {part}"] = nw.when(inside).then(nw.col("amount")).otherwise(0).sum()
    return engine.collect(lines.group_by("customer_id").agg(**sums)).set_index("customer_id").astype(float)


def scaled_change(
    untouched: pd.DataFrame, before: np.ndarray, contacted: np.ndarray, *, campaign_id: str, weeks: float
) -> np.ndarray | None:
    """Change per week of untouched spend, scaled up to all spend; `untouched` and `before` (all sales) have one row per customer.

    A cause that moves all spend alike moves this as much as the whole. None where the campaign offers nothing, or nearly everything.
    """
    if f"{campaign_id} after" not in untouched:
        return None
    spared = untouched[f"{campaign_id} before"].to_numpy()
    whole = before[contacted].sum()
    share = spared[contacted].sum() / whole if whole > 0 else 0.0
    if not share >= LEAST_SHARE:
        return None
    return (untouched[f"{campaign_id} after"].to_numpy() - spared) / weeks / share


def _groups(products: pd.DataFrame) -> pd.Series:
    """Category of each product (index); the product itself where it has none."""
    itself = "product " + products["product_id"].astype("str")
    if "category" in products:
        itself = ("category " + products["category"].astype("str")).where(products["category"].notna(), itself)
    return pd.Series(itself.to_numpy(), index=products["product_id"].to_numpy(), dtype="object")
