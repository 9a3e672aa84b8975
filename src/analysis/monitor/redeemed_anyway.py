"""How many who redeemed would have bought without the campaign, and what they cost: no number, but the least and the most.

Nobody sees what a treated customer would have done without the campaign. What the lot does show is how many of the treated would
have bought in all, B, and so how many more did. Let R of the b treated buyers redeem. Where the campaign kept nobody from buying,
just b - B bought because of it, so of the R at least R - (b - B) would have bought anyway, and at most B. Which of them, nothing
tells. Where it kept some from buying, more bought because of it than b - B, and the least can be lower, down to 0.
Source: bounds on principal strata under monotonicity, Zhang and Rubin (2003), Journal of Educational and Behavioral Statistics 28.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.rates import compare_rates
from analysis.monitor.campaigns import A_A
from analysis.monitor.net_values import arms

NUMBERS = ["expected_buyers", "additional", "additional_low", "additional_high", "least", "most", "least_low", "most_high",
           "cost_least", "cost_most"]  # fmt: skip
COLUMNS = ["campaign_id", "redeemers", "buyers", *NUMBERS, "why"]
NOBODY = "Nobody who bought redeemed."


class Bounds(NamedTuple):
    """Of the redeemers who bought, how many would have bought anyway."""

    expected_buyers: float  #: of the treated, without the campaign
    additional: float  #: buyers because of the campaign; below zero where fewer of the treated bought
    additional_low: float  #: its interval
    additional_high: float
    least: float  #: redeemers who would have bought anyway, at the least
    most: float
    least_low: float  #: the least, had the lot drawn the most additional buyers that the interval allows
    most_high: float


def bounds(
    redeemers: int, *, buyers_treated: int, treated: int, buyers_holdout: int, holdout: int, confidence: float = 0.95
) -> Bounds:
    """Return the least and the most of the redeemers who would have bought anyway, see the head of this module.

    `redeemers` are treated buyers who redeemed. The outer two hold the truth in at least 95 of 100 lots, if the campaign kept
    nobody from buying. Raises ValueError for more redeemers than buyers.
    """
    if redeemers > buyers_treated:
        raise ValueError(f"{redeemers} redeemers among {buyers_treated} treated buyers; there can be no more")
    found = compare_rates(buyers_treated, treated, buyers_holdout, holdout, confidence=confidence)
    more, low, high = (treated * share for share in (found.treated - found.holdout, *found.interval))

    def least(additional: float) -> float:
        return float(np.clip(redeemers - additional, 0, redeemers))

    def most(additional: float) -> float:
        return float(np.clip(buyers_treated - additional, 0, redeemers))

    return Bounds(buyers_treated - more, more, low, high, least(more), most(more), least(high), most(low))


def redeemed_anyway(by_customer: pd.DataFrame, redemptions: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign with a result by lot that sent something: redeemers who bought, treated buyers, and `Bounds`.

    `cost_least` and `cost_most` are what the redeemers who would have bought anyway cost, in currency: the cheapest of them for the
    outer least, the dearest for the outer most; missing where a cost is not known. `by_customer` is from
    `lot_outcomes.customers_in_lots`, `redemptions` has one row per redemption with its cost.
    """
    read = results[(results["method"] == "lot") & results["contacted_used"].notna() & results["kind"].ne(A_A)]
    rows = []
    for name in read["campaign_id"]:
        treated, holdout = arms(by_customer, name, redemptions)
        own = redemptions[redemptions["campaign_id"] == name]
        bought = treated[treated["buyer"] == 1]
        used = bought[bought["customer_id"].isin(own["customer_id"])]
        told = {"campaign_id": name, "redeemers": len(used), "buyers": len(bought)}
        if used.empty:
            rows.append(told | {"why": NOBODY})
            continue
        made = bounds(
            len(used),
            buyers_treated=len(bought),
            treated=len(treated),
            buyers_holdout=int(holdout["buyer"].sum()),
            holdout=len(holdout),
        )
        known = own.loc[own["customer_id"].isin(used["customer_id"]), "cost"].notna().all()
        costs = np.sort(used["incentives"].to_numpy()) if known else np.full(len(used), np.nan)
        cheapest, dearest = int(np.floor(made.least_low + 1e-9)), int(np.ceil(made.most_high - 1e-9))
        told |= {"cost_least": costs[:cheapest].sum() if known else np.nan,
                 "cost_most": costs[len(costs) - dearest:].sum() if known else np.nan}  # fmt: skip
        rows.append(told | made._asdict())
    kinds = dict.fromkeys(("campaign_id", "why"), "str") | dict.fromkeys(NUMBERS, "float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds | dict.fromkeys(("redeemers", "buyers"), "int64"))
