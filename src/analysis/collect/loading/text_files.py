"""A text file becomes a Parquet file of typed rows, block by block; what does not fit is set aside, and nothing is repaired."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from analysis import places
from analysis.collect.loading import header, limits, records
from analysis.collect.loading.blocks import Block, blocks
from analysis.collect.loading.columns import COUNTED
from analysis.collect.loading.contract import Export
from analysis.collect.loading.disputes import Doubts
from analysis.collect.loading.fitting import LINE, Fitted, schema
from analysis.collect.loading.loaded import FileError, Loaded, Remark
from analysis.collect.loading.opening import Opened
from analysis.collect.loading.records import Reading
from analysis.collect.loading.structure import EMPTY, Records

AHEAD, THREADS = 2, 2  # blocks that are worked on before their turn; numpy and Arrow let threads run side by side


def load(file: Path, export: Export, *, into: Path) -> Loaded:
    """Load a text file by its contract into a Parquet file that its owner alone can read.

    The Parquet file has one row per record that fits: the columns of the export in its order and `_line`, the physical line at
    which the record begins. Raises FileError, and leaves `into` as it was, where the file as a whole cannot be trusted.
    """
    opened = Opened(file, export)
    loaded = Loaded(opened.name, "", remarks=opened.remarks)
    text = opened.chunks()
    head = next(text)
    found = header.read(head, export, file=opened.name, remarks=loaded.remarks)
    reading = Reading(opened.name, export, found)
    loaded.totals = {name: Decimal(0) for name in found.names if name and export.columns[name].kind in COUNTED}
    loaded.totals_aside = dict(loaded.totals)
    end = _End()
    whole = end.watched(_after(head[found.size :], text))
    with places.replacing(into, private=True) as unfinished:
        with pq.ParquetWriter(unfinished, schema(export), compression="zstd", **_encodings(export)) as writer:
            cut = blocks(whole, line=found.line, multiline=reading.multiline, file=opened.name)
            for part in _in_order(cut, reading, loaded):
                _count(loaded, part)
                if part.table.num_rows:
                    writer.write_table(part.table)
                limits.hold_on_the_way(loaded, export)
        loaded.sha256 = opened.sha256
        _conclude(loaded, export, end)
    return loaded


def _encodings(export: Export) -> dict[str, object]:
    """Return how Parquet keeps the columns: a dictionary costs half of the writing where nearly every value is another one."""
    repeated = [name for name, column in export.columns.items() if column.kind in ("text", "whole", "date")]
    return {"use_dictionary": repeated, "column_encoding": {LINE: "DELTA_BINARY_PACKED"}}


class _End:
    """Whether the text that went by ended with a line end."""

    whole = True

    def watched(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            if chunk:
                self.whole = chunk.endswith(b"\n")
            yield chunk


def _in_order(cut: Iterator[Block], reading: Reading, loaded: Loaded) -> Iterator[Fitted]:
    """Give the typed rows of each block in the order of the file: the structure of the next ones is looked at meanwhile."""
    doubts = Doubts(
        separator=reading.separator, columns=len(reading.header.names), multiline=reading.multiline,
        trust_lines=reading.export.trust_lines,
    )  # fmt: skip
    scanned: deque[tuple[Block, Future[Records]]] = deque()
    fitted: deque[Future[Fitted]] = deque()
    blank = 0
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for block in _and_none(cut):
                if block is not None:
                    scanned.append((block, pool.submit(records.scanned, block, reading)))
                while scanned and (block is None or len(scanned) > AHEAD):
                    (_, _, following), scan = scanned.popleft()
                    found = scan.result()
                    records.refuse(found, reading)
                    doubts.settle(found, following)
                    blank += int(np.count_nonzero(found.faults == EMPTY))
                    fitted.append(pool.submit(records.fitted, found, reading))
                while fitted and (block is None or len(fitted) > AHEAD):
                    yield fitted.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    if doubts.open_since:
        fix = "close it, or declare trust_lines: true if no cell holds a line end"
        raise FileError(reading.file, "a quote opens here and is never closed", fix, line=doubts.open_since)
    if blank:
        loaded.remarks.append(Remark(reading.file, "note", f"{blank:,} blank lines were passed over."))


def _count(loaded: Loaded, part: Fitted) -> None:
    loaded.kept += part.table.num_rows
    loaded.aside += part.aside
    loaded.rows += part.table.num_rows + len(part.aside)
    for name, value in part.totals.items():
        loaded.totals[name] += value
    for name, value in part.totals_aside.items():
        before = loaded.totals_aside[name]
        loaded.totals_aside[name] = None if before is None or value is None else before + value


def _conclude(loaded: Loaded, export: Export, end: _End) -> None:
    """Raise FileError for a file without rows or with too many set aside; add what must be known of its end."""
    if not loaded.rows:
        if not export.allow_empty:
            raise FileError(loaded.file, "it has a header and no rows", "export it again, or declare allow_empty: true")
        loaded.remarks.append(Remark(loaded.file, "warning", "It has a header and no rows."))
    limits.hold(loaded.file, loaded.aside, rows=loaded.rows, export=export)
    if not end.whole and loaded.rows:
        words = "Its last line has no line end: if the file was cut off there, its last cell is too short."
        loaded.remarks.append(Remark(loaded.file, "warning", words))


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _and_none(cut: Iterator[Block]) -> Iterator[Block | None]:
    yield from cut
    yield None
