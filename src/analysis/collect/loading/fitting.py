"""Text cells become typed columns: rows that fit their contract in every cell are kept, all others are set aside with the reason.

The one way for all readers: text files, workbooks and databases hand over their cells as text and get the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading import moments, numbers, texts
from analysis.collect.loading.arrays import Faults, among, bytes_of, chosen, faults_among, lengths, mask
from analysis.collect.loading.columns import COUNTED, DATED, Column
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, shape

CASTS = {
    "id": texts.identifier, "text": texts.text, "whole": numbers.whole, "number": numbers.number, "money": numbers.money,
    "date": moments.day, "moment": moments.moment,
}  # fmt: skip
LINE = "_line"  # the column that says where a row begins


class Fitted(NamedTuple):
    """Rows that fit, typed, and those that do not; the sums of numbers over the ones and the others.

    `table` has the columns of the export in its order and `_line`. In `totals_aside` a column is None where a row that was
    set aside holds no number there.
    """

    table: pa.Table
    aside: list[Aside]
    totals: dict[str, Decimal]
    totals_aside: dict[str, Decimal | None]


def fit(
    cells: Mapping[str, pa.Array],
    lines: np.ndarray,
    *,
    file: str,
    export: Export,
    known: Mapping[str, Faults] | None = None,
) -> Fitted:
    """Type the cells of a file or of a part of it.

    Parameters
    ----------
    cells : our name of a column -> its cells as an Arrow array of strings, all of one length; null and "" are both empty.
        A column of the export that the file does not have is left out and becomes empty; columns that it does not know are not read.
        Typed values are written out by their reader: dates and moments as `formats.ISO` where the column has no format.
    lines : physical line, sheet row or row number of each row, from 1.
    file : how messages name it.
    known : our name of a column -> what its reader knows to be wrong with its cells; it is told before what is found here.
    """
    typed, spoiled = {}, {}
    for name, column in export.columns.items():
        if name in cells:
            typed[name], faults = _fit_column(_cells_of(name, cells, column), column, export)
            if faults := [*(known or {}).get(name, ()), *faults]:
                spoiled[name] = faults
        else:
            typed[name] = pa.nulls(len(lines), kind_of(column))
    first = _first_faults(spoiled, len(lines))
    table = pa.table({**typed, LINE: pa.array(lines, pa.int64())})
    aside, left = [], None
    if first is not None:
        left = first >= 0
        aside = _aside(cells, lines, first, spoiled, file)
        table = table.filter(pa.array(~left))
    totals, totals_aside = _totals(table, cells, left, export)
    totals_aside |= dict.fromkeys(set(known or ()) & set(totals_aside))  # the cell that was no cell may hold any number
    return Fitted(table, aside, totals, totals_aside)


def kind_of(column: Column) -> pa.DataType:
    """Return the Arrow type of a column of an export."""
    if column.kind == "money":
        return pa.decimal128(numbers.DIGITS, numbers.MOST_DECIMALS if column.decimals is None else column.decimals)
    return {
        "whole": pa.int64(), "number": pa.float64(), "date": pa.date32(), "moment": pa.timestamp("us"),
    }.get(column.kind, pa.string())  # fmt: skip


def schema(export: Export) -> pa.Schema:
    """Return the columns of a loaded export with their types, `_line` last."""
    return pa.schema([*((name, kind_of(column)) for name, column in export.columns.items()), (LINE, pa.int64())])


def _strings(cells: pa.Array) -> pa.StringArray:
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    cells = cells if cells.type == pa.string() else cells.cast(pa.string())
    return cells.fill_null("") if cells.null_count else cells


def _cells_of(name: str, cells: Mapping[str, pa.Array], column: Column) -> pa.StringArray:
    """Return the cells of a column; where the time of day stands in another one, both with a blank between."""
    own = _strings(cells[name])
    if not column.time_from or column.time_from not in cells:
        return own
    both = pc.binary_join_element_wise(own, _strings(cells[column.time_from]), " ")
    return pc.if_else(pc.equal(both, " "), "", both)


def _fit_column(cells: pa.StringArray, column: Column, export: Export) -> tuple[pa.Array, Faults]:
    """Return the typed cells of one column, null where empty or at fault, and the faults."""
    cells = texts.prepared(cells, column)
    faults: Faults = [] if column.multiline else _line_ends(cells)
    there = lengths(cells) > 0
    words = (*export.null_words_of(column), *(column.no_date if column.kind in DATED else ()))
    if words:
        there &= ~mask(pc.is_in(cells, pa.array(words, pa.string())))
    if there.all():
        values, further = CASTS[column.kind](cells, column, export)
        return values, faults + further
    values, further = CASTS[column.kind](chosen(cells, there), column, export)
    if column.filled:
        faults.append(("empty", ~there))
    return among(values, there), faults + faults_among(further, there)


def _line_ends(cells: pa.StringArray) -> Faults:
    data = bytes_of(cells).data
    if not len(data) or not ((data == 10) | (data == 13)).any():
        return []
    return [("a line end inside a cell", mask(pc.match_substring_regex(cells, r"[\r\n]")))]


def _first_faults(spoiled: dict[str, Faults], rows: int) -> np.ndarray | None:
    """Return for each row the place of the first column that does not fit, -1 where all do; None where all rows do."""
    if not spoiled:
        return None
    first = np.full(rows, -1)
    for place, faults in reversed(list(enumerate(spoiled.values()))):
        first[np.any([found for _, found in faults], axis=0)] = place
    return first


def _aside(
    cells: Mapping[str, pa.Array], lines: np.ndarray, first: np.ndarray, spoiled: dict[str, Faults], file: str
) -> list[Aside]:
    names = list(spoiled)
    found = []
    for row in np.flatnonzero(first >= 0):
        name = names[first[row]]
        rule = next(rule for rule, wrong in spoiled[name] if wrong[row])
        found.append(Aside(file, int(lines[row]), name, rule, shape(cells[name][int(row)].as_py() or "")))
    return found


def _totals(
    table: pa.Table, cells: Mapping[str, pa.Array], left: np.ndarray | None, export: Export
) -> tuple[dict[str, Decimal], dict[str, Decimal | None]]:
    """Return the exact sums of the numbers in the kept rows, and in those that were set aside."""
    totals, totals_aside = {}, {}
    for name, column in export.columns.items():
        if column.kind not in COUNTED or name not in cells:
            continue
        if column.kind == "number":
            totals[name] = _sum_as_written(cells[name], None if left is None else ~left, column, export) or Decimal(0)
        else:
            values = table[name] if column.kind == "money" else table[name].cast(pa.decimal128(38, 0))
            totals[name] = pc.sum(values).as_py() or Decimal(0)
        totals_aside[name] = Decimal(0) if left is None else _sum_as_written(cells[name], left, column, export)
    return totals, totals_aside


def _sum_as_written(cells: pa.Array, which: np.ndarray | None, column: Column, export: Export) -> Decimal | None:
    """Return the exact sum of some cells of a column of numbers; None where one is no number. Empty cells add nothing."""
    cells = texts.prepared(_strings(cells), column)
    cells = cells if which is None else chosen(cells, which)
    there = (lengths(cells) > 0) & ~mask(pc.is_in(cells, pa.array(export.null_words_of(column), pa.string())))
    values = numbers.exactly(chosen(cells, there), column, export)
    return None if values.null_count else (pc.sum(values).as_py() or Decimal(0))
