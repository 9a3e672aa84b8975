"""From a first order to a second: the conversion that a shop can see without a single campaign."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.monitor.redemption_time import redemption_time

COLUMNS = {"redeemed_by": "again_by", "contacted": "customers"}


def newly_seen(orders: nw.LazyFrame, *, data_from: date, as_of: date, window_days: int) -> pd.DataFrame:
    """One row per customer whose first order seen lies `window_days` or more after the data begins: customer_id, first_on,
    second_on (the next day with an order of goods; empty where there is none by `as_of`), half ("earlier" or "later").

    Whoever ordered before may have been a customer before the data begins. The halves split the days on which a first order
    could be seen.
    """
    days = orders.filter(nw.col("quantity") > 0).select("customer_id", "ordered_on").unique()
    firsts = days.group_by("customer_id").agg(first_on=nw.col("ordered_on").min())
    begins = data_from + timedelta(days=window_days)
    firsts = firsts.filter(nw.col("first_on") >= nw.lit(begins), nw.col("first_on") <= nw.lit(as_of))
    later = days.join(firsts, on="customer_id", how="inner").filter(nw.col("ordered_on") > nw.col("first_on"))
    seconds = later.group_by("customer_id").agg(second_on=nw.col("ordered_on").min())
    table = engine.collect(firsts.join(seconds, on="customer_id", how="left"))
    for column in ("first_on", "second_on"):
        table[column] = pd.to_datetime(table[column])
    table.loc[table["second_on"] > pd.Timestamp(as_of), "second_on"] = pd.NaT
    middle = pd.Timestamp(begins) + (pd.Timestamp(as_of) - pd.Timestamp(begins)) / 2
    return table.assign(half=(table["first_on"] > middle).map({False: "earlier", True: "later"}))


def time_to_second(customers: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """One row per half (and "all") and day after the first order: share that has ordered again by then, with its band.

    Columns: kind (the half), days, again_by (customers seen to order again by that day), customers, at_risk (followed that
    long without a second order), rate, low, high. Kaplan-Meier as in `redemption_time`; whoever has not ordered again is
    followed to `as_of`.
    """
    shaped = pd.DataFrame({
        "customer_id": customers["customer_id"], "seen_from_start": True,
        "contacted_on": customers["first_on"], "redeemed_on": customers["second_on"],
        "redeemed": customers["second_on"].notna(), "kind": customers["half"],
    })  # fmt: skip
    return redemption_time(shaped, as_of=as_of).rename(columns=COLUMNS)


def by_day(curve: pd.DataFrame, *, days: int, kind: str = "all") -> pd.Series | None:
    """Return the row of a curve for the last day up to `days`; None where nobody was followed as long.

    A curve ends with its last second order; later its share stays what it is as long as somebody is still followed.
    """
    rows = curve[(curve["kind"] == kind) & (curve["days"] <= days)]
    return None if rows.empty else rows.sort_values("days").iloc[-1]
