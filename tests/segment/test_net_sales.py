"""Gross, refunds and net, by hand."""

from datetime import date

import pandas as pd
import pytest

from analysis import engine
from analysis.segment.net_sales import WHOLE, net_sales

ORDERS = pd.DataFrame({
    "customer_id": ["Ann", "Ben", "Ann", "Cem"],
    "ordered_on": pd.to_datetime(["2024-01-20", "2024-01-31", "2024-02-01", "2024-03-09"]),  # the last is not yet seen
    "amount": [10.0, 30.0, 20.0, 99.0],
})  # fmt: skip
REFUNDS = pd.DataFrame({
    "customer_id": ["Ben", "Ben", "Ann"],
    "refunded_on": pd.to_datetime(["2024-02-02", "2024-02-03", "2024-02-04"]),
    "amount": [6.0, 3.0, 1.0],
})  # fmt: skip


def told(refunds=REFUNDS):
    back = None if refunds is None else engine.lazy(refunds)
    return net_sales(engine.lazy(ORDERS), back, data_from=date(2024, 1, 16), as_of=date(2024, 3, 8)).set_index("period")


def test_what_went_back_is_taken_off_in_the_month_in_which_it_did():
    table = told()
    assert table.loc["2024-01", ["gross", "refunds", "net"]].tolist() == [40, 0, 40]
    assert table.loc["2024-02", ["gross", "refunds", "net", "refund_share"]].tolist() == [20, 10, 10, 0.5]
    assert table.loc["2024-03", ["gross", "net"]].tolist() == [0, 0]
    assert pd.isna(table.loc["2024-03", "refund_share"])  # nothing was sold


def test_the_whole_period_is_the_sum_of_its_months():
    table = told()
    months = table.drop(WHOLE)
    for column in ("gross", "refunds", "net", "refund_lines", "days"):
        assert table.loc[WHOLE, column] == months[column].sum()
    assert table.loc[WHOLE, ["refunded", "largest"]].tolist() == [2, pytest.approx(0.9)]  # Ben got nine of ten


def test_a_month_that_the_data_holds_in_part_is_marked():
    table = told()
    assert table["full"].tolist() == [True, False, True, False]
    assert table["days"].tolist() == [53, 16, 29, 8]


def test_what_the_source_does_not_say_is_missing_and_not_zero():
    assert told(None)[["refunds", "net", "refund_share"]].isna().all(axis=None)
    assert told(None).loc[WHOLE, "gross"] == 60
