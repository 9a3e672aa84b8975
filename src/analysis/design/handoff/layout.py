"""The list to send in the columns of one system: what its cells hold, and who is left out because a column needs more."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pandas as pd

from analysis.design.formats import Column, Format
from analysis.design.handoff.people import e164, one_line


class LaidOut(NamedTuple):
    """The rows of one system, and how many customers are not among them, by reason."""

    table: pd.DataFrame  # one row per customer, text, missing where a cell is empty
    left_out: dict[str, int]
    columns: tuple[Column, ...]  # what the table's columns were made from, in their order


def laid_out(listed: pd.DataFrame, form: Format, *, campaign: str, planned_on: date) -> LaidOut:
    """Return the list to send (one row per customer, in its order) in the columns of a system.

    A row without what a required column needs, or with nothing in all columns of `any_of`, is left out under the first
    reason that holds.
    """
    columns = tuple(one for one in form.columns if not one.where_known or any(name in listed for name in one.fields))
    constant = {"campaign": campaign, "planned_on": planned_on.strftime(form.date)}
    table = pd.DataFrame({one.header: _cells(listed, one, form, constant) for one in columns}, index=listed.index)
    why = pd.Series(pd.NA, index=table.index, dtype="str")
    for column in columns:
        if column.required:
            why = why.mask(why.isna() & table[column.header].isna(), f"no usable {column.header}")
    if form.any_of:
        nothing = table[list(form.any_of)].isna().all(axis=1)
        why = why.mask(why.isna() & nothing, f"no usable {' or '.join(form.any_of)}")
    counts = why.value_counts().sort_index()
    return LaidOut(table[why.isna()].reset_index(drop=True), {str(k): int(n) for k, n in counts.items()}, columns)


def _cells(listed: pd.DataFrame, column: Column, form: Format, constant: dict[str, str]) -> pd.Series:
    if not column.fields:
        return pd.Series(column.value or None, index=listed.index, dtype="str")
    parts = [_field(listed, name, constant, column.written == "e164") for name in column.fields]
    if len(parts) > 1:  # what separates the parts cannot stand inside of one
        inside = column.joined.strip()
        parts = [[cell and cell.replace(inside, " ") for cell in part] for part in parts]
        cells = [column.joined.join(filter(None, row)) for row in zip(*parts, strict=True)]
    else:
        cells = parts[0]
    if form.without:
        refused = str.maketrans(dict.fromkeys(form.without, " "))
        cells = [cell and cell.translate(refused) for cell in cells]
    if form.made_harmless == "for an importer":  # importers stumble over line breaks; the plain file keeps every sign
        cells = [one_line(cell) for cell in cells]
    if column.pattern:
        right = re.compile(column.pattern)
        cells = [cell if cell and right.fullmatch(cell) else None for cell in cells]
    return pd.Series([cell or None for cell in cells], index=listed.index, dtype="str")


def _field(listed: pd.DataFrame, name: str, constant: dict[str, str], international: bool) -> list[str | None]:
    if name in constant:
        return [constant[name]] * len(listed)
    if name not in listed:
        return [None] * len(listed)
    cells = [
        cell if isinstance(cell, str) else None if pd.isna(cell) else str(cell) for cell in listed[name].astype(object)
    ]
    return [e164(cell) for cell in cells] if international else cells
