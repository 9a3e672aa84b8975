"""Net value and return on investment of campaigns by lot, with intervals that count who happens to redeem.

The cost of a campaign is not certain: with other customers drawn, other and more of them would have redeemed. Those who redeem
have bought, so cost is high where sales are, and what is left varies less than the two apart would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval
from analysis.inference.means import mean_interval, sums
from analysis.inference.net_gain import Known, Ratio, net_gain, return_on_cost
from analysis.monitor.returns import NET

if TYPE_CHECKING:
    import numpy.typing as npt

KEY = ["campaign_id", "customer_id"]


class Worth(NamedTuple):
    """What a campaign by lot left after all costs, in currency, and over its costs."""

    net: float
    interval: Interval
    roi: Ratio


def worth(
    added: Known, spend_treated: npt.ArrayLike, spend_holdout: npt.ArrayLike, cost_treated: npt.ArrayLike, *,
    margin: float, contact: float, incentives: float | None = None, confidence: float = 0.95,
) -> Worth:  # fmt: skip
    """Return net value and return on investment of one campaign, for customers such as these.

    `added` are the additional sales of all treated with the interval of their mean times their number (see `permutation.compare`).
    The arrays have an entry per customer, zeros included: spend of both arms and what the incentives cost that each treated
    redeemed; `contact` is what contact cost in all, which is certain. `incentives` is what they cost in all, the sum of
    `cost_treated` unless said.

    Net value is margin x added - incentives - contact. The two estimates move together by the covariance of spend and cost
    among the treated: cov(y, c) / n over the product of the errors of mean additional spend and mean cost. Intervals as in
    `net_gain`; where nobody redeemed the cost counts as certain.
    """
    y, c, held = (np.asarray(values, dtype=float) for values in (spend_treated, cost_treated, spend_holdout))
    cost = float(c.sum() if incentives is None else incentives) + contact
    limits = mean_interval(sums(c), confidence=confidence)
    off = (0.0, 0.0) if np.isnan(limits.low) else (limits.low - c.mean(), limits.high - c.mean())
    known = Known(cost, Interval(cost + c.size * off[0], cost + c.size * off[1]))
    gain = Known(margin * added.value, Interval(margin * added.interval.low, margin * added.interval.high))
    apart = np.sqrt((y.var(ddof=1) / y.size + held.var(ddof=1) / held.size) * c.var(ddof=1) / c.size)
    together = np.cov(y, c)[0, 1] / y.size / apart if apart > 0 else 0.0
    correlation = float(np.clip(together, -1, 1))
    return Worth(
        gain.value - cost, net_gain(gain, known, correlation=correlation),
        return_on_cost(gain, known, correlation=correlation),
    )  # fmt: skip


def with_uncertain_cost(
    results: pd.DataFrame, by_customer: pd.DataFrame, redemptions: pd.DataFrame, *, margin: float | None
) -> pd.DataFrame:
    """Return `returns.campaign_results` with the intervals of `worth` in place of those that take the cost as certain.

    `by_customer` has one row per customer in a campaign by lot: campaign_id, customer_id, arm and spend in its days (see
    `lot_outcomes.customers_in_lots`); `redemptions` one per redemption with its cost. Campaigns without a net value stay as they are.
    """
    table = results.copy()
    for place, row in table[table["net_value"].notna()].iterrows():
        treated, holdout = arms(by_customer, row["campaign_id"], redemptions)
        scale = row["weeks"] * row["contacted_used"]
        added = Known(row["total_effect"], Interval(row["low"] * scale, row["high"] * scale))
        found = worth(
            added, treated["spend"], holdout["spend"], treated["incentives"], margin=margin or np.nan, contact=row["cost"],
            incentives=row["cost_coupons"],
        )  # fmt: skip
        table.loc[place, NET] = [found.net, *found.interval, found.roi.value, *found.roi.interval]
    return table


def arms(by_customer: pd.DataFrame, campaign_id: str, redemptions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the customers of both arms of a campaign, with what each one's redeemed incentives cost (`incentives`, 0 for none)."""
    own = by_customer[by_customer["campaign_id"] == campaign_id]
    used = redemptions[redemptions["campaign_id"] == campaign_id].groupby("customer_id")["cost"].sum()
    own = own.assign(incentives=own["customer_id"].map(used).fillna(0.0).astype(float))
    own = own.astype({name: float for name in ("spend", "before") if name in own})
    return own[own["arm"] == "treated"], own[own["arm"] != "treated"]
