"""The XML inside a workbook (.xlsx, .ods), looked at before it is read: how large it is, and cells that only look empty.

A reader of workbooks gives nothing for a cell with an error (#N/A) and for a formula that was never calculated, as for an empty
one; and it makes room for the whole rectangle up to the outermost cell, however far out that is.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar
from xml.parsers import expat

from analysis.collect.loading.loaded import FileError

MOST_BYTES = 2**30  # of all parts of a workbook, unpacked
MOST_CELLS = 20_000_000  # of the rectangle of a sheet; each takes about 30 bytes
_LETTERS = {letter: place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}
Answer = TypeVar("Answer")
Cell = tuple[int, int]  # row and column, from 0


@dataclass
class Marks:
    """Cells of a sheet that would be read as empty and are not, and the number of rows and columns that hold something."""

    errors: set[Cell] = field(default_factory=set)
    uncalculated: set[Cell] = field(default_factory=set)
    rows: int = 0
    columns: int = 0

    def hold(self, row: int, column: int) -> None:
        """Count a cell that is not empty."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)


def marks(path: Path, sheet: str, *, name: str) -> Marks:
    """Look through one sheet. Raises FileError for a package that is damaged, or whose sheet is larger than any honest one."""
    found = _read(
        path,
        lambda package: _of_ods(package, sheet) if _is_ods(package) else _of_xlsx(package, _part(package, sheet)),
        name,
    )
    if found.rows * found.columns > MOST_CELLS:
        raise FileError(
            name, f"its sheet {sheet!r} goes to row {found.rows:,} and column {found.columns:,}, more than {MOST_CELLS:,} cells",
            "delete what stands far outside the table, or export it as CSV",
        )  # fmt: skip
    return found


def refuse_large(path: Path, *, name: str) -> None:
    """Raise FileError for a package that is larger than any honest one, unpacked. What its own list says of sizes need not be true."""
    if _read(path, _unpacked, name) > MOST_BYTES:
        what = f"unpacked it is larger than {MOST_BYTES / 2**20:,.0f} MB"
        raise FileError(name, what, "export it as CSV, or as several workbooks")


def _unpacked(package: zipfile.ZipFile) -> int:
    """Return the bytes of all parts, or of as many as are too much."""
    unpacked = 0
    for part in package.infolist():
        with package.open(part) as content:
            while unpacked <= MOST_BYTES and (chunk := content.read(2**20)):
                unpacked += len(chunk)
    return unpacked


def _read(path: Path, work: Callable[[zipfile.ZipFile], Answer], name: str) -> Answer:
    try:
        with zipfile.ZipFile(path) as package:
            return work(package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        pass  # its content would be the context of our error, and needs not be told
    raise FileError(name, "it is a damaged workbook", "open it, save it again as .xlsx, or export it again")


def _is_ods(package: zipfile.ZipFile) -> bool:
    return "content.xml" in package.namelist()


def _part(package: zipfile.ZipFile, sheet: str) -> str:
    """Return the part that holds a sheet. Raises KeyError where there is none."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheets(tag: str, said: dict[str, str]) -> None:
        if tag == "sheet":
            ids[said["name"]] = next(value for key, value in said.items() if key.rpartition(":")[2] == "id")

    def relations(tag: str, said: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[said["Id"]] = said["Target"]

    for part, start in (("xl/workbook.xml", sheets), ("xl/_rels/workbook.xml.rels", relations)):
        with package.open(part) as content:
            _parse(content, start)
    return str(PurePosixPath("xl") / targets[ids[sheet]]).removeprefix("/")


def _of_xlsx(package: zipfile.ZipFile, part: str) -> Marks:
    found, row, column = Marks(), -1, -1
    kind, formula, value = "", False, False

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, value
        if tag == "c":
            row, column = _place(said["r"]) if "r" in said else (row, column + 1)
            kind, formula, value = said.get("t", ""), False, False
        elif tag == "v" or tag == "is":
            value = True
        elif tag == "f":
            formula = True
        elif tag == "row":
            row, column = (int(said["r"]) - 1 if "r" in said else row + 1), -1

    def end(tag: str) -> None:
        if tag == "c" and (value or formula):
            found.hold(row, column)
            if kind == "e":
                found.errors.add((row, column))
            elif not value:
                found.uncalculated.add((row, column))

    with package.open(part) as content:
        _parse(content, start, end)
    return found


def _place(reference: str) -> Cell:
    """Return row and column of B12: 11 and 1."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + _LETTERS[letter]
    return int(reference[len(letters) :]) - 1, column - 1


def _of_ods(package: zipfile.ZipFile, sheet: str) -> Marks:
    found, inside, row, rows, column = Marks(), False, 0, 1, 0

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal inside, row, rows, column
        if tag == "table":
            inside, row, rows = said.get("table:name") == sheet, 0, 0
        elif inside and tag == "table-row":
            row, rows, column = row + rows, int(said.get("table:number-rows-repeated", 1)), 0
        elif inside and tag in ("table-cell", "covered-table-cell"):
            cells = int(said.get("table:number-columns-repeated", 1))
            if "office:value-type" in said:
                found.hold(row + rows - 1, column + cells - 1)
                if said.get("calcext:value-type") == "error" and rows * cells <= MOST_CELLS:
                    found.errors.update((row + r, column + c) for r in range(rows) for c in range(cells))
            column += cells

    with package.open("content.xml") as content:
        _parse(content, start)
    return found


def _parse(
    content: BinaryIO, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None] | None = None
) -> None:
    """Run through XML, names without their prefix. One that declares entities is refused: a workbook has none."""

    def refuse(*_: Any) -> None:
        raise expat.ExpatError("it declares a document type")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, said: start(tag.rpartition(":")[2], said)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.ParseFile(content)
