"""Text that a spreadsheet shows and never runs, and that comes back as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.handoff import restored, spreadsheet_safe
from analysis.design.handoff.harmless import importer_safe, split_safe

RISKY = st.text("=+-@\t\r\n＝＋－＠'\",;.0179eEa客", max_size=8)  # characters that matter, and some that do not


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_a_cell_that_could_begin_a_formula_gets_an_apostrophe(start):
    assert spreadsheet_safe(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("identifier", "written"),
    [
        ("2469", "2469"),
        ("0", "0"),
        ("007", "'007"),  # would become 7
        ("999999999999999", "999999999999999"),  # fifteen digits
        ("1234567890123456", "'1234567890123456"),  # would become 1234567890123450
        ("12e4", "'12e4"),  # would become 120000
        ("3-4", "'3-4"),  # would become a date
        ("mar-1", "'mar-1"),
        ("TRUE", "'TRUE"),
        ("c-17", "c-17"),
        ("客户７", "客户７"),
    ],
)
def test_an_identifier_survives_bare_or_behind_an_apostrophe(identifier, written):
    assert spreadsheet_safe(identifier, is_id=True) == written


@given(text=RISKY, is_id=st.booleans())
@settings(max_examples=50)
def test_the_reader_gets_back_what_was_written(text, is_id):
    assert restored(spreadsheet_safe(text, is_id=is_id)) == text


@pytest.mark.parametrize(
    ("text", "is_phone", "written"),
    [
        (
            "+491712345678",
            True,
            "+491712345678",
        ),  # an importer takes an apostrophe for a letter: the phone would be lost
        ("+49 (0)171 234-5678", True, "+49 (0)171 234-5678"),
        ("+491712345678", False, "'+491712345678"),
        ("+49171*cmd|' /C calc'!A0", True, "'+49171*cmd|' /C calc'!A0"),
        ("-2+3", True, "'-2+3"),
        ("=1+1", False, "'=1+1"),
        ("=1;=2", False, "'=1;'=2"),
        ("007", False, "007"),  # importers are no spreadsheets
        ("'t Hooft", False, "'t Hooft"),
        ("a;=1+1", False, "a;'=1+1"),  # in a spreadsheet that cuts at semicolons the second part would run
    ],
)
def test_an_importer_gets_ids_and_phones_as_they_are_and_nothing_that_runs(text, is_phone, written):
    assert importer_safe(text, is_phone=is_phone) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("Anna, Li", "Anna, Li"), ("a; =1", "a; '=1"), ('a|"@x', "a|\"'@x"), ("a\t-1", "a\t'-1"), ("a-b=c", "a-b=c")],
)
def test_a_part_behind_another_separator_does_not_run(text, written):
    assert split_safe(text) == written
