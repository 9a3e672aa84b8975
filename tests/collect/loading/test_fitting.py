"""Rows that fit in every cell are kept, the others are set aside with the first column that does not; all of them add up."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from analysis.collect.loading import fitting, limits
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, FileError

ORDERS = Export(
    title="orders",
    null_words=("n/a",),
    columns={
        "order_id": {"header": "Order", "kind": "id", "filled": True, "key": True, "pattern": "O[0-9]+"},
        "day": {"header": "Day", "kind": "date", "format": "%Y-%m-%d", "no_date": ["0000-00-00"]},
        "pieces": {"header": "Pieces", "kind": "whole", "least": 1},
        "amount": {"header": "Amount", "kind": "money", "decimals": 2},
        "weight": {"header": "Weight", "kind": "number", "decimals": 1},
        "note": {"header": "Note", "needed": False},
    },
    tables={},
)


def fit(rows, lines=None):
    names = [name for name in ORDERS.columns if name != "note"]
    cells = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)}
    return fitting.fit(cells, np.arange(2, len(rows) + 2), file="orders.csv", export=ORDERS)


def test_a_row_is_kept_whole_or_set_aside_with_the_first_column_that_does_not_fit():
    fitted = fit([
        ("O1", "2024-01-01", "1", "1.50", "2.5"),
        ("O2", "2024-01-32", "0", "2.00", "2.5"),  # two faults: the day comes first
        ("", "2024-01-01", "1", "3.00", "2.5"),
        ("O4", "0000-00-00", "n/a", "", ""),  # nothing at all is no fault where a column need not be filled
    ])  # fmt: skip
    assert fitted.table.schema == fitting.schema(ORDERS)
    assert fitted.table.column("order_id").to_pylist() == ["O1", "O4"]
    assert fitted.table.column("_line").to_pylist() == [2, 5]
    assert fitted.table.to_pylist()[1] == dict.fromkeys(ORDERS.columns) | {"order_id": "O4", "_line": 5}
    assert fitted.aside == [
        Aside("orders.csv", 3, "day", "no day of the calendar", "9999-99-99"),
        Aside("orders.csv", 4, "order_id", "empty", ""),
    ]


def test_sums_of_what_was_kept_and_of_what_was_set_aside_are_exact():
    fitted = fit([
        ("O1", "2024-01-01", "1", "0.10", "0.1"),
        ("O2", "2024-01-01", "2", "0.20", "0.2"),
        ("x", "2024-01-01", "3", "0.70", "0.7"),
    ])  # fmt: skip
    assert fitted.totals == {"pieces": 3, "amount": Decimal("0.30"), "weight": Decimal("0.3")}
    assert fitted.totals_aside == {"pieces": 3, "amount": Decimal("0.70"), "weight": Decimal("0.7")}


def test_a_sum_with_a_row_that_holds_no_number_is_unknown():
    fitted = fit([("O1", "2024-01-01", "1", "0.10", "0.1"), ("O2", "2024-01-01", "1", "TOTAL", "0.1")])
    assert fitted.totals_aside == {"pieces": 1, "amount": None, "weight": Decimal("0.1")}


def test_a_line_end_in_a_column_that_should_have_none_is_a_fault():
    assert fit([("O1\n", "2024-01-01", "1", "0.10", "0.1")]).aside[0].rule == "a line end inside a cell"


def test_what_is_set_aside_names_nobody():
    assert fit([("Ann Smith 1987", "2024-01-01", "1", "0.10", "0.1")]).aside[0].shape == "aaa aaaaa 9999"


def aside(count, column, rule="not like it", shape="x"):
    return [Aside("f.csv", line, column, rule, shape) for line in range(2, count + 2)]


@pytest.mark.parametrize(
    ("found", "rows", "stops"),
    [
        (aside(20, "pieces"), 100, False),  # few are never too many
        (aside(21, "pieces"), 100, True),
        (aside(21, "pieces"), 2100, False),  # exactly one in a hundred
        (aside(2, "pieces"), 3, True),  # more than half
        (aside(1, "pieces"), 2, False),
        (aside(6, "order_id"), 5999, True),  # a key: one in a thousand
        (aside(6, "order_id"), 6000, False),
        (aside(6, "day"), 5999, True),
        (aside(6, "amount"), 5999, True),
        (aside(5, "amount"), 100, False),
        (aside(1, ""), 1, True),
    ],
)
def test_few_rows_are_a_finding_and_many_are_a_wrong_file(found, rows, stops):
    if stops:
        with pytest.raises(FileError, match=f"{len(found)} of {rows:,} rows do not fit"):
            limits.hold("f.csv", found, rows=rows, export=ORDERS)
    else:
        limits.hold("f.csv", found, rows=rows, export=ORDERS)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (aside(9, "day", "not like %Y-%m-%d", "99999"), "day numbers of a spreadsheet"),
        (aside(9, "day", "month above 12", "9999-99-99"), "day and month seem to be the other way round in '%Y-%m-%d'"),
        (aside(9, "order_id", "damaged by a spreadsheet", "9.9a+99"), "export it again with this column as text"),
        (aside(9, "amount", "not an amount like 9.99", "9,99"), "correct decimal_mark"),
    ],
)
def test_the_message_says_what_to_do(found, words):
    with pytest.raises(FileError, match=words):
        limits.hold("f.csv", found, rows=9, export=ORDERS)


def test_a_time_of_day_in_a_column_of_its_own_belongs_to_its_day():
    both = Export(
        columns={
            "at": {"header": "Date", "kind": "moment", "format": "%Y-%m-%d %H:%M", "time_from": "clock"},
            "clock": {"header": "Time"},
        },
        tables={},
    )
    cells = {"at": pa.array(["2024-05-06", "", "2024-05-06"]), "clock": pa.array(["07:08", "", ""])}
    fitted = fitting.fit(cells, np.arange(2, 5), file="f.csv", export=both)
    assert [str(value) for value in fitted.table["at"].to_pylist()] == ["2024-05-06 07:08:00", "None"]
    assert fitted.aside == [Aside("f.csv", 4, "at", "not like %Y-%m-%d %H:%M", "9999-99-99")]
