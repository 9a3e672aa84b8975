"""Typed values of any reader become a private Parquet file of what fits: columns found by name, rows counted, content digested."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis import places
from analysis.collect.loading import fitting, limits
from analysis.collect.loading import values as typed
from analysis.collect.loading.contract import Column, Export
from analysis.collect.loading.loaded import FileError, Loaded, Remark
from analysis.collect.loading.missing_columns import listed, match
from analysis.refusals import nearest


@dataclass(frozen=True)
class Found:
    """Which header holds each column of ours (those that are not there are left out), and what must be said of the headers."""

    columns: dict[str, str]
    remarks: tuple[Remark, ...] = ()


class Block(NamedTuple):
    """Some rows: our name of a column -> its values, and the number of each row."""

    values: Mapping[str, Sequence[Any]]
    lines: Sequence[int]
    faults: Mapping[
        str, Mapping[int, str]
    ] = {}  # column -> place in the block -> rule: what the reader knows to be wrong


def fits(headers: Sequence[str], export: Export) -> bool:
    """Say whether every needed column of an export is among the headers."""
    known = set(match(list(headers), export))
    return all(name in known for name, column in export.columns.items() if column.needed)


def found(headers: Sequence[str], export: Export, *, place: str) -> Found:
    """Find the columns of an export among headers, in any order: by a name of the contract, or one that differs in blanks and case.

    Raises FileError for a needed column that is not there, with the nearest headers; for one that is there twice, and, where
    the contract says so, for one that it does not know.
    """
    known, columns = match(list(headers), export), {}
    for name, column in export.columns.items():
        there = [header for header, ours in zip(headers, known, strict=True) if ours == name]
        if len(there) > 1:
            twice = f"it stands {len(there)} times" if len(set(there)) == 1 else ""
            what = twice or f"it is there as {' and as '.join(map(repr, there))}"
            raise FileError(place, what, "leave one of them", column=column.header[0])
        if there:
            columns[name] = there[0]
        elif column.needed:
            free = [header for header, ours in zip(headers, known, strict=True) if header and not ours]
            raise FileError(
                place, f"there is no such column; {nearest(column.header[0], free)}",
                "if it has another name now, add that to header in the contract", column=column.header[0],
            )  # fmt: skip
    if not columns:
        raise FileError(place, "none of the columns of the contract is there", "look whether it is the right one")
    remarks = []
    if loose := [header for name, header in columns.items() if header not in export.columns[name].header]:
        words = f"Names of columns were read without blanks and case: {listed(loose)}."
        remarks.append(Remark(place, "note", words))
    if extra := [header for header, ours in zip(headers, known, strict=True) if header and not ours]:
        if export.extra_columns == "refuse":
            what = "the contract does not know this column"
            raise FileError(place, what, "add it, or write extra_columns: ignore", column=extra[0])
        words = f"Columns that the contract does not know were not read: {listed(extra)}."
        remarks.append(Remark(place, "note" if export.from_database else "warning", words))
    return Found(columns, tuple(remarks))


def stage(
    blocks: Iterable[Block],
    there: Found,
    export: Export,
    *,
    name: str,
    place: str,
    into: Path,
    content: Path | None = None,
) -> Loaded:
    """Type the blocks, write the rows that fit to `into`, and return the counts.

    `place` is how messages name the origin. The digest is that of the file `content`; where there is none, the SHA-256 of
    each row, as it was read, added up modulo 2**256: the same in any order of rows.
    Raises FileError, and leaves no file, where too much does not fit.
    """
    loaded = Loaded(name, "", remarks=list(there.remarks))
    added = 0
    with places.replacing(into, private=True) as unfinished:
        with pq.ParquetWriter(unfinished, fitting.schema(export), compression="zstd", write_statistics=False) as out:
            for block in blocks:
                fitted, texts = _fitted(block, export, name, place, first=not loaded.rows)
                out.write_table(fitted.table)
                loaded.rows += len(block.lines)
                loaded.kept += len(fitted.table)
                loaded.aside += fitted.aside
                for column, total in fitted.totals.items():
                    loaded.totals[column] = loaded.totals.get(column, 0) + total
                for column, total in fitted.totals_aside.items():
                    before = loaded.totals_aside.get(column, Decimal(0))
                    loaded.totals_aside[column] = None if before is None or total is None else before + total
                added += 0 if content else _digest(texts)
        if not loaded.rows and not export.allow_empty:
            raise FileError(place, "there is no row", "look at its source, or write allow_empty: true in the contract")
        limits.hold(place, loaded.aside, rows=loaded.rows, export=export)
    loaded.sha256 = places.sha256(content) if content else f"{added % 2**256:064x}"
    return loaded


def _fitted(
    block: Block, export: Export, name: str, place: str, *, first: bool
) -> tuple[fitting.Fitted, list[pa.Array]]:
    """Type one block, each column written as the values in it allow."""
    columns, texts, faults = dict(export.columns), {}, {}
    for ours, values in block.values.items():
        column = columns[ours].model_copy(update={"decimal_mark": export.decimal_mark_of(columns[ours])})
        if column.time_from in block.values and (both := typed.joined(values, block.values[column.time_from])):
            column, values = column.model_copy(update={"time_from": ""}), both
        if first and (strange := typed.strangers(values, column)):
            _refuse_strangers(strange, values, column, block.lines, place)
        texts[ours], columns[ours], wrong = typed.written(values, column)
        if wrong := {**wrong, **block.faults.get(ours, {})}:
            faults[ours] = [
                (rule, np.array([wrong.get(at) == rule for at in range(len(values))]))
                for rule in sorted(set(wrong.values()))
            ]
    as_written = export.model_copy(update={"columns": columns})
    return fitting.fit(texts, np.array(block.lines), file=name, export=as_written, known=faults), list(texts.values())


def _digest(columns: list[pa.Array]) -> int:
    """Return the sum of the SHA-256 of the rows; the cells of one are joined by signs that hardly any text holds."""
    rows = pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace", null_replacement="\x00")
    return sum(int.from_bytes(hashlib.sha256(row.encode()).digest()) for row in rows.to_pylist())


def _refuse_strangers(
    strange: list[str], values: Sequence[Any], column: Column, lines: Sequence[int], place: str
) -> None:
    """Raise FileError where half of the values of a column have a type that its kind never has: no cell is to blame."""
    there = [at for at, value in enumerate(values) if value is not None]
    wrong = [at for at in there if type(values[at]).__name__ in strange]
    if 2 * len(wrong) >= len(there):
        raise FileError(
            place, f"its values are of type {type(values[wrong[0]]).__name__} and the contract says {column.kind}",
            "correct the kind in the contract, or export the column as that kind",
            column=column.header[0], line=lines[wrong[0]],
        )  # fmt: skip
