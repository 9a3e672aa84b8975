"""The execution list: who is planned, in which arm, and who of them is sent something, each person once."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.design.allocation import HOLDOUT, NOT_PLANNED, TREATED
from analysis.design.handoff import people

COLUMNS = ["customer_id", "segment", "gift", "incentive", "forms", "arm"]
HOUSEHOLD = "household"  # where households were drawn, the one that a customer was drawn with
CHANCE = "propensity"  # as the table of contacts names it: without it no lot can be read when the campaign comes back
KEPT = [*COLUMNS, "same_person_as", "left_out"]  # no e-mail, phone or name: the assignment stays for years
WHY_NOT = {
    "refused": "no consent",
    "refused elsewhere": "no consent under another id of the same person",
    "held out": "held out",
    "held elsewhere": "held out under another id of the same person",
    "twice": "same person as another id",
}


def assignment(plan: pd.DataFrame, strategies: pd.DataFrame) -> pd.DataFrame:
    """One row per planned customer, by customer_id: customer_id, segment, gift, incentive, forms, arm.

    Takes the plan (one row per customer) and the strategies (one row per segment). Keep it: who was treated and who was
    held out cannot be known later from what was sent. Those held out have no gift, incentive and forms. A plan that drew
    households has one more column, household: what was drawn, and so what has to be compared. `propensity` is the chance of being
    treated: the share of the planned who are, one for all, since every segment has the same up to whole customers; missing where
    nobody is held out.
    """
    forms = strategies.set_index("segment")["forms"]
    planned = plan[plan["arm"] != NOT_PLANNED].sort_values("customer_id", ignore_index=True)
    listed = planned["segment"].map(forms).where(planned["arm"] == TREATED)
    treated = float(planned["arm"].eq(TREATED).mean()) if len(planned) else float("nan")
    planned = planned.assign(forms=listed, **{CHANCE: treated if treated < 1 else float("nan")})
    return planned[[*COLUMNS, *drawn(planned)]]


def kept(assigned: pd.DataFrame) -> pd.DataFrame:
    """The columns of the assignment that stay for years: no e-mail, phone or name."""
    return assigned[[*KEPT, *drawn(assigned)]]


def drawn(table: pd.DataFrame) -> list[str]:
    """The columns that say how lots were drawn: the chance, and the household where these were drawn."""
    return [name for name in (CHANCE, HOUSEHOLD) if name in table]


def screened(
    assigned: pd.DataFrame, identities: pd.DataFrame | None = None, *, agreed: Collection[str] = people.AGREED
) -> pd.DataFrame:
    """The assignment with contact details, `same_person_as` and `left_out`: why somebody is sent nothing, else missing.

    Takes one row per planned customer, and the identities: one row per customer_id with any of email, phone,
    first_name, last_name and consent, for customers who are not planned too. The first reason that holds counts:

    - no consent: the data records consent, and not for this id; or another id of the same person refused. These come
      first, so that both arms are marked by the same rule;
    - held out, or another id of the same person is: a person sent something is no comparison;
    - another id of the same person is sent something: the one that comes first in the order of ids.

    Where the identities have `known_as`, the id by which the source knows a customer, it takes the place of customer_id
    before anything is ordered: which id is sent something must not depend on a key of pseudonyms.
    `same_person_as` names, on the person's other planned ids, the id that stands for them: the one sent, else the first.
    """
    ids = assigned[["customer_id"]] if identities is None else identities
    if "known_as" in ids:
        known_as = ids.set_index("customer_id")["known_as"]
        assigned = assigned.assign(customer_id=known_as.loc[assigned["customer_id"]].to_numpy())
        ids = ids.drop(columns="customer_id").rename(columns={"known_as": "customer_id"})
    known = people.details(ids)
    who = known.assign(person=people.persons(known)).merge(people.consents(ids, agreed=agreed), on="customer_id")
    table = assigned.merge(who, on="customer_id", how="left", validate="1:1").sort_values(
        "customer_id", ignore_index=True
    )
    stranger = table["person"].isna()  # an id without an identity is a person of its own
    person = table["person"].where(~stranger, -1.0 - table.index.to_series())
    given = table["given"].eq(True) | (stranger & ("consent" not in ids))
    held = table["arm"] == HOLDOUT
    left_out = pd.Series(pd.NA, index=table.index, dtype="str")
    for reason, holds in (
        ("refused", ~given),
        ("refused elsewhere", person.isin(who.loc[who["refused"], "person"])),
        ("held out", held),
        ("held elsewhere", person.isin(person[held])),
    ):
        left_out = left_out.mask(left_out.isna() & holds, WHY_NOT[reason])
    again = person.where(left_out.isna()).duplicated() & left_out.isna()
    left_out = left_out.mask(again, WHY_NOT["twice"])
    first = (
        table.assign(person=person, later=left_out.notna())
        .sort_values(["later", "customer_id"])
        .drop_duplicates("person")
    )
    stands = person.map(first.set_index("person")["customer_id"])
    table = table.assign(same_person_as=stands.where(stands != table["customer_id"]).astype("str"), left_out=left_out)
    there = [name for name in people.DETAILS if name in table]
    return table[["customer_id", *there, *KEPT[1:], *drawn(table)]]


def send(assigned: pd.DataFrame) -> pd.DataFrame:
    """One row per treated customer of the assignment, without those left out: the only list that leaves the house."""
    treated = assigned["arm"] == TREATED
    if "left_out" in assigned:
        treated &= assigned["left_out"].isna()
    return assigned[treated].reset_index(drop=True)
