"""What names a person: the customer ids of every table, and the personal columns, which no analysis needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import narwhals as nw

from analysis import engine
from analysis.declaration import Column

if TYPE_CHECKING:
    import pandas as pd

IDS = ("customer_id", "referred_customer_id")
HOUSEHOLD = "household_id"  # names a household, and so the people in it
PERSONAL = (
    Column("email", "text", "e-mail address; raw only, not carried past clean", personal=True),
    Column("phone", "text", "telephone number; raw only, not carried past clean", personal=True),
    Column("first_name", "text", "given name; raw only, not carried past clean", personal=True),
    Column("last_name", "text", "family name; raw only, not carried past clean", personal=True),
)
WITHHELD = "withheld"


def ids_in(columns: Iterable[str]) -> list[str]:
    """Return those of the columns that hold customer ids, in their order."""
    return [name for name in columns if name in IDS]


def customer_ids(frames: Iterable[nw.LazyFrame]) -> list[str]:
    """Return every customer id that the frames name, as text, sorted."""
    named = [
        frame.select(customer_id=nw.col(column).cast(nw.String))
        for frame in frames
        for column in ids_in(frame.collect_schema().names())
    ]
    if not named:
        return []
    found = nw.concat(named).filter(~nw.col("customer_id").is_null()).unique()
    return engine.collect(found)["customer_id"].tolist()


def masked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with "withheld" in every cell that names a person; an empty cell stays empty."""
    naming = {*IDS, HOUSEHOLD, *(column.name for column in PERSONAL)}
    return frame.assign(**{name: frame[name].where(frame[name].isna(), WITHHELD) for name in frame if name in naming})
