"""Values with a type are written exactly or not at all, and read back as the very same value by the casts of text."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collect.loading import fitting
from analysis.collect.loading import values as typed
from analysis.collect.loading.contract import Column, Export

SUMMER = timezone(timedelta(hours=2))


def written(values, kind, **settings):
    """Return the cells as text, with the rule in the place of each that has none."""
    told = typed.written(values, Column(header="x", kind=kind, **settings))
    return [told.faults.get(at, cell) for at, cell in enumerate(told.cells.to_pylist())]


def read_back(values, kind, **settings):
    """Return the values after they were written and cast again, None for those that do not fit."""
    export = Export(columns={"x": Column(header="x", kind=kind, **settings)}, tables={}, files="x.parquet")
    told = typed.written(values, export.columns["x"])
    export = export.model_copy(update={"columns": {"x": told.column}})
    fitted = fitting.fit({"x": told.cells}, np.arange(1, len(values) + 1), file="f", export=export)
    kept = dict(zip(fitted.table["_line"].to_pylist(), fitted.table["x"].to_pylist(), strict=True))
    return [kept.get(line) for line in range(1, len(values) + 1)]


LOST = "more than 15 digits in a floating-point number: the last ones are lost"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("id", 7, "7"),
        ("id", 123456789012345678, "123456789012345678"),
        ("id", "00123", "00123"),
        ("id", 7.0, "7"),  # a whole number of a workbook
        ("id", 7.5, "not a whole number where an id is"),
        ("id", 1e15, LOST),
        ("id", 123456789012345.0, "123456789012345"),
        ("id", UUID(int=255), "00000000-0000-0000-0000-0000000000ff"),
        ("id", b"A7", "A7"),
        ("id", b"\xff", "bytes that are no UTF-8"),
        ("id", True, "bool where the kind is id"),
        ("id", date(2024, 3, 1), "date where the kind is id"),  # MAR1 after a spreadsheet
        ("text", True, "true"),
        ("text", 1.5, "1.5"),
        ("text", date(2024, 3, 1), "2024-03-01"),
        ("text", datetime(2024, 3, 1, 5), "2024-03-01 05:00:00"),
        ("text", {"a": 1}, "dict where the kind is text"),
        ("whole", True, "1"),
        ("whole", 3.0, "3"),
        ("whole", Decimal("3.00"), "3"),
        ("whole", 3.5, "3.5"),  # which is no whole number: the cast says so
        ("number", 1 / 7, "0.142857142857143"),
        ("number", 0.001234567890123456, "0.001234567890123"),
        ("number", 0.1 + 0.2, "0.3"),
        ("number", 1e-20, "0"),
        ("number", float("nan"), "not a number"),
        ("number", float("-inf"), "not a number"),
        ("number", Decimal("NaN"), "not a number"),
        ("number", 1e300, LOST),
        ("date", date(2024, 3, 1), "2024-03-01"),
        ("date", datetime(2024, 3, 1), "2024-03-01"),
        ("date", datetime(2024, 3, 1, 0, 0, 1), "a moment where a date is"),
        ("date", datetime(2024, 3, 1, tzinfo=UTC), "a moment where a date is"),  # of which day depends on where
        ("date", date(44, 3, 15), "0044-03-15"),
        ("date", time(5), "time where the kind is date"),
        ("moment", datetime(2024, 3, 1, 5, 6, 7, 8), "2024-03-01 05:06:07.000008"),
        ("moment", datetime(2024, 3, 1, 5, tzinfo=SUMMER), "2024-03-01 03:00:00.000000Z"),
        ("moment", date(2024, 3, 1), "date where the kind is moment"),
        ("moment", datetime(44, 3, 15), "0044-03-15 00:00:00.000000"),
        ("moment", None, None),
    ],
)  # fmt: skip
def test_a_value_is_written_out_or_told(kind, value, text):
    assert written([value], kind) == [text]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12.1, 2, "12.10"),
        (0.1 + 0.2, 2, "0.30"),  # what a spreadsheet shows of it
        (12.345, 2, "12.345"),  # three decimals: the cast refuses it
        (10 / 3, 2, "3.33333333333333"),
        (10_000_000_000_000.05, 2, LOST),
        (9_999_999_999_999.99, 2, "9999999999999.99"),
        (-5.0, 2, "-5.00"),
        (5, 2, "5.00"),
        (Decimal("5"), 2, "5.00"),
        (Decimal("5.100"), 2, "5.10"),
        (Decimal("5.123"), 2, "5.123"),
        (Decimal("1E+3"), 0, "1000"),
        (Decimal("0.000001"), 6, "0.000001"),
        (Decimal("5.1234"), None, "5.1234"),
        (5.1, None, "5.1"),
    ],
)
def test_money_has_exactly_its_decimals_and_is_never_rounded(value, decimals, text):
    assert written([value], "money", decimals=decimals) == [text]


def test_among_texts_a_value_is_written_as_the_contract_says_for_texts():
    dates = {"format": "%d/%m/%Y"}
    assert written([date(2024, 3, 1), "02/03/2024"], "date", **dates) == ["01/03/2024", "02/03/2024"]
    moments = {"format": "%d/%m/%Y %H:%M"}
    assert written([datetime(2024, 3, 1, 5, 6), "x"], "moment", **moments) == ["01/03/2024 05:06", "x"]
    assert (
        written([datetime(2024, 3, 1, 5, 6, 7), "x"], "moment", **moments)[0] == "a moment more exact than its format"
    )
    offset = "a moment with an offset among texts without one"
    assert written([datetime(2024, 3, 1, 5, tzinfo=SUMMER), "x"], "moment", **moments)[0] == offset
    money = {"decimals": 2, "decimal_mark": ",", "thousands": ".", "negative": "()"}
    assert written([-1234.5, "(1.234,50)"], "money", **money) == ["(1234,50)", "(1.234,50)"]
    assert read_back([-1234.5, "(1.234,50)"], "money", **money) == [Decimal("-1234.50"), Decimal("-1234.50")]


def test_dates_and_times_of_two_columns_are_one_moment():
    days, clocks = [date(2024, 3, 1), None, date(2024, 3, 2)], [time(5, 6), None, None]
    assert typed.joined(days, clocks) == [datetime(2024, 3, 1, 5, 6), None, date(2024, 3, 2)]  # the last one is told
    assert typed.joined(["01/03/2024"], [time(5)]) is None


def test_strangers_are_types_that_a_kind_never_has():
    assert typed.strangers([1, None, date(2024, 1, 1), [2]], Column(header="x", kind="money")) == ["date", "list"]
    assert typed.strangers([1, 1.5, Decimal(1), "1"], Column(header="x", kind="money")) == []


MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.lists(MONEY, min_size=1, max_size=5))
def test_decimals_and_floats_come_back_to_the_cent(amounts):
    assert read_back(amounts, "money", decimals=2) == amounts
    assert read_back([float(amount) for amount in amounts], "money", decimals=2) == amounts


@given(st.lists(st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), min_size=1, max_size=5))
def test_moments_come_back_to_the_microsecond_with_and_without_a_zone(moments):
    assert read_back(moments, "moment") == moments
    aware = [moment and moment.replace(tzinfo=SUMMER) for moment in moments]
    assert read_back(aware, "moment") == [moment and moment - timedelta(hours=2) for moment in moments]


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=1, max_size=5))
def test_whole_numbers_come_back(numbers):
    assert read_back(numbers, "whole") == numbers
    assert read_back(numbers, "id") == [str(number) for number in numbers]


@pytest.mark.parametrize("kind", ["id", "text", "whole", "money", "date", "moment"])
def test_the_quick_way_writes_what_the_slow_one_writes(kind, monkeypatch):
    values = {
        "id": [7, None, -3], "text": [7, 8], "whole": [7, 10**17], "money": [Decimal("1.5"), None, Decimal("-0.07")],
        "date": [date(2024, 2, 29), None], "moment": [datetime(2024, 2, 29, 1, 2, 3, 4), datetime(1999, 12, 31)],
    }[kind]  # fmt: skip
    settings = {"decimals": 2} if kind == "money" else {}
    quick = typed.written(values, Column(header="x", kind=kind, **settings)).cells
    monkeypatch.setattr(typed, "_at_once", lambda *_: None)
    assert quick.equals(typed.written(values, Column(header="x", kind=kind, **settings)).cells)
    assert isinstance(quick, pa.StringArray)
