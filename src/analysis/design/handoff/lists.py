"""The execution list: who is planned, in which arm, and who of them is sent something, each person once."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.design.allocation import HOLDOUT, NOT_PLANNED, TREATED
from analysis.design.handoff import people

COLUMNS = ["customer_id", "segment", "gift", "incentive", "forms", "arm"]
WHY_NOT = {
    "held out": "held out",
    "refused": "no consent",
    "refused elsewhere": "no consent under another id of the same person",
    "held elsewhere": "held out under another id of the same person",
    "twice": "same person as another id",
}


def assignment(plan: pd.DataFrame, strategies: pd.DataFrame) -> pd.DataFrame:
    """One row per planned customer, by customer_id: customer_id, segment, gift, incentive, forms, arm.

    Takes the plan (one row per customer) and the strategies (one row per segment). Keep it: who was treated and who was
    held out cannot be known later from what was sent. Those held out have no gift, incentive and forms.
    """
    forms = strategies.set_index("segment")["forms"]
    planned = plan[plan["arm"] != NOT_PLANNED].sort_values("customer_id", ignore_index=True)
    listed = planned["segment"].map(forms).where(planned["arm"] == TREATED)
    return planned.assign(forms=listed)[COLUMNS]


def screened(
    assigned: pd.DataFrame, identities: pd.DataFrame | None = None, *, agreed: Collection[str] = people.AGREED
) -> pd.DataFrame:
    """The assignment with contact details, `same_person_as` and `left_out`: why somebody is sent nothing, else missing.

    Takes one row per planned customer, and the identities: one row per customer_id with any of email, phone,
    first_name, last_name and consent, for customers who are not planned too. The first reason that holds counts:

    - held out;
    - no consent: the data records consent, and not for this id;
    - another id of the same person refused, or is held out: then the person is sent nothing under any id;
    - another id of the same person is sent something: the one that comes first in the order of ids.

    `same_person_as` names, on the person's other planned ids, the id that stands for them: the one sent, else the first.
    """
    ids = assigned[["customer_id"]] if identities is None else identities
    known = people.details(ids)
    who = known.assign(person=people.persons(known)).merge(people.consents(ids, agreed=agreed), on="customer_id")
    refusing = who.loc[who["refused"], "person"]
    table = assigned.merge(who, on="customer_id", how="left", validate="1:1").sort_values(
        "customer_id", ignore_index=True
    )
    strangers = table["person"].isna()  # ids without an identity are one person each, and consented to nothing
    table["person"] = table["person"].mask(strangers, -1.0 - table.index.to_series())
    given = table["given"].eq(True) if not strangers.all() else table["given"].notna()
    held = table["arm"] == HOLDOUT
    table["left_out"] = pd.Series(pd.NA, index=table.index, dtype="str")
    for reason, holds in (
        ("held out", held),
        ("refused", ~given),
        ("refused elsewhere", table["person"].isin(refusing)),
        ("held elsewhere", table["person"].isin(table.loc[held, "person"])),
    ):
        table["left_out"] = table["left_out"].mask(table["left_out"].isna() & holds, WHY_NOT[reason])
    again = table["left_out"].isna() & table["person"].where(table["left_out"].isna()).duplicated()
    table["left_out"] = table["left_out"].mask(again, WHY_NOT["twice"])
    stands = table.assign(sent=table["left_out"].isna()).sort_values(["sent", "customer_id"], ascending=[False, True])
    first = table["person"].map(stands.drop_duplicates("person").set_index("person")["customer_id"])
    table["same_person_as"] = first.where(first != table["customer_id"]).astype("str")
    there = [name for name in people.DETAILS if name in table]
    return table[["customer_id", *there, *COLUMNS[1:], "same_person_as", "left_out"]]


def send(assigned: pd.DataFrame) -> pd.DataFrame:
    """One row per treated customer of the assignment, without those left out: the only list that leaves the house."""
    treated = assigned["arm"] == TREATED
    if "left_out" in assigned:
        treated &= assigned["left_out"].isna()
    return assigned[treated].reset_index(drop=True)
