"""Ids and texts: kept letter by letter; an id that a spreadsheet has damaged, or that only looks like another one, is refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading.arrays import Cast, Faults, bytes_of, mask, matches
from analysis.collect.loading.contract import Column, Export

POWER_OF_TEN = r"[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}"  # 1.23457E+15: fifteen digits of which six are left
INVISIBLE = "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
BLANK_AROUND = r"\A[\s\v\x{00a0}\p{Z}]|[\s\v\x{00a0}\p{Z}]\z"


def prepared(cells: pa.StringArray, column: Column) -> pa.StringArray:
    """Return the cells without what the contract says does not belong to them: an apostrophe before, blanks around, wide letters."""
    if column.apostrophe:
        cells = pc.replace_substring_regex(cells, r"\A'", "")
    if column.plain and _beyond_ascii(cells):
        cells = pc.utf8_normalize(cells, "NFKC")
    return pc.utf8_trim_whitespace(cells) if column.trim or column.plain else cells


def identifier(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return ids as text. 00123, NA and 1E5 stay as they are; which of them mean nothing the contract says."""
    faults: Faults = []
    _add(faults, "damaged by a spreadsheet", _spoiled(cells))
    if _beyond_ascii(cells):
        _add(faults, "a sign that cannot be seen in an id", mask(pc.match_substring_regex(cells, INVISIBLE)))
        _add(faults, "a blank around an id", mask(pc.match_substring_regex(cells, BLANK_AROUND)))
    else:
        _add(faults, "a blank around an id", _blank_at_an_end(cells))
    return _text(cells, column, faults)


def text(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return text as it is, or the declared word where the contract lists how each is written; another one does not fit."""
    return _text(cells, column, [])


def _text(cells: pa.StringArray, column: Column, faults: Faults) -> Cast:
    if column.pattern:
        _add(faults, "not like its pattern", ~matches(cells, column.pattern))
    if column.words:
        read = {written: word for word, ways in column.words.items() for written in (*ways, word)}
        at = pc.index_in(cells, pa.array(list(read), pa.string()))
        _add(faults, "not one of its words", mask(at.is_null()))
        cells = pa.array(list(read.values()), pa.string()).take(at)
    return Cast(cells, faults)


def _add(faults: Faults, rule: str, found: np.ndarray) -> None:
    if found.any():
        faults.append((rule, found))


def _beyond_ascii(cells: pa.StringArray) -> bool:
    data = bytes_of(cells).data
    return bool(len(data)) and int(data.max()) > 127


def _spoiled(cells: pa.StringArray) -> np.ndarray:
    data = bytes_of(cells).data
    if not np.any((data[:-1] == ord("E")) & (data[1:] == ord("+"))):
        return np.zeros(len(cells), dtype=bool)
    return matches(cells, POWER_OF_TEN)


def _blank_at_an_end(cells: pa.StringArray) -> np.ndarray:
    data, starts, ends = bytes_of(cells)
    if not len(data):
        return np.zeros(len(cells), dtype=bool)
    blank = data <= 32
    return (ends > starts) & (blank[np.minimum(starts, len(data) - 1)] | blank[np.maximum(ends, 1) - 1])
