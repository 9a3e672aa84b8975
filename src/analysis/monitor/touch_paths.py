"""Paths of touches: which contacts came before an order, in which order, and which led to none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.monitor.conversion import sent
from analysis.monitor.order_days import of_customers, order_days, with_next


class Paths(NamedTuple):
    """The touches on their paths, and what is on no path."""

    touches: pd.DataFrame  #: one row per touch: customer_id, path (number), place (0 is first), channel, converted
    conversions: int  #: order days from `begins` on, of all customers
    without_touch: int  #: of these, with no touch in the days before, or only such as an earlier order followed
    undecided: int  #: touches whose days are not over and that no order has followed
    begins: date  #: first day of a touch or an order that counts


def touches_of(contacts: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """One row per contact `sent` by `as_of`: customer_id, touched_on, channel (the campaign's, missing if unknown)."""
    channels = campaigns.set_index("campaign_id")["channel"] if "channel" in campaigns else pd.Series(dtype=object)
    made = sent(contacts, campaigns)
    table = pd.DataFrame({
        "customer_id": made["customer_id"], "touched_on": pd.to_datetime(made["contacted_on"]).astype("datetime64[us]"),
        "channel": made["campaign_id"].map(channels).astype(object),
    })  # fmt: skip
    return table[table["touched_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)


def paths(touches: pd.DataFrame, orders: nw.LazyFrame, *, touch_days: int, data_from: date, as_of: date) -> Paths:
    """Put each touch on a path: to the customer's next order within `touch_days`, or to none.

    `touches` has one row per touch (`touches_of`). A conversion is a day with an order of goods. Its path are the touches since
    the customer's previous order, at most `touch_days` days before it; a touch on the day of an order counts as before it,
    because the hour of a contact is not known. A touch that no order followed in `touch_days` is on a path that led to
    nothing, with those of the customer before and after it that did so too, as long as no order and no more than
    `touch_days` lie between them. A touch whose days are not over by `as_of` is undecided and on no path, unless an order
    has followed. Paths that begin less than `touch_days` after the data are left out, whatever became of them: their
    beginning may be unseen.
    """
    begins = data_from + timedelta(days=touch_days)
    table = touches.dropna(subset=["channel"]).assign(channel=lambda t: t["channel"].astype(str))
    days = of_customers(table["customer_id"], orders, as_of=as_of)
    found = with_next(table, days, on="touched_on", same_day=True)
    reach = pd.Timedelta(days=touch_days)
    found["converted"] = found["ordered_on"] - found["touched_on"] <= reach
    closed = found["touched_on"] + reach <= pd.Timestamp(as_of)
    undecided = ~found["converted"] & ~closed
    walked = _numbered(found[~undecided], reach)
    kept = walked[walked.groupby("path")["touched_on"].transform("min") >= pd.Timestamp(begins)]
    kept = kept.assign(path=kept["path"].rank(method="dense").astype("int64") - 1)
    late = walked.loc[walked["converted"] & (walked["ordered_on"] >= pd.Timestamp(begins)), "path"].nunique()
    conversions = _conversions(orders, begins=begins, as_of=as_of)
    columns = ["customer_id", "path", "place", "channel", "converted"]
    return Paths(kept[columns].reset_index(drop=True), conversions, conversions - late, int(undecided.sum()), begins)


def base(found: Paths, touches: pd.DataFrame) -> pd.DataFrame:
    """One row: how many channels, touches, touches of unknown channel, paths, orders credited and their customers there are.

    Also conversions, without_touch, undecided and begins of `Paths`, and channel: the only one, where there is one. `touches`
    as `touches_of` returns them.
    """
    names = sorted(touches["channel"].dropna().unique())
    ends = found.touches[found.touches["converted"].astype(bool)].drop_duplicates("path")
    return pd.DataFrame([{
        "channels": found.touches["channel"].nunique(), "channel": names[0] if len(names) == 1 else None,
        "touches": len(touches), "unknown": int(touches["channel"].isna().sum()), "paths": found.touches["path"].nunique(),
        "credited": len(ends), "customers": ends["customer_id"].nunique(), "conversions": found.conversions,
        "without_touch": found.without_touch, "undecided": found.undecided, "begins": pd.Timestamp(found.begins),
    }])  # fmt: skip


def _numbered(touches: pd.DataFrame, reach: pd.Timedelta) -> pd.DataFrame:
    """Add the number of the path and the place on it; rows by customer and day."""
    table = touches.sort_values(["customer_id", "touched_on", "channel"]).reset_index(drop=True)
    earlier = table.shift()
    same_order = (table["ordered_on"] == earlier["ordered_on"]) | (
        table["ordered_on"].isna() & earlier["ordered_on"].isna()
    )
    goes_on = (
        (table["customer_id"] == earlier["customer_id"])
        & same_order
        & (table["converted"] == earlier["converted"])
        & (table["converted"] | (table["touched_on"] - earlier["touched_on"] <= reach))
    )
    table["path"] = (~goes_on).cumsum()
    return table.assign(place=table.groupby("path").cumcount())


def _conversions(orders: nw.LazyFrame, *, begins: date, as_of: date) -> int:
    days = order_days(orders, as_of=as_of).filter(nw.col("ordered_on") >= nw.lit(begins))
    return int(engine.collect(days.select(n=nw.len()))["n"].iloc[0])
