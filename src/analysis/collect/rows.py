"""The rows of an export from all its files: each once, with what stands once for a whole order filled in, and each of one kind.

The files may overlap, come twice or in another order: the result is the same, because it depends on what the rows say only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.collect import expressions
from analysis.collect.loading.contract import Export
from analysis.refusals import StudyError

KIND = "_kind"
ROW = "row"  # the kind of every row where the contract names none


class Together(NamedTuple):
    """The rows of all files of an export, how many rows of several files were left out, and how many copies stand inside one."""

    rows: nw.LazyFrame
    overlapping: int
    copies: int


def together(files: Sequence[Path], export: Export, *, name: str) -> Together:
    """Return the rows of typed files. A row that stands n times in one file and m times in another stands max(n, m) times.

    Copies inside one file are dropped or kept as the contract says; undeclared they raise StudyError with their number,
    because two equal lines may be one sale written twice or two sales.
    """
    columns = list(export.columns)
    parts = [engine.scan(file).with_columns(_file=nw.lit(place)) for place, file in enumerate(files)]
    every = parts[0] if len(parts) == 1 else nw.concat(parts)
    total, copies = _count(every), _count(every) - _count(every.select("_file", *columns).unique())
    if copies and not export.duplicates:
        raise StudyError(
            f"export {name!r}: {copies:,} of {total:,} rows are exact copies of another row of their file; say duplicates: drop "
            "(one sale written twice) or duplicates: keep (two equal lines are two sales)"
        )
    if export.duplicates == "drop" and copies or len(parts) > 1:
        if export.duplicates == "keep" and copies:
            turns = numbered(every, "_turn", within=["_file", *columns], by=["_line"])
            rows = engine.hold(turns.select(*columns, "_turn").unique().select(*columns))
        else:
            rows = engine.hold(every.select(*columns).unique())
    else:
        rows = every.select(*columns)
    dropped = copies if export.duplicates == "drop" else 0
    return Together(rows, total - dropped - _count(rows), copies)


def filled(rows: nw.LazyFrame, export: Export) -> nw.LazyFrame:
    """Return the rows with columns that stand once for an order (on its first line) in all its lines.

    Where an order says two things, its lines keep what each says and empty ones take the greatest.
    """
    for by, held in export.same_in.items():
        rows = rows.with_columns(*(nw.coalesce(nw.col(one), nw.col(one).max().over(by)).alias(one) for one in held))
    return rows


def of_kinds(rows: nw.LazyFrame, export: Export) -> nw.LazyFrame:
    """Return the rows with `_kind`, the name of the first kind of the contract whose condition holds."""
    kind = nw.lit(None, dtype=nw.String)
    for one in reversed(export.rows):
        kind = (
            nw.lit(one.name)
            if not one.when
            else nw.when(expressions.condition(one.when)).then(nw.lit(one.name)).otherwise(kind)
        )
    return rows.with_columns(kind.alias(KIND) if export.rows else nw.lit(ROW).alias(KIND))


def kinds(rows: nw.LazyFrame, export: Export, *, name: str) -> pd.DataFrame:
    """One row per kind in the order of the contract: export, kind, when, left_out (why it fills no table), rows.

    Raises StudyError where a row is of no kind.
    """
    counted = engine.collect(rows.group_by(KIND).agg(rows=nw.len())).set_index(KIND)["rows"]
    if none := int(counted[counted.index.isna()].sum()):
        raise StudyError(
            f"export {name!r}: {none:,} rows are of no kind; add a last kind without a condition to its rows"
        )
    declared = [(one.name, one.when or "all others", one.left_out) for one in export.rows] or [(ROW, "all", "")]
    table = pd.DataFrame(declared, columns=["kind", "when", "left_out"])
    table["rows"] = table["kind"].map(counted).fillna(0).astype("int64")
    return table.assign(export=name)[["export", "kind", "when", "left_out", "rows"]]


def refuse_other_currencies(rows: nw.LazyFrame, export: Export, *, name: str, currency: str) -> None:
    """Raise StudyError where money is in another currency than the study's: sums over several would mean nothing."""
    wanted = export.currency or currency
    if wanted != currency:
        raise StudyError(
            f"export {name!r} is in {wanted} and the study in {currency}; convert before loading, or make it a study of its own"
        )
    if not export.currency_column:
        return
    found = engine.collect(
        rows.filter(~nw.col(export.currency_column).is_null()).group_by(export.currency_column).agg(rows=nw.len())
    )
    others = found[found[export.currency_column].str.upper() != wanted.upper()]
    if len(others):
        named = ", ".join(f"{row[0]} ({row[1]:,} rows)" for row in others.itertuples(index=False))
        raise StudyError(
            f"export {name!r}: money in {named} beside {wanted}; convert before loading, or leave those rows out of the export"
        )


def numbered(frame: nw.LazyFrame, name: str, *, within: Sequence[str], by: Sequence[str]) -> nw.LazyFrame:
    """Return the rows with a column `name` that numbers them from 1 inside each group, in the order of `by`.

    Rows that are equal in `by` get numbers of their own; which of two equal rows is first cannot be told from outside.
    """
    return frame.with_columns(nw.lit(1).alias(name)).with_columns(
        nw.col(name).cum_sum().over(*within, order_by=list(by)).alias(name)
    )


def _count(frame: nw.LazyFrame) -> int:
    return int(engine.collect(frame.select(rows=nw.len()))["rows"].iloc[0])
