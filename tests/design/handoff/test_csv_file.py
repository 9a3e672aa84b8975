"""A CSV file: nothing in it runs in a spreadsheet, nothing in it is lost on the way."""

import csv
import io
import os
import stat
import sys

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.handoff import restored, write_csv

RISKY = st.text("=+-@\t\r\n＝＋－＠'\",;.0179eEa客", max_size=8)  # characters that matter, and some that do not


def test_the_file_is_these_bytes(tmp_path):
    table = pd.DataFrame({"customer_id": ["0012", "12"], "phone": ["+49171", "0171"], "forms": ["gift + points", None]})
    write_csv(table, tmp_path / "handoff" / "list.csv")
    assert (tmp_path / "handoff" / "list.csv").read_bytes() == (
        b"\xef\xbb\xbfcustomer_id,phone,forms\r\n'0012,'+49171,gift + points\r\n12,'0171,\r\n"
    )


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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no owner-only mode bits")
def test_only_the_owner_can_read_a_list(tmp_path):
    before = os.umask(0)
    try:
        write_csv(pd.DataFrame({"customer_id": ["1"]}), tmp_path / "list.csv")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "list.csv").stat().st_mode) == 0o600


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
