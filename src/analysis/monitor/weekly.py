"""Sales, active customers and redemption by calendar week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine

if TYPE_CHECKING:
    from datetime import date

WEEK = pd.Timedelta(days=7)


def weekly(
    orders: nw.LazyFrame, contacts: pd.DataFrame, campaigns: pd.DataFrame, responses: pd.DataFrame, *,
    data_from: date, as_of: date,
) -> pd.DataFrame:  # fmt: skip
    """One row per week from Monday to Sunday, `full` false where the data covers only part of it.

    sales (currency), customers_active (customers with an order of goods), redemptions (coupons redeemed),
    contacts_redeemed (contacts with a redemption in the week, each once), contacted_open (contacts whose campaign
    runs on a day of the week). A week inside the data in which nothing was bought has 0 of each.
    """
    first, last = _monday(pd.Timestamp(data_from)), _monday(pd.Timestamp(as_of))
    table = pd.DataFrame({"week_starts_on": pd.date_range(first, last, freq="7D").as_unit("s")})
    by_customer = (
        orders.join(_calendar(first, last), on="ordered_on")
        .group_by("week_starts_on", "customer_id")
        .agg(sales=nw.col("amount").sum(), pieces=nw.col("quantity").max())
    )
    sums = engine.collect(
        by_customer.group_by("week_starts_on").agg(
            sales=nw.col("sales").sum(), customers_active=(nw.col("pieces") > 0).cast(nw.Int64).sum()
        )
    )
    for part in (sums, _redeemed(responses)):
        part["week_starts_on"] = pd.to_datetime(part["week_starts_on"]).astype(table["week_starts_on"].dtype)
        table = table.merge(part, on="week_starts_on", how="left", validate="one_to_one")
    counts = ["customers_active", "redemptions", "contacts_redeemed"]
    table[counts] = table[counts].fillna(0).astype(int)
    table["sales"] = table["sales"].fillna(0.0).astype(float)
    table["contacted_open"] = _open_contacts(table["week_starts_on"], contacts, campaigns)
    starts = table["week_starts_on"]
    table["full"] = (starts >= pd.Timestamp(data_from)) & (starts + WEEK - pd.Timedelta(days=1) <= pd.Timestamp(as_of))
    return table.sort_values("week_starts_on").reset_index(drop=True)


def _monday(day: pd.Timestamp) -> pd.Timestamp:
    return day - pd.Timedelta(days=day.weekday())


def _calendar(first: pd.Timestamp, last: pd.Timestamp) -> nw.LazyFrame:
    """One row per day of the weeks: the day and the Monday of its week (narwhals cannot truncate to weeks)."""
    days = pd.date_range(first, last + pd.Timedelta(days=6)).as_unit("s")
    table = pd.DataFrame({"ordered_on": days, "week_starts_on": days - pd.to_timedelta(days.day_of_week, unit="D")})
    return engine.lazy(table).with_columns(nw.col("ordered_on", "week_starts_on").cast(nw.Date))


def _redeemed(responses: pd.DataFrame) -> pd.DataFrame:
    """One row per week with a redemption: coupons redeemed, and contacts that redeemed at least one."""
    days = pd.to_datetime(responses["responded_on"])
    redeemed = responses.assign(week_starts_on=days - pd.to_timedelta(days.dt.day_of_week, unit="D"))
    redeemed = redeemed[redeemed["kind"] == "redeem"]
    by_contact = redeemed.groupby(["week_starts_on", "campaign_id", "customer_id"], as_index=False).size()
    grouped = by_contact.groupby("week_starts_on")["size"]
    return grouped.agg(redemptions="sum", contacts_redeemed="size").reset_index()


def _open_contacts(weeks: pd.Series, contacts: pd.DataFrame, campaigns: pd.DataFrame) -> np.ndarray:
    treated = contacts.loc[contacts["arm"] == "treated", ["campaign_id", "contacted_on"]]
    windows = treated.merge(campaigns[["campaign_id", "ends_on"]], on="campaign_id")
    opens = np.sort(pd.to_datetime(windows["contacted_on"]).to_numpy())
    closes = np.sort(pd.to_datetime(windows["ends_on"]).to_numpy())
    begun = np.searchsorted(opens, (weeks + WEEK).to_numpy(), side="left")  # contacted before the next Monday
    over = np.searchsorted(closes, weeks.to_numpy(), side="left")  # ended before this Monday
    return begun - over
