"""Cells are cut by a second reader, pyarrow, from sound records alone, and both must agree on every row and the length of every cell."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyarrow import csv

from analysis.collect.loading.arrays import lengths
from analysis.collect.loading.loaded import FileError
from analysis.collect.loading.structure import SOUND, Records


def sound(records: Records) -> tuple[bytes, np.ndarray]:
    """Return the bytes of the records without a fault, one after the other, and which they are."""
    keep = records.faults == SOUND
    if keep.all():
        return records.block, np.arange(len(keep))
    edges = np.flatnonzero(np.diff(keep.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    begins = np.append(records.starts, len(records.block))
    return b"".join(records.block[begins[low] : begins[high]] for low, high in edges), np.flatnonzero(keep)


def cut(
    text: bytes, expected: np.ndarray, lines: np.ndarray, *, separator: bytes, multiline: bool, file: str
) -> list[pa.StringArray]:
    """Return the cells of sound records by column, as they are written.

    `expected` has the length of every cell as the scan of the structure counted it. Raises FileError where pyarrow finds others.
    """
    columns = expected.shape[1]
    if not len(expected):
        return [pa.array([], pa.string())] * columns
    names = [str(place) for place in range(columns)]
    try:
        table = csv.read_csv(
            pa.BufferReader(text),
            csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
            csv.ParseOptions(
                delimiter=separator.decode(), quote_char='"', double_quote=True, escape_char=False,
                newlines_in_values=multiline, ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                check_utf8=False, column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        raise _disagreement(file, int(lines[0])) from None
    if table.num_rows != len(expected):
        raise _disagreement(file, int(lines[0]))
    cells = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    for place, column in enumerate(cells):
        if not (same := lengths(column) == expected[:, place]).all():
            raise _disagreement(file, int(lines[np.flatnonzero(~same)[0]]))
    return cells


def _disagreement(file: str, line: int) -> FileError:
    return FileError(
        file,
        "two readers cut these lines into different cells",
        "nothing is loaded; report it with that line",
        line=line,
    )
