"""What the redeemed incentives cost where the order lines do not say it: the listed cost of one use."""

from __future__ import annotations

import pandas as pd

LINES, LISTED = "order lines", "listed cost of one use"


def with_listed_costs(costs: pd.DataFrame, incentives: pd.DataFrame | None) -> pd.DataFrame:
    """One row per redemption as in `campaigns.coupon_costs`, with the incentive's listed cost where no line shows one.

    `cost_from` says where the cost comes from; it is missing where neither knows it. Gifts and points never show in the
    order lines. A discount found in the lines stands: it is what was given, which a list can differ from.
    """
    table = costs.assign(cost_from=pd.Series(LINES, index=costs.index, dtype="str").where(costs["cost"].notna()))
    if incentives is None or "cost" not in incentives:
        return table
    listed = table["incentive_id"].map(incentives.set_index("incentive_id")["cost"].astype(float))
    filled = table["cost"].isna() & listed.notna()
    return table.assign(
        cost=table["cost"].fillna(listed), matched=table["matched"].mask(filled, 0.0),
        cost_from=table["cost_from"].mask(filled, LISTED),
    )  # fmt: skip
