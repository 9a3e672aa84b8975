"""How long it takes from contact to redemption, by kind of campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.inference.interval import upper_tail

if TYPE_CHECKING:
    from datetime import date


def redemption_time(outcomes: pd.DataFrame, *, as_of: date, confidence: float = 0.95) -> pd.DataFrame:
    """One row per kind (and "all") and day after contact, from 0 to the last redemption: share that has redeemed by
    then.

    Takes `conversion.contact_outcomes`; the first redemption of a contact counts. A contact that has not redeemed is
    followed to `as_of` and no further; once its campaign is over it stays in as one that never will. The share is 1
    minus the Kaplan-Meier estimate, its band the log-log transform of its variance with customers as units, and of
    Greenwood's where that is larger: the contacts of one customer are alike. Contacts from before the
    data began (`seen_from_start` false) are left out, because their first redemption may be unseen. `redeemed_by`
    counts the redemptions seen by that day, `at_risk` the contacts followed that long without one, `contacted` all of
    the kind.

    Source: Kaplan and Meier (1958); Kalbfleisch and Prentice (2002), section 1.4; Ying and Wei (1994), Journal of
    Multivariate Analysis 50, 17-29, for contacts that are alike.
    """
    seen = outcomes[outcomes["seen_from_start"]]
    followed_until = seen["redeemed_on"].fillna(pd.Timestamp(as_of))
    times = pd.DataFrame({
        "kind": seen["kind"], "redeemed": seen["redeemed"].astype(bool),
        "days": (followed_until - seen["contacted_on"]).dt.days, "customer": pd.factorize(seen["customer_id"])[0],
    })  # fmt: skip
    parts = [("all", times), *times.groupby("kind", sort=True)]
    curves = [_curve(part, confidence=confidence).assign(kind=kind) for kind, part in parts if part["redeemed"].any()]
    columns = ["kind", "days", "redeemed_by", "contacted", "at_risk", "rate", "low", "high"]
    table = pd.concat(curves) if curves else pd.DataFrame(columns=columns)
    return table[columns].sort_values(["kind", "days"]).reset_index(drop=True)


def median_days(outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row per kind (and "all"): redemptions seen, median days from contact among those who redeemed.

    Of those who redeemed, not of all contacted: most never do. Contacts from before the data began are left out.
    """
    seen = outcomes[outcomes["seen_from_start"] & outcomes["redeemed"]]
    days = (seen["redeemed_on"] - seen["contacted_on"]).dt.days
    both = pd.concat([pd.DataFrame({"kind": "all", "days": days}), pd.DataFrame({"kind": seen["kind"], "days": days})])
    table = both.groupby("kind", as_index=False).agg(redeemed=("days", "size"), median_days=("days", "median"))
    return table.sort_values("kind").reset_index(drop=True)


def _curve(times: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """One row per day for one kind; the limits are NaN before the first redemption and where none is left at risk."""
    from scipy.special import ndtri

    last = int(times.loc[times["redeemed"], "days"].max())
    days = np.arange(last + 1)
    events = np.bincount(times.loc[times["redeemed"], "days"], minlength=last + 1)
    at_risk = len(times) - np.searchsorted(np.sort(times["days"].to_numpy()), days, side="left")
    survive = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        variance = np.maximum(greenwood, _by_customer(times, events, at_risk))
        reach = ndtri(upper_tail(confidence)) * np.sqrt(variance) / np.log(survive)
        low, high = 1 - survive ** np.exp(reach), 1 - survive ** np.exp(-reach)
    # 1 to the power of an unknown number is 1, and 0 is 0: limits without an error, where there is none to be had.
    told = (survive > 0) & (survive < 1)
    return pd.DataFrame({
        "days": days, "redeemed_by": np.cumsum(events), "contacted": len(times), "at_risk": at_risk,
        "rate": 1 - survive, "low": np.where(told, low, np.nan), "high": np.where(told, high, np.nan),
    })  # fmt: skip


def _by_customer(times: pd.DataFrame, events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Variance of the logarithm of the share not yet redeemed by each day, with customers as units.

    What a contact does to that logarithm: 1 / (at risk - events) on the day it redeems, less the sum of
    events / at risk / (at risk - events) over the days that it was at risk. Summed over the contacts of a customer and
    squared; with one contact each that is Greenwood's formula.
    """
    left = at_risk - events
    jump = np.divide(1.0, left, out=np.full(len(left), np.nan), where=left > 0)
    paid = np.cumsum(events * jump / at_risk)
    days, redeemed = times["days"].to_numpy(), times["redeemed"].to_numpy()
    customer, found = times["customer"].to_numpy(), np.empty(len(events))
    for day in range(len(events)):
        done = redeemed & (days <= day)
        worth = np.where(done, jump[np.minimum(days, day)], 0.0) - paid[np.minimum(days, day)]
        found[day] = np.square(np.bincount(customer, weights=worth)).sum()
    return found
