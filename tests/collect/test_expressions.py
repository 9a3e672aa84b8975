"""Expressions of a contract: what they give, row by row, and what they refuse."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import engine
from analysis.collect import expressions

LINES = pd.DataFrame(
    {
        "invoice": ["1001", "C1002", None],
        "quantity": pd.array([3, -2, 1], dtype="Int64"),
        "price": [Decimal("2.55"), Decimal("0.10"), Decimal("0.00")],
        "at": pd.to_datetime(["2024-01-31 23:59", "2024-02-29 00:00", "2024-03-01 12:00"]),
    }
)


def values(text, *, condition=False):
    made = expressions.condition(text) if condition else expressions.column(text)
    frame = engine.lazy(LINES.assign(place=range(3))).select("place", made.alias("value"))
    return [None if pd.isna(one) else one for one in engine.collect(frame)["value"].tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quantity * price", [7.65, -0.20, 0.0]),
        ("-quantity * price", [-7.65, 0.20, 0.0]),
        ("abs(quantity) + 1", [4, 3, 2]),
        ("price * 0.01", [0.0255, 0.001, 0.0]),
        ("concat(invoice, '-', quantity)", ["1001-3", "C1002--2", None]),
        ("coalesce(invoice, 'none')", ["1001", "C1002", "none"]),
        ("without(invoice, '02')", ["1001", "C10", None]),
        ("when(starts_with(invoice, 'C'), 'back', 'sold')", ["sold", "back", "sold"]),
        ("lower(invoice)", ["1001", "c1002", None]),
        ("text(day(at))", ["2024-01-31", "2024-02-29", "2024-03-01"]),
        ("0", [0, 0, 0]),
        ("'order'", ["order"] * 3),
    ],
)
def test_an_expression_gives_what_a_person_would_work_out(text, expected):
    assert values(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quantity > 0 and price > 0", [True, False, False]),
        ("starts_with(invoice, 'C') or quantity == 3", [True, True, False]),
        ("not starts_with(invoice, 'C')", [True, False, False]),  # of an empty invoice it is not known
        ("is_empty(invoice)", [False, False, True]),
        ("invoice in ('1001', '7')", [True, False, False]),
        ("contains(invoice, '00') and quantity != 3", [False, True, False]),
    ],
)
def test_a_condition_is_false_where_it_cannot_be_known(text, expected):
    assert values(text, condition=True) == expected


def test_money_times_pieces_stays_exact():
    frame = engine.lazy(
        pd.DataFrame({"quantity": pd.array([3] * 1000, dtype="Int64"), "price": [Decimal("0.10")] * 1000})
    )
    total = frame.select(total=expressions.column("quantity * price").sum())
    assert str(total.collect_schema()["total"]).startswith("Decimal")
    assert engine.collect(total)["total"].iloc[0] == 300


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "no function '__import__'; the nearest are"),
        ("quantity.real", "'quantity.real' is not understood"),
        ("quantity ** 9", "'quantity ** 9' is not understood"),
        ("[x for x in (1,)]", "is not understood"),
        ("lambda: 1", "is not understood"),
        ("quantity *", "cannot be read; write it like"),
        ("amout * 2", "no column 'amout'; the nearest are amount"),
        ("stars_with(amount, 'C')", "no function 'stars_with'; the nearest are starts_with"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_part_and_nothing_runs(text, message):
    with pytest.raises(ValueError, match="expression") as refused:
        expressions.check(text, ["amount", "quantity"])
    assert message in str(refused.value)


@given(st.integers(-9, 9), st.integers(-9, 9), st.sampled_from(["+", "-", "*"]))
def test_arithmetic_is_that_of_python(a, b, sign):
    text = f"({a}) {sign} quantity + {b}"
    assert values(text) == [eval(text, {"quantity": quantity}) for quantity in (3, -2, 1)]  # the slow literal version
