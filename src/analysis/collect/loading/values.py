"""Values that have a type (of a database, a workbook, a Parquet file) written as text, so that one set of casts judges all sources.

A value is written exactly or not at all. What has no exact text of the declared kind is a fault, as in a text file; a whole
column of another kind than the contract says stops the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pyarrow as pa

from analysis.collect.loading.columns import COUNTED, DATED, Column
from analysis.collect.loading.formats import ISO
from analysis.collect.loading.numbers import MOST_DECIMALS_OF_NUMBERS

DIGITS = 15  # a double holds every number of so many digits (DBL_DIG), a spreadsheet no more
PLAIN = {"decimal_mark": ".", "thousands": "", "currency_sign": (), "negative": "-", "apostrophe": False}
AWARE = f"{ISO['moment']}%z"
_KNOWN = {
    "id": (str, int, float, Decimal, UUID, bytes),
    "text": (str, int, float, Decimal, UUID, bytes, bool, date, datetime, time),
    "whole": (str, int, float, Decimal, bool),
    "number": (str, int, float, Decimal),
    "money": (str, int, float, Decimal),
    "date": (str, date, datetime),
    "moment": (str, datetime),
}


class CellError(ValueError):
    """A value that does not fit; the message is the rule."""


class Written(NamedTuple):
    """Cells of one column as text, the column as they are written now, and by place the rule of each value that has no text."""

    cells: pa.StringArray
    column: Column
    faults: dict[int, str]


def written(values: Sequence[Any], column: Column) -> Written:
    """Write the values of one column. Where none is text they are written in the plain way, else as the contract says for text."""
    kinds = {type(value) for value in values} - {type(None)}
    if column.kind == "text":  # a line end in it cannot be the damage that it would be in a text file
        column = column.model_copy(update={"multiline": True})
    if kinds <= {str}:
        return Written(pa.array(values, pa.string()), column, {})
    if str not in kinds:
        aware = datetime in kinds and any(getattr(value, "tzinfo", None) for value in values)
        format = AWARE if column.kind == "moment" and aware else ISO.get(column.kind, "")
        column = column.model_copy(update={**PLAIN, "format": format})
        if len(kinds) == 1 and (quick := _at_once(values, column, *kinds)) is not None:
            return Written(quick, column, {})
    cells: list[str | None] = []
    faults: dict[int, str] = {}
    for place, value in enumerate(values):
        try:
            cells.append(value if value is None or isinstance(value, str) else _text(value, column))
        except CellError as error:
            cells.append(None)
            faults[place] = str(error)
    return Written(pa.array(cells, pa.string()), column, faults)


def _at_once(values: Sequence[Any], column: Column, kind: type) -> pa.StringArray | None:
    """Write values of one type as Arrow does, which is what `_text` does one by one; None where it has no such way."""
    way = {
        (int, "id"): pa.int64(), (int, "text"): pa.int64(), (int, "whole"): pa.int64(),
        (Decimal, "money"): pa.decimal128(38, column.decimals or 0),
        (date, "date"): pa.date32(),
        (datetime, "moment"): pa.timestamp("us", "UTC" if column.format == AWARE else None),
    }.get((kind, column.kind))  # fmt: skip
    if way is None or ((kind, column.kind) == (Decimal, "money") and column.decimals is None):
        return None
    try:
        typed = pa.array(values, None if kind is Decimal else way)
        return (typed.cast(way) if kind is Decimal else typed).cast(pa.string())
    except (pa.ArrowException, OverflowError):  # one of them has no room there: too many digits, cents of cents
        return None


def joined(days: Sequence[Any], times: Sequence[Any]) -> list[Any] | None:
    """Return the moments of dates and times of the day that stand in two columns, a half one as it is; None where some are text."""
    if {type(day) for day in days} - {date, type(None)} or {type(clock) for clock in times} - {time, type(None)}:
        return None
    return [
        day or clock if day is None or clock is None else datetime.combine(day, clock)
        for day, clock in zip(days, times, strict=True)
    ]


def strangers(values: Sequence[Any], column: Column) -> list[str]:
    """Return the names of the types among the values that a column of this kind never has."""
    known = _KNOWN[column.kind]
    return sorted({type(value).__name__ for value in values if type(value) not in known and value is not None})


def _text(value: Any, column: Column) -> str:
    if type(value) not in _KNOWN[column.kind]:
        raise CellError(f"{type(value).__name__} where the kind is {column.kind}")
    if column.kind in DATED:
        if value.year < 1000:
            raise CellError("a year before 1000")
        return _day(value, column) if column.kind == "date" else _moment(value, column)
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise CellError("bytes that are no UTF-8") from None
    if isinstance(value, bool):
        return str(int(value)) if column.kind == "whole" else str(value).lower()
    if isinstance(value, int | float | Decimal):
        number = _number(value, column)
        if column.kind == "id" and isinstance(value, float) and "." in number:
            raise CellError("not a whole number where an id is")
        return _as_declared(number, column) if column.kind in COUNTED else number
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _number(value: float | Decimal, column: Column) -> str:
    """Return the digits of a number. Of a float they are certain up to the fifteenth: those that Excel shows as well."""
    if isinstance(value, int):
        return str(value)
    exact = value if isinstance(value, Decimal) else Decimal(format(value, f".{DIGITS}g"))
    if not exact.is_finite():
        raise CellError("not a number")
    if isinstance(value, float) and abs(value) >= 10 ** (DIGITS - (column.decimals or 0)):
        raise CellError(f"more than {DIGITS} digits in a floating-point number: the last ones are lost")
    if column.kind == "number" and column.decimals is None and exact.as_tuple().exponent < -MOST_DECIMALS_OF_NUMBERS:
        exact = exact.quantize(Decimal(1).scaleb(-MOST_DECIMALS_OF_NUMBERS))  # of a share, not of money
    return format(exact, "f")


def _as_declared(number: str, column: Column) -> str:
    """Return the digits with exactly the declared decimals, if zeros alone are missing or too many, and the declared signs."""
    whole, _, cents = number.partition(".")
    cents = cents.rstrip("0")
    decimals = 0 if column.kind == "whole" else column.decimals or 0
    cents = cents.ljust(decimals, "0")
    number = whole + (f"{column.decimal_mark or '.'}{cents}" if cents else "")
    if not number.startswith("-") or column.negative == "-":
        return number
    return f"({number[1:]})" if column.negative == "()" else f"{number[1:]}-"


def _day(value: date, column: Column) -> str:
    if isinstance(value, datetime):
        if value.timetz() != value.min.time():
            raise CellError("a moment where a date is")
        value = value.date()
    return value.strftime(column.format)


def _moment(value: datetime, column: Column) -> str:
    if value.tzinfo and "%z" not in column.format:
        raise CellError("a moment with an offset among texts without one")
    value = value.astimezone(UTC) if value.tzinfo else value
    text = value.strftime(column.format)
    if datetime.strptime(text, column.format) != value:
        raise CellError("a moment more exact than its format")
    return text
