"""The structure of a block of records: quotes, separators and signs that have no place in a text, checked before any cell is cut.

The grammar is RFC 4180 and nothing looser. Quote number j of a record, from 0, opens a cell or doubles one where j is even: it
must follow a separator, the begin of the record or a quote. Where j is odd it must precede a separator, the end of the record
or a quote. Separators count where the quotes before them are even in number; a record has one fewer than the file has columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.collect.loading import signs

LF, CR, QUOTE = 10, 13, 34
RULES = (
    "", "blank line", "too few cells", "too many cells", "a quote inside a cell or text beside one", "a quote that is not closed",
    "no separator in the line", "beside a line that may be a part of it", "inside an open quote", "a carriage return inside the line",
    "a cell longer than a million bytes",
    *signs.RULES,
)  # fmt: skip
SOUND, EMPTY, FEW, MANY, BARE, OPEN, BROKEN, BESIDE, DISPUTED, RETURN, LONG, FIRST_SIGN = range(12)
LONGEST = 1_000_000  # bytes of a cell that can be meant


@dataclass
class Records:
    """The records of a block: where each begins and ends (its line end not counted), its physical line, and its fault by number.

    `lengths` has a row for each record that is sound: the bytes of each cell once its quotes are taken off. `broken` are the
    records without any separator: a line end too many may have cut them off the one before or after.
    """

    block: bytes
    starts: np.ndarray
    stops: np.ndarray
    lines: np.ndarray
    faults: np.ndarray
    lengths: np.ndarray
    broken: np.ndarray

    def spoil(self, which: np.ndarray, fault: int) -> None:
        """Give records a fault where they have none."""
        sound = np.flatnonzero(self.faults == SOUND)
        self.faults[which[self.faults[which] == SOUND]] = fault
        self.lengths = self.lengths[self.faults[sound] == SOUND]

    def text(self, record: int) -> bytes:
        """Return the bytes of a record without its line end."""
        return self.block[self.starts[record] : self.stops[record]]


def scan(block: bytes, *, separator: bytes, columns: int, line: int, multiline: bool) -> Records:
    """Return the records of a block that ends with a line end. With `multiline` a line end inside quotes is part of a cell."""
    data = np.frombuffer(block, dtype=np.uint8)
    returns = b"\r" in block
    if b'"' not in block and (regular := _regular(data, separator, columns, returns)) is not None:
        starts, stops, lengths = regular
        records = Records(
            block, starts, stops, line + np.arange(len(starts)), np.zeros(len(starts), np.uint8), lengths, _none()
        )
        inside = _none()
    else:
        records, inside = _irregular(block, data, ord(separator), columns, line, multiline)
    if records.lengths.size and int(records.lengths.max()) > LONGEST:
        records.spoil(np.flatnonzero(records.faults == SOUND)[(records.lengths > LONGEST).any(axis=1)], LONG)
    _mark(records, signs.misplaced(block, data), FIRST_SIGN)
    if returns:
        at = np.flatnonzero(data == CR)
        stray = at[data[np.minimum(at + 1, len(data) - 1)] != LF]
        if multiline and len(inside):
            stray = stray[np.searchsorted(inside, stray) % 2 == 0]
        _mark(records, [stray], RETURN)
    return records


def _regular(
    data: np.ndarray, separator: bytes, columns: int, returns: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return starts, stops and lengths of cells of a block without quotes in which each line has as many as it should; else None."""
    at = np.flatnonzero((data == ord(separator)) | (data == LF))
    if not len(at) or len(at) % columns:
        return None
    ends = at.reshape(-1, columns)
    if not ((data[ends[:, -1]] == LF).all() and np.count_nonzero(data == LF) == len(ends)):
        return None
    lengths = (np.diff(at, prepend=-1) - 1).astype(np.int32).reshape(-1, columns)
    stops = ends[:, -1]
    starts = np.concatenate([[0], stops[:-1] + 1])
    if returns:
        before = (data[np.maximum(stops - 1, 0)] == CR) & (stops > starts)
        stops = stops - before
        lengths[:, -1] -= before
    return None if (stops == starts).any() else (starts, stops, lengths)


def _irregular(
    block: bytes, data: np.ndarray, separator: int, columns: int, line: int, multiline: bool
) -> tuple[Records, np.ndarray]:
    """The same for any block; also the places of all quotes."""
    at = np.flatnonzero((data == separator) | (data == LF) | (data == QUOTE))
    sign = data[at]
    quote = sign == QUOTE
    quotes = np.cumsum(quote)  # up to and with each place
    ends = sign == LF
    line_ends = at[ends]
    if multiline:
        ends &= quotes % 2 == 0
    last = np.flatnonzero(ends)
    if not len(last) or last[-1] != len(at) - 1:  # the file ends inside quotes
        ends[-1] = True
        last = np.append(last, len(at) - 1)
    record = np.cumsum(ends) - ends
    stops = at[last]
    starts = np.concatenate([[0], stops[:-1] + 1])
    before = np.concatenate([[0], quotes[last][:-1]])  # quotes before each record
    inner = quotes - before[record]
    cut = ((sign == separator) & (inner % 2 == 0)) | ends
    count = np.bincount(record[cut], minlength=len(last)) - 1
    faults = np.zeros(len(last), dtype=np.uint8)
    faults[count < columns - 1] = FEW
    faults[count > columns - 1] = MANY
    alone = (np.bincount(record[sign == separator], minlength=len(last)) == 0) & (columns > 1)
    faults[alone] = BROKEN
    faults[inner[last] % 2 == 1] = OPEN
    places = at[quote]
    number = inner[quote] - 1
    left = np.where(places > 0, data[places - 1], LF)
    right = data[np.minimum(places + 1, len(data) - 1)]
    further = data[np.minimum(places + 2, len(data) - 1)]
    opens = (left == separator) | (left == LF) | (left == QUOTE)
    closes = (right == separator) | (right == LF) | (right == QUOTE) | ((right == CR) & (further == LF))
    faults[np.unique(record[quote][np.where(number % 2 == 0, ~opens, ~closes)])] = BARE
    before_return = (data[np.maximum(stops - 1, 0)] == CR) & (stops > starts)
    stops = stops - before_return
    if columns > 1:
        faults[stops == starts] = EMPTY
    lines = line + (np.searchsorted(line_ends, starts) if multiline else np.arange(len(starts)))
    keep = faults == SOUND
    taken = cut & keep[record]
    lengths = _lengths(at[taken], quotes[taken], starts[keep], before[keep], before_return[keep], columns)
    quoted = (count == 0) & (faults != BARE) & (faults != OPEN) & (columns > 1)  # its separators stand inside quotes
    broken = np.flatnonzero((alone | quoted) & (stops > starts))
    return Records(block, starts, stops, lines, faults, lengths, broken), places


def _none() -> np.ndarray:
    return np.zeros(0, dtype=np.int64)


def _lengths(
    ends: np.ndarray, quotes: np.ndarray, starts: np.ndarray, before: np.ndarray, returned: np.ndarray, columns: int
) -> np.ndarray:
    """Return the bytes of each cell of sound records: without the quotes around it, and with one for each doubled one."""
    ends, quotes = ends.reshape(-1, columns), quotes.reshape(-1, columns)
    begins = np.column_stack([starts, ends[:, :-1] + 1])
    inside = quotes - np.column_stack([before, quotes[:, :-1]])
    lengths = ends - begins - np.where(inside > 0, inside // 2 + 1, 0)
    lengths[:, -1] -= returned
    return lengths.astype(np.int32)


def _mark(records: Records, found: list[np.ndarray], first: int) -> None:
    """Mark the records in which such places lie, where nothing else was found."""
    for number, places in enumerate(found):
        if len(places):
            which = np.unique(np.searchsorted(records.starts, places, side="right") - 1)
            records.spoil(which, first + number)
