"""What a campaign was worth: sales minus cost as it is usually told, and the change that may be its own beside it."""

import pandas as pd


def marketing_effect(sales, cost):
    """Marketing effect = sales - cost (source documents), in currency; numbers or columns, NaN where the cost is
    unknown.

    Not what the campaign caused: it counts all sales of the contacted, most of which would have come anyway.
    """
    return sales - cost


def campaign_results(sales: pd.DataFrame, costs: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign: `campaigns.window_sales`, `campaigns.campaign_costs` and `estimates.campaign_estimates`
    side by side.

    `marketing_effect` is sales minus coupon cost and fixed cost, each as far as known: `cost_matched` of
    `redemptions` have a known coupon cost. NaN where there were redemptions and none has. No redemption at all is a
    coupon cost of 0.
    """
    table = sales.drop(columns="days").merge(costs, on="campaign_id", how="left", validate="one_to_one")
    for column in ("redemptions", "cost_matched"):
        table[column] = table[column].fillna(0).astype(int)
    none = table["redemptions"] == 0
    table["cost_coupons"] = table["cost_coupons"].mask(none, 0.0)
    table["shop_match"] = table["shop_match"].mask(none, 0.0)
    table["marketing_effect"] = marketing_effect(table["sales"], table["cost_coupons"] + table["cost"].fillna(0.0))
    table = table.merge(estimates, on="campaign_id", how="left", validate="one_to_one")
    return table.sort_values("campaign_id").reset_index(drop=True)
