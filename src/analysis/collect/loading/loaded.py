"""What loading gives and how it fails: counts that reconcile, rows set aside with their place, remarks, and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from analysis.refusals import StudyError

MOST_ASIDE, MOST_ASIDE_OF_KEYS = 0.01, 0.001  # share of a file's rows; of rows whose key, date or amount does not fit


class FileError(StudyError):
    """A file that is not loaded: which one, where, what is wrong and what to do, in one line and without the content of a cell."""

    def __init__(self, file: str, what: str, fix: str, *, line: int | None = None, column: str | None = None) -> None:
        place = file + (f", line {line}" if line else "") + (f", column {column!r}" if column else "")
        super().__init__(f"{place}: {what}; {fix}")
        self.file, self.line, self.column, self.what, self.fix = file, line, column, what, fix


class Aside(NamedTuple):
    """One row set aside: the physical line (sheet row, row number) where it begins, the first column that does not fit, and why.

    `shape` shows the cell with every letter as a and every digit as 9, so that the fault can be seen and no one is named.
    """

    file: str
    line: int
    column: str
    rule: str
    shape: str


class Remark(NamedTuple):
    """Something that was loaded and must be known: `warning` stands in the reports, `note` in the section on data quality."""

    file: str
    kind: Literal["warning", "note"]
    words: str


@dataclass
class Loaded:
    """One file after loading. rows = kept + set aside."""

    file: str
    sha256: str
    rows: int = 0
    kept: int = 0
    aside: list[Aside] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)  # column -> exact sum of the kept rows
    totals_aside: dict[str, Decimal | None] = field(default_factory=dict)  # of those set aside; None: one is no number


def shape(cell: str, *, most: int = 40) -> str:
    """Return a cell with letters as a and digits as 9, other signs as they are, cut to `most` signs."""
    shown = "".join(
        "9" if sign.isdigit() else "a" if sign.isalpha() else sign if sign.isprintable() else "?" for sign in cell
    )
    return shown if len(shown) <= most else shown[: most - 1] + "…"
