"""Arrow arrays of text cells, seen as bytes by numpy, and results for some of the cells put back among all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Faults = list[tuple[str, np.ndarray]]  # (rule, which cells break it)


class Cast(NamedTuple):
    """Cells after a cast: the values, null where a cell does not fit, and for each rule the cells that break it."""

    values: pa.Array
    faults: Faults


class Bytes(NamedTuple):
    """The UTF-8 bytes of all cells in a row, and where each begins and ends."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def bytes_of(cells: pa.StringArray) -> Bytes:
    """Return the bytes of the cells without a copy."""
    _, offsets, data = cells.buffers()
    if not len(cells):
        return Bytes(np.zeros(0, np.uint8), np.zeros(0, np.int32), np.zeros(0, np.int32))
    edges = np.frombuffer(offsets, dtype=np.int32, count=len(cells) + 1, offset=cells.offset * 4)
    first, last = int(edges[0]), int(edges[-1])
    content = (
        np.frombuffer(data, dtype=np.uint8, count=last - first, offset=first) if last > first else np.zeros(0, np.uint8)
    )
    return Bytes(content, edges[:-1] - first, edges[1:] - first)


def lengths(cells: pa.StringArray) -> np.ndarray:
    """Return the number of bytes of each cell."""
    held = bytes_of(cells)
    return held.ends - held.starts


def mask(array: pa.Array) -> np.ndarray:
    """Return an Arrow array of booleans as numpy; null is false."""
    return array.fill_null(False).to_numpy(zero_copy_only=False)


def chosen(cells: pa.Array, which: np.ndarray) -> pa.Array:
    """Return the cells where `which` holds."""
    return cells.filter(pa.array(which))


def among(values: pa.Array, where: np.ndarray) -> pa.Array:
    """Return an array as long as `where` that has the values, in order, where it holds, and null elsewhere."""
    places = np.cumsum(where) - 1
    return values.take(pa.array(np.where(where, places, 0), mask=~where))


def faults_among(faults: Faults, where: np.ndarray) -> Faults:
    """Return faults found in the cells where `where` holds as faults of all cells."""
    spread = []
    for rule, found in faults:
        every = np.zeros(len(where), dtype=bool)
        every[where] = found
        spread.append((rule, every))
    return spread


def matches(cells: pa.StringArray, pattern: str) -> np.ndarray:
    """Say for each cell whether it matches the whole pattern. One that only Python knows (look-ahead) is tried by Python."""
    try:
        return mask(pc.match_substring_regex(cells, rf"\A(?:{pattern})\z"))
    except pa.ArrowInvalid:
        import re

        compiled = re.compile(pattern)
        return np.array([compiled.fullmatch(cell) is not None for cell in cells.to_pylist()], dtype=bool)
