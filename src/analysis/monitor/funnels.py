"""Funnels: of the contacts of a campaign, a channel, a segment or a department, how many came to each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.monitor.conversion import REDEEMING, rate_of

if TYPE_CHECKING:
    from datetime import date

STEPS = ("contacted", "opened", "clicked", "ordered", "redeemed")
DIMENSIONS = ("campaign", "channel", "segment", "department")
OPENING = {"opened": ("open", "click"), "clicked": ("click",)}  # kinds of response; who clicked has opened
COLUMNS = [
    "dimension",
    "group",
    "step",
    "step_no",
    "reached",
    "contacted",
    "customers",
    "rate",
    "low",
    "high",
    "effective",
]


def with_groups(
    outcomes: pd.DataFrame, campaigns: pd.DataFrame, responses: pd.DataFrame, before: pd.DataFrame, *, as_of: date
) -> pd.DataFrame:
    """One row per contact of `conversion.contact_outcomes`, with opened, clicked, ordered, campaign, channel and segment.

    `opened` and `clicked` are missing, not false, for contacts of a campaign of which nobody is known to have done so: its
    sender may not have counted. `ordered` is `visited`: goods ordered in the campaign's days. `channel` is the campaign's and
    missing where the data does not say. `segment` is that of `before` (`segments_before`), missing where it has no row.
    """
    keys = ["campaign_id", "customer_id"]
    seen = responses[pd.to_datetime(responses["responded_on"]) <= pd.Timestamp(as_of)]
    table = outcomes.merge(before[[*keys, "segment_before"]], on=keys, how="left", validate="one_to_one")
    table = table.rename(columns={"segment_before": "segment"})
    for step, kinds in OPENING.items():
        did = seen.loc[seen["kind"].isin(kinds), keys].drop_duplicates()
        found = table[keys].merge(did.assign(did=True), on=keys, how="left")["did"].eq(True)
        counted = table["campaign_id"].isin(did["campaign_id"])
        table[step] = found.astype("boolean").where(counted)
    channels = campaigns.set_index("campaign_id")["channel"] if "channel" in campaigns else pd.Series(dtype=object)
    table["channel"] = table["campaign_id"].map(channels)
    return table.assign(ordered=table["visited"].astype(bool), campaign=table["campaign_id"])


def of_departments(
    outcomes: pd.DataFrame, contacts: pd.DataFrame, orders: nw.LazyFrame, offers: pd.DataFrame, responses: pd.DataFrame,
    products: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date,
) -> pd.DataFrame:  # fmt: skip
    """One row per contact and department that was offered in it: ordered and redeemed of that department alone.

    A contact is in as many departments as its offer covers: that of its own incentive where the data says which it was, else
    of all incentives of the campaign. `ordered` is an order in the campaign's days of an offered product of the
    department, `redeemed` the use of an incentive that covers one. Products in no department are left out.
    """
    keys = ["campaign_id", "customer_id"]
    named = products.dropna(subset=["department"])[["product_id", "department"]]
    covered = offers[["campaign_id", "incentive_id", "product_id"]].merge(named, on="product_id")
    shelves = covered[["campaign_id", "incentive_id", "department"]].drop_duplicates()
    given = contacts.reindex(columns=[*keys, "incentive_id"])
    own = outcomes[keys].merge(given, on=keys, how="left", validate="one_to_one")
    known = own["incentive_id"].notna()
    parts = [
        own[known].merge(shelves, on=["campaign_id", "incentive_id"])[[*keys, "department"]],
        own.loc[~known, keys].merge(shelves[["campaign_id", "department"]].drop_duplicates(), on="campaign_id"),
    ]
    table = pd.concat(parts).drop_duplicates().reset_index(drop=True)
    used = responses[
        responses["kind"].isin(REDEEMING) & (pd.to_datetime(responses["responded_on"]) <= pd.Timestamp(as_of))
    ]
    used = used[[*keys, "incentive_id"]].merge(shelves, on=["campaign_id", "incentive_id"])
    bought = _bought(outcomes, orders, covered, campaigns, as_of=as_of)
    for step, did in (("ordered", bought), ("redeemed", used)):
        rows = did[[*keys, "department"]].drop_duplicates().assign(did=True)
        table[step] = table.merge(rows, on=[*keys, "department"], how="left")["did"].eq(True)
    return table.sort_values([*keys, "department"]).reset_index(drop=True)


def funnels(grouped: pd.DataFrame, departments: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per dimension, group and step: reached of contacted, customers, rate, low, high, effective.

    Takes `with_groups` and `of_departments`. Every rate is of the contacts of the group for which the step is known; a step
    that is known for none is left out, so is a group whose name is not known. The step "contacted" has no interval.
    Wilson's intervals on the effective number of contacts, see `conversion.effective_contacts`.
    """
    rows = []
    for dimension in DIMENSIONS:
        table = departments if dimension == "department" else grouped
        for group, part in table.dropna(subset=[dimension]).groupby(dimension, sort=True, observed=True):
            rows += [
                {"dimension": dimension, "group": str(group), "step": step, "step_no": number, **found}
                for number, step in enumerate(STEPS)
                if (found := _step(part, step, confidence=confidence))
            ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["dimension", "group", "step_no"]).reset_index(drop=True)


def _step(part: pd.DataFrame, step: str, *, confidence: float) -> dict[str, object]:
    if step == "contacted":  # all of them by definition: nothing to be uncertain about
        return {"reached": len(part), "contacted": len(part), "customers": part["customer_id"].nunique(), "rate": 1.0}
    if step not in part:
        return {}
    known = part.dropna(subset=[step])
    if known.empty:
        return {}
    found = rate_of(known[step].to_numpy(dtype=bool), known["customer_id"], confidence=confidence)
    return {"customers": known["customer_id"].nunique(), **found}


def _bought(
    outcomes, orders: nw.LazyFrame, covered: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date
) -> pd.DataFrame:
    """One row per contact and department of which an offered product was ordered in the campaign's days."""
    ends_on = pd.to_datetime(campaigns.set_index("campaign_id")["ends_on"]).clip(upper=pd.Timestamp(as_of))
    windows = outcomes[["campaign_id", "customer_id", "contacted_on"]].assign(
        closes_on=outcomes["campaign_id"].map(ends_on)
    )
    shelf = covered[["campaign_id", "product_id", "department"]].drop_duplicates()
    if windows.empty or shelf.empty:
        return pd.DataFrame(columns=["campaign_id", "customer_id", "department"])
    goods = orders.filter(nw.col("quantity") > 0).select("customer_id", "product_id", "ordered_on")
    found = (
        engine.lazy(windows)
        .join(goods, on="customer_id")
        .filter((nw.col("ordered_on") >= nw.col("contacted_on")) & (nw.col("ordered_on") <= nw.col("closes_on")))
        .join(
            engine.hold(engine.lazy(shelf)), on=["campaign_id", "product_id"]
        )  # held: else the plan takes eighty times as long
        .group_by("campaign_id", "customer_id", "department")
        .agg(lines=nw.len())
    )
    return engine.collect(found)
