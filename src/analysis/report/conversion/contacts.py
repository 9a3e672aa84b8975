"""Contacts seen from other sides: as many days earlier, the same customers by each kind, what a customer did before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from datetime import date

KEY = ["campaign_id", "customer_id"]
FIRST, NOT_YET, BEFORE = "first contact", "contacted, not redeemed", "redeemed before"
ALL_KINDS = "all kinds"
_BETWEEN = "\x1f"  # the unit separator: no name holds it


class Earlier(NamedTuple):
    """Contacts and campaigns with their days moved back, to be counted like the real ones."""

    contacts: pd.DataFrame
    campaigns: pd.DataFrame


class Matched(NamedTuple):
    """The same contacts in the same order: in the campaign's days and in as many days before."""

    during: pd.DataFrame
    before: pd.DataFrame


def moved_back(contacts: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date) -> Earlier:
    """Return contacts and campaigns as if each campaign had come just before itself.

    Both tables keep one row per contact and campaign. The days moved are those of the campaign, from its first day to
    its last or to `as_of`, so that the moved days are as many and touch the real ones without sharing a day. Campaigns
    that begin after `as_of` are left out.
    """
    moved = campaigns.copy()
    starts_on = pd.to_datetime(moved["starts_on"])
    until = pd.to_datetime(moved["ends_on"]).clip(upper=pd.Timestamp(as_of))
    length = until - starts_on + pd.Timedelta(days=1)
    moved["starts_on"], moved["ends_on"] = starts_on - length, until - length
    moved["length"] = length
    moved = moved[length > pd.Timedelta(0)]
    shifted = contacts.merge(moved[["campaign_id", "length"]], on="campaign_id", validate="many_to_one")
    shifted["contacted_on"] = pd.to_datetime(shifted["contacted_on"]) - shifted["length"]
    return Earlier(shifted.drop(columns="length"), moved.drop(columns="length").reset_index(drop=True))


def matched(outcomes: pd.DataFrame, before: pd.DataFrame) -> Matched:
    """Return the contacts whose days before lie wholly in the data, once as they were and once as many days earlier.

    Both tables have one row per contact (`monitor.conversion.contact_outcomes`); `before` from `moved_back`.
    """
    inside = before[before["seen_from_start"].astype(bool)].sort_values(KEY).reset_index(drop=True)
    kept = outcomes.merge(inside[KEY], on=KEY, validate="one_to_one").sort_values(KEY).reset_index(drop=True)
    inside = inside.merge(kept[KEY], on=KEY, validate="one_to_one").sort_values(KEY).reset_index(drop=True)
    return Matched(kept, inside)


def of_every_kind(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts of those customers who were contacted by campaigns of every kind there is."""
    kinds = outcomes.groupby("customer_id")["kind"].nunique()
    every = kinds.index[kinds == outcomes["kind"].nunique()]
    return outcomes[outcomes["customer_id"].isin(every)].reset_index(drop=True)


def with_history(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts with `history`: what the customer had done before the day of this contact.

    One of "first contact" (none before in this data), "contacted, not redeemed" and "redeemed before" (in any earlier
    campaign). Only what lies before the day of the contact counts, so an earlier campaign that still runs can turn a
    customer into one who redeemed later. Contacts from before the data are left out, but count as contacts before.
    """
    others = outcomes[["customer_id", "contacted_on", "redeemed_on"]]
    first = others.groupby("customer_id").agg(
        contacted_first=("contacted_on", "min"), redeemed_first=("redeemed_on", "min")
    )
    table = outcomes[outcomes["seen_from_start"].astype(bool)].merge(
        first.reset_index(), on="customer_id", validate="many_to_one"
    )
    history = pd.Series(FIRST, index=table.index).mask(table["contacted_first"] < table["contacted_on"], NOT_YET)
    table["history"] = history.mask(table["redeemed_first"] < table["contacted_on"], BEFORE)
    return table.drop(columns=["contacted_first", "redeemed_first"])


def crossed(history: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts under other names, to count them by kind and history (`kind`) and by history (`campaign_id`).

    For `monitor.conversion.funnel`, which counts by those two columns; `uncrossed` takes its table apart again.
    """
    return history.assign(kind=history["kind"] + _BETWEEN + history["history"], campaign_id=history["history"])


def uncrossed(funnel: pd.DataFrame) -> pd.DataFrame:
    """One row per kind ("all kinds" first) and history, of the step redeemed of a funnel of `crossed` contacts."""
    rows = funnel[(funnel["step"] == "redeemed") & (funnel["scope"] != "all")].copy()
    parts = rows["name"].str.rsplit(_BETWEEN, n=1)
    rows["history"] = parts.str[-1]
    rows["kind"] = parts.str[0].where(rows["scope"] == "kind", ALL_KINDS)
    place = rows["history"].map({name: i for i, name in enumerate((FIRST, NOT_YET, BEFORE))})
    rows = rows.assign(later=rows["kind"] != ALL_KINDS, place=place).sort_values(["later", "kind", "place"])
    return rows[["kind", "history", "reached", "contacted", "rate", "low", "high"]].reset_index(drop=True)
