"""A sheet of a workbook (.xlsx, .xls, .ods) with a contract: dates as its dates, numbers as far as a spreadsheet keeps them."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.collect.loading import packages, staging
from analysis.collect.loading.columns import DATED
from analysis.collect.loading.loaded import MOST_ASIDE_OF_KEYS, FileError, Loaded, Remark
from analysis.collect.loading.missing_columns import listed
from analysis.collect.loading.values import DIGITS
from analysis.refusals import nearest

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from analysis.collect.loading.contract import Export

ROWS_AT_ONCE, LOOK_AHEAD = 20_000, 50  # rows; rows in which a header is looked for
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
AN_ERROR, NO_RESULT, MERGED = "a cell with an error", "a formula without its result", "part of merged cells"


class _Sheet(NamedTuple):
    """A sheet, what its XML says of it, and where its first column stands."""

    rows: CalamineSheet
    marks: packages.Marks
    left: int

    def cells(self) -> Iterator[tuple[int, list[Any]]]:
        """Give the rows that hold anything by their number in the sheet, from 1; an error may be all that one holds."""
        marked = {row for row, _ in self.marks.errors | self.marks.uncalculated}
        for place, row in enumerate(self.rows.iter_rows()):
            if place in marked or any(cell != "" for cell in row):
                yield place + 1, row


def load(path: Path, export: Export, *, name: str, into: Path) -> Loaded:
    """Write the rows of a sheet that fit their contract to the private Parquet file `into`; `_line` is the row of the sheet.

    Of a formula the value is read that the program which saved the workbook has calculated. Raises FileError.
    """
    packed = zipfile.is_zipfile(path)
    if packed:
        packages.refuse_large(path, name=name)
    with _opened(path, name) as book:
        title, remarks = _chosen(book, export, name)
        marks = packages.marks(path, title, name=name) if packed else packages.Marks()
        if not packed:
            words = "In this old format a cell with an error looks like an empty one; saved as .xlsx it would be told."
            remarks.append(Remark(name, "warning", words))
        rows = book.get_sheet_by_name(title)
        sheet = _Sheet(rows, marks, (rows.start or (0, 0))[1])
        header, headers = _header(sheet, export, name)
        found = staging.found(headers, export, place=name)
        at = {ours: headers.index(header) for ours, header in found.columns.items()}
        _refuse_numbers(sheet, header, at, export, name)
        there = staging.Found(found.columns, (*found.remarks, *remarks))
        return staging.stage(_blocks(sheet, header, at), there, export, name=name, place=name, into=into, content=path)


def _opened(path: Path, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        what, fix = "it is protected by a password", "save it without one"
    except (CalamineError, OSError):
        what, fix = "it is a damaged workbook", "open it, save it again as .xlsx, or export it again"
    raise FileError(name, what, fix)


def _chosen(book: CalamineWorkbook, export: Export, name: str) -> tuple[str, list[Remark]]:
    """Return the sheet to read: the one that the contract names, or the only one that can be seen."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    seen = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in sheets if sheet.name not in (*seen, export.sheet)]
    remarks = [Remark(name, "note", f"Hidden sheets were not read: {listed(hidden)}.")] if hidden else []
    if export.sheet:
        if export.sheet not in [sheet.name for sheet in sheets]:
            raise FileError(name, f"it has no sheet {export.sheet!r}", nearest(export.sheet, seen))
        return export.sheet, remarks
    if len(seen) != 1:
        raise FileError(
            name,
            f"it has {len(seen)} sheets and the contract names none",
            f"write one of them as sheet: {', '.join(seen)}",
        )
    return seen[0], remarks


def _header(sheet: _Sheet, export: Export, name: str) -> tuple[int, list[str]]:
    """Return the row of the header, the first after the lines to skip that holds anything, and its cells."""
    first: tuple[int, list[str]] | None = None
    for line, row in sheet.cells():
        if line <= export.skip_lines:
            continue
        cells = [str(cell) for cell in row]
        first = first or (line, cells)
        if staging.fits(cells, export):
            if line == first[0]:
                return first
            raise FileError(name, f"the header stands on row {line}", f"declare skip_lines: {line - 1}", line=first[0])
        if line > first[0] + LOOK_AHEAD:
            break
    if first is None:
        raise FileError(name, "the sheet is empty", "look whether it is the right one, or export it again")
    return first


def _refuse_numbers(sheet: _Sheet, header: int, at: dict[str, int], export: Export, name: str) -> None:
    """Raise FileError for ids that are numbers too long for a spreadsheet, and for dates that are bare numbers."""
    serials: dict[str, list[tuple[int, float]]] = defaultdict(list)
    dated = [ours for ours in at if export.columns[ours].kind in DATED]
    ids = [ours for ours in at if export.columns[ours].kind == "id"]
    rows = 0
    for line, row in sheet.cells():
        if line <= header:
            continue
        rows += 1
        for ours in ids:
            cell = row[at[ours]]
            if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**DIGITS:
                raise FileError(
                    name, f"an id is a number of more than {DIGITS} digits, of which a spreadsheet keeps {DIGITS}: the others are lost",
                    "export it again with this column as text", line=line, column=export.columns[ours].header[0],
                )  # fmt: skip
        for ours in dated:
            if isinstance(row[at[ours]], int | float) and not isinstance(row[at[ours]], bool):
                serials[ours].append((line, row[at[ours]]))
    for ours, found in serials.items():
        if len(found) > MOST_ASIDE_OF_KEYS * rows:
            raise FileError(
                name, f"{len(found):,} of {rows:,} cells are bare numbers and no dates{_years([number for _, number in found])}",
                "format the column as a date, look at a few, and save it again",
                line=found[0][0], column=export.columns[ours].header[0],
            )  # fmt: skip


def _years(numbers: list[float]) -> str:
    """Say in which years numbers would lie if they counted days as a spreadsheet does, from 1900 or from 1904."""
    least, most = min(numbers), max(numbers)
    if not 1 <= least <= most <= 100_000:
        return ""
    spans = [
        f"{(start + timedelta(days=least)).year} to {(start + timedelta(days=most)).year}"
        for start in (date(1899, 12, 30), date(1904, 1, 1))
    ]
    return f"; as days counted from 1900 they lie in {spans[0]}, from 1904 in {spans[1]}"


def _blocks(sheet: _Sheet, header: int, at: dict[str, int]) -> Iterator[staging.Block]:
    merged = _merged(sheet, header, at)
    values: dict[str, list[Any]] = {ours: [] for ours in at}
    faults: dict[str, dict[int, str]] = defaultdict(dict)
    lines: list[int] = []
    for line, row in sheet.cells():
        if line <= header:
            continue
        for ours, place in at.items():
            cell = row[place]
            where = (line - 1, place + sheet.left)
            if where in sheet.marks.errors or (isinstance(cell, str) and cell in ERRORS):
                faults[ours][len(lines)] = AN_ERROR
            elif where in sheet.marks.uncalculated:
                faults[ours][len(lines)] = NO_RESULT
            elif merged.get(line) == ours:
                faults[ours][len(lines)] = MERGED
            values[ours].append(None if cell == "" else cell)
        lines.append(line)
        if len(lines) == ROWS_AT_ONCE:
            yield staging.Block(values, lines, faults)
            values, faults, lines = {ours: [] for ours in at}, defaultdict(dict), []
    if lines:
        yield staging.Block(values, lines, faults)


def _merged(sheet: _Sheet, header: int, at: dict[str, int]) -> dict[int, str]:
    """Return the rows below the header that merged cells cover, each with the first column of ours that they cover."""
    found: dict[int, str] = {}
    for (top, left), (bottom, right) in sheet.rows.merged_cell_ranges or ():
        ours = next((name for name, place in at.items() if left <= place + sheet.left <= right), None)
        if ours:
            found.update(dict.fromkeys(range(max(top + 1, header + 1), bottom + 2), ours))
    return found
