"""What was sold in a campaign's window, what its coupons cost, how products rank by sales, opinion and incentive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.monitor.incentive_costs import LISTED

if TYPE_CHECKING:
    from datetime import date

A_A = "A/A"  # the kind of a campaign that sends nothing and so checks the method


def window_sales(contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """One row per campaign begun by `as_of`: contacted, buyers, sales (currency), measured_until, closed.

    Sales are all purchases of the treated contacts from the campaign's first day to its last, or to `as_of` where that
    comes first: what they spent anyway as well as what the campaign may have added. A campaign nobody was contacted for
    has sales of 0. Days before the data begins are not in the sum; see `returns` for which campaigns that touches.
    """
    windows = begun(campaigns, as_of=as_of)
    treated = contacts.loc[contacts["arm"] == "treated", ["campaign_id", "customer_id"]]
    reached = treated.merge(windows[["campaign_id", "starts_on", "measured_until"]], on="campaign_id")
    daily = orders.group_by("customer_id", "ordered_on").agg(
        amount=nw.col("amount").sum(), quantity=nw.col("quantity").max()
    )
    spent = (
        engine.lazy(reached)
        .join(daily, on="customer_id")  # days, not lines: a tenth of the rows to join
        .filter((nw.col("ordered_on") >= nw.col("starts_on")) & (nw.col("ordered_on") <= nw.col("measured_until")))
        .group_by("campaign_id", "customer_id")
        .agg(sales=nw.col("amount").sum(), pieces=nw.col("quantity").max())
        .group_by("campaign_id")
        .agg(sales=nw.col("sales").sum(), buyers=(nw.col("pieces") > 0).cast(nw.Int64).sum())
    )
    counts = reached.groupby("campaign_id", as_index=False).agg(contacted=("customer_id", "nunique"))
    table = windows.merge(counts, on="campaign_id", how="left").merge(
        engine.collect(spent), on="campaign_id", how="left"
    )
    table[["contacted", "buyers"]] = table[["contacted", "buyers"]].fillna(0).astype(int)
    table["sales"] = table["sales"].fillna(0.0).astype(float)
    return table.sort_values("campaign_id").reset_index(drop=True)


def begun(campaigns: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """One row per campaign that began by `as_of`: kind, starts_on, ends_on, measured_until, closed, days, cost, in
    order.

    `measured_until` is the last day, or `as_of` where the campaign still runs (`closed` false); `days` counts both
    ends.
    """
    table = campaigns[["campaign_id", "kind", "starts_on", "ends_on"]].copy()
    table["starts_on"], table["ends_on"] = pd.to_datetime(table["starts_on"]), pd.to_datetime(table["ends_on"])
    table["cost"] = campaigns["cost"].astype(float) if "cost" in campaigns else float("nan")  # not every source says
    table["measured_until"] = table["ends_on"].clip(upper=pd.Timestamp(as_of))
    table["closed"] = table["ends_on"] <= pd.Timestamp(as_of)
    table["days"] = (table["measured_until"] - table["starts_on"]).dt.days + 1
    return table[table["days"] > 0].sort_values("campaign_id").reset_index(drop=True)


def coupon_costs(responses: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame) -> pd.DataFrame:
    """One row per redemption: campaign_id, customer_id, incentive_id, responded_on, lines, cost, matched (currency).

    The cost is the coupon discount of the customer's order lines on that day whose product the redeemed coupon covers;
    `matched` is what the shop added to the coupon's value on those lines. A line that several redeemed coupons of the
    customer cover is split equally among them, so no line counts twice and the order of rows does not matter. A
    redemption without such a line has a cost that is not known (NaN), not 0.

    No bound for the shop's cost either way: makers may pay their coupons back, which the data does not say, a discount
    on a covered line may come from another coupon, and coupons of unknown cost are missing.
    """
    key = ["campaign_id", "customer_id", "incentive_id", "responded_on"]
    redeemed = responses.loc[responses["kind"] == "redeem", key].copy()
    redeemed["responded_on"] = pd.to_datetime(redeemed["responded_on"])
    found = engine.collect(_discounted_lines(redeemed, orders, offers))
    found["responded_on"] = pd.to_datetime(found["responded_on"])
    found = found.sort_values([*key, "order_id", "line_id"])
    shared_by = found.groupby(["order_id", "line_id"])["campaign_id"].transform("size")
    found["cost"], found["matched"] = found["coupon_discount"] / shared_by, found["coupon_match"] / shared_by
    sums = found.groupby(key, as_index=False).agg(
        lines=("cost", "size"), cost=("cost", "sum"), matched=("matched", "sum")
    )
    table = redeemed.merge(sums, on=key, how="left", validate="one_to_one")
    table["lines"] = table["lines"].fillna(0).astype(int)
    return table.sort_values(key).reset_index(drop=True)


def campaign_costs(costs: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign with a redemption: redemptions, cost_matched (how many have a known cost), cost_coupons,
    shop_match, cost_listed (how many have the listed cost of one use).

    Takes `coupon_costs` or `incentive_costs.with_listed_costs`. The sums run over redemptions whose cost is known, and
    are NaN where none is.
    """
    grouped = costs.groupby("campaign_id")
    table = grouped.agg(redemptions=("cost", "size"), cost_matched=("cost", "count"))
    table["cost_coupons"] = grouped["cost"].sum(min_count=1)
    table["shop_match"] = grouped["matched"].sum(min_count=1)
    listed = costs["cost_from"].eq(LISTED) if "cost_from" in costs else pd.Series(False, index=costs.index)
    table["cost_listed"] = listed.groupby(costs["campaign_id"]).sum().astype(int)
    return table.reset_index().sort_values("campaign_id").reset_index(drop=True)


def costs_known(costs: pd.DataFrame) -> pd.DataFrame:
    """One row per first digit of the redeemed incentive's number: redemptions, those with a known cost, and their share.

    Takes `coupon_costs`. On coupons of American shops the first digit tells the maker's (5) from the shop's own.
    """
    grouped = costs.groupby(costs["incentive_id"].str[:1].rename("first_digit"))["cost"]
    table = grouped.agg(redemptions="size", known="count").reset_index()
    return table.assign(share=table["known"] / table["redemptions"])


def product_rankings(
    orders: nw.LazyFrame, products: pd.DataFrame, *, by: str, feedback: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row per product (`by="product_id"`) or group of products (`by="department"`), highest purchase amount first.

    Product rankings of the source documents: purchase_amount (sum of sales), incentive_amount (sum of coupon discounts)
    and feedback_score (mean score; missing without feedback), each with its rank: 1 is the highest, equal values rank
    alike, a missing value has no rank. Ties in the order of rows go by id. Products in no group are left out.
    """
    if by not in products.columns:
        raise ValueError(f"no column {by!r} in products; it has {', '.join(products.columns)}")
    groups = products[["product_id"]].assign(group=products[by])
    bought = engine.collect(
        orders.group_by("product_id").agg(
            purchase_amount=nw.col("amount").sum(), incentive_amount=nw.col("coupon_discount").sum()
        )
    )
    sums = bought.merge(groups, on="product_id").sort_values("product_id")
    table = sums.groupby("group")[["purchase_amount", "incentive_amount"]].sum().astype(float).round(2)
    if feedback is None:
        table["feedback_score"] = float("nan")
    else:
        scored = feedback[["product_id", "score"]].merge(groups, on="product_id").sort_values(["group", "score"])
        table["feedback_score"] = scored.groupby("group")["score"].mean()
    for measure in ("purchase_amount", "feedback_score", "incentive_amount"):
        table[f"{measure}_rank"] = table[measure].rank(ascending=False, method="min").astype("Int64")
    table = table.rename_axis(by).reset_index()
    return table.sort_values(["purchase_amount", by], ascending=[False, True]).reset_index(drop=True)


def _discounted_lines(redeemed: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame) -> nw.LazyFrame:
    """One row per redemption and order line that may have carried it: covered, discounted, same customer and day."""
    covers = offers.select("campaign_id", "incentive_id", "product_id").unique()
    discounted = orders.filter(nw.col("coupon_discount") > 0).select(
        "order_id", "line_id", "customer_id", "product_id", "coupon_discount", "coupon_match", responded_on="ordered_on"
    )
    return (
        engine.lazy(redeemed)
        .with_columns(nw.col("responded_on").cast(nw.Date))
        .join(discounted, on=["customer_id", "responded_on"])
        .join(covers, on=["campaign_id", "incentive_id", "product_id"])
    )
