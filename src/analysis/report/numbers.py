"""Numbers and dates as people read them. What is not known says so: never "nan", "None" or "-0".

The minus is the typographic one (U+2212) and the space before "%" a plain one, so that a search for "12.0 %" finds it.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

NOT_KNOWN = "not known"
NO_LIMIT = "no limit"  # an infinite end of an interval: the data give none
_LOCALE = "en"


def is_known(value: Any) -> bool:
    """Return whether a single value is there and finite: not None, NaN, NaT, NA or infinite."""
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return False
    if isinstance(value, (str, date)):
        return True
    try:
        return math.isfinite(value)
    except TypeError:
        return True


def decimal(value: Any, digits: int = 2) -> str:
    """Return `4,596,039.58`; halves round to even."""
    if not is_known(value):
        return NOT_KNOWN
    from babel.numbers import format_decimal

    exact = value if isinstance(value, Decimal) else Decimal(repr(value.item() if hasattr(value, "item") else value))
    written = format_decimal(abs(exact), format="#,##0" + ("." + "0" * digits if digits else ""), locale=_LOCALE)
    return "\u2212" + written if exact < 0 and any(character in "123456789" for character in written) else written


def count(value: Any) -> str:
    """Return `1,234`."""
    return decimal(value, 0)


def percent(share: Any, digits: int = 1) -> str:
    """Return `12.0 %` for the share 0.1202."""
    return f"{decimal(_times(share, 100), digits)} %" if is_known(share) else NOT_KNOWN


def points(difference: Any, digits: int = 1) -> str:
    """Return `+1.3 points` for a difference of shares of 0.013."""
    return f"{signed(_times(difference, 100), digits)} points" if is_known(difference) else NOT_KNOWN


def signed(value: Any, digits: int = 2) -> str:
    """Return `+1.30` or `−1.30`, and plain `0.00` for what rounds to zero."""
    written = decimal(value, digits)
    positive = is_known(value) and value > 0 and any(character in "123456789" for character in written)
    return "+" + written if positive else written


def money(value: Any, currency: str, digits: int = 2) -> str:
    """Return the exact form, `4,596,039.58 USD`."""
    return f"{decimal(value, digits)} {currency}" if is_known(value) else NOT_KNOWN


def money_short(value: Any, currency: str) -> str:
    """Return the form for reading: `4.60 million USD`, `45,961 USD`, `205 USD`, `8.40 USD`."""
    return f"{short(value)} {currency}" if is_known(value) else NOT_KNOWN


def short(value: Any) -> str:
    """Return three digits and a word from a million up, whole numbers from a hundred up, two decimals below."""
    if not is_known(value):
        return NOT_KNOWN
    size = abs(Decimal(f"{abs(float(value)):.3g}"))
    for word, unit in (("billion", Decimal(10**9)), ("million", Decimal(10**6))):
        if size >= unit:
            part = size / unit
            digits = 2 if part < 10 else 1 if part < 100 else 0
            return f"{decimal(part.copy_sign(Decimal(1) if value > 0 else Decimal(-1)), digits)} {word}"
    return decimal(value, 0 if abs(value) >= 100 else 2)


def interval(low: Any, high: Any, fmt: Callable[[Any], str] = percent) -> str:
    """Return `10.9 to 13.2 %`: both ends in one format, the unit once."""
    if not (is_known(low) and is_known(high)):
        return NOT_KNOWN
    first, last = fmt(low), fmt(high)
    unit = re.search(r"\D*$", first)[0]
    same = unit == re.search(r"\D*$", last)[0]
    return f"{first.removesuffix(unit) if same else first} to {last}"


def end(fmt: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return a format for the ends of intervals that may have none: an infinite end is `no limit`, others go to `fmt`."""
    return lambda value: NO_LIMIT if is_endless(value) else fmt(value)


def span(low: Any, high: Any, fmt: Callable[[Any], str] = percent) -> str:
    """Return the interval as `interval` does, and `0.1 % to no limit` where an end is infinite."""
    if not (is_endless(low) or is_endless(high)):
        return interval(low, high, fmt)
    first, last = end(fmt)(low), end(fmt)(high)
    return NOT_KNOWN if NOT_KNOWN in (first, last) else f"{first} to {last}"


def is_endless(value: Any) -> bool:
    """Return whether a value is infinite, as an end of an interval is where the data give none."""
    return isinstance(value, float) and math.isinf(value)


def of_every_100(low: Any, high: Any, *, per: int = 100) -> str:
    """Return `between 11 and 14 of every 100` for the interval 0.112 to 0.131: rounded outwards, so that it holds."""
    if not (is_known(low) and is_known(high)):
        return NOT_KNOWN
    least = int((Decimal(repr(float(low))) * per).to_integral_value(ROUND_FLOOR))
    most = int((Decimal(repr(float(high))) * per).to_integral_value(ROUND_CEILING))
    least, most = max(least, 0), min(most, per)
    if least == most:
        return f"{count(most)} of every {count(per)}"
    return f"between {count(least)} and {count(most)} of every {count(per)}"


def day(value: Any) -> str:
    """Return `31 December 2017`."""
    return _written(value, "d MMMM y")


def month(value: Any) -> str:
    """Return `December 2017`."""
    return _written(value, "MMMM y")


def period(start: Any, end: Any) -> str:
    """Return `1 January to 31 December 2017`: both days, what they share said once."""
    if not (is_known(start) and is_known(end)):
        return NOT_KNOWN
    if (start.year, start.month, start.day) == (end.year, end.month, end.day):
        return day(start)
    same_year = start.year == end.year
    pattern = "d" if same_year and start.month == end.month else "d MMMM" if same_year else "d MMMM y"
    return f"{_written(start, pattern)} to {day(end)}"


def _written(value: Any, pattern: str) -> str:
    if not is_known(value):
        return NOT_KNOWN
    from babel.dates import format_date

    return format_date(date(value.year, value.month, value.day), format=pattern, locale=_LOCALE)


def _times(share: Any, factor: int) -> Decimal:
    exact = share if isinstance(share, Decimal) else Decimal(repr(share.item() if hasattr(share, "item") else share))
    return exact * factor
