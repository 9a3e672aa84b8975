"""How much may be set aside before a file stops the run: a few rows are a finding, many are a wrong file or a wrong contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.collect.loading.columns import DATED
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import MOST_ASIDE, MOST_ASIDE_OF_KEYS, Aside, FileError, Loaded

HOPELESS = 100_000  # rows set aside after which it is asked while the file is read
FEW, FEW_OF_KEYS = 20, 5  # rows that are never too many, unless they are more than half of the file


def hold(file: str, aside: Sequence[Aside], *, rows: int, export: Export) -> None:
    """Raise FileError where too much of a file was set aside.

    Too much is more than half of its rows; or more than one in a hundred and more than 20; or, because of one key, date or
    amount, more than one in a thousand and more than 5. `rows` counts those kept and those set aside.
    """
    for name, count in sorted(Counter(row.column for row in aside).items()):
        column = export.columns.get(name)
        strict = column is not None and (column.key or column.kind in (*DATED, "money"))
        if strict and count > FEW_OF_KEYS and count > MOST_ASIDE_OF_KEYS * rows:
            raise _too_many(file, [row for row in aside if row.column == name], rows, name, export)
    if len(aside) > rows / 2 or (len(aside) > FEW and len(aside) > MOST_ASIDE * rows):
        raise _too_many(file, aside, rows, None, export)


def hold_on_the_way(loaded: Loaded, export: Export) -> None:
    """Raise FileError before a hopeless file is read to its end: what is set aside is kept in memory."""
    if len(loaded.aside) > HOPELESS:
        hold(loaded.file, loaded.aside, rows=loaded.rows, export=export)


def _too_many(file: str, aside: Sequence[Aside], rows: int, column: str | None, export: Export) -> FileError:
    rule, count = Counter(row.rule for row in aside).most_common(1)[0]
    first = next(row for row in aside if row.rule == rule)
    shown = f", such as {first.shape!r}" if first.shape else ""
    what = f"{len(aside):,} of {rows:,} rows do not fit, {count:,} of them: {rule}{shown}"
    return FileError(file, what, _way_out(first, export), line=first.line, column=column or first.column or None)


def _way_out(row: Aside, export: Export) -> str:
    """Return what most likely has to be done about a fault that many rows have."""
    column = export.columns.get(row.column)
    if row.rule.startswith("bytes that are not UTF-8"):
        return "declare the encoding in which it was exported, such as encoding: gb18030"
    if "quote" in row.rule:
        return "correct the quotes there, or declare multiline: true for the column whose cells hold line ends"
    if column is None:
        return "export the file again, or look at that line"
    if row.rule == "damaged by a spreadsheet":
        return "export it again with this column as text; digits that a spreadsheet cut off cannot be brought back"
    if row.rule == "a blank around an id":
        return "declare trim: true for the column if the blanks mean nothing"
    if column.kind in DATED:
        if row.shape.isdigit() and len(row.shape) == 5:
            return "these look like the day numbers of a spreadsheet; export the column as dates"
        if row.rule == "month above 12":
            return f"day and month seem to be the other way round in {column.format!r}; correct the format, or take the systems apart"
        return f"correct the format {column.format!r} of the column, or export the dates in it"
    if column.kind in ("whole", "number", "money"):
        return "correct decimal_mark, thousands, decimals, currency_sign or negative of the column"
    return "correct the column in the contract, or export the file again"
