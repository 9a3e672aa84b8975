"""The header of a text file against its contract: each column by name, in any order, or a refusal that says what stands there."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from analysis.collect.loading import signs
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError, Remark
from analysis.collect.loading.missing_columns import NAMED, listed, match, refusal, split

MOST_COLUMNS, LOOK_AHEAD = 2000, 50  # columns of a file; lines in which a header is looked for


class Header(NamedTuple):
    """The columns of a file: our name of each (None where it has no meaning for us), the cells as written, and where rows begin."""

    names: tuple[str | None, ...]
    cells: tuple[str, ...]
    record: bytes
    line: int  # physical line of the first row
    size: int  # bytes before the first row


def read(head: bytes, export: Export, *, file: str, remarks: list[Remark]) -> Header:
    """Find the header at the beginning of a text in UTF-8. Raises FileError for one that leaves a column open."""
    lines, at, size = _lines(head), export.skip_lines, 0
    if at >= len(lines):
        raise FileError(file, f"it has {len(lines)} lines and {at} are to be skipped", "correct skip_lines")
    if said := re.fullmatch(rb'"?sep=(.)"?', lines[at].strip(b"\r\n")):
        if said[1] != export.separator.encode():
            found = said[1].decode(errors="replace")
            raise FileError(
                file, f"its first line says that {found!r} separates", f"declare separator: {found!r}", line=at + 1
            )
        remarks.append(
            Remark(file, "note", "Its first line names the separator, as spreadsheets write it; it was skipped.")
        )
        at += 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at >= len(lines):
        raise FileError(file, "it has no header", "export it with the names of the columns in the first line")
    size = sum(map(len, lines[:at]))
    record, further = _whole_record(lines, at)
    cells = _cells(record, export.separator, file=file, line=at + 1)
    names = _names(cells, export, file=file, line=at + 1, lines=lines, remarks=remarks)
    return Header(names, tuple(cells), record.strip(b"\r\n"), at + further + 1, size + len(record))


def _lines(head: bytes) -> list[bytes]:
    lines, at = [], 0
    while at < len(head) and len(lines) < LOOK_AHEAD:
        end = head.find(b"\n", at) + 1 or len(head)
        lines.append(head[at:end])
        at = end
    return lines


def _whole_record(lines: list[bytes], at: int) -> tuple[bytes, int]:
    record, further = lines[at], 1
    while record.count(b'"') % 2 and at + further < len(lines):
        record += lines[at + further]
        further += 1
    return (record, further) if record.count(b'"') % 2 == 0 else (lines[at], 1)


def _cells(record: bytes, separator: str, *, file: str, line: int) -> list[str]:
    try:
        cells = split(record, separator)
    except UnicodeDecodeError:
        from analysis.collect.loading.encodings import evidence

        raise FileError(file, f"bytes are not UTF-8{evidence(record)}", "declare its encoding", line=line) from None
    for rule, places in zip(signs.RULES, signs.misplaced(record, np.frombuffer(record, np.uint8)), strict=True):
        if len(places):
            raise FileError(file, f"the header has {rule}", "export it again", line=line)
    if cells is None:
        raise FileError(
            file, "the header has a quote that is not closed or stands inside a name", "export it again", line=line
        )
    if len(cells) > MOST_COLUMNS:
        raise FileError(file, f"it has {len(cells):,} columns, more than {MOST_COLUMNS:,}", "export fewer", line=line)
    return cells


def _names(
    cells: list[str], export: Export, *, file: str, line: int, lines: list[bytes], remarks: list[Remark]
) -> tuple[str | None, ...]:
    found = match(cells, export)
    there = {name: [place + 1 for place, one in enumerate(found) if one == name] for name in export.columns}
    if missing := [name for name, column in export.columns.items() if column.needed and not there[name]]:
        raise refusal(missing, cells, found, export, file=file, line=line, lines=lines)
    for name, places in there.items():
        if len(places) > 1:
            words = f"columns {' and '.join(map(str, places))} are both {name!r} ({cells[places[0] - 1]!r}, {cells[places[1] - 1]!r})"
            raise FileError(file, words, "rename one, or take its header out of the contract", line=line)
    if len(cells) > 1 and all(cell[:1].isspace() for cell in cells[1:]):
        fix = f"export it with {NAMED[export.separator]} and nothing else"
        raise FileError(
            file, "a blank stands behind each separator of the header, and would be part of every cell", fix, line=line
        )
    loose = [
        cells[places[0] - 1]
        for name, places in there.items()
        if places and cells[places[0] - 1] not in export.columns[name].header
    ]
    if loose:
        remarks.append(Remark(file, "note", f"Names of columns were read without blanks and case: {listed(loose)}."))
    if extra := [cell for cell, name in zip(cells, found, strict=True) if name is None]:
        words = f"{len(extra)} columns that the contract does not know: {listed(extra)}"
        if export.extra_columns == "refuse":
            raise FileError(file, words, "add them to the contract, or declare extra_columns: ignore", line=line)
        remarks.append(Remark(file, "warning", f"It has {words}. They were not read."))
    if absent := [name for name, places in there.items() if not places]:
        remarks.append(Remark(file, "note", f"It has no column {listed(absent)}, which it need not have."))
    return tuple(found)
