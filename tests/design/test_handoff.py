"""The execution list: nothing in it runs in a spreadsheet, nothing in it is lost on the way."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.handoff import assignment, restored, send, spreadsheet_safe, write_csv

RISKY = st.text("=+-@\t\r\n＝＋－＠'\",;.0179eEa客", max_size=8)  # characters that matter, and some that do not
PLAN = pd.DataFrame(
    [("7", "loyal", "mug", "double", "treated"), ("12", "loyal", None, None, "holdout"),
     ("0012", "loyal", "mug", "double", "treated"), ("9", "quiet", None, None, "not planned")],
    columns=["customer_id", "segment", "gift", "incentive", "arm"],
)  # fmt: skip
STRATEGIES = pd.DataFrame({"segment": ["loyal", "quiet"], "forms": ["gift + points", "nothing"]})


def test_the_assignment_has_the_planned_and_the_list_to_send_the_treated_only():
    planned = assignment(PLAN, STRATEGIES)
    assert planned.fillna("").to_numpy().tolist() == [
        ["0012", "loyal", "mug", "double", "gift + points", "treated"],
        ["12", "loyal", "", "", "", "holdout"],
        ["7", "loyal", "mug", "double", "gift + points", "treated"],
    ]
    assert send(planned)["customer_id"].tolist() == ["0012", "7"]


def test_the_file_is_these_bytes(tmp_path):
    write_csv(assignment(PLAN, STRATEGIES), tmp_path / "handoff" / "assignment.csv")
    assert (tmp_path / "handoff" / "assignment.csv").read_bytes() == (
        b"\xef\xbb\xbfcustomer_id,segment,gift,incentive,forms,arm\r\n"
        b"'0012,loyal,mug,double,gift + points,treated\r\n"
        b"12,loyal,,,,holdout\r\n"
        b"7,loyal,mug,double,gift + points,treated\r\n"
    )


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


@given(cells=st.lists(RISKY, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_file_read_back_has_the_same_cells_and_no_cell_that_runs(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("handoff") / "list.csv"
    write_csv(pd.DataFrame({"customer_id": cells, "note": cells[::-1]}), path)
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert [[restored(cell) for cell in line] for line in lines[1:]] == [
        list(row) for row in zip(cells, cells[::-1], strict=True)
    ]
    assert not [cell for line in lines for cell in line if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]


def test_numbers_stay_numbers_and_missing_cells_are_empty(tmp_path):
    write_csv(pd.DataFrame({"customer_id": ["1", "2"], "cost": [-2.5, None]}), tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_bytes() == b"\xef\xbb\xbfcustomer_id,cost\r\n1,-2.5\r\n2,\r\n"


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "list.csv"
    write_csv(pd.DataFrame({"customer_id": ["1"]}), path)
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        write_csv(pd.DataFrame({"customer_id": ["\ud800"]}), path)  # half a character cannot be written
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]
