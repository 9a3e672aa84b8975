"""What happened to the cells of a column before it came: damage by spreadsheets, leading zeros, words for nothing, signs not seen."""

from __future__ import annotations

import re
from collections import Counter

from analysis.collect.describe.evidence import Evidence, of

NOTHING = (
    "NA", "N/A", "n/a", "na", "NULL", "null", "Null", "None", "none", "nan", "NaN", "NAN", "nil", "-", "--", "—", "#N/A", "#REF!",
    "#VALUE!", "#NAME?", "#DIV/0!", "(blank)", "(empty)", "unknown", "Unknown", "\\N", "无", "空", "未知",
)  # fmt: skip
POWER_OF_TEN = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}")
MONTH_DAY = re.compile(
    r"\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{1,2}|\d{1,2}月\d{1,2}日"
)
ROUNDED = re.compile(r"\d{15}0+")
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00a0]")


def nothing_words(values: list[str]) -> Counter:
    """Count the words of a column that often mean an empty cell. What they mean here only its owner knows."""
    return Counter(value for value in values if value.strip() in NOTHING)


def oddities(values: list[str]) -> list[Evidence]:
    """Return what is odd about the filled cells of a column; nothing of it is repaired."""
    each, total, found = Counter(values), len(values), []

    def count(pattern: re.Pattern, words: str, *, anywhere: bool = False) -> None:
        fits = pattern.search if anywhere else pattern.fullmatch
        number = sum(times for value, times in each.items() if fits(value))
        if number:
            found.append(Evidence(f"{of(number, total)} cells {words}"))

    count(
        POWER_OF_TEN,
        "are like 1.23457E+15: a spreadsheet cut their digits, which cannot be had back; export the column as text",
    )
    count(MONTH_DAY, "are like 1-Mar: a spreadsheet may have read codes as days; export the column as text")
    rounded = sum(times for value, times in each.items() if ROUNDED.fullmatch(value))
    long = sum(times for value, times in each.items() if value.isascii() and value.isdigit() and len(value) > 15)
    if long and rounded > max(1, 0.5 * long):
        found.append(
            Evidence(
                f"{of(rounded, long)} numbers of more than 15 digits end in zeros; a spreadsheet may have cut them"
            )
        )
    count(re.compile(r"0\d+"), "begin with a zero, which an id keeps and a number would lose")
    count(
        re.compile(r"\d+[.]0"),
        "are whole numbers that end in .0; where they are ids, without(column, '.0') takes it off",
    )
    count(re.compile(r"'.+"), "begin with an apostrophe, as some systems write it against spreadsheets")
    count(re.compile(r"\s.*|.*\s", re.DOTALL), "have blanks around them")
    count(UNSEEN, "hold signs that are not seen, such as a blank without a width", anywhere=True)
    count(re.compile(r"[\r\n]"), "hold line ends", anywhere=True)
    return found
