"""Orders whose id, refunds, discounts or size cannot be right, or rule everything that is computed from them."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from analysis.collect.suspicions import telling
from analysis.collect.suspicions.telling import Remarks

DOMINATES = 0.40  # share of all sales that one order or customer has at most, else it is told
ENOUGH = 10  # orders; of fewer one is always a large part


def unclear(tables: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell how many order ids stand for several customers or days: the source may have used an id again."""
    if not telling.has(tables, "orders", "order_id", "customer_id"):
        return []
    lines = tables["orders"].filter(~nw.col("customer_id").is_null())
    day = telling.day_of(lines, "ordered_on", "ordered_at")
    ids = (
        lines.select("order_id", "customer_id", day=nw.lit(0) if day is None else day)
        .group_by("order_id")
        .agg(customers=nw.col("customer_id").n_unique(), days=nw.col("day").n_unique())
    )
    several = (nw.col("customers") > 1) | (nw.col("days") > 1)
    sums = telling.row(ids, ids=nw.len(), several=several.cast(nw.Int64).sum())
    if not sums["several"]:
        return []
    counted = telling.of(int(sums["several"]), int(sums["ids"]), "order ids", smallest=smallest)
    return [("orders", "warning", f"{counted} stand for several customers or days: the source may have used them again, or two systems "
             "give the same numbers; make the ids unique before loading")]  # fmt: skip


def over_refunded(tables: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell how many refunds name no known order, how many orders gave back more than they took, and how many customers did."""
    if not telling.has(tables, "refunds", "customer_id", "amount") or not telling.has(
        tables, "orders", "order_id", "amount"
    ):
        return []
    told: Remarks = []
    refunds, lines = tables["refunds"], tables["orders"]
    if telling.has(tables, "refunds", "order_id"):
        back = _totals(refunds, "order_id", "back")
        both = back.join(_totals(lines, "order_id", "sold"), on="order_id", how="left")
        sums = telling.row(both, orders=nw.len(), unknown=nw.col("sold").is_null().cast(nw.Int64).sum(),
                           over=(nw.col("back") > nw.col("sold")).cast(nw.Int64).sum())  # fmt: skip
        if sums["unknown"]:
            counted = telling.of(int(sums["unknown"]), int(sums["orders"]), "orders with a refund", smallest=smallest)
            told.append(("refunds", "warning", f"{counted} are not in the orders: they may lie before the first day of the export; net "
                         "sales take them off all the same"))  # fmt: skip
        if sums["over"]:
            counted = telling.of(int(sums["over"]), int(sums["orders"]), "orders with a refund", smallest=smallest)
            told.append(("refunds", "warning", f"{counted} gave back more money than they took: a refund may stand there twice, or "
                         "shipping came back that is no sale here; look them up in the source"))  # fmt: skip
    people = _totals(refunds, "customer_id", "back").join(
        _totals(lines, "customer_id", "sold"), on="customer_id", how="left"
    )
    sums = telling.row(people, customers=nw.len(),
                       below=(nw.col("back") > nw.col("sold").fill_null(0)).cast(nw.Int64).sum())  # fmt: skip
    if sums["below"]:
        counted = telling.of(int(sums["below"]), int(sums["customers"]), "customers with a refund", smallest=smallest)
        told.append(("refunds", "warning", f"{counted} got back more than they ever paid here, so their total is below zero: their "
                     "purchases may lie before the first day of the export; ask for a longer one"))  # fmt: skip
    return told


def over_discounted(tables: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell how many order lines have a discount above their price: sales below zero after it, or a coupon above the sales."""
    over = []
    if telling.has(tables, "orders", "amount", "discount"):
        over.append((nw.col("discount") > 0) & (nw.col("amount") < 0))
    if telling.has(tables, "orders", "amount", "coupon_discount", "quantity"):
        over.append((nw.col("coupon_discount") > nw.col("amount")) & (nw.col("quantity") > 0))
    if not over:
        return []
    either = nw.any_horizontal(*over, ignore_nulls=True).cast(nw.Int64)
    sums = telling.row(tables["orders"], lines=nw.len(), over=either.sum())
    if not sums["over"]:
        return []
    counted = telling.of(int(sums["over"]), int(sums["lines"]), "order lines", smallest=smallest)
    return [("orders", "warning", f"{counted} have a discount larger than their price: the discount may be that of a whole order, or stand "
             "in another unit; look at the recipe of the export")]  # fmt: skip


def dominating(tables: Mapping[str, nw.LazyFrame]) -> Remarks:
    """Tell that one order or one customer has more than 40 % of all sales; how much it is, is not told."""
    told: Remarks = []
    if not telling.has(tables, "orders", "order_id", "customer_id", "amount"):
        return told
    lines = tables["orders"].filter(nw.col("amount") > 0)
    for key, called in {"order_id": "order", "customer_id": "customer"}.items():
        sold = nw.col("sold")
        sums = telling.row(_totals(lines, key, "sold"), things=nw.len(), largest=sold.max(), sales=sold.sum())
        if sums["things"] >= ENOUGH and sums["largest"] > DOMINATES * sums["sales"]:
            told.append(("orders", "warning", f"one {called} has more than {100 * DOMINATES:.0f} % of all sales: means and sums speak of "
                         "that one; look whether it is a typing error or a business, and compare the results without it"))  # fmt: skip
            break  # the customer of such an order is no second finding
    return told


def _totals(frame: nw.LazyFrame, key: str, name: str) -> nw.LazyFrame:
    return frame.filter(~nw.col(key).is_null()).group_by(key).agg(nw.col("amount").sum().alias(name))
