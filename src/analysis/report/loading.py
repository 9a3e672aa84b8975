"""What loading did with a study's own files, in the first line of every page and in a section of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import fragments, numbers, page, tables
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

KINDS = {"kind": "What a row is", "when": "By which rule", "left_out": "Why it fills no table", "rows": "Rows"}
FILES = {"file": "File", "rows": "Rows", "kept": "Kept", "set_aside": "Set aside"}


def in_words(files: pd.DataFrame, remarks: pd.DataFrame, *, smallest: int) -> str:
    """Return how many rows were set aside and how many warnings there are; a few rows can be one person's, so few are not counted."""
    aside, rows = int(files["set_aside"].sum()), int(files["rows"].sum())
    if 0 < aside < smallest:
        told = f"fewer than {smallest} of {numbers.count(rows)} rows set aside"
    else:
        told = f"{numbers.count(aside) if aside else 'none'} of {numbers.count(rows)} rows set aside"
    warnings = int((remarks["kind"] == "warning").sum())
    return f"{told}, {plural(warnings, 'warning')}" if warnings else told


def section(files: pd.DataFrame, kinds: pd.DataFrame, remarks: pd.DataFrame, *, smallest: int) -> fragments.Fragment:
    """Return what was read: rows of each file, what each row is and why some fill no table, warnings first, then notes."""
    told = remarks.sort_values(["kind", "file", "words"], ascending=[False, True, True])
    lines = [f"{'Warning: ' if row.kind == 'warning' else ''}{row.file}: {row.words}." for row in told.itertuples()]
    listed, kinds = files[list(FILES)], kinds[list(KINDS)]
    if smallest:  # rows are not people, but a few of them can be one person's
        listed, kinds = listed.drop(columns=["set_aside", "kept"]), kinds.drop(columns="rows")
    return page.section(
        "loading", f"What was read: {in_words(files, remarks, smallest=smallest)}",
        ["Rows in are rows kept and rows set aside, for every file. Each kept row is of one kind, and the kind says which table it fills.",
         *lines],
        table=fragments.join([
            tables.table(listed, caption="Files", row_header="file", max_rows=40, names=_there(FILES, listed)),
            tables.table(kinds, caption="What each row is", row_header="kind", max_rows=40, names=_there(KINDS, kinds)),
        ]),
        label="What was read",
    )  # fmt: skip


def _there(names: dict[str, str], table: pd.DataFrame) -> dict[str, str]:
    return {name: said for name, said in names.items() if name in table}
