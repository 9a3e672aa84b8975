"""Dates and moments are read by their declared format; Python's own calendar and zones are the referee."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collect.loading import formats, moments
from analysis.collect.loading.contract import Column, Export
from analysis.refusals import StudyError


def read(cells, format, kind="date", *, zone="UTC", clock_change="", **says):
    export = Export(columns={}, tables={}, time_zone=zone, clock_change=clock_change)
    column = Column(header="H", kind=kind, format=format, **says)
    found = (moments.day if kind == "date" else moments.moment)(pa.array(cells, pa.string()), column, export)
    return found.values.to_pylist(), {rule: [int(row) for row in wrong.nonzero()[0]] for rule, wrong in found.faults}


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("2025-02-30", "no day of the calendar"),
        ("2025-02-29", "no day of the calendar"),
        ("2025-13-01", "month above 12"),
        ("0000-00-00", "no day of the calendar"),
        ("1900-01-00", "no day of the calendar"),
        ("2025-2-3", "not like %Y-%m-%d"),
        ("2025-02-3", "not like %Y-%m-%d"),
        ("2025/02/03", "not like %Y-%m-%d"),
        (" 2025-02-03", "not like %Y-%m-%d"),
        ("03.02.2025", "not like %Y-%m-%d"),
        ("45678", "not like %Y-%m-%d"),
        ("2025-02-0３", "not like %Y-%m-%d"),
        ("1970-01-01", "the day that systems write for no date"),
        ("1900-01-01", "the day that systems write for no date"),
        ("1889-12-31", "before 1900-01-02"),
        ("2568-02-03", "after 2100-12-31"),
    ],
)
def test_a_day_that_is_none_is_set_aside_with_the_reason(cell, rule):
    assert read(["2024-02-29", cell], "%Y-%m-%d") == ([date(2024, 2, 29), None], {rule: [1]})


def test_the_third_of_april_is_what_the_contract_says():
    assert read(["03/04/2025"], "%d/%m/%Y")[0] == [date(2025, 4, 3)]
    assert read(["03/04/2025"], "%m/%d/%Y")[0] == [date(2025, 3, 4)]
    assert read(["03/14/2025"], "%d/%m/%Y")[1] == {"month above 12": [0]}
    assert read(["03/02/25"], "%d/%m/%Y")[1] == {"not like %d/%m/%Y": [0]}


@pytest.mark.parametrize(
    ("format", "cell", "expected"),
    [
        ("%-m/%-d/%Y %-H:%M", "12/1/2010 8:26", datetime(2010, 12, 1, 8, 26)),
        ("%Y-%m-%dT%H:%M:%SZ", "2024-05-06T07:08:09Z", datetime(2024, 5, 6, 7, 8, 9)),
        ("%Y-%m-%d %H:%M:%S %z", "2024-05-06 07:08:09 -0500", datetime(2024, 5, 6, 12, 8, 9)),
        ("%Y-%m-%dT%H:%M:%S%z", "2024-05-06T07:08:09+05:30", datetime(2024, 5, 6, 1, 38, 9)),
        ("%Y-%m-%d %H:%M:%S.%f", "2024-05-06 07:08:09.000123", datetime(2024, 5, 6, 7, 8, 9, 123)),
        ("%b %d, %Y %I:%M %p", "Feb 03, 2024 12:05 AM", datetime(2024, 2, 3, 0, 5)),
        ("%B %-d, %Y %-I:%M %p", "December 3, 2024 1:05 pm", datetime(2024, 12, 3, 13, 5)),
        ("%s", "1714979289", datetime(2024, 5, 6, 7, 8, 9)),
        ("%F %T", "2024-05-06 07:08:09", datetime(2024, 5, 6, 7, 8, 9)),
        ("%d.%m.%Y, %H Uhr", "06.05.2024, 07 Uhr", datetime(2024, 5, 6, 7)),
    ],
)
def test_every_declared_sign_is_read(format, cell, expected):
    assert read([cell], format, "moment") == ([expected], {})


@pytest.mark.parametrize("cell", ["2024-05-06 24:00:00", "2024-05-06 23:60:00", "2024-05-06 23:59:60"])
def test_a_clock_that_does_not_exist_is_set_aside(cell):
    assert read([cell], "%Y-%m-%d %H:%M:%S", "moment") == ([None], {"no time of the day": [0]})


def test_milliseconds_among_seconds_are_set_aside():
    assert read(["1714979289", "1714979289000"], "%s", "moment")[1] == {"not like %s": [1]}
    assert read(["1714979289", "99999999999"], "%s", "moment")[1] == {"after 2100-12-31": [1]}


def test_an_hour_that_the_clock_skipped_is_set_aside_and_one_shown_twice_needs_a_word():
    cells = ["2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 03:00"]
    values, rules = read(cells, "%Y-%m-%d %H:%M", "moment", zone="Europe/Berlin")
    assert values[2] == datetime(2024, 10, 27, 2)
    assert rules == {
        "a time that the clock skipped": [0], "an hour that the clock showed twice (clock_change says which)": [1]
    }  # fmt: skip
    for word, hour in (("earlier", 0), ("later", 1)):
        values, rules = read(cells, "%Y-%m-%d %H:%M", "moment", zone="Europe/Berlin", clock_change=word)
        assert values[1] == datetime(2024, 10, 27, hour, 30) and rules == {"a time that the clock skipped": [0]}


@given(
    st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Europe/London", "Asia/Kathmandu"]),
)
def test_every_moment_is_the_one_that_python_knows(clock, zone):
    written = [moment.strftime("%Y-%m-%d %H:%M:%S.%f") for moment in clock]
    for word, fold in (("earlier", 0), ("later", 1)):
        values, _ = read(written, "%Y-%m-%d %H:%M:%S.%f", "moment", zone=zone, clock_change=word)
        for given_, found in zip(clock, values, strict=True):
            utc = given_.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
            back = utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert found == (utc.replace(tzinfo=None) if back == given_ else None)


@given(st.lists(st.dates(date(1900, 1, 2), date(2100, 12, 31)), min_size=1, max_size=30))
def test_every_day_comes_back_in_each_way_of_writing(days):
    wanted = [None if day == date(1970, 1, 1) else day for day in days]
    for format in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%-d.%-m.%Y", "%d %b %Y"):
        assert read([day.strftime(format) for day in days], format)[0] == wanted


def test_years_of_two_digits_need_bounds_that_leave_one_century():
    with pytest.raises(ValueError, match="years of two digits, and from 1900-01-02 to 2100-12-31"):
        Column(header="H", kind="date", format="%d/%m/%y")
    within = {"earliest": "1950-07-01", "latest": "2050-06-30"}
    cells = ["30/06/50", "01/07/50", "31/12/99", "01/01/00"]
    assert read(cells, "%d/%m/%y", **within)[0] == [
        date(2050, 6, 30), date(1950, 7, 1), date(1999, 12, 31), date(2000, 1, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("%Y-%m", "must say year, month and day"),
        ("%Y-%m-%d %Q", "%Q is not known"),
        ("%Y-%m-%d %I:%M", "%I and %p go together"),
        ("%d/%d/%Y", "must say year, month and day, each once"),
    ],
)
def test_a_format_that_leaves_the_day_open_is_refused(format, words):
    with pytest.raises(StudyError, match=words):
        formats.compiled(format)


def test_a_day_before_the_first_is_set_aside():
    first = date(2024, 1, 1)
    cells = [str(first - timedelta(days=1)), str(first)]
    assert read(cells, "%Y-%m-%d", earliest=str(first))[1] == {"before 2024-01-01": [0]}
