"""Households and shared accounts: the unit that a lot draws where people of one must not land in both arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.identity import HOUSEHOLD
from analysis.refusals import StudyError

if TYPE_CHECKING:
    import pandas as pd

BY_HOUSEHOLD = "household"  # what a study's setting `unit` can be, beside customer
UNKNOWN = (
    "the study says unit: household, and the customers have no household_id; say in the contract which column holds it, or "
    "take unit out"
)


def unit_of(customers: pd.DataFrame) -> pd.Series:
    """Return the unit of every customer (index customer_id): the household, or the customer where none is stated.

    Takes one row per customer, with or without `household_id`; an empty one means alone.
    """
    own = customers.set_index("customer_id", drop=False)["customer_id"]
    if HOUSEHOLD not in customers:
        return own.rename("unit")
    home = customers.set_index("customer_id")[HOUSEHOLD]
    return home.where(home.notna() & (home.astype("str").str.strip() != ""), own).astype("str").rename("unit")


def refuse_unknown(customers: pd.DataFrame) -> None:
    """Raise StudyError where the customers name no household."""
    if HOUSEHOLD not in customers or customers[HOUSEHOLD].isna().all():
        raise StudyError(UNKNOWN)
