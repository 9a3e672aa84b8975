"""Amounts in two units or currencies that no column tells apart: the same goods at two prices, and a jump from a day on."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine
from analysis.collect.suspicions import telling
from analysis.collect.suspicions.telling import Remarks

STEP = 0.05  # width of a class of price ratios, in powers of ten
FAR = 3  # times the median of its product; what a sale, a pack of two or a price by the dozen explains lies nearer
SHARE_FAR, SHARE_OF_FAR = 0.02, 0.8  # of all lines; of those far away, around one ratio
PRODUCTS = 3  # that show it
SLIP, NEAR = 2.0, 0.15  # a factor of a hundred in powers of ten, and how near to it a jump must be
DAYS = 5  # with sales, on either side of a jump


def two_prices(tables: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell that many lines cost one and the same multiple of what their product usually costs.

    Two currencies or units in one column do that to all products alike; sales, packs and a rise in price do it to each differently.
    """
    if not telling.has(tables, "orders", "product_id", "amount", "quantity"):
        return []
    price = nw.col("amount").cast(nw.Float64) / nw.col("quantity")
    priced = (
        tables["orders"]
        .filter(nw.col("quantity") > 0, nw.col("amount") > 0, ~nw.col("product_id").is_null())
        .select("product_id", price=price)
    )
    usual = priced.group_by("product_id").agg(usual=nw.col("price").median())
    ratio = (nw.col("price") / nw.col("usual")).log(10).abs()
    classes = (
        priced.join(usual, on="product_id")
        .select("product_id", place=(ratio / STEP).round())
        .group_by("place", "product_id")
        .agg(lines=nw.len())
        .group_by("place")
        .agg(nw.col("lines").sum(), products=nw.len())
    )
    found = engine.collect(classes).set_index("place").astype("int64")
    far = found[found.index * STEP > np.log10(FAR)]
    if far.empty or far["lines"].sum() < SHARE_FAR * found["lines"].sum():
        return []
    around = pd.Series({at: far["lines"].reindex([at - 1, at, at + 1]).sum() for at in far.index})
    centre = around.idxmax()
    few = far["products"].get(centre, 0) < PRODUCTS
    if few or around[centre] < SHARE_OF_FAR * far["lines"].sum():
        return []
    counted = telling.of(int(around[centre]), int(found["lines"].sum()), "order lines", smallest=smallest)
    return [("orders", "warning", f"{counted} cost about {10 ** (centre * STEP):,.1f} times, or one part in so many, of what their product "
             "usually costs: amounts may be in two currencies or units; ask the sender, and load each with its own")]  # fmt: skip


def slipped(tables: Mapping[str, nw.LazyFrame]) -> Remarks:
    """Tell the day from which on the mean order is about a hundred times what it was, or a hundredth: cents for whole units, say."""
    day = (
        telling.day_of(tables["orders"], "ordered_on", "ordered_at")
        if telling.has(tables, "orders", "amount", "order_id")
        else None
    )
    if day is None:
        return []
    lines = tables["orders"].select("order_id", "amount", day=day).filter(~nw.col("day").is_null())
    daily = engine.collect(lines.group_by("day").agg(nw.col("amount").sum(), orders=nw.col("order_id").n_unique()))
    daily = daily[daily["amount"] > 0].sort_values("day")
    if len(daily) < 2 * DAYS:
        return []
    height = np.log10(daily["amount"].astype(float) / daily["orders"]).to_numpy()
    at = _split(height)
    jump = float(np.median(height[at:]) - np.median(height[:at]))
    if abs(abs(jump) - SLIP) > NEAR:
        return []
    becomes, since = "a hundred times" if jump > 0 else "a hundredth of", pd.Timestamp(daily["day"].iloc[at])
    return [("orders", "warning", f"from {since:%Y-%m-%d} on the mean order is about {becomes} what it was before: the unit may have "
             "changed, such as cents for whole units; ask the sender, and load the parts with their own recipe")]  # fmt: skip


def _split(height: np.ndarray) -> int:
    """Return where a step fits best: the first place of the later part, at least `DAYS` from either end (least squares)."""
    number = np.arange(1, len(height))
    before = np.cumsum(height)[:-1]
    after = height.sum() - before
    explained = before**2 / number + after**2 / (len(height) - number)
    allowed = slice(DAYS - 1, len(height) - DAYS)
    return int(np.argmax(explained[allowed])) + DAYS
