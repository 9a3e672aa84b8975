"""A table as a CSV file that a mailing tool reads and a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.design.formats import Column, Format
from analysis.design.handoff.harmless import importer_safe, spreadsheet_safe
from analysis.places import replacing

_IDS = ("customer_id", "phone")  # fields whose digits are no number
_LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}


def write_csv(
    table: pd.DataFrame, path: Path, *, ids: Iterable[str] = ("customer_id", "phone", "same_person_as")
) -> None:
    """Write a table as CSV, whole or not at all: UTF-8 with byte order mark, CRLF, a header line, missing cells empty.

    Every text cell goes through `spreadsheet_safe`, those in the columns `ids` as identifiers. Numbers stay numbers.
    The same table gives the same bytes. Only the owner can read the file.
    """
    keys = set(ids)
    lines = _lines(table, [lambda value, is_id=name in keys: _cell(value, is_id) for name in table.columns])
    with replacing(path, private=True) as unfinished:
        unfinished.write_bytes("".join(lines).encode("utf-8-sig"))


def parts(table: pd.DataFrame, form: Format, columns: tuple[Column, ...]) -> Iterator[tuple[int, bytes]]:
    """Yield the files of one system, rows and bytes of each; one with the header alone when the table is empty.

    `columns` say what the table's columns were made from. A file ends before it passes the system's limit of rows or
    megabytes (of 1,000,000 bytes). A header is always there.
    """
    lines = _lines(
        table, [_writer(form, column) for column in columns], separator=form.separator, end=_LINE_ENDS[form.line_end]
    )
    head = next(lines).encode(form.encoding)
    most_rows, most_bytes = form.max_rows or len(table) + 1, (form.max_megabytes or 10**9) * 1_000_000
    held, size = [], len(head)
    written = 0
    for line in lines:
        row = line.encode("utf-8")
        if held and (len(held) == most_rows or size + len(row) > most_bytes):
            yield len(held), head + b"".join(held)
            written, held, size = written + 1, [], len(head)
        held.append(row)
        size += len(row)
    if held or not written:
        yield len(held), head + b"".join(held)


def _lines(
    table: pd.DataFrame, writers: list[Callable[[object], object]], *, separator: str = ",", end: str = "\r\n"
) -> Iterator[str]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=separator, lineterminator=end)
    writer.writerow([spreadsheet_safe(str(name)) for name in table.columns])
    yield line.getvalue()
    for row in table.astype(object).itertuples(index=False, name=None):
        line.seek(0)
        line.truncate()
        writer.writerow([write(value) for write, value in zip(writers, row, strict=True)])
        yield line.getvalue()


def _writer(form: Format, column: Column) -> Callable[[object], object]:
    if form.made_harmless == "for a spreadsheet":
        is_id = any(name in _IDS for name in column.fields)
        return lambda value: _cell(value, is_id)
    is_phone = column.fields == ("phone",)
    return lambda value: importer_safe(value, is_phone=is_phone) if isinstance(value, str) else ""


def _cell(value: object, is_id: bool) -> object:
    if isinstance(value, str):
        return spreadsheet_safe(value, is_id=is_id)
    if value is None or pd.isna(value):
        return ""
    return spreadsheet_safe(str(value), is_id=True) if is_id else value
