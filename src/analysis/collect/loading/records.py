"""The work on one block of a text file: its structure, its cells cut and proved, its rows typed or set aside."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading import cutting, header, structure
from analysis.collect.loading.blocks import Block
from analysis.collect.loading.contract import Export
from analysis.collect.loading.encodings import evidence
from analysis.collect.loading.fitting import Fitted, fit
from analysis.collect.loading.loaded import Aside, FileError, shape
from analysis.collect.loading.structure import BARE, EMPTY, OPEN, RULES, Records


class Reading(NamedTuple):
    """What is the same for all blocks of a file."""

    file: str
    export: Export
    header: header.Header

    @property
    def separator(self) -> bytes:
        return self.export.separator.encode()

    @property
    def multiline(self) -> bool:
        return any(column.multiline for column in self.export.columns.values())


def scanned(block: Block, reading: Reading) -> Records:
    """Look at the structure of a block."""
    return structure.scan(
        block.data,
        separator=reading.separator,
        columns=len(reading.header.names),
        line=block.line,
        multiline=reading.multiline,
    )


def refuse(records: Records, reading: Reading) -> None:
    """Raise FileError for a second header, and for a quote out of place where a cell may have line ends: nothing after it is certain."""
    for record in np.flatnonzero(records.faults > EMPTY):
        if records.text(record).removeprefix(b"\xef\xbb\xbf") == reading.header.record:
            raise _second_header(reading, int(records.lines[record]))
    if reading.multiline and len(at := np.flatnonzero((records.faults == BARE) | (records.faults == OPEN))):
        first = int(at[0])
        fix = "correct it there; columns that are multiline allow no line to be left out"
        raise FileError(reading.file, RULES[records.faults[first]], fix, line=int(records.lines[first]))


def fitted(records: Records, reading: Reading) -> Fitted:
    """Cut, prove and type the sound records of a block; the others are set aside as they are."""
    text, which = cutting.sound(records)
    lines = records.lines[which]
    columns = cutting.cut(
        text, records.lengths, lines, separator=reading.separator, multiline=reading.multiline, file=reading.file
    )
    _refuse_second_header(columns, lines, reading)
    known = {name: column for name, column in zip(reading.header.names, columns, strict=True) if name}
    done = fit(known, lines, file=reading.file, export=reading.export)
    spoiled = np.flatnonzero(records.faults > EMPTY)
    if not len(spoiled):
        return done
    further = [_aside(records, record, reading.file) for record in spoiled]
    aside = sorted([*done.aside, *further], key=lambda row: row.line)
    return done._replace(aside=aside, totals_aside=dict.fromkeys(done.totals_aside))


def _aside(records: Records, record: int, file: str) -> Aside:
    text = records.text(record)
    rule = RULES[records.faults[record]]
    shown = text[:200].decode("utf-8", errors="replace")
    if rule == "bytes that are not UTF-8":
        rule += evidence(text)
    return Aside(file, int(records.lines[record]), "", rule, shape(shown))


def _refuse_second_header(columns: list[pa.StringArray], lines: np.ndarray, reading: Reading) -> None:
    same = np.ones(len(lines), dtype=bool)
    for column, name in zip(columns, reading.header.cells, strict=True):
        same &= pc.equal(column, name).to_numpy(zero_copy_only=False)
        if not same.any():
            return
    raise _second_header(reading, int(lines[np.flatnonzero(same)[0]]))


def _second_header(reading: Reading, line: int) -> FileError:
    fix = "files or tables were put one behind the other; export them one by one"
    return FileError(reading.file, "the header stands there once more", fix, line=line)
