"""What each customer did: one row per customer from all their order lines.

Order lines are summed to orders, orders to days, days to customers. Nothing is counted by distinct values of a long
column, which costs the engine most.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import narwhals as nw

from analysis import engine

if TYPE_CHECKING:
    import pandas as pd

MONTH_DAYS = 30  # days of the "month" in order_frequency and customer_value
KNOWN_ABOUT_CUSTOMERS = ("age_band", "income_band", "household_size", "gender", "region")
COUNTS = (
    "frequency", "active_days", "departments", "window_orders", "before_orders", "use_days",
    "monetary", "saved", "window_sales", "before_sales",
)  # fmt: skip


def behaviour(
    orders: nw.LazyFrame,
    customers: pd.DataFrame,
    products: nw.LazyFrame,
    *,
    as_of: date,
    window_days: int,
    counted_from: date | None = None,
) -> pd.DataFrame:
    """One row per customer as of the end of `as_of`, from order lines, products and what is known about customers.

    `orders` has one row per order line, `customers` and `products` one per customer and product. A customer without an
    order has counts of 0 and no dates, recency, order amount or discount share. A customer who is known only from
    orders is in the table too. Orders before `counted_from` say only since when a customer is known.

    - recency_days, tenure_days: days from the last counted and from the first order to `as_of`
    - frequency: orders, by lines with quantity above 0; a coupon on a whole order is no order of its own
    - monetary: sales in currency; order_amount: monetary / frequency
    - order_frequency: orders per 30 days from the first counted order to `as_of`, which are at least 30
    - customer_value: order_amount x order_frequency, so sales per 30 days
    - discount_share: (discount + coupon_discount) / (amount + discount + coupon_discount), all lines
    - departments, active_days: different departments bought from, different days with an order
    - window_orders, window_sales, use_days (days with an order): in the `window_days` up to and with `as_of`
    - before_orders, before_sales: in the `window_days` before these; too low where the data begins inside them

    Raises ValueError when two rows of `customers` are the same customer. Source of customer_value: order amount times
    order frequency, as in the value formula of the marketing chapters this study follows.
    """
    if customers["customer_id"].duplicated().any():
        twice = customers.loc[customers["customer_id"].duplicated(), "customer_id"].iloc[0]
        raise ValueError(f"customer {twice!r} has two rows in customers; it needs one row per customer")
    found = engine.collect(
        order_features(orders, products, as_of=as_of, window_days=window_days, counted_from=counted_from)
    )
    known = customers.reindex(columns=["customer_id", *KNOWN_ABOUT_CUSTOMERS])
    table = found.merge(known, on="customer_id", how="outer", validate="one_to_one")
    table = table.sort_values("customer_id", ignore_index=True)
    table[list(COUNTS)] = table[list(COUNTS)].fillna(0)
    whole = [name for name in COUNTS if name not in ("monetary", "saved", "window_sales", "before_sales")]
    return _with_ratios(table.astype(dict.fromkeys(whole, "int64")), as_of=as_of)


def order_features(
    orders: nw.LazyFrame,
    products: nw.LazyFrame,
    *,
    as_of: date,
    window_days: int,
    counted_from: date | None = None,
) -> nw.LazyFrame:
    """One row per customer with an order line up to `as_of`: counts and sums of `behaviour`, unread, in no order."""
    since = counted_from or date.min
    window, before = (as_of - timedelta(days=window_days * times) for times in (1, 2))
    seen = orders.filter(nw.col("ordered_on") <= as_of)
    ordered, counted = nw.col("orders") > 0, nw.col("day") >= since
    in_window = nw.col("day") > window
    in_before = (nw.col("day") > before) & ~in_window
    customers = (
        per_day(seen)
        .group_by("customer_id")
        .agg(
            first_order_on=nw.when(ordered).then(nw.col("day")).min(),
            first_counted_on=nw.when(ordered & counted).then(nw.col("day")).min(),
            last_order_on=nw.when(ordered & counted).then(nw.col("day")).max(),
            frequency=nw.when(counted).then(nw.col("orders")).sum(),
            active_days=nw.when(ordered & counted).then(1).sum(),
            monetary=nw.when(counted).then(nw.col("sales")).sum(),
            saved=nw.when(counted).then(nw.col("saved")).sum(),
            window_orders=nw.when(counted & in_window).then(nw.col("orders")).sum(),
            window_sales=nw.when(counted & in_window).then(nw.col("sales")).sum(),
            use_days=nw.when(ordered & counted & in_window).then(1).sum(),
            before_orders=nw.when(counted & in_before).then(nw.col("orders")).sum(),
            before_sales=nw.when(counted & in_before).then(nw.col("sales")).sum(),
        )
    )
    bought = seen.filter((nw.col("ordered_on") >= since) & (nw.col("quantity") > 0))
    return customers.join(departments(bought, products), on="customer_id", how="left")


def per_order(lines: nw.LazyFrame) -> nw.LazyFrame:
    """One row per order, from order lines: customer_id, day, sales and saved in currency, orders (1, or 0).

    orders is 0 where no line has a quantity above 0: a coupon booked by itself is money, but no order. An order with
    lines on two days counts on the first.
    """
    return (
        lines.group_by("order_id", "customer_id")
        .agg(
            day=nw.col("ordered_on").min(),
            sales=nw.col("amount").sum(),
            discount=nw.col("discount").sum(),
            coupon_discount=nw.col("coupon_discount").sum(),
            quantity=nw.col("quantity").max(),
        )
        .select(
            "order_id",
            "customer_id",
            "day",
            "sales",
            saved=nw.col("discount") + nw.col("coupon_discount"),
            orders=nw.when(nw.col("quantity") > 0).then(1).otherwise(0),
        )
    )


def per_day(lines: nw.LazyFrame) -> nw.LazyFrame:
    """One row per customer and day with an order line: orders (count), sales and saved in currency."""
    return per_order(lines).group_by("customer_id", "day").agg(nw.col("orders", "sales", "saved").sum())


def departments(bought: nw.LazyFrame, products: nw.LazyFrame) -> nw.LazyFrame:
    """One row per customer, from lines of goods bought: in how many different known departments."""
    shelf = products.filter(~nw.col("department").is_null()).select("product_id", "department")
    return (
        bought.select("customer_id", "product_id")
        .join(shelf, on="product_id", how="inner")
        .group_by("customer_id", "department")  # narwhals' unique() numbers all rows, which is four times slower
        .agg(lines=nw.len())
        .group_by("customer_id")
        .agg(departments=nw.len())
    )


def _with_ratios(table: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """The table with days turned into durations and sums into ratios, its columns in the order of the documentation."""
    import pandas as pd

    until = pd.Timestamp(as_of)
    dates = ["first_order_on", "first_counted_on", "last_order_on"]
    table = table.assign(**{name: pd.to_datetime(table[name]) for name in dates})
    orders = table["frequency"].where(table["frequency"] > 0)
    listed = table["monetary"] + table["saved"]
    counted_days = (until - table["first_counted_on"]).dt.days.clip(lower=MONTH_DAYS)
    return table.assign(
        recency_days=(until - table["last_order_on"]).dt.days,
        tenure_days=(until - table["first_order_on"]).dt.days,
        order_amount=table["monetary"] / orders,
        order_frequency=orders / counted_days * MONTH_DAYS,
        customer_value=table["monetary"] / counted_days * MONTH_DAYS,
        discount_share=table["saved"] / listed.where(listed > 0),
    )[list(COLUMNS)]


COLUMNS = (
    "customer_id", "first_order_on", "last_order_on", "recency_days", "tenure_days", "frequency", "monetary",
    "order_amount", "order_frequency", "customer_value", "discount_share", "departments", "active_days",
    "window_orders", "window_sales", "before_orders", "before_sales", "use_days", *KNOWN_ABOUT_CUSTOMERS,
)  # fmt: skip
