"""Conversion: who was contacted, came, bought what was promoted and redeemed, as rates with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine
from analysis.inference.proportions import wilson_interval
from analysis.monitor.campaigns import A_A

if TYPE_CHECKING:
    from datetime import date

STEPS = ("contacted", "visited", "bought_promoted", "redeemed")
REDEEMING = ("redeem", "convert")  # kinds of response that count as a conversion; opens and clicks do not


class ConversionRate(NamedTuple):
    """Conversions over customers reached, with the limits of Wilson's interval; shares 0 to 1, or arrays of them."""

    conversions: float
    reached: float
    rate: float
    low: float
    high: float


def conversion_rate(conversions, reached, *, confidence: float = 0.95) -> ConversionRate:
    """Conversion rate = conversions / customers reached (source documents), with Wilson's interval.

    Numbers or arrays. Nobody reached gives NaN, not 0. Raises ValueError where conversions exceed the reached.
    """
    low, high = wilson_interval(conversions, reached, confidence=confidence)
    trials = np.asarray(reached, dtype=float)
    rate = np.asarray(conversions, dtype=float) / np.where(trials > 0, trials, np.nan)
    return ConversionRate(conversions, reached, rate.item() if rate.ndim == 0 else rate, low, high)


def sent(contacts: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """The rows of contacts in which something was sent: neither the holdout nor the two arms of an A/A campaign, which check the method."""
    nothing = campaigns.loc[campaigns["kind"] == A_A, "campaign_id"]
    return contacts[(contacts["arm"] == "treated") & ~contacts["campaign_id"].isin(nothing)]


def contact_outcomes(
    contacts: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame, responses: pd.DataFrame,
    campaigns: pd.DataFrame, *, as_of: date, data_from: date,
) -> pd.DataFrame:  # fmt: skip
    """One row per treated contact: kind, contacted_on, visited, bought_promoted, redeemed, redeemed_on, window_closed.

    The window runs from the contact to the campaign's last day, or to `as_of` where that comes first; it is closed
    where the campaign has ended by `as_of`. *Visited* is an order line with goods in the window, *bought_promoted*
    one of a product that the campaign's incentives apply to, *redeemed* a response of kind redeem or convert, on
    `redeemed_on` for the first time. `seen_from_start` is false where the contact came before `data_from`: part of
    its window is not in the data. Contacts after `as_of` and those to whom nothing was `sent` are left out.

    Raises ValueError for contacts of a campaign that is not in `campaigns`.
    """
    until = pd.Timestamp(as_of)
    known = campaigns[["campaign_id", "kind", "ends_on"]]
    reached = sent(contacts, campaigns)[["campaign_id", "customer_id", "contacted_on"]]
    reached = reached.merge(known, on="campaign_id", how="left", validate="many_to_one", indicator="found")
    if (strange := reached.loc[reached["found"] != "both", "campaign_id"]).size:
        raise ValueError(f"contacts name campaign {min(strange)!r}, which is not among the {len(known)} campaigns")
    reached["contacted_on"], ends_on = pd.to_datetime(reached["contacted_on"]), pd.to_datetime(reached["ends_on"])
    reached["closes_on"] = ends_on.clip(upper=until)
    reached["window_closed"] = ends_on <= until
    reached["seen_from_start"] = reached["contacted_on"] >= pd.Timestamp(data_from)
    reached = reached[reached["contacted_on"] <= until].drop(columns=["found", "ends_on"])
    bought = engine.collect(_purchases(reached, orders, offers))
    table = reached.merge(bought, on=["campaign_id", "customer_id"], how="left", validate="one_to_one")
    table = table.merge(_first_redemptions(responses, until), on=["campaign_id", "customer_id"], how="left")
    table["visited"] = table["lines"].notna()
    table["bought_promoted"] = table["promoted_lines"].fillna(0) > 0
    table["redeemed"] = table["redeemed_on"].notna()
    columns = ["campaign_id", "customer_id", "kind", "contacted_on", "visited", "bought_promoted", "redeemed",
               "redeemed_on", "window_closed", "seen_from_start"]  # fmt: skip
    return table[columns].sort_values(["campaign_id", "customer_id"]).reset_index(drop=True)


def funnel(outcomes: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per scope ("all", "kind", "campaign"), name and step: reached of contacted, rate, low, high.

    Takes `contact_outcomes`. Every rate is of the contacted; the steps are not forced to nest. The step "contacted"
    has no interval: it is 1 by definition. `window_closed` and `seen_from_start` are the shares of contacts whose
    campaign has ended, and whose window began inside the data. Intervals are Wilson's on the effective number of
    contacts (`effective`), see `effective_contacts`.
    """
    scopes = [
        ("all", pd.Series("all", index=outcomes.index)),
        ("kind", outcomes["kind"]),
        ("campaign", outcomes["campaign_id"]),
    ]
    rows = []
    for scope, names in scopes:
        for name, group in outcomes.groupby(names, sort=True):
            shares = {column: group[column].mean() for column in ("window_closed", "seen_from_start")}
            for number, step in enumerate(STEPS):
                if step == "contacted":  # all of them by definition: nothing to be uncertain about
                    rate = {"reached": len(group), "contacted": len(group), "rate": 1.0}
                else:
                    rate = rate_of(group[step].to_numpy(dtype=bool), group["customer_id"], confidence=confidence)
                rows.append({"scope": scope, "name": name, "step": step, "step_no": number, **rate, **shares})
    return pd.DataFrame(rows).sort_values(["scope", "name", "step_no"]).reset_index(drop=True)


def conversion_by(
    outcomes: pd.DataFrame, groups: pd.DataFrame, *, by: str, step: str = "redeemed", confidence: float = 0.95
) -> pd.DataFrame:
    """One row per value of `groups[by]`: customers, reached of contacted, rate, low, high; the conversion of that
    group.

    `groups` has one row per customer_id. Contacts of customers without a value form the row whose group is missing.
    Raises ValueError where a customer is in `groups` twice.
    """
    if (twice := groups["customer_id"].duplicated()).any():
        raise ValueError(
            f"customer {groups.loc[twice, 'customer_id'].iloc[0]!r} has two rows; groups need one per customer"
        )
    table = outcomes.merge(groups[["customer_id", by]], on="customer_id", how="left")
    rows = []
    for value, group in table.groupby(by, sort=True, dropna=False, observed=True):
        rate = rate_of(group[step].to_numpy(dtype=bool), group["customer_id"], confidence=confidence)
        rows.append({"dimension": by, "group": value, "customers": group["customer_id"].nunique(), **rate})
    return pd.DataFrame(rows)


def effective_contacts(hit: np.ndarray, customers: pd.Series) -> float:
    """How many independent contacts these are worth: the contacts over the design effect of repeated customers.

    A customer contacted five times tends to redeem five times or never, so five contacts tell less than five
    customers. The design effect is the variance of the rate with customers as units over its binomial variance, and
    at least 1. Equal to the number of contacts where no customer is in it twice. Source: Kish (1965), section 8.2;
    used for Wilson's interval as in Korn and Graubard (1998), Survey Methodology 24, 193-201.
    """
    n, rate = len(hit), hit.mean() if len(hit) else np.nan
    per_customer = (
        pd.DataFrame({"over": hit - rate, "customer": customers.to_numpy()}).groupby("customer")["over"].sum()
    )
    m = len(per_customer)
    if m == n or m < 2 or rate in (0, 1):  # with all or none converted the spread says nothing; count customers once
        return float(m)
    clustered = m / (m - 1) * float(np.sort(per_customer.to_numpy() ** 2).sum())
    return n / max(1.0, clustered / (n * rate * (1 - rate)))


def rate_of(hit: np.ndarray, customers: pd.Series, *, confidence: float = 0.95) -> dict[str, float]:
    """Return reached, contacted, rate, low, high and effective, of one hit and one customer per contact (or opinion).

    Wilson's interval on the effective number of contacts, see `effective_contacts`. No contact gives a rate of NaN, not 0.
    """
    if not len(hit):
        return {"reached": 0, "contacted": 0, **dict.fromkeys(("rate", "low", "high"), np.nan), "effective": 0.0}
    effective, rate = effective_contacts(hit, customers), hit.mean()
    interval = conversion_rate(rate * effective, effective, confidence=confidence)
    return {"reached": int(hit.sum()), "contacted": len(hit), "rate": float(rate),
            "low": interval.low, "high": interval.high, "effective": effective}  # fmt: skip


def _purchases(reached: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame) -> nw.LazyFrame:
    """One row per contact with an order in its window: lines with goods, and those of a promoted product."""
    windows = engine.lazy(reached[["campaign_id", "customer_id", "contacted_on", "closes_on"]])
    promoted = offers.select("campaign_id", "product_id").unique().with_columns(promoted=nw.lit(1))
    goods = orders.filter(nw.col("quantity") > 0).select("customer_id", "product_id", "ordered_on")
    return (
        windows.join(goods, on="customer_id")
        .filter((nw.col("ordered_on") >= nw.col("contacted_on")) & (nw.col("ordered_on") <= nw.col("closes_on")))
        .join(promoted, on=["campaign_id", "product_id"], how="left")
        .group_by("campaign_id", "customer_id")
        .agg(lines=nw.len(), promoted_lines=nw.col("promoted").sum())
    )


def _first_redemptions(responses: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    redeemed = responses[responses["kind"].isin(REDEEMING)].assign(
        redeemed_on=lambda r: pd.to_datetime(r["responded_on"])
    )
    redeemed = redeemed[redeemed["redeemed_on"] <= until]
    return redeemed.groupby(["campaign_id", "customer_id"], as_index=False)["redeemed_on"].min()
