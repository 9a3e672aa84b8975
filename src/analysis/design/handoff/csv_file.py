"""A table as a CSV file that a mailing tool reads and a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.design.handoff.harmless import spreadsheet_safe
from analysis.places import replacing


def write_csv(table: pd.DataFrame, path: Path, *, ids: Iterable[str] = ("customer_id", "phone")) -> None:
    """Write a table as CSV, whole or not at all: UTF-8 with byte order mark, CRLF, a header line, missing cells empty.

    Every text cell goes through `spreadsheet_safe`, those in the columns `ids` as identifiers. Numbers stay numbers.
    The same table gives the same bytes. Only the file's owner can read it, because it names customers.
    """
    keys = set(ids)
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([spreadsheet_safe(str(name)) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(value, name in keys) for name, value in zip(table.columns, row, strict=True)])
    with replacing(path, private=True) as unfinished:
        unfinished.write_bytes(lines.getvalue().encode("utf-8-sig"))


def _cell(value: object, is_id: bool) -> object:
    if value is None or pd.isna(value):
        return ""
    return spreadsheet_safe(str(value), is_id=is_id) if is_id or isinstance(value, str) else value
