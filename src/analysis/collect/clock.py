"""In which clock a source's moments are: two looks at the raw order lines that tell UTC from the shops' own time."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analysis import engine


def orders_by_hour(orders: nw.LazyFrame, *, time_zone: str) -> pd.DataFrame:
    """One row per hour of the day, 0 to 23: orders in that hour as the moments came, and on the clock of `time_zone`."""
    came = _orders_per_hour(orders).rename(columns={"orders": "orders_as_they_came"})
    local = _orders_per_hour(engine.with_local_time(orders, "ordered_at", time_zone=time_zone))
    hours = pd.DataFrame({"hour": range(24)}).merge(came, on="hour", how="left").merge(local, on="hour", how="left")
    return hours.rename(columns={"orders": "orders_on_the_shops_clock"}).fillna(0).astype("int64")


class OrderDays(NamedTuple):
    """Redemptions, and how many fall on a day on which the same customer ordered, by the two clocks."""

    redemptions: int
    utc: int
    local: int


def redemptions_on_order_days(orders: nw.LazyFrame, responses: nw.LazyFrame, *, time_zone: str) -> OrderDays:
    """Count the redemptions that fall on an order day of the customer when days are cut in UTC and in `time_zone`."""
    redemptions = responses.select("customer_id", day=nw.col("responded_on").cast(nw.Date))
    local = engine.with_local_time(orders, "ordered_at", time_zone=time_zone)
    total = int(engine.collect(redemptions.select(n=nw.len()))["n"].iloc[0])
    return OrderDays(total, _on_order_days(redemptions, orders), _on_order_days(redemptions, local))


def _orders_per_hour(orders: nw.LazyFrame) -> pd.DataFrame:
    hours = orders.select("order_id", hour=nw.col("ordered_at").dt.hour().cast(nw.Int64)).unique()
    return engine.collect(hours.group_by("hour").agg(orders=nw.len()).sort("hour"))


def _on_order_days(redemptions: nw.LazyFrame, orders: nw.LazyFrame) -> int:
    days = orders.select("customer_id", day=nw.col("ordered_at").dt.date()).unique()
    return int(
        engine.collect(redemptions.join(days, on=["customer_id", "day"], how="inner").select(n=nw.len()))["n"].iloc[0]
    )
