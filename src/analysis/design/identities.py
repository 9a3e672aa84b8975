"""Who the planned customers are: the only place past `clean` where ids and addresses as they came are read, for the hand-off alone."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pandas as pd

from analysis import engine, keys
from analysis.clean import pseudonyms
from analysis.identity import PERSONAL, ids_in
from analysis.refusals import StudyError
from analysis.tables import CANONICAL


def identities(customers: pd.Series, *, raw: Path, study: str, setting: str) -> pd.DataFrame:
    """One row per customer of the plan, by customer_id: customer_id, known_as, and which of the personal columns there are.

    Parameters
    ----------
    customers
        The customer_id of each customer of the plan, a pseudonym where the study's `setting` is "keyed".
    raw
        Folder of the study's raw tables.

    Returns
    -------
    customer_id (as in the plan), known_as (the id as it came), and of email, phone, first_name and last_name those that
    the source has. A cell is missing where the source says nothing, or says two things of one customer. Never write this
    table to data/processed. Raises StudyError when a customer is not among the raw ids: then the key has changed.
    """
    files = {name: raw / f"{name}.parquet" for name in CANONICAL}
    tables = {name: engine.scan(file) for name, file in files.items() if file.exists()}
    table = pd.DataFrame({"customer_id": customers.sort_values(ignore_index=True)})
    table["known_as"] = table["customer_id"]
    if setting != "none":
        came = pseudonyms.customer_ids(tables)
        known = pd.Series(came, index=pseudonyms.digests(came, key=keys.key(study)), dtype="str")
        table["known_as"] = table["customer_id"].str.partition("-")[2].map(known)
    if table["known_as"].isna().any():
        raise StudyError(f"study {study!r}: {table['known_as'].isna().sum()} customers of the plan are not in data/raw; run it again from clean")
    told = _addresses(tables["customers"])
    return table.merge(told, left_on="known_as", right_index=True, how="left") if len(told.columns) else table


def as_known(listed: pd.DataFrame, people: pd.DataFrame, *, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return a list of customers under the ids by which the source knows them, sorted by these, with `columns` where they are there.

    `listed` has one row per customer_id of the plan, `people` is what `identities` returns.
    """
    found = people.set_index("customer_id").loc[listed["customer_id"]].reset_index(drop=True)
    shown = listed.reset_index(drop=True).assign(customer_id=found["known_as"])
    for place, column in enumerate((name for name in columns if name in found), start=1):
        shown.insert(place, column, found[column])
    return shown.sort_values("customer_id", kind="stable", ignore_index=True)


def _addresses(customers: nw.LazyFrame) -> pd.DataFrame:
    """One row per customer id as it came (the index): the personal columns that the source has."""
    there = [column.name for column in PERSONAL if column.name in customers.collect_schema().names()]
    [customer_id] = ids_in(["customer_id"])
    rows = engine.collect(customers.select(*(nw.col(name).cast(nw.String) for name in (customer_id, *there))).unique())
    for name in there:
        rows[name] = rows[name].str.strip().replace("", None)
    grouped = rows.dropna(subset=[customer_id]).groupby(customer_id)[there]
    return grouped.first().where(grouped.nunique() == 1) if there else pd.DataFrame(index=rows[customer_id].unique())
