"""What a campaign was worth: sales minus cost as it is usually told, the change that is its own, and what that leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.campaigns import A_A
from analysis.monitor.lot_effects import TOO_FEW

COUNTS = ("redemptions", "cost_matched", "cost_listed")
LIMITS = {
    "effect_per_week": ("low", "high"),
    "total_effect": ("total_low", "total_high"),
    "lift": ("lift_low", "lift_high"),
}
NET = ["net_value", "net_low", "net_high", "roi", "roi_low", "roi_high"]


def marketing_effect(sales, cost):
    """Marketing effect = sales - cost (source documents), in currency; numbers or columns, NaN where the cost is
    unknown.

    Not what the campaign caused: it counts all sales of the contacted, most of which would have come anyway.
    """
    return sales - cost


def net_value(additional_sales, *, margin: float, cost):
    """Net value = margin x additional sales - cost, in currency; `margin` is the share of sales left after the goods.

    `cost` is that of redeemed incentives and of contact. Numbers or columns; NaN where something is unknown.
    """
    return margin * additional_sales - cost


def return_on_investment(net, cost):
    """Return on investment = net value / cost, a share: 0.5 is half as much again as was put in. NaN where the cost is 0."""
    return net / np.where(np.asarray(cost) > 0, cost, np.nan)


def campaign_results(
    sales: pd.DataFrame, costs: pd.DataFrame, estimates: pd.DataFrame, *, margin: float | None = None
) -> pd.DataFrame:
    """One row per campaign: `campaigns.window_sales`, `campaigns.campaign_costs` and `effects.campaign_effects`
    side by side.

    `marketing_effect` is sales minus coupon cost and fixed cost, each as far as known: `cost_matched` of
    `redemptions` have a known coupon cost. NaN where there were redemptions and none has. No redemption at all is a
    coupon cost of 0. `net_value` and `roi` rest on the additional sales and carry their interval; they are NaN where
    something is unknown, with the reason in `net_why`, and for every campaign without a lot: in the simulated company an
    estimate by comparison gave a clear loss where the truth was a profit. Where an estimate has no interval, because too few bought, it
    is blank, too: such a number says nothing.
    """
    table = sales.drop(columns="days").merge(costs, on="campaign_id", how="left", validate="one_to_one")
    for column in [name for name in COUNTS if name in table]:
        table[column] = table[column].fillna(0).astype(int)
    none = table["redemptions"] == 0
    table["cost_coupons"] = table["cost_coupons"].mask(none, 0.0)
    table["shop_match"] = table["shop_match"].mask(none, 0.0)
    table["marketing_effect"] = marketing_effect(table["sales"], table["cost_coupons"] + table["cost"].fillna(0.0))
    table = table.merge(estimates, on="campaign_id", how="left", validate="one_to_one")
    for value, limits in LIMITS.items():
        if {value, *limits} <= set(table):
            table[value] = table[value].mask(table[list(limits)].isna().any(axis=1))
    return _with_net(table, margin=margin).sort_values("campaign_id").reset_index(drop=True)


def why_no_net(row: pd.Series, *, margin: float | None) -> str | None:
    """Return in one sentence why a campaign has no net value, or None where it has one."""
    missing = int(row["redemptions"]) - int(row["cost_matched"])
    reasons = (
        (margin is None, "The margin is not known."),
        (row.get("kind") == A_A, "Nothing was sent."),
        (row.get("verdict") == TOO_FEW, "Too few bought to know what the campaign changed."),
        (pd.isna(row.get("total_effect")), "What the campaign changed is not known."),
        (row.get("method") != "lot", "Nobody drew lots: an estimate by comparison is not taken for what it added."),
        (missing > 0, f"What {missing} of {row['redemptions']} redemptions cost is not known."),
        (pd.isna(row["cost"]), "What contacting cost is not known."),
    )
    return next((words for holds, words in reasons if holds), None)


def _with_net(table: pd.DataFrame, *, margin: float | None) -> pd.DataFrame:
    """Fill in net value and return on investment, or the reason why not."""
    why = pd.Series([why_no_net(row, margin=margin) for _, row in table.iterrows()], index=table.index, dtype="str")
    table = table.reindex(columns=[*table.columns, *NET]).assign(net_why=why)
    known = why.isna()
    if not known.any():
        return table
    cost = (table["cost_coupons"] + table["cost"])[known]
    for name, end in (("value", "total_effect"), ("low", "total_low"), ("high", "total_high")):
        net = net_value(table.loc[known, end].astype(float), margin=margin or np.nan, cost=cost)
        table.loc[known, f"net_{name}"] = net
        table.loc[known, "roi" if name == "value" else f"roi_{name}"] = return_on_investment(net, cost)
    return table
