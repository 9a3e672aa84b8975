"""Who the planned customers are: the only place past `clean` where ids and addresses as they came are read, for the hand-off alone."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pandas as pd

from analysis import engine, keys
from analysis.clean import pseudonyms
from analysis.identity import PERSONAL, customer_ids
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
        came = customer_ids(tables.values())
        known = pd.Series(came, index=pseudonyms.digests(came, key=keys.key(study)), dtype="str")
        table["known_as"] = table["customer_id"].str.partition("-")[2].map(known)
    if lost := int(table["known_as"].isna().sum()):
        raise StudyError(f"study {study!r}: {lost} customers of the plan are not in data/raw; has the key changed?")
    told = _addresses(tables["customers"])
    return table.merge(told, left_on="known_as", right_index=True, how="left") if len(told.columns) else table


def _addresses(customers: nw.LazyFrame) -> pd.DataFrame:
    """One row per customer id as it came (the index): the personal columns that the source has."""
    there = [column.name for column in PERSONAL if column.name in customers.collect_schema().names()]
    rows = customers.select(*(nw.col(name).cast(nw.String) for name in ("customer_id", *there))).unique()
    rows = engine.collect(rows.filter(~nw.col("customer_id").is_null()))
    for name in there:
        rows[name] = rows[name].str.strip().replace("", None)
    of_customer = rows.groupby("customer_id")[there]
    return of_customer.first().where(of_customer.nunique() == 1) if there else pd.DataFrame()
