"""Parquet files with a contract: columns by name, values exact or set aside, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.collect.loading import staging
from analysis.collect.loading.loaded import FileError, Loaded

if TYPE_CHECKING:
    from analysis.collect.loading.contract import Export

ROWS_AT_ONCE = 50_000
LOW_PRECISION = (pa.float16(), pa.float32())  # six or three digits: no amount, and hardly a number, is exact in them


def load(path: Path, export: Export, *, name: str, into: Path) -> Loaded:
    """Write the rows of a Parquet file that fit their contract to the private Parquet file `into`.

    `_line` is the number of the row in the file, from 1. Moments count in microseconds; what is finer is cut off.
    Raises FileError.
    """
    with _opened(path, name) as file:
        return _load(file, path, export, name, into)


def _opened(path: Path, name: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        pass
    raise _damaged(name)


def _damaged(name: str) -> FileError:
    return FileError(name, "it is damaged or no Parquet file", "copy or export it again")


def _load(file: pq.ParquetFile, path: Path, export: Export, name: str, into: Path) -> Loaded:
    schema = file.schema_arrow
    headers = staging.found(schema.names, export, place=name)
    for ours, header in headers.columns.items():
        if (kind := schema.field(header).type) in LOW_PRECISION and export.columns[ours].kind in (
            "id",
            "whole",
            "money",
        ):
            raise FileError(
                name, f"its numbers are {kind}, which has no more than six certain digits",
                "write the file with decimals or 64-bit numbers", column=header,
            )  # fmt: skip

    return staging.stage(
        _blocks(file, headers.columns, name), headers, export, name=name, place=name, into=into, content=path
    )


def _blocks(file: pq.ParquetFile, columns: dict[str, str], name: str) -> Iterator[staging.Block]:
    first, batches = 1, file.iter_batches(ROWS_AT_ONCE, columns=list(columns.values()))
    while (batch := _next(batches, name)) is not None:
        values = {ours: _values(batch.column(header)) for ours, header in columns.items()}
        yield staging.Block(values, range(first, first + len(batch)))
        first += len(batch)


def _next(batches: Iterator[pa.RecordBatch], name: str) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except (pa.ArrowException, OSError):
        pass
    raise _damaged(name)


def _values(cells: pa.Array) -> list:
    """Return the cells as Python values."""
    if pa.types.is_timestamp(cells.type) and cells.type.unit == "ns":
        cells = cells.cast(pa.timestamp("us", cells.type.tz), safe=False)
    return cells.to_pylist()
