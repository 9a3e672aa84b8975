"""What looks wrong in the order lines and is kept or set aside on purpose: counted, with its money, its cause, what we do."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analysis import engine

FUEL = "GASOLINE"  # how fuel is named in the product table
NOT_LOOKED_INTO = "nobody has looked into it yet"
MANY = 50  # pieces on one line; the largest quantity of anything but fuel that is plainly possible


def oddities(orders: nw.LazyFrame, products: nw.LazyFrame, *, looked_into: bool = True) -> pd.DataFrame:
    """One row per oddity of typed order lines before rules: lines, sales, coupon discount, likely cause, what we do.

    A line can show more than one oddity. The causes were found by looking at the lines' products, prices and orders of our
    own sources; of others, which nobody has `looked_into`, no cause is claimed.
    """
    named = products.select("product_id", product_name=nw.col("name"), listed=nw.lit(1))
    lines = orders.join(named, on="product_id", how="left").with_columns(
        fuel=nw.col("product_name").fill_null("").str.starts_with(FUEL), listed=nw.col("listed").fill_null(0)
    )
    moved, sold, coupon = nw.col("quantity") > 0, nw.col("amount") != 0, nw.col("coupon_discount") > 0
    found = [
        (
            ("quantity, sales and coupon are zero", ~moved & ~sold & ~coupon),
            ("articles taken back at the till, and coupon numbers without a value", "set aside"),
        ),
        (
            ("sales without a quantity", ~moved & sold),
            ("a few cents per line; nothing in the data explains them", "set aside"),
        ),
        (
            ("coupon without goods", ~moved & ~sold & coupon),
            ("a coupon on the whole order, under a coupon number instead of a product", "kept as cost; makes no order"),
        ),
        (
            ("goods for nothing, with a card discount", moved & ~sold & (nw.col("discount") > 0)),
            ("the free piece of a buy-one-get-one offer", "kept"),
        ),
        (
            ("goods for nothing, no discount", moved & ~sold & (nw.col("discount") == 0) & ~coupon),
            ("printed coupons and samples handed over at the till", "kept"),
        ),
        (
            ("coupon larger than the sale", moved & sold & (nw.col("coupon_discount") > nw.col("amount"))),
            ("the coupon's value is not taken off the sales of its line", "kept"),
        ),
        (
            (f"quantity above {MANY}: fuel", (nw.col("quantity") > MANY) & nw.col("fuel")),
            ("fuel is counted in thousandths of a gallon", "kept; no measure uses pieces"),
        ),
        (
            (f"quantity above {MANY}: other goods", (nw.col("quantity") > MANY) & ~nw.col("fuel")),
            ("small cheap goods bought in bulk", "kept"),
        ),
        (
            ("product not in the product table", nw.col("listed") == 0),
            ("coupon numbers, and three articles without a description", "kept; department unknown"),
        ),
    ]
    tests = [(name, test, cause, handling) for (name, test), (cause, handling) in found]
    sums = {}
    for i, (_, test, _, _) in enumerate(tests):
        sums |= {
            f"lines_{i}": test.cast(nw.Int64).sum(),
            f"amount_{i}": nw.when(test).then(nw.col("amount")).otherwise(0).sum(),
            f"coupon_{i}": nw.when(test).then(nw.col("coupon_discount")).otherwise(0).sum(),
        }
    total = engine.collect(lines.select(**sums)).iloc[0]
    rows = [
        {
            "oddity": name,
            "lines": int(total[f"lines_{i}"]),
            "amount": float(total[f"amount_{i}"]),
            "coupon_discount": float(total[f"coupon_{i}"]),
            "cause": cause if looked_into else NOT_LOOKED_INTO,
            "handling": handling,
        }
        for i, (name, _, cause, handling) in enumerate(tests)
    ]
    return pd.DataFrame(rows)


def fuel_price(orders: nw.LazyFrame, products: nw.LazyFrame) -> float:
    """Return sales per thousand pieces of fuel lines: a price per gallon if the pieces are thousandths of a gallon.

    NaN where no fuel is sold.
    """
    fuel = products.filter(nw.col("name").fill_null("").str.starts_with(FUEL)).select("product_id")
    lines = orders.filter(nw.col("quantity") > MANY).join(fuel, on="product_id", how="inner")
    total = engine.collect(lines.select(amount=nw.col("amount").sum(), quantity=nw.col("quantity").sum())).iloc[0]
    if not total["quantity"] > 0:
        return float("nan")
    return 1000 * float(total["amount"]) / float(total["quantity"])


def orders_lost(typed: nw.LazyFrame, valid: nw.LazyFrame, *, as_of) -> pd.DataFrame:
    """One row: orders in the typed lines, orders that keep a line with goods, orders without one, orders not yet seen.

    An order counts when goods moved in it; orders of coupons or taken-back articles alone do not. `as_of` is the last day seen.
    """
    seen = typed.filter(nw.col("ordered_on") <= as_of)
    came, before, after = (_orders(lines) for lines in (typed, seen, valid.filter(nw.col("quantity") > 0)))
    return pd.DataFrame({
        "orders_in": [came], "orders_kept": [after], "orders_without_goods": [before - after], "orders_not_yet_seen": [came - before],
    })  # fmt: skip


def _orders(lines: nw.LazyFrame) -> int:
    return int(engine.collect(lines.select(n=nw.col("order_id").n_unique()))["n"].iloc[0])
