from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.comparison import Lists, windows
from analysis.monitor.past import TRAITS, Past, traits

ORDERS = [
    ("Ann", "2024-01-01", "milk", 5), ("Ann", "2024-01-01", "soap", 2), ("Ann", "2024-01-20", "milk", 3),
    ("Ben", "2024-01-10", "milk", 8), ("Eve", "2024-01-10", "milk", 99),  # nobody knows Eve
]  # fmt: skip
NAMES = pd.Index(["Ann", "Ben", "Cem"], name="customer_id")


def day(text):
    return pd.Timestamp(text)


def past(order_lines):
    return Past.read(order_lines(ORDERS), NAMES, data_from=date(2024, 1, 1))


def test_a_span_counts_both_ends_and_who_bought_nothing_spent_nothing(order_lines):
    found = past(order_lines)
    assert found.spent((day("2024-01-01"), day("2024-01-10"))).tolist() == [7, 8, 0]
    assert found.spent((day("2024-01-02"), day("2024-01-09"))).tolist() == [0, 0, 0]
    assert found.order_days((day("2024-01-01"), day("2024-01-31"))).tolist() == [2, 1, 0]
    assert found.last_order((day("2024-01-01"), day("2024-01-31"))).tolist() == [11, 21, 31]


def test_traits_come_from_the_history_alone(order_lines):
    runs = pd.DataFrame({
        "campaign_id": ["a", "b"], "starts_on": [day("2024-02-15"), day("2024-02-01")], "ends_on": [day("2024-02-28"), day("2024-02-10")],
    })  # fmt: skip
    reached = pd.DataFrame({"a": [True, False, False], "b": [False, True, False]}, index=NAMES)
    found = windows(
        day("2024-02-15"), days=14, data_from=date(2024, 1, 1)
    )  # before from 1 February, history 1 to 31 January
    table = traits(past(order_lines), found, Lists.of(reached, runs), campaign_id="a")
    assert list(table) == list(TRAITS)
    weeks = 31 / 7
    assert table["earlier spend"].tolist() == pytest.approx(np.log1p([10 / weeks, 8 / weeks, 0]))
    assert table["earlier order days"].tolist() == pytest.approx(np.log1p([2 / weeks, 1 / weeks, 0]))
    assert table["recent share of spend"].tolist() == pytest.approx(
        [0.3, 0, 0.5]
    )  # from 16 January; nothing known of Cem
    assert table["other contact before"].tolist() == [0, 1, 0] and table["other contact meanwhile"].tolist() == [
        0,
        0,
        0,
    ]
