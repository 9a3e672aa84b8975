"""Signs that have no place in the text of a table: control characters, bytes that are not UTF-8, and marks of damage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RULES = (
    "a control character",
    "bytes that are not UTF-8",
    "a sign that stands for lost text",
    "a byte order mark inside the file",
)
TAB, LF, CR, DELETE = 9, 10, 13, 127
CONTROL, UNREADABLE, LOST, MARK = range(4)


def misplaced(block: bytes, data: np.ndarray) -> list[np.ndarray]:
    """Return for each rule the places of its signs in the block."""
    none = np.zeros(0, dtype=np.int64)
    found = [none, none, none, none]
    usual = sum(int(np.count_nonzero(data == sign)) for sign in (TAB, LF, CR))
    if int(np.count_nonzero(data < 32)) > usual or b"\x7f" in block:
        found[CONTROL] = np.flatnonzero(((data < 32) & (data != TAB) & (data != LF) & (data != CR)) | (data == DELETE))
    if block.isascii():
        return found
    found[UNREADABLE] = _unreadable(block)
    lead, second, third = data, np.append(data[1:], 0), np.append(data[2:], [0, 0])
    late_controls = _after(lead, 0xC2, lambda at: (second[at] >= 0x80) & (second[at] <= 0x9F))
    found[CONTROL] = np.union1d(found[CONTROL], late_controls)
    replaced = _after(lead, 0xEF, lambda at: (second[at] == 0xBF) & (third[at] == 0xBD))
    private = [
        _after(lead, 0xEE, lambda at: second[at] >= 0x80),
        _after(lead, 0xEF, lambda at: second[at] <= 0xA3),
        _after(lead, 0xF3, lambda at: second[at] >= 0xB0),
        _after(lead, 0xF4, lambda at: second[at] >= 0x80),
    ]
    found[LOST] = np.unique(np.concatenate([replaced, *private]))
    found[MARK] = _after(lead, 0xEF, lambda at: (second[at] == 0xBB) & (third[at] == 0xBF))
    return found


def _after(data: np.ndarray, lead: int, test: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    at = np.flatnonzero(data == lead)
    return at[test(at)] if len(at) else at


def _unreadable(block: bytes) -> np.ndarray:
    """Return the places of the lines that are not strict UTF-8, one in each: halves are tried until one line is left."""
    places, open_parts = [], [(0, len(block))]
    while open_parts:
        low, high = open_parts.pop()
        try:
            str(block[low:high], "utf-8")
        except UnicodeDecodeError as error:
            middle = (
                block.rfind(b"\n", low, (low + high) // 2) + 1 or block.find(b"\n", (low + high) // 2, high - 1) + 1
            )
            if low < middle < high:
                open_parts += [(low, middle), (middle, high)]
            else:
                places.append(low + error.start)
    return np.array(sorted(places), dtype=np.int64)
