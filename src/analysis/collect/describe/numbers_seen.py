"""How the numbers of a column are written: its decimal mark, signs of currencies, and numbers that may stand for a time."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from analysis.collect.describe.evidence import OPEN, Evidence, of

SIGNS = r"[$€£¥₹₩₽]|[A-Z]{2}[$]|[A-Z][$]|(?:USD|EUR|GBP|CNY|RMB|JPY|CHF|INR|AUD|CAD|HKD|SEK|NOK|DKK|PLN|BRL|MXN|元)"
NUMBER = re.compile(
    rf"(?P<minus>[-−(]?)(?P<before>{SIGNS})?\s?(?P<digits>[-−]?\d[\d.,'’ \u00a0\u202f]*?)\s?(?P<after>{SIGNS})?(?P<end>[)-]?)"
)
EPOCHS = {  # unit -> whole numbers from 2000 to 2040
    "seconds": range(946_684_800, 2_208_988_800),
    "milliseconds": range(946_684_800_000, 2_208_988_800_000),
    "microseconds": range(946_684_800_000_000, 2_208_988_800_000_000),
}
EXCEL_DAYS = range(36_526, 55_153)  # 2000 to 2050 as days since 1899-12-30
TIME_WORDS = ("date", "time", "day", "created", "updated", "_at", "timestamp", "日期", "时间")


class Numbers(NamedTuple):
    """What the values of a column say of their form."""

    evidence: tuple[Evidence, ...]
    whole: bool
    places: int  # most digits after the decimal mark


def numbers(values: list[str], *, header: str) -> Numbers | None:
    """Return what the values of a column say, None where they are no numbers. An empty cell is none of the values."""
    read = {value: NUMBER.fullmatch(value.strip()) for value in set(values)}
    digits = [re.sub(r"[-−\s'’]", "", match["digits"]) for value in values if (match := read[value])]
    if not digits or len(digits) < 0.9 * len(values):
        return None
    found = []
    if len(digits) < len(values):
        found.append(Evidence(f"{of(len(values) - len(digits), len(values))} filled cells are no numbers"))
    mark, evidence = _decimal_mark(digits)
    found += evidence + _currencies([read[value] for value in values if read[value]]) + _negative(read)
    found += _spaces([match["digits"] for match in read.values() if match])
    whole = not any("." in one or "," in one for one in digits)
    if whole:
        found += _times([int(one) for one in digits], header)
    places = max((len(one.rsplit(mark, 1)[1]) for one in digits if mark and mark in one), default=0)
    return Numbers(tuple(found), whole, places)


def _decimal_mark(digits: list[str]) -> tuple[str, list[Evidence]]:
    """Return the mark that the values settle, empty where they have none or do not, and the evidence."""
    total, signs = len(digits), {}
    for sign in ".,":
        having = [one for one in digits if sign in one]
        if not having:
            continue
        three = sum(len(one.rsplit(sign, 1)[1]) == 3 for one in having)
        grouped = sum(bool(re.fullmatch(rf"\d{{1,3}}(?:[{sign}]\d{{3}})+", one)) for one in having)
        several = sum(one.count(sign) > 1 for one in having)
        other = "," if sign == "." else "."
        last = sum(other in one and one.rindex(sign) > one.rindex(other) for one in having)
        signs[sign] = {"having": len(having), "three": three, "grouped": grouped, "several": several, "last": last}
    if not signs:
        return "", []
    words = "; ".join(
        f"{of(seen['having'], total)} numbers have {sign!r}, {seen['three'] / seen['having']:.1%} of these exactly three digits after it"
        for sign, seen in signs.items()
    )
    marks = [sign for sign, seen in signs.items() if not seen["several"] and seen["grouped"] < seen["having"]]
    if len(signs) == 2:
        ends = [sign for sign in signs if signs[sign]["last"]]
        marks = (
            [sign for sign in ends if not signs[sign]["several"]] if len(ends) == 1 else [] if len(ends) == 2 else marks
        )
    if len(marks) != 1:
        only = next(iter(signs)) if len(signs) == 1 else ""
        if only and signs[only]["several"]:  # 1.234.567 has thousands and no decimals
            mark = "," if only == "." else "."
            return mark, [
                Evidence(words, "decimal_mark", mark),
                Evidence(f"{only!r} stands more than once in a number", "thousands", only),
            ]
        return "", [Evidence(f"{words}; it may stand before decimals or before thousands", "decimal_mark", OPEN)]
    mark = marks[0]
    if marks == [*signs] == ["."] and not signs["."]["three"]:
        return mark, []  # nothing else can be meant
    found = [Evidence(words, "decimal_mark", mark)]
    if len(signs) == 2:
        thousands = "," if mark == "." else "."
        found.append(Evidence(f"{thousands!r} stands between thousands", "thousands", thousands))
    return mark, found


def _currencies(matches: list[re.Match]) -> list[Evidence]:
    signs = Counter(sign for match in matches for sign in (match["before"], match["after"]) if sign)
    if not signs:
        return []
    counts = ", ".join(f"{sign} {number:,}" for sign, number in signs.most_common())
    bare = len(matches) - signs.total()
    words = f"signs of currencies: {counts}" + (f"; {bare:,} numbers have none" if bare else "")
    if len(signs) > 1:
        return [
            Evidence(f"{words}; sums over several currencies mean nothing, so one export for each", "currency", OPEN)
        ]
    return [Evidence(words, "currency_sign", [*signs])]


def _negative(read: dict[str, re.Match | None]) -> list[Evidence]:
    ways = {
        "()": any(match["minus"] == "(" and match["end"] == ")" for match in read.values() if match),
        "trailing -": any(match["end"] == "-" for match in read.values() if match),
    }
    found = [way for way, there in ways.items() if there]
    return [Evidence(f"negative numbers are written {found[0]}", "negative", found[0])] if found else []


def _spaces(digits: list[str]) -> list[Evidence]:
    apostrophes = sum("'" in one or "’" in one for one in digits)
    blanks = sum(bool(re.search(r"\d[ \u00a0\u202f]\d", one)) for one in digits)
    if apostrophes:
        return [Evidence("an apostrophe stands between thousands", "thousands", "'")]
    return [Evidence("a blank stands between thousands", "thousands", " ")] if blanks else []


def _times(values: list[int], header: str) -> list[Evidence]:
    """Return evidence that whole numbers are times: seconds since 1970 and their parts, or days as a spreadsheet counts them."""
    units = {unit: n for unit, span in EPOCHS.items() if (n := sum(value in span for value in values))}
    total = len(values)
    named = any(word in header.casefold() for word in TIME_WORDS)
    if units and sum(units.values()) >= 0.9 * total and (named or sum(units.values()) == total):
        counts = ", ".join(f"{unit} {number:,}" for unit, number in units.items())
        words = f"{of(sum(units.values()), total)} numbers may be times since 1970 in {counts}"
        if len(units) > 1:
            return [Evidence(f"{words}; the units are mixed", "format", OPEN)]
        only = next(iter(units))
        why = "" if only == "seconds" else "; only seconds can be read, so export it as text"
        return [Evidence(f"{words}{why}", "format", OPEN)]
    days = sum(value in EXCEL_DAYS for value in values)
    if named and days >= 0.9 * total:
        words = f"{of(days, total)} numbers may be days as a spreadsheet counts them, from 1900 or from 1904; export it as text"
        return [Evidence(words, "format", OPEN)]
    return []
