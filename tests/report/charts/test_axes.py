import pandas as pd
import pytest

from analysis.report import numbers
from analysis.report.charts.axes import places, tick_text
from analysis.report.charts.text import wrap


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("25.0 %", "25 %"),
        ("2.50 %", "2.5 %"),
        ("0.00", "0"),
        ("100", "100"),
        ("9,000", "9,000"),
        ("10,000", "10k"),
        ("1,250,000", "1,250k"),
        ("12,500", "12,500"),
        ("2.50 million USD", "2.5M"),
        ("80,000 USD", "80k"),
        ("−10.0 points", "−10 points"),
    ],
)
def test_ticks_are_written_in_round_units(written, expected):
    assert tick_text(written) == expected


def test_dates_numbers_and_names_find_their_place():
    assert places(pd.Series([3, 1]))[0] == [3.0, 1.0]
    assert places(pd.Series(["b", "a", "b"]))[0] == [0.0, 1.0, 0.0]
    days = pd.to_datetime(pd.Series(["2017-01-01", "2017-01-03"]))
    assert places(days)[0][1] - places(days)[0][0] == 2
    assert places(days.dt.to_period("D"))[0] == places(days)[0] == places(days.dt.date)[0]


def test_a_name_wraps_at_words_and_keeps_its_number_whole():
    assert wrap("March, n = 112", 11) == "March,\nn\u00a0=\u00a0112"
    assert wrap("Loyal households that buy most weeks", 12) == "Loyal\nhouseholds…"
    assert wrap("", 5) == ""
    assert numbers.percent(0.5, 0) == "50 %"
