"""A sign before three digits may stand before decimals or thousands; only other values of the column can say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collect.describe.evidence import OPEN, settled
from analysis.collect.describe.numbers_seen import numbers


def seen(*values, header="amount"):
    found = numbers(list(values), header=header)
    return settled(found.evidence), " / ".join(one.words for one in found.evidence)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["10.50", "3", "7.25"], {}),
        (["10,50", "3"], {"decimal_mark": ","}),
        (["1.234", "2.345"], {"decimal_mark": OPEN}),  # a thousand, or one and a bit
        (["1,234", "12"], {"decimal_mark": OPEN}),
        (["1.234", "2.34"], {"decimal_mark": "."}),
        (["1.234", "12345.678"], {"decimal_mark": "."}),  # no group of thousands has five digits
        (["1.234.567", "2.345"], {"decimal_mark": ",", "thousands": "."}),
        (["1,234.50", "2.00"], {"decimal_mark": ".", "thousands": ","}),
        (["1.234,50", "2,00"], {"decimal_mark": ",", "thousands": "."}),
        (["1.234,50", "1,234.50"], {"decimal_mark": OPEN}),  # two ways are mixed
        (["1'234.50", "2.00"], {"thousands": "'"}),
        (["1 234,50", "2,00"], {"decimal_mark": ",", "thousands": " "}),
        (["(12.50)", "3.00"], {"negative": "()"}),
        (["12.50-", "3.00"], {"negative": "trailing -"}),
        (["-$3.00", "$8.00"], {"currency_sign": ["$"]}),
        (["€12", "$12"], {"currency": OPEN}),
        (["12.00 CNY", "USD 12.00"], {"currency": OPEN}),
    ],
)
def test_what_the_values_settle_and_what_they_do_not(values, said):
    assert seen(*values)[0] == said


def test_the_share_with_exactly_three_digits_is_said():
    assert "2 of 3 numbers have '.', 100.0% of these exactly three digits after it" in seen("1.234", "2.345", "7")[1]
    assert "2 of 2 numbers have ',', 50.0% of these exactly three digits after it" in seen("1,234", "2,34")[1]


def test_times_since_1970_are_asked_about_and_their_units_are_counted():
    said, words = seen("1704067200", "1704067260", header="created_at")
    assert said == {"format": OPEN}
    assert "2 of 2 numbers may be times since 1970 in seconds 2" in words
    said, words = seen("1704067200", "1704067200000", header="ts")
    assert "in seconds 1, milliseconds 1; the units are mixed" in words
    assert seen("1704067200", "12", header="count")[0] == {}


def test_days_of_a_spreadsheet_are_asked_about_in_a_column_of_dates_only():
    said, words = seen("45678", "45680", header="Order date")
    assert said == {"format": OPEN} and "days as a spreadsheet counts them, from 1900 or from 1904" in words
    assert seen("45678", "45680", header="Visitors")[0] == {}


def test_what_is_no_number_is_none():
    assert numbers(["85123A", "POST"], header="code") is None


@given(
    st.lists(st.decimals(0, 10**7, places=2, allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
    st.sampled_from([(",", "."), (".", ",")]),
)
def test_a_mark_that_is_claimed_reads_every_number_as_it_was(amounts, signs):
    thousands, mark = signs
    written = [f"{amount:,.2f}".replace(",", "t").replace(".", mark).replace("t", thousands) for amount in amounts]
    claimed = seen(*written)[0]
    read = claimed.get("decimal_mark", ".")
    assert read == mark  # two digits after it leave no doubt
    other = "," if read == "." else "."
    assert [Decimal(one.replace(other, "").replace(read, ".")) for one in written] == amounts
