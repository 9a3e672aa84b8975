import math
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report import numbers

UNKNOWN = [None, float("nan"), float("inf"), pd.NA, pd.NaT, np.float64("nan"), Decimal("NaN")]


@pytest.mark.parametrize("value", UNKNOWN)
def test_what_is_not_known_says_so_in_every_form(value):
    said = [
        numbers.count(value), numbers.decimal(value), numbers.percent(value), numbers.points(value),
        numbers.short(value), numbers.money(value, "USD"), numbers.money_short(value, "USD"),
        numbers.interval(0.1, value),
        numbers.of_every_100(value, 0.2), numbers.signed(value), numbers.day(value), numbers.month(value),
        numbers.period(value, date(2017, 1, 1)),
    ]  # fmt: skip
    assert set(said) == {"not known"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (numbers.count(1469307), "1,469,307"),
        (numbers.count(np.int64(7)), "7"),
        (numbers.decimal(-0.001), "0.00"),
        (numbers.decimal(-1234.5, 1), "−1,234.5"),
        (numbers.decimal(Decimal("4596039.58")), "4,596,039.58"),
        (numbers.percent(792 / 6589, 2), "12.02 %"),
        (numbers.percent(0.29, 0), "29 %"),
        (numbers.percent(-0.00004), "0.0 %"),
        (numbers.points(0.013), "+1.3 points"),
        (numbers.signed(0.0), "0.00"),
        (numbers.money(Decimal("26359.90"), "USD"), "26,359.90 USD"),
        (numbers.money_short(4596039.58, "USD"), "4.60 million USD"),
        (numbers.money_short(999999.9, "USD"), "1.00 million USD"),
        (numbers.money_short(-45_960_395, "USD"), "−46.0 million USD"),
        (numbers.money_short(2_345_000_000, "USD"), "2.34 billion USD"),
        (numbers.money_short(45960.6, "USD"), "45,961 USD"),
        (numbers.money_short(8.4, "USD"), "8.40 USD"),
        (numbers.interval(0.109, 0.132), "10.9 to 13.2 %"),
        (numbers.interval(1, 1234, numbers.count), "1 to 1,234"),
        (numbers.interval(950_000, 1_050_000, numbers.short), "950,000 to 1.05 million"),
        (numbers.interval(95e4, 2e6, lambda x: numbers.money_short(x, "USD")), "950,000 USD to 2.00 million USD"),
        (numbers.interval(1e6, 2e6, lambda x: numbers.money_short(x, "USD")), "1.00 to 2.00 million USD"),
        (numbers.of_every_100(0.1126, 0.1283), "between 11 and 13 of every 100"),
        (numbers.of_every_100(0.29, 0.29), "29 of every 100"),  # 0.29 * 100 is 28.999999999999996 in floats
        (numbers.of_every_100(-0.01, 1.2), "between 0 and 100 of every 100"),
        (numbers.of_every_100(0.0011, 0.0019, per=1000), "between 1 and 2 of every 1,000"),
        (numbers.day(pd.Timestamp("2017-12-31 05:00")), "31 December 2017"),
        (numbers.month(date(2017, 2, 1)), "February 2017"),
        (numbers.period(date(2017, 1, 1), date(2017, 12, 31)), "1 January to 31 December 2017"),
        (numbers.period(date(2017, 12, 1), date(2017, 12, 31)), "1 to 31 December 2017"),
        (numbers.period(date(2016, 12, 31), date(2017, 1, 1)), "31 December 2016 to 1 January 2017"),
        (numbers.period(date(2017, 1, 1), date(2017, 1, 1)), "1 January 2017"),
    ],
)  # fmt: skip
def test_numbers_and_dates_read_as_people_write_them(said, expected):
    assert said == expected


@given(st.floats(-1e12, 1e12))
@settings(max_examples=50)
def test_a_written_number_reads_back_to_half_of_its_last_digit(value):
    back = float(numbers.decimal(value, 2).replace(",", "").replace("−", "-"))
    assert math.isclose(back, value, abs_tol=0.005 + abs(value) * 1e-15)
    assert numbers.decimal(value, 2) != "−0.00"


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50)
def test_of_every_100_never_claims_more_than_the_interval_does(one, other):
    low, high = sorted((one, other))
    words = numbers.of_every_100(low, high).split()
    least, most = (int(words[1]), int(words[3])) if words[0] == "between" else (int(words[0]), int(words[0]))
    assert least <= low * 100 + 1e-9 and most >= high * 100 - 1e-9


def test_an_interval_without_an_end_says_so_and_keeps_the_other():
    def told(value):
        return numbers.signed(value, 1)

    assert numbers.span(0.063, math.inf, told) == "+0.1 to no limit"
    assert numbers.span(-math.inf, 2.0, lambda end: numbers.money(end, "CNY", 0)) == "no limit to 2 CNY"
    assert numbers.span(math.nan, math.inf, told) == "not known"
    assert numbers.span(0.1, 0.2) == numbers.interval(0.1, 0.2) == "10.0 to 20.0 %"
    assert [numbers.end(told)(value) for value in (math.inf, 2.0, math.nan)] == ["no limit", "+2.0", "not known"]
