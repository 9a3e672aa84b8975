"""In which clock a source's moments are: two looks at the raw order lines that tell UTC from the shops' own time."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analysis import engine


def order_moments(orders: nw.LazyFrame, *, time_zone: str) -> nw.LazyFrame:
    """One row per order, customer and moment of its lines, computed once: `utc` as it came and `local` by `time_zone`."""
    moments = orders.group_by("order_id", "customer_id", "ordered_at").agg(lines=nw.len())
    both = moments.select("order_id", "customer_id", utc=nw.col("ordered_at"), local=nw.col("ordered_at"))
    return engine.hold(engine.with_local_time(both, "local", time_zone=time_zone))


def orders_by_hour(moments: nw.LazyFrame) -> pd.DataFrame:
    """One row per hour of the day, 0 to 23: orders in that hour as the moments came, and on the shops' clock."""
    table = pd.DataFrame({"hour": range(24)})
    for clock, name in (("utc", "orders_as_they_came"), ("local", "orders_on_the_shops_clock")):
        hours = moments.select("order_id", hour=nw.col(clock).dt.hour().cast(nw.Int64)).unique()
        counts = engine.collect(hours.group_by("hour").agg(orders=nw.len()))
        table[name] = table["hour"].map(counts.set_index("hour")["orders"]).fillna(0).astype("int64")
    return table


class OrderDays(NamedTuple):
    """Redemptions, and how many fall on a day on which the same customer ordered, by the two clocks."""

    redemptions: int
    utc: int
    local: int


def redemptions_on_order_days(moments: nw.LazyFrame, responses: nw.LazyFrame) -> OrderDays:
    """Count the redemptions that fall on an order day of the customer when days are cut in UTC and on the shops' clock."""
    redeemed = responses.filter(nw.col("kind") == "redeem")  # who opened or clicked need not have ordered
    redemptions = redeemed.select("customer_id", day=nw.col("responded_on").cast(nw.Date))
    total = int(engine.collect(redemptions.select(n=nw.len()))["n"].iloc[0])
    return OrderDays(total, *(_on_order_days(redemptions, moments, clock) for clock in ("utc", "local")))


def _on_order_days(redemptions: nw.LazyFrame, moments: nw.LazyFrame, clock: str) -> int:
    days = moments.select("customer_id", day=nw.col(clock).dt.date()).unique()
    return int(
        engine.collect(redemptions.join(days, on=["customer_id", "day"], how="inner").select(n=nw.len()))["n"].iloc[0]
    )
