"""Lines that a broken quote or a line end too many puts in doubt: where two readings are possible, no line of either is kept.

A file whose cells have no line ends is read line by line, and a fault costs its line. But if a quote is open at the end of one,
the cell may go on: then every line up to where it would close, or would break the grammar, is in doubt. And if a line has no
separator at all, it may be the end of the row before it or the beginning of the row after it; if it has a closing quote that
nothing opens, its cell may have begun in the row before.
"""

from __future__ import annotations

import numpy as np

from analysis.collect.loading.structure import BARE, BESIDE, CR, DISPUTED, EMPTY, LF, QUOTE, Records, scan

START, PLAIN, QUOTED, DOUBLED = "start", "plain", "quoted", "doubled"


class Doubts:
    """What is in doubt from one block to the next: a quote that is still open since a line, and a row after a broken one."""

    def __init__(self, *, separator: bytes, columns: int, multiline: bool, trust_lines: bool) -> None:
        self.separator, self.columns, self.multiline = separator, columns, multiline
        self.by_line = not multiline and not trust_lines
        self.open_since: int | None = None
        self.broke_off = False

    def settle(self, records: Records, following: bytes) -> None:
        """Put the records of a block in doubt that must not be kept; `following` is the record after the block."""
        if self.by_line and self.open_since is not None:
            self._dispute(records, 0)
        after = (
            self._scan(following)
            if self.columns > 1 and (QUOTE in following or self.separator not in following)
            else None
        )
        if (records.faults > EMPTY).any() or self.broke_off or after is not None:
            self._take_neighbours(records, after)
            if self.by_line:
                for record in np.flatnonzero(records.faults > EMPTY):
                    text = records.text(record)
                    if self.open_since is None and QUOTE in text and self._may_go_on(text):
                        self.open_since = int(records.lines[record])
                        self._dispute(records, record + 1)

    def _scan(self, record: bytes) -> Records | None:
        """Return a single record as a block, None where there is none."""
        if not record:
            return None
        return scan(record, separator=self.separator, columns=self.columns, line=1, multiline=self.multiline)

    def _take_neighbours(self, records: Records, after: Records | None) -> None:
        """Take the rows beside a line without a separator, and one before a line with a closing quote that nothing opens."""
        filled = np.flatnonzero(records.faults != EMPTY)
        if not len(filled):
            return
        places = np.searchsorted(filled, records.broken)
        taken = np.concatenate([places - 1, places + 1, [0] if self.broke_off else []]).astype(np.int64)
        before = np.searchsorted(filled, self._closing(records)) - 1
        if after is not None:
            last = [len(filled) - 1]
            taken = np.append(taken, last if len(after.broken) else []).astype(np.int64)
            before = np.append(before, last if len(self._closing(after)) else []).astype(np.int64)
        taken = np.append(taken, before)
        self.broke_off = bool(len(places)) and int(places[-1]) == len(filled) - 1
        records.spoil(filled[taken[(taken >= 0) & (taken < len(filled))]], BESIDE)

    def _closing(self, records: Records) -> np.ndarray:
        """Return the lines with a quote out of place whose first quote would close a cell that began on the line before."""
        bare = np.flatnonzero(records.faults == BARE) if self.by_line else np.zeros(0, dtype=np.int64)
        return bare[[self._closes(records.text(record)) for record in bare]] if len(bare) else bare

    def _closes(self, line: bytes) -> bool:
        quote = line.find(b'"')
        while line[quote + 1 : quote + 2] == b'"':
            quote = line.find(b'"', quote + 2)
            if quote < 0:
                return False
        return line[quote + 1 : quote + 2] in (b"", self.separator)

    def _dispute(self, records: Records, first: int) -> None:
        """Put all records from `first` on in doubt up to the one in which the open quote would close or break the grammar."""
        if first >= len(records.starts):
            return
        at = int(records.starts[first])
        end = self._end_of_quote(records.block, at)
        last = len(records.starts) if end is None else int(np.searchsorted(records.starts, end, side="right"))
        records.spoil(np.arange(first, last), DISPUTED)
        if end is not None:
            self.open_since = None

    def _end_of_quote(self, block: bytes, at: int) -> int | None:
        """Return the place of the line in which a cell that is open at `at` ends, or breaks the grammar; None if not in the block."""
        while (quote := block.find(b'"', at)) >= 0:
            if block[quote + 1] == QUOTE:
                at = quote + 2
                continue
            line_end = block.index(b"\n", quote)
            if block[quote + 1] not in (ord(self.separator), LF, CR):
                return quote
            if QUOTED not in self._states(block[quote + 1 : line_end].rstrip(b"\r"), PLAIN):
                return quote
            at = line_end + 1  # it closes, and another one opens behind it on the same line
        return None

    def _may_go_on(self, line: bytes) -> bool:
        return QUOTED in self._states(line, START)

    def _states(self, line: bytes, state: str) -> set[str]:
        """Return in which states a reader can be at the end of a line: a quote with text behind it may close a cell or be part of it."""
        states = {state}
        separator = ord(self.separator)
        for place, sign in enumerate(line):
            follows = line[place + 1] if place + 1 < len(line) else LF
            states = {after for state in states for after in self._after(state, sign, follows, separator)}
        return states

    @staticmethod
    def _after(state: str, sign: int, follows: int, separator: int) -> tuple[str, ...]:
        if state == DOUBLED:
            return (QUOTED,)
        if state == QUOTED:
            if sign != QUOTE:
                return (QUOTED,)
            if follows == QUOTE:
                return (DOUBLED,)
            return (PLAIN,) if follows in (separator, LF) else (PLAIN, QUOTED)
        if sign == separator:
            return (START,)
        return (QUOTED,) if sign == QUOTE and state == START else (PLAIN,)
