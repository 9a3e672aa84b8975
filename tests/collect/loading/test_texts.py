"""Ids and texts come through letter by letter, or not at all."""

import pyarrow as pa
import pytest

from analysis.collect.loading import texts
from analysis.collect.loading.contract import Column, Export

EXPORT = Export(columns={}, tables={})


def rules(cells, kind="id", **says):
    column = Column(header="H", kind=kind, **says)
    found = (texts.identifier if kind == "id" else texts.text)(
        texts.prepared(pa.array(cells, pa.string()), column), column, EXPORT
    )
    return found.values.to_pylist(), {rule: [int(row) for row in wrong.nonzero()[0]] for rule, wrong in found.faults}


def test_what_looks_like_a_number_or_like_nothing_stays_an_id():
    cells = [
        "00123",
        "NA",
        "null",
        "None",
        "nan",
        "-",
        "#N/A",
        "(blank)",
        "0",
        "-1",
        "1E5",
        "TRUE",
        "1-Mar",
        "123456789012345678",
    ]
    assert rules(cells) == (cells, {})


@pytest.mark.parametrize("cell", ["1.23457E+15", "1,23457E+15", "1E+12", "4.4E+100"])
def test_an_id_that_a_spreadsheet_rounded_is_refused(cell):
    assert rules(["C1", cell])[1] == {"damaged by a spreadsheet": [1]}


@pytest.mark.parametrize("cell", [" A1", "A1 ", "\tA1", "A1\u00a0", "\u3000A1"])
def test_a_blank_around_an_id_is_not_another_customer(cell):
    assert rules(["A1", cell])[1] == {"a blank around an id": [1]}
    assert rules([cell], trim=True) == (["A1"], {})


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\ufeff", "\u2066", "\u00ad"])
def test_a_sign_that_cannot_be_seen_is_not_another_customer(sign):
    assert rules(["A1", f"A{sign}1"])[1] == {"a sign that cannot be seen in an id": [1]}


def test_wide_letters_become_plain_only_where_that_is_declared():
    assert rules(["Ａ１\u3000"], plain=True) == (["A1"], {})
    assert rules(["Ａ１"]) == (["Ａ１"], {})


def test_an_apostrophe_against_spreadsheets_is_taken_off_once_and_only_where_declared():
    assert rules(["'00123", "''x", "a'b"], apostrophe=True)[0] == ["00123", "'x", "a'b"]
    assert rules(["'00123"])[0] == ["'00123"]


def test_a_pattern_holds_for_the_whole_cell_to_its_last_sign():
    assert rules(["C12", "C12x", "xC12", "C1\n", "c12"], pattern="C[0-9]+")[1] == {
        "not like its pattern": [1, 2, 3, 4], "a blank around an id": [3]
    }  # fmt: skip
    assert rules(["C12", "D12"], kind="text", pattern="(?!D).+")[1] == {"not like its pattern": [1]}


def test_words_are_read_as_the_contract_says_and_another_one_does_not_fit():
    words = {"yes": ("Y", "ja"), "no": ("N",)}
    assert rules(["Y", "no", "ja", "j"], kind="text", words=words) == (
        ["yes", "no", "yes", None], {"not one of its words": [3]}
    )  # fmt: skip


def test_free_text_is_left_alone():
    cells = [" two  blanks ", "1.23457E+15", "<script>", "=1+1", "👩‍👩‍👧", "\u202e"]
    assert rules(cells, kind="text") == (cells, {})
