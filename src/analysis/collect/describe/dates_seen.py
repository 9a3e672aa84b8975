"""How the dates of a column are written, and whether its values settle what comes first: the day or the month."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from analysis.collect.describe.evidence import OPEN, Evidence, of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = "|".join(MONTHS)
WRITTEN = re.compile(
    r"(?:(?P<Y>\d{4})(?P<s1>[-/.])(?P<m>\d{1,2})(?P=s1)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2>[-/.])(?P<b>\d{1,2})(?P=s2)(?P<Y2>\d{4}|\d{2})"
    rf"|(?P<d3>\d{{1,2}})(?P<s3>[- ])(?P<b3>{_MONTH})(?P=s3)(?P<Y3>\d{{4}}|\d{{2}})"
    rf"|(?P<b4>{_MONTH}) (?P<d4>\d{{1,2}}), (?P<Y4>\d{{4}}))"
    r"(?:(?P<gap>,? |T)(?P<H>\d{1,2}):(?P<M>\d{2})(?P<S>:\d{2})?(?P<f>[.]\d{3}|[.]\d{6})?(?P<p> ?[AaPp][Mm])?)?"
    r"(?P<z> ?(?:Z|[+-]\d{2}:?\d{2}))?"
)
NO_DATE = re.compile(r"0000-00-00(?: 00:00:00)?")


class Dates(NamedTuple):
    """What the values of a column say of their format; `first` and `last` are known where nothing is open."""

    evidence: tuple[Evidence, ...]
    moments: bool  # they have a time of day
    first: date | None = None
    last: date | None = None


class _Day(NamedTuple):
    family: str  # "Ymd", "??y" (two numbers before the year), "dby", "bdY"
    numbers: tuple[int, int, int]  # year, then as they stand
    date_form: str
    rest: str  # the form of the time, in the signs of strftime


def dates(values: list[str]) -> Dates | None:
    """Return what the values of a column say, None where they are no dates. An empty cell is none of the values."""
    without = Counter(value for value in values if NO_DATE.fullmatch(value))
    written = Counter(value for value in values if value not in without)
    read = {value: _read(value) for value in written}
    fitting = {value: day for value, day in read.items() if day}
    total, fits = sum(written.values()), sum(written[value] for value in fitting)
    if not fits or fits < 0.9 * total:
        return None
    found = []
    if fits < total:
        found.append(Evidence(f"{of(total - fits, total)} filled cells are no dates"))
    if without:
        found.append(
            Evidence(f"{of(without.total(), len(values))} cells say 0000-00-00 for no date", "no_date", sorted(without))
        )
    moments = any(day.rest for day in fitting.values())
    formats, order = _formats(fitting, written)
    found += order
    short = sum(written[value] for value, day in fitting.items() if day.numbers[0] < 100)
    if short:
        found.append(
            Evidence(
                f"{of(short, fits)} years have two digits; which century they are in, the file does not say",
                "earliest",
                OPEN,
            )
        )
    names = sorted(formats, key=lambda form: (-formats[form], form))
    if len(names) > 1:
        counts = "; ".join(f"{name!r} {formats[name]:,}" for name in names[:4])
        found.append(Evidence(f"dates are written in {len(names)} ways: {counts}", "format", OPEN))
        return Dates(tuple(found), moments)
    if any(one.is_question and one.setting == "format" for one in found):
        return Dates(tuple(found), moments)
    found.append(Evidence(f"all {fits:,} dates are written {names[0]!r}", "format", names[0]))
    days = [] if short else [day for one in fitting.values() if (day := _on(one, names[0]))]
    if wrong := 0 if short else len(fitting) - len(days):
        found.append(Evidence(f"{wrong:,} different values are no days of the calendar"))
    return Dates(tuple(found), moments, min(days, default=None), max(days, default=None))


def _formats(fitting: dict[str, _Day], written: Counter) -> tuple[Counter, list[Evidence]]:
    """Count the formats; where two numbers stand before the year, say what settles their order or that nothing does."""
    unclear = {value: day for value, day in fitting.items() if day.family == "??y"}
    count = sum(written[value] for value in unclear)
    first = sum(written[value] for value, day in unclear.items() if day.numbers[1] > 12)
    second = sum(written[value] for value, day in unclear.items() if day.numbers[2] > 12)
    if not unclear:
        order, found = "d m", []
    elif first and second:
        words = (
            f"{of(first, count)} values have a first number above 12 and {second:,} a second one; two ways are mixed"
        )
        order, found = "", [Evidence(words, "format", OPEN)]
    elif not first and not second:
        words = (
            f"0 of {count:,} values have a number above 12, so 100 % are valid as day/month and as month/day; "
            "nothing in the file says which it is"
        )
        order, found = "", [Evidence(words, "format", OPEN)]
    else:
        which, other = ("day", "month") if first else ("month", "day")
        words = (
            f"{of(first or second, count)} values have a {'first' if first else 'second'} number above 12 and none the other one, "
            f"so 100 % are valid as {which}/{other} and {1 - (first or second) / count:.1%} as {other}/{which}"
        )
        order, found = ("d m" if first else "m d"), [Evidence(words)]
    counted: Counter = Counter()
    for value, day in fitting.items():
        one, two = (order or "d m").split()
        counted[day.date_form.replace("<1>", one).replace("<2>", two) + day.rest] += written[value]
    return _padded(counted, fitting), found


def _padded(counted: Counter, fitting: dict[str, _Day]) -> Counter:
    """Return the formats counted, those with and without leading zeros as one."""
    together: Counter = Counter()
    loose = any("%-" in form for form in counted)
    for form, number in counted.items():
        together[re.sub(r"%([dmHI])", r"%-\1", form) if loose else form] += number
    return together


def _read(value: str) -> _Day | None:
    match = WRITTEN.fullmatch(value)
    if not match:
        return None
    parts = match.groupdict()
    rest = _time(parts)
    if parts["Y"]:
        sign = parts["s1"]
        form = f"%Y{sign}{_sign('m', parts['m'])}{sign}{_sign('d', parts['d'])}"
        return _Day("Ymd", (int(parts["Y"]), int(parts["m"]), int(parts["d"])), form, rest)
    if parts["a"]:
        sign, year = parts["s2"], parts["Y2"]
        one, two = ("" if len(parts[name]) == 2 else "-" for name in ("a", "b"))
        form = f"%{one}<1>{sign}%{two}<2>{sign}{_year(year)}"  # <1> and <2> become d and m once their order is known
        return _Day("??y", (int(year), int(parts["a"]), int(parts["b"])), form, rest)
    name, day, year = (
        (parts["b3"], parts["d3"], parts["Y3"]) if parts["b3"] else (parts["b4"], parts["d4"], parts["Y4"])
    )
    form = f"{_sign('d', day)}{parts['s3']}%b{parts['s3']}{_year(year)}" if parts["b3"] else f"%b {_sign('d', day)}, %Y"
    return _Day("b", (int(year), MONTHS.index(name) + 1, int(day)), form, rest)


def _time(parts: dict[str, str | None]) -> str:
    if not parts["H"]:
        return ""
    hour = _sign("I" if parts["p"] else "H", parts["H"])
    fraction = ".%f" if (parts["f"] or "").strip(".0") else parts["f"] or ""
    half = f"{' ' if parts['p'].startswith(' ') else ''}%p" if parts["p"] else ""
    zone = f"{' ' if parts['z'].startswith(' ') else ''}%z" if parts["z"] else ""
    return f"{parts['gap']}{hour}:%M{':%S' if parts['S'] else ''}{fraction}{half}{zone}"


def _sign(name: str, digits: str) -> str:
    return f"%{name}" if len(digits) == 2 else f"%-{name}"


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _on(day: _Day, form: str) -> date | None:
    """Return the day, None where the calendar has none."""
    year, one, two = day.numbers
    month, number = (two, one) if day.family == "??y" and re.match(r"%-?d", form) else (one, two)
    try:
        return date(year, month, number)
    except ValueError:
        return None
