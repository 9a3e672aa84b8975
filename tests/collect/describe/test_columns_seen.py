"""What kind a column may be, and what happened to its cells before it came."""

import pytest

from analysis.collect.describe.columns_seen import seen
from analysis.collect.describe.evidence import OPEN


def words(column):
    return " / ".join(one.words for one in column.evidence)


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Order No", ["1001", "1002"], "id"),
        ("CustomerID", ["17850.0", "13047.0"], "id"),
        ("订单编号", ["1930679858170001", "1930679858170002"], "id"),
        ("Plz", ["00123", "10115"], "id"),
        ("Quantity", ["6", "12"], "whole"),
        ("Weight", ["6.5", "12.125"], "number"),
        ("Price", ["6", "12"], "money"),
        ("x", ["6.50", "12.00"], "money"),
        ("金额", ["6", "12"], "money"),
        ("when", ["2025-02-03"], "date"),
        ("when", ["2025-02-03 10:00"], "moment"),
        ("Country", ["France", "Spain"], "text"),
    ],
)
def test_a_kind_is_proposed_from_header_and_cells(header, cells, kind):
    assert seen(header, cells).kind == kind


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1.23457E+15", "7"], "1 of 2 cells are like 1.23457E+15: a spreadsheet cut their digits"),
        (["1-Mar", "A7"], "1 of 2 cells are like 1-Mar: a spreadsheet may have read codes as days"),
        (["3月1日", "A7"], "1 of 2 cells are like 1-Mar"),
        (["00123", "7"], "1 of 2 cells begin with a zero, which an id keeps and a number would lose"),
        (["17850.0", "x"], "1 of 2 cells are whole numbers that end in .0"),
        (["1234567890123450", "1234567890123000"], "2 of 2 numbers of more than 15 digits end in zeros"),
        (["'+49 30", "x"], "1 of 2 cells begin with an apostrophe"),
        (["A1 ", "A2"], "1 of 2 cells have blanks around them"),
        (["A\u200b1", "A2"], "1 of 2 cells hold signs that are not seen"),
        (["A\n1", "A2"], "1 of 2 cells hold line ends"),
    ],
)
def test_damage_is_counted_and_nothing_is_repaired(cells, said):
    assert said in words(seen("code", cells))


def test_a_sound_column_has_nothing_to_say():
    assert seen("code", ["A1", "B2", "C3"]).evidence == ()


def test_words_that_may_mean_nothing_are_counted_and_asked_about_where_they_are_among_values():
    column = seen("Quantity", ["6", "NULL", "N/A", "", "N/A"])
    assert column.settings == {"null_words": OPEN}
    assert "3 of 5 cells hold a word that may mean nothing: 'N/A' 2, 'NULL' 1" in words(column)
    assert seen("Note", ["fine", "-"]).settings == {}  # in a text they may stand


def test_a_column_of_currencies_is_one_by_its_header_and_its_codes():
    assert seen("Currency", ["eur", "EUR"]).currencies == ("EUR",)
    assert seen("Country", ["FRA", "ESP"]).currencies == ()
    mixed = seen("币种", ["CNY", "USD"])
    assert "2 currencies in one column: CNY, USD" in words(mixed)
    assert any(one.setting == "currency" and one.is_question for one in mixed.evidence)


def test_a_day_of_a_workbook_needs_no_format():
    assert seen("when", ["2025-02-03"], typed=True).settings == {}
    assert seen("when", ["2025-02-03"]).settings == {"format": "%Y-%m-%d"}
