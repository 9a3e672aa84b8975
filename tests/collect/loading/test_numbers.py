"""Numbers are read by the declared way of writing alone; the lists hold what stock readers change without a word."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collect.loading import numbers
from analysis.collect.loading.contract import Column, Export


def cast(cells, kind, **says):
    """Return the values of a column of such cells, None where one does not fit, and the rules that were broken."""
    export = Export(columns={}, tables={})
    found = getattr(numbers, kind)(pa.array(cells, pa.string()), Column(header="H", kind=kind, **says), export)
    assert all(
        (value is None) == any(wrong[row] for _, wrong in found.faults if "below" not in _ and "above" not in _)
        for row, value in enumerate(found.values.to_pylist())
    )
    return found.values.to_pylist(), [rule for rule, _ in found.faults]


@pytest.mark.parametrize(
    "cell",
    ["1.239", "1e-3", "1_000", "0x1F", " 12.00", "12.00 ", "0.", ".50", "1.5", "12", "+1.00", "--1.00", "1-1.00", "1..00", "-.00",
     "inf", "NaN", "1e400", "1,000.00", "\u221212.50", "1.00CR", "12345678901234567.00", "9" * 40, "１.００", "-", ".", "1.00-"],
)  # fmt: skip
def test_money_of_two_decimals_is_written_with_two_decimals_or_it_is_set_aside(cell):
    assert cast(["3.10", cell], "money", decimals=2) == ([Decimal("3.10"), None], ["not an amount like 9.99"])


@pytest.mark.parametrize(
    "cell", ["1.0", "12.00", "1e2", "0x10", "1_000", " 1", "", "1-", "-", "1234567890123456789", "٣"]
)
def test_a_whole_number_is_digits(cell):
    assert cast(["7", cell], "whole")[0] == [7, None]


def test_whole_numbers_of_eighteen_digits_are_exact_and_leading_zeros_count_nothing():
    assert cast(["123456789012345678", "-9", "007"], "whole") == ([123456789012345678, -9, 7], [])


def test_a_share_has_more_decimals_than_an_amount():
    assert cast(["0.142857142857143", "0.25"], "number")[0] == [0.142857142857143, 0.25]
    assert cast(["123456.142857143", "1234567"], "number")[0] == [123456.142857143, 1234567]
    assert cast(["0.14285", "0.25"], "money")[0] == [None, Decimal("0.25")]


@pytest.mark.parametrize("cell", ["inf", "-inf", "NaN", "1e5", "1.", ".5", "0x1p3", "1." + "2" * 16, "1" * 40])
def test_a_number_is_finite_and_written_out(cell):
    assert cast(["0.25", cell], "number")[0] == [0.25, None]


def test_minus_zero_is_zero():
    (found,), _ = cast(["-0"], "number")
    assert str(found) == "0.0"
    assert cast(["-0.00"], "money", decimals=2)[0] == [Decimal("0.00")]


@pytest.mark.parametrize(
    ("says", "cells", "amounts"),
    [
        ({"decimal_mark": ","}, ["10,50", "10.50", "1.234,50"], ["10.50", None, None]),
        ({"decimal_mark": ",", "thousands": "."}, ["1.234,50", "1234,50", "12.34,50", "1.2345,00"], ["1234.50", "1234.50", None, None]),
        ({"thousands": "'"}, ["1'234.50", "1’234.50", "12'34.50"], ["1234.50", "1234.50", None]),
        ({"decimal_mark": ",", "thousands": " "}, ["1 234,50", "1\u00a0234,50", "1\u202f234 567,00"], ["1234.50", "1234.50", "1234567"]),
        ({"thousands": ","}, ["1,234.50", "1,23,456.00", "1,234,567.00"], ["1234.50", None, "1234567"]),
        ({"currency_sign": ("$", "CNY")}, ["$10.50", "12.00 CNY", "12.00", "-$3.00", "$-3.00", "$1.00$", "€1.00"],
         ["10.50", "12", "12", "-3", "-3", None, None]),
        ({"negative": "()"}, ["(12.50)", "12.50", "-12.50", "(12.50"], ["-12.50", "12.50", None, None]),
        ({"negative": "trailing -"}, ["12.50-", "12.50", "-12.50"], ["-12.50", "12.50", None]),
    ],
)  # fmt: skip
def test_every_other_way_of_writing_must_be_declared(says, cells, amounts):
    expected = [None if amount is None else Decimal(amount) for amount in amounts]
    assert cast(cells, "money", decimals=2, **says)[0] == expected


def test_where_decimals_are_not_declared_up_to_four_are_kept_exactly():
    assert cast(["1", "1.5", "1.2345", "1.23456"], "money")[0] == [
        Decimal("1"),
        Decimal("1.5"),
        Decimal("1.2345"),
        None,
    ]


def test_one_point_two_three_four_is_a_thousand_only_where_the_contract_says_so():
    assert cast(["1.234"], "whole", thousands=".", decimal_mark=",")[0] == [1234]
    assert cast(["1.234"], "money", decimals=3)[0] == [Decimal("1.234")]
    assert cast(["1.234"], "money", decimals=2)[0] == [None]


def test_bounds_are_part_of_the_rule():
    assert cast(["0", "1", "1000000"], "whole", least=1, most=1000) == ([0, 1, 1000000], ["below 1", "above 1000"])
    assert cast(["0.01", "0.00"], "money", decimals=2, least=0.01)[1] == ["below 0.01"]


@given(st.lists(st.decimals(-(10**15), 10**15, places=2), min_size=1))
def test_every_amount_comes_back_to_the_cent_alone_and_beside_a_bad_one(amounts):
    written = [f"{amount:.2f}" for amount in amounts]
    assert cast(written, "money", decimals=2)[0] == amounts  # the quick way
    assert cast([*written, "x"], "money", decimals=2)[0] == [*amounts, None]  # the way by pattern
    german = [f"{amount:,.2f}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    assert cast(german, "money", decimals=2, decimal_mark=",", thousands=".")[0] == amounts


@given(st.text(alphabet="0123456789.-, e+", max_size=8))
def test_the_quick_way_and_the_pattern_accept_the_same(cell):
    import re

    for decimals in (0, 2):
        plain = re.fullmatch(r"-?[0-9]+" + (r"\.[0-9]{2}" if decimals else ""), cell)
        assert (cast([cell], "money", decimals=decimals)[0][0] is not None) == bool(plain)
