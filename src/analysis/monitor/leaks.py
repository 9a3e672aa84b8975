"""Customers held out who used the offer all the same: what makes the effect of a campaign by lot look smaller than it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import engine
from analysis.engine import nw

if TYPE_CHECKING:
    from collections.abc import Collection

KEY = ["campaign_id", "customer_id"]


def used(
    contacts: pd.DataFrame, by_lot: Collection[str], responses: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame,
    runs: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign and customer who used an offer of it: campaign_id, customer_id, arm.

    Who redeemed or converted by the list of responses used one, and who got a coupon discount while the campaign ran on a
    product that it covers; not so where another campaign that ran then treated the customer too. A gift or points leave
    no trace in the order lines, so no user need not mean that nobody had one. `by_lot` names the campaigns asked about.
    """
    spans = runs[["campaign_id", "starts_on", "measured_until"]]
    asked = contacts.loc[contacts["campaign_id"].isin(list(by_lot)), [*KEY, "arm"]].merge(spans, on="campaign_id")
    told = responses.loc[responses["kind"].isin(["redeem", "convert"]), KEY].merge(asked[KEY])
    discounted = orders.filter(nw.col("coupon_discount") > 0).select("customer_id", "product_id", "ordered_on").unique()
    seen = engine.collect(
        engine.lazy(asked)
        .join(discounted, on="customer_id")
        .filter((nw.col("ordered_on") >= nw.col("starts_on")) & (nw.col("ordered_on") <= nw.col("measured_until")))
        .join(offers.select("campaign_id", "product_id").unique(), on=["campaign_id", "product_id"])
        .select(*KEY)
        .unique()
    )
    treated = contacts.loc[contacts["arm"] == "treated", KEY].merge(spans, on="campaign_id")
    pairs = seen.merge(spans, on="campaign_id").merge(treated, on="customer_id", suffixes=("", "_other"))
    at_once = (pairs["starts_on"] <= pairs["measured_until_other"]) & (
        pairs["starts_on_other"] <= pairs["measured_until"]
    )
    elsewhere = pairs.loc[at_once & (pairs["campaign_id"] != pairs["campaign_id_other"]), KEY].drop_duplicates()
    seen = seen.merge(elsewhere, on=KEY, how="left", indicator="from")
    both = pd.concat([told[KEY], seen.loc[seen["from"] == "left_only", KEY]]).drop_duplicates()
    found = both.merge(asked[[*KEY, "arm"]], on=KEY)
    return found.sort_values(KEY, ignore_index=True)


def users(
    contacts: pd.DataFrame, by_lot: Collection[str], responses: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame,
    runs: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign and arm in which somebody used an offer: users, the customers who did, see `used`."""
    counts = used(contacts, by_lot, responses, orders, offers, runs).groupby(["campaign_id", "arm"], as_index=False)
    return counts.agg(users=("customer_id", "size")).sort_values(["campaign_id", "arm"], ignore_index=True)
