"""A file as far as it is looked at: its header and rows as text, and the evidence about the file as a whole."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.collect import known
from analysis.collect.describe import bytes_seen, separators
from analysis.collect.describe.evidence import OPEN, Evidence, of
from analysis.refusals import StudyError

MOST_BYTES, MOST_ROWS = 64 * 2**20, 200_000  # of a file are looked at
WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
BEFORE_HEADER = 20  # lines in which a header is looked for


@dataclass
class Sample:
    """One file: header and rows of as many cells, all of them or the first `MOST_ROWS`."""

    file: Path
    header: list[str]
    rows: list[list[str]]
    whole: bool
    typed: bool = False  # its cells know what they are, as in a workbook
    evidence: list[Evidence] = field(default_factory=list)

    def column(self, place: int) -> list[str]:
        """Return the cells of a column."""
        return [row[place] for row in self.rows]


def sample(file: Path) -> Sample:
    """Look at a file: CSV and its like, also packed with gzip, a workbook, or Parquet. Raises StudyError for what is none of them."""
    if not file.is_file():
        raise StudyError(f"describe: {file.name} is not there or is no file")
    head = _head(file, 4096)
    if not head:
        raise StudyError(f"describe: {file.name} is empty")
    if file.suffix.lower() in WORKBOOKS:
        return _workbook(file)
    if head.startswith(b"PAR1"):
        return _parquet(file)
    return _text(file, packed=head.startswith(b"\x1f\x8b"))


def _text(file: Path, *, packed: bool) -> Sample:
    from analysis.collect.loading.kinds_of_file import refuse_other_kinds

    try:
        with gzip.open(file) if packed else file.open("rb") as opened:
            content, more = opened.read(MOST_BYTES), bool(opened.read(1))
    except (EOFError, gzip.BadGzipFile):
        raise StudyError(f"describe: {file.name} cannot be unpacked; transfer or export it again") from None
    refuse_other_kinds(content[:4096], file=file.name, compressed=packed)
    encoding = bytes_seen.encoding(content, whole=not more)
    text = content.decode(encoding.codec, errors="replace")
    separator, cut = separators.separator(text)
    found = [encoding.evidence, cut]
    if packed:
        found.append(Evidence("packed with gzip", "compressed", True))
    records = _records(text, separator, complete=not more)
    if records and records[0] and records[0][0].startswith("sep="):
        records = records[1:]
    skipped, evidence = _lines_before(records)
    return _rest(file, records[skipped:], found + evidence, whole=not more and len(records) < MOST_ROWS)


def _records(text: str, separator: str, *, complete: bool) -> list[list[str]]:
    found: list[list[str]] = []
    csv.field_size_limit(2**24)
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if record:
                found.append(record)
            if len(found) == MOST_ROWS + 1:
                return found
    except csv.Error:
        return found
    return found if complete else found[:-1]


def _lines_before(records: list[list[str]]) -> tuple[int, list[Evidence]]:
    """Return how many records stand before the header: of a known export, or the first that is as wide as most."""
    first = records[:BEFORE_HEADER]
    place = next((n for n, record in enumerate(first) if known.recognised(record)), None)
    if place is None:
        widths = Counter(len(record) for record in records[:500])
        usual = max(widths, key=lambda width: (widths[width], width), default=0)
        place = next((n for n, record in enumerate(first) if len(record) == usual), 0)
    if not place:
        return 0, []
    return place, [Evidence(f"{place} records stand before the header", "skip_lines", place)]


def _rest(file: Path, records: list[list[str]], found: list[Evidence], *, whole: bool, typed: bool = False) -> Sample:
    if not records:
        raise StudyError(f"describe: {file.name} has no rows")
    header = [word.strip("\ufeff \t\r\n") for word in records[0]]
    rows = [row for row in records[1:] if len(row) == len(header)]
    if other := len(records) - 1 - len(rows):
        found.append(
            Evidence(f"{of(other, len(records) - 1)} rows have not as many cells as the header and are not looked at")
        )
    if again := sum(row == records[0] for row in rows):
        found.append(Evidence(f"the header stands again in {again:,} rows; two exports may have been joined"))
        rows = [row for row in rows if row != records[0]]
    if twice := sorted({word for word in header if header.count(word) > 1}):
        found.append(Evidence(f"two columns have the header {twice[0]!r}; such a file is not loaded"))
    return Sample(file, header, rows, whole, typed, found)


def _workbook(file: Path) -> Sample:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(file)) as book:
        names = book.sheet_names
        held = {name: book.get_sheet_by_name(name).to_python() for name in names}
    filled = [name for name in names if held[name]]
    if not filled:
        raise StudyError(f"describe: {file.name} has no sheet with cells")
    found = [Evidence(f"a workbook with {len(names)} sheets")] if len(names) > 1 else []
    if len(filled) > 1:
        found.append(
            Evidence(f"cells stand in the sheets {', '.join(filled)}; looked at is the first of them", "sheet", OPEN)
        )
    rows = [[_written(cell) for cell in row] for row in held[filled[0]][: MOST_ROWS + 1]]
    return _rest(file, rows, found, whole=len(held[filled[0]]) <= MOST_ROWS, typed=True)


def _parquet(file: Path) -> Sample:
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(file)
    rows: list[list[str]] = []
    for batch in opened.iter_batches(batch_size=50_000):
        rows += [[_written(cell) for cell in row.values()] for row in batch.to_pylist()]
        if len(rows) >= MOST_ROWS:
            break
    names = opened.schema_arrow.names
    return _rest(file, [names, *rows[:MOST_ROWS]], [], whole=opened.metadata.num_rows <= MOST_ROWS, typed=True)


def _written(cell: Any) -> str:
    """Return a typed cell as text: days and moments as ISO, whole numbers without .0."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _head(file: Path, size: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(size)
