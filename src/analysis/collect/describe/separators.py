"""What separates the cells of a text: how many columns each candidate would make, and in how many of its records."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import NamedTuple

from analysis.collect.describe.evidence import OPEN, Evidence, of

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MOST, MOST_SIGNS = 500, 2**20  # records, and signs of the text, that are looked at


class Cut(NamedTuple):
    """What one separator makes of a text: so many columns in so many of the records."""

    separator: str
    columns: int  # of most records
    records: int  # that have so many
    total: int


def cuts(text: str) -> tuple[Cut, ...]:
    """Return what each candidate makes of the beginning of a text, the most regular first, then the one with most columns."""
    found = []
    for separator in NAMES:
        widths = Counter(len(record) for record in _records(text, separator))
        columns, records = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        found.append(Cut(separator, columns, records, sum(widths.values())))
    return tuple(sorted(found, key=lambda cut: (cut.columns < 2, -cut.records / max(cut.total, 1), -cut.columns)))


def separator(text: str) -> tuple[str, Evidence]:
    """Return the separator to look with, and the evidence: settled where one alone makes columns of nearly all records."""
    if declared := _declared(text):
        return declared, Evidence(f"{NAMES[declared]}, by a first line sep={declared}", "separator", declared)
    found = cuts(text)
    regular = [cut for cut in found if cut.columns > 1 and cut.records >= 0.9 * cut.total]
    counts = "; ".join(
        f"{NAMES[cut.separator]} {cut.columns:,} columns in {of(cut.records, cut.total)} records" for cut in found
    )
    if not any(cut.columns > 1 for cut in found):
        return ",", Evidence(f"no separator makes more than one column; {counts}", "separator", ",")
    value = regular[0].separator if len(regular) == 1 else OPEN
    return found[0].separator, Evidence(counts, "separator", value)


def _declared(text: str) -> str:
    first = text.split("\n", 1)[0].strip()
    return first[4:] if first.startswith("sep=") and first[4:] in NAMES else ""


def _records(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:MOST_SIGNS], newline=""), delimiter=separator)
    found = []
    try:
        for record in reader:
            if record:
                found.append(record)
            if len(found) == MOST:
                break
    except csv.Error:
        pass  # what was read until then is evidence enough
    return found
