"""Small files as people write them: numbers with signs or in full-width digits, empty cells, rows that stand twice."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

COPY, EMPTY, SIGN, WIDE, NO_NUMBER = "exact copy", "empty cell", "currency sign", "full-width digits", "not a number"
_NUMBER = re.compile(r"(?P<sign>[¥$€]?)\s*(?P<number>-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?)")


class Cleaned(NamedTuple):
    """A file that can be counted with, and what was wrong in it."""

    table: pd.DataFrame  # its rows once each, numbers as numbers
    found: pd.DataFrame  # one row per finding: line of the file (the header is 1), column, fault, written


def cleaned(table: pd.DataFrame, *, numbers: Sequence[str]) -> Cleaned:
    """Return the table with each row once and the columns `numbers` as numbers, and everything found on the way.

    A column of whole numbers without a gap comes as whole numbers, any other as decimal ones, NaN where not known.

    Takes a file read as text (`dtype="str"`), one row per line. A number may have a currency sign before it, a comma at
    each thousand, full-width digits and blanks around it. An empty cell is not known, which is not 0; neither is what is
    no number, such as "1,5": whether that is fifteen or one and a half, only its writer knows. Other columns stay text.

    Raises ValueError for a column that is not there, with the nearest.
    """
    for name in numbers:
        if name not in table:
            near = difflib.get_close_matches(name, list(table), n=1, cutoff=0.4) or list(table)
            raise ValueError(f"no column {name!r} in the file; the nearest are {', '.join(near)}")
    copies = table.duplicated()
    found = [(int(place) + 2, "", COPY, "") for place in copies.to_numpy().nonzero()[0]]
    kept = table[~copies]
    lines = (~copies).to_numpy().nonzero()[0] + 2
    read = {}
    for name in numbers:
        pairs = [_read(value) for value in kept[name]]
        values = pd.Series([value for value, _ in pairs], index=kept.index, dtype=float)
        whole = values.notna().all() and not kept[name].str.contains(".", regex=False).any()
        read[name] = values.astype("int64") if whole else values
        found += [
            (int(line), name, fault, "" if fault == EMPTY else str(cell))
            for line, cell, (_, fault) in zip(lines, kept[name], pairs, strict=True)
            if fault
        ]
    listed = pd.DataFrame(found, columns=["line", "column", "fault", "written"])
    return Cleaned(
        kept.assign(**read).reset_index(drop=True), listed.sort_values(["line", "column"], ignore_index=True)
    )


def _read(cell: object) -> tuple[float, str]:
    """The number in a cell, NaN where there is none, and the fault, empty where there is none."""
    if pd.isna(cell) or not str(cell).strip():
        return float("nan"), EMPTY
    plain = unicodedata.normalize("NFKC", str(cell)).strip()  # full-width digits and signs become usual ones
    match = _NUMBER.fullmatch(plain)
    if not match:
        return float("nan"), NO_NUMBER
    fault = SIGN if match["sign"] else WIDE if plain != str(cell).strip() else ""
    return float(match["number"].replace(",", "")), fault
