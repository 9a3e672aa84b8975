"""The ledger: every campaign in one row with the same columns, whatever the method, sorted by what it was worth."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.monitor.afterwards import BOTH
from analysis.monitor.campaigns import A_A

HELD, FAILED, OPEN, EARLY = "holds", "fails", "not known", "too early"
SPLIT, BEFORE, LEAK = "split of the lot", "weeks before", "no use by the held out"  # checks of a lot
REFUNDS = "refunds came in"  # of every campaign with an estimate, where the data has refunds
FREE, UNCLEAR = "Nothing was spent on it.", "Its cost is not clear of zero."
TAKEN = [
    "campaign_id", "kind", "method", "starts_on", "measured_until", "closed", "contacted", "comparable", "sales", "total_effect",
    "total_low", "total_high", "cost", "cost_coupons", "redemptions", "net_value", "net_low", "net_high", "roi", "roi_low", "roi_high",
    "marketing_effect", "verdict", "net_why",
]  # fmt: skip
FROM_LATER = {"net_value": "net_both", "net_low": "both_low", "net_high": "both_high", "why": "both_why"}
FROM_FREE = ["redeemers", "least_low", "most_high", "cost_least", "cost_most"]  # from `redeemed_anyway`
REFUNDED = ["refunds_netted", "refund_days", "usual_days", "refunds_over"]  # from `net_orders.refunds_over`
COLUMNS = [
    "place", *TAKEN[:12], "anyway", "anyway_low", "anyway_high", *TAKEN[12:21], "roi_why", *TAKEN[21:], "checks", "checks_held", "not_held",
    *REFUNDED, *FROM_LATER.values(), *FROM_FREE,
]  # fmt: skip


def ledger(
    results: pd.DataFrame, lots: pd.DataFrame, checks: pd.DataFrame, refunds: pd.DataFrame, later: pd.DataFrame, free: pd.DataFrame
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign begun: what `returns.campaign_results` says of it, and which checks hold; amounts in currency.

    `anyway` are the sales that would have come without the campaign, with an interval: sales of the treated minus what it added,
    for campaigns by lot that sent something. It is above the sales where the campaign lowered them. `roi_why` says why there
    is no return on investment. `checks` counts the checks made, `checks_held` those that hold, `not_held` names the others, by
    state.
    `refunds` is from `net_orders.refunds_over`: where refunds were taken off, that they have come in is one more check.
    `net_both` is the net value of the campaign and the weeks after together, from `later` (`afterwards`), which says in `both_why` where
    these are not over; `free` is from `redeemed_anyway`.
    `place` counts from 1: first come campaigns whose net value is known, the highest first; then the others by name.
    """
    made = results.reindex(columns=TAKEN)
    by_lot = made["method"].eq("lot") & made["kind"].ne(A_A)
    for name, end in (("anyway", "total_effect"), ("anyway_low", "total_high"), ("anyway_high", "total_low")):
        made[name] = (made["sales"] - made[end]).clip(lower=0.0).where(by_lot)
    spent = made["cost"].fillna(0) + made["cost_coupons"].fillna(0)
    without = made["net_value"].notna() & made["roi"].isna()
    made["roi_why"] = np.where(without, np.where(spent > 0, UNCLEAR, FREE), made["net_why"])
    made = made.merge(refunds, on="campaign_id", how="left", validate="one_to_one")
    both = later[later["span"] == BOTH].rename(columns=FROM_LATER)[["campaign_id", *FROM_LATER.values()]]
    for part in (both, free[["campaign_id", *FROM_FREE]]):
        made = made.merge(part, on="campaign_id", how="left", validate="one_to_one")
    made["redeemers"] = made["redeemers"].astype("Int64")
    checked = counted(checks_of(results, lots, checks, refunds))
    made = made.merge(checked, on="campaign_id", how="left", validate="one_to_one")
    made[["checks", "checks_held"]] = made[["checks", "checks_held"]].fillna(0).astype(int)
    made = made.astype(dict.fromkeys(("roi_why", "not_held", "both_why"), "str"))
    made = made.assign(unknown=made["net_value"].isna())
    made["counted"] = made["campaign_id"].map(lambda name: re.sub(r"\d+", lambda digits: digits[0].zfill(12), name))
    by = ["unknown", "net_value", "counted", "campaign_id"]  # 2 before 10
    ordered = made.sort_values(by, ascending=[True, False, True, True], ignore_index=True)
    return ordered.assign(place=ordered.index + 1)[COLUMNS]


def checks_of(results: pd.DataFrame, lots: pd.DataFrame, checks: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign and check: campaign_id, check, state ("holds", "fails", or why it says nothing).

    A campaign by lot is checked for a torn split, for a difference in the weeks before, and for held out who used the offer.
    One by comparison has the checks of `evidence`, one without anybody to compare with has none. All that have a check are
    checked for refunds that may still come in, where refunds were taken off.
    """
    before = results.set_index("campaign_id")[["placebo_low", "placebo_high"]]
    rows = []
    for lot in lots.itertuples():
        low, high = before.loc[lot.campaign_id]
        states = {
            SPLIT: FAILED if lot.broken else HELD,
            BEFORE: OPEN if np.isnan(low) else HELD if low <= 0 <= high else FAILED,
            LEAK: OPEN if pd.isna(lot.leaked) else FAILED if lot.leaked else HELD,
        }
        rows += [(lot.campaign_id, check, state) for check, state in states.items()]
    made = pd.DataFrame(rows, columns=["campaign_id", "check", "state"], dtype="str")
    others = checks.loc[~checks["campaign_id"].isin(lots["campaign_id"]), list(made)]
    made = pd.concat([part for part in (made, others) if len(part)] or [made], ignore_index=True)
    netted = refunds[refunds["refunds_netted"] & refunds["campaign_id"].isin(made["campaign_id"])]
    states = netted["refunds_over"].astype(object).map({True: HELD, False: EARLY}).fillna(OPEN)
    came_in = pd.DataFrame({"campaign_id": netted["campaign_id"], "check": REFUNDS, "state": states})
    return pd.concat([made, came_in], ignore_index=True) if len(came_in) else made


def counted(checks: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign with a check: checks, checks_held, and not_held, the names of the others with their state."""
    rows = []
    for name, own in checks.groupby("campaign_id"):
        others = own[own["state"] != HELD].sort_values(["state", "check"])
        said = [f"{state}: {', '.join(part['check'])}" for state, part in others.groupby("state")]
        rows.append((name, len(own), len(own) - len(others), "; ".join(said) or None))
    return pd.DataFrame(rows, columns=["campaign_id", "checks", "checks_held", "not_held"])
