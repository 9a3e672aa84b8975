"""The order of day and month is settled by values above 12 or not at all."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collect.describe.dates_seen import dates
from analysis.collect.describe.evidence import OPEN, settled


def words(found):
    return " / ".join(one.words for one in found.evidence)


def test_values_that_are_valid_both_ways_settle_nothing():
    found = dates(["03/04/2025", "05/06/2025", "12/12/2025"])
    assert settled(found.evidence) == {"format": OPEN}
    assert "0 of 3 values have a number above 12, so 100 % are valid as day/month and as month/day" in words(found)
    assert (found.first, found.last) == (None, None)  # a span would be a guess


def test_one_day_above_twelve_settles_the_order_and_the_share_is_said():
    found = dates(["03/04/2025", "13/04/2025", "05/06/2025", "31/12/2025"])
    assert settled(found.evidence) == {"format": "%d/%m/%Y"}
    assert "2 of 4 values have a first number above 12 and none the other one" in words(found)
    assert "100 % are valid as day/month and 50.0% as month/day" in words(found)
    assert (found.first, found.last) == (date(2025, 4, 3), date(2025, 12, 31))
    assert settled(dates(["03/04/2025", "04/13/2025"]).evidence) == {"format": "%m/%d/%Y"}


def test_two_orders_in_one_column_are_a_question_whichever_is_more_frequent():
    found = dates(["13/04/2025"] * 9 + ["04/13/2025"])
    assert settled(found.evidence)["format"] == OPEN
    assert "9 of 10 values have a first number above 12 and 1 a second one; two ways are mixed" in words(found)


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2025-02-03", "2025-12-31"], "%Y-%m-%d"),
        (["2025-02-03 09:05:07", "2025-12-31 23:59:59"], "%Y-%m-%d %H:%M:%S"),
        (["2025-02-03T09:05:07Z"], "%Y-%m-%dT%H:%M:%S%z"),
        (["2025-02-03T09:05:07.000Z"], "%Y-%m-%dT%H:%M:%S.000%z"),
        (["2025-10-07 09:50:26 +0200"], "%Y-%m-%d %H:%M:%S %z"),
        (["31.12.2025 7:05", "01.02.2025 17:05"], "%-d.%-m.%Y %-H:%M"),
        (["3/14/2025", "12/1/2025"], "%-m/%-d/%Y"),
        (["Mar 5, 2021 02:22:11 PM", "Mar 15, 2021 12:05:00 AM"], "%b %-d, %Y %-I:%M:%S %p"),
        (["05-Mar-2021"], "%d-%b-%Y"),
    ],
)
def test_the_format_reads_what_was_seen(values, form):
    found = dates(values)
    assert settled(found.evidence) == {"format": form}
    for value in values:  # what Python reads with the same signs
        datetime.strptime(value, form.replace("%-", "%"))
    assert found.moments == ("M" in form)


def test_two_digit_years_are_a_question_even_where_the_order_is_settled():
    found = dates(["13/04/25", "14/04/68"])
    assert settled(found.evidence) == {"earliest": OPEN, "format": "%d/%m/%y"}
    assert "2 of 2 years have two digits" in words(found)
    assert found.first is None


def test_two_ways_of_writing_are_a_question_with_their_counts():
    found = dates(["2025-02-03"] * 3 + ["03.13.2025"])
    assert settled(found.evidence)["format"] == OPEN
    assert "dates are written in 2 ways: '%Y-%m-%d' 3; '%m.%d.%Y' 1" in words(found)


def test_no_date_is_a_word_and_a_day_that_is_none_is_counted():
    found = dates(["0000-00-00", "2025-02-28", "2025-02-30"])
    assert settled(found.evidence) == {"no_date": ["0000-00-00"], "format": "%Y-%m-%d"}
    assert "1 different values are no days of the calendar" in words(found)


def test_what_is_no_date_is_none():
    assert dates(["536365", "C536379"]) is None
    assert dates(["2025-02-03"] * 8 + ["x", "y"]) is None  # four fifths are not nearly all
    assert "1 of 10 filled cells are no dates" in words(dates(["2025-02-03"] * 9 + ["x"]))


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2089, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_an_order_that_is_claimed_is_the_one_in_which_the_dates_were_written(days, form):
    found = dates([day.strftime(form) for day in days])
    claimed = settled(found.evidence)["format"]
    settles = any(day.day > 12 for day in days)
    assert claimed == (form if settles else OPEN)
    if settles:
        assert (found.first, found.last) == (min(days), max(days))
        assert found.last - found.first >= timedelta(0)
