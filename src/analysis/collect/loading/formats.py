"""How dates and moments are written: a format of strftime cut into its pieces, or refused where it leaves something open."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from analysis.refusals import StudyError, nearest

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
EARLIEST, LATEST = date(1900, 1, 2), date(2100, 12, 31)  # where a contract does not say; Buddhist years fall out
FIXED = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2, "f": 6}
LOOSE = {
    "-m": "[0-9]{1,2}", "-d": "[0-9]{1,2}", "-H": "[0-9]{1,2}", "-I": "[0-9]{1,2}", "p": "[AaPp][Mm]", "s": "[0-9]{1,11}",
    "b": "|".join(name[:3] for name in MONTHS), "B": "|".join(MONTHS), "z": "Z|[+-][0-9]{2}:?[0-9]{2}",
}  # fmt: skip
ISO = {
    "date": "%Y-%m-%d",
    "moment": "%Y-%m-%d %H:%M:%S.%f",
}  # how a reader of typed cells writes those without a format
SHORT = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%e": "%-d", "%D": "%m/%d/%y"}


class Format(NamedTuple):
    """A format cut into pieces: (sign, "") for a part that is read, ("", letters) for what must stand there."""

    written: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def width(self) -> int:
        """Number of characters of every cell, 0 where they differ."""
        if any(sign and sign not in FIXED for sign, _ in self.pieces) or not all(
            text.isascii() for _, text in self.pieces
        ):
            return 0
        return sum(FIXED.get(sign, len(text)) for sign, text in self.pieces)

    @property
    def signs(self) -> set[str]:
        """The parts that it has, without the hyphen that lets a leading zero be missing."""
        return {sign.removeprefix("-") for sign, _ in self.pieces if sign}


@cache
def compiled(written: str) -> Format:
    """Cut a format into pieces. Raises StudyError for a sign that is not known, stands twice, or leaves the day open."""
    for short, long in SHORT.items():
        written = written.replace(short, long)
    pieces = []
    for found in re.finditer(r"%(-?.)|([^%]+)", written):
        sign, text = found.groups()
        if sign == "%":
            pieces.append(("", "%"))
        elif sign and sign not in FIXED and sign not in LOOSE:
            known = [f"%{one}" for one in (*FIXED, *LOOSE)]
            raise StudyError(f"format {written!r}: %{sign} is not known; {nearest(f'%{sign}', known)}")
        else:
            pieces.append((sign or "", text or ""))
    format = Format(written, tuple(pieces))
    read = [sign.removeprefix("-") for sign, _ in pieces if sign]
    day = {"Y", "y"} & format.signs and {"m", "b", "B"} & format.signs and "d" in format.signs
    if len(read) != len(set(read)) or not (day or "s" in format.signs):
        raise StudyError(f"format {written!r} must say year, month and day, each once; write it like '%Y-%m-%d'")
    if ("I" in format.signs) != ("p" in format.signs):
        raise StudyError(f"format {written!r}: %I and %p go together; write it like '%I:%M %p', or %H for 0 to 23")
    return format


def bounds(written: str, earliest: str, latest: str, *, column: str) -> tuple[date, date]:
    """Return the first and last day that fits a column, given as YYYY-MM-DD or empty.

    Raises StudyError for a format or a day that is none, and where years of two digits could be of two centuries.
    """
    try:
        first = date.fromisoformat(earliest) if earliest else EARLIEST
        last = date.fromisoformat(latest) if latest else LATEST
    except ValueError:
        raise StudyError(f"column {column!r}: {earliest or latest!r} is not a day; write it like 2017-09-30") from None
    a_century_later = first.replace(year=first.year + 100, day=min(first.day, 28))
    if "y" in compiled(written).signs and last >= a_century_later:
        raise StudyError(
            f"column {column!r}: {written!r} has years of two digits, and from {first} to {last} are a hundred years or more; "
            "declare earliest and latest so that one century is left"
        )
    return first, last
