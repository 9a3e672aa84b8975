"""The text of a file is cut into blocks of whole records, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis.collect.loading.loaded import FileError

LONGEST = 16 * 2**20  # bytes of one record; a longer one is a quote that was never closed, or no table at all
BLANK, LF = b"\r\n", 10


class Block(NamedTuple):
    """Whole records, the physical line of the first, and the record that follows them (empty at the end of the file)."""

    data: bytes
    line: int
    following: bytes


def blocks(chunks: Iterator[bytes], *, line: int, multiline: bool, file: str) -> Iterator[Block]:
    """Give the text from physical line `line` on as blocks. The last one ends with a line end even where the file does not.

    With `multiline` a line end inside quotes ends no record. Raises FileError for a record longer than `LONGEST`.
    """
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut, end = _last_record(rest, multiline)
        if cut:
            yield Block(rest[:cut], line, rest[cut:end])
            line += int(np.count_nonzero(np.frombuffer(rest, np.uint8, cut) == LF))
            rest = rest[cut:]
        elif len(rest) > LONGEST:
            what = f"a record is longer than {LONGEST >> 20} MB"
            fix = "look for a quote that is not closed" if multiline else "look for line ends that are missing"
            raise FileError(file, what, fix, line=line)
    if rest:
        yield Block(rest if rest.endswith(b"\n") else rest + b"\n", line, b"")


def _last_record(text: bytes, multiline: bool) -> tuple[int, int]:
    """Return where the last whole record that is not blank begins and ends; (0, 0) where there are not two of them."""
    ends = _ends_backwards(text, multiline)
    end = next(ends, 0)
    for before in ends:
        if text[before:end].strip(BLANK):
            return before, end
        end = before
    return 0, 0


def _ends_backwards(text: bytes, multiline: bool) -> Iterator[int]:
    """Give the places after each record end, the last one first."""
    quotes, right = text.count(b'"') if multiline else 0, len(text)
    at = text.rfind(b"\n")
    while at >= 0:
        if multiline:
            quotes -= text.count(b'"', at, right)
            right = at
        if quotes % 2 == 0:
            yield at + 1
        at = text.rfind(b"\n", 0, at)
