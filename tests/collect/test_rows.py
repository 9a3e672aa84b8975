"""The rows of an export from several files, each once and of one kind."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.collect import rows
from analysis.collect.loading.contract import Export
from analysis.refusals import StudyError


def export(**more):
    return Export(
        columns={"order": "Order", "mail": "Mail", "pieces": {"header": "Pieces", "kind": "whole"}, "money": "Money"},
        tables={"orders": {"columns": {"order_id": "order"}}}, **more,
    )  # fmt: skip


def staged(folder, *files):
    """Write typed files as loading does; a line is order, mail, pieces, money."""
    paths = []
    for number, lines in enumerate(files):
        table = pd.DataFrame(lines, columns=["order", "mail", "pieces", "money"]).astype({"pieces": "Int64"})
        paths.append(folder / f"{number}.parquet")
        kinds = pa.schema(
            [("order", pa.string()), ("mail", pa.string()), ("pieces", pa.int64()), ("money", pa.string())]
        )
        made = pa.Table.from_pandas(table, schema=kinds, preserve_index=False)
        pq.write_table(made.append_column("_line", pa.array(range(2, 2 + len(lines)), pa.int64())), paths[-1])
    return paths


def lines(frame):
    table = engine.collect(frame)
    return sorted(tuple(None if pd.isna(cell) else cell for cell in row) for row in table.itertuples(index=False))


A, B, C = ("1", "a@x", 1, "GBP"), ("2", "b@x", 1, "GBP"), ("3", None, 2, "GBP")


def test_overlapping_files_and_the_same_file_twice_give_each_row_once(tmp_path):
    found = rows.together(staged(tmp_path, [A, B], [B, C], [A, B]), export(), name="sales")
    assert lines(found.rows) == [A, B, C]
    assert (found.overlapping, found.copies) == (3, 0)


def test_copies_inside_a_file_must_be_declared(tmp_path):
    with pytest.raises(StudyError) as refused:
        rows.together(staged(tmp_path, [A, A, B]), export(), name="sales")
    assert str(refused.value) == (
        "export 'sales': 1 of 3 rows are exact copies of another row of their file; say duplicates: drop (one sale written "
        "twice) or duplicates: keep (two equal lines are two sales)"
    )


def test_copies_are_dropped_or_kept_as_declared_and_the_greater_number_of_a_file_counts(tmp_path):
    files = staged(tmp_path, [A, A, B], [A, A, A], [A])
    dropped = rows.together(files, export(duplicates="drop"), name="sales")
    assert (lines(dropped.rows), dropped.copies) == ([A, B], 3)
    kept = rows.together(files, export(duplicates="keep"), name="sales")
    assert (lines(kept.rows), kept.copies, kept.overlapping) == ([A, A, A, B], 3, 3)


@settings(max_examples=15, deadline=None)
@given(files=st.lists(st.lists(st.sampled_from([A, B, C]), max_size=4), min_size=1, max_size=3))
def test_rows_are_the_largest_number_of_each_in_any_file_whatever_the_order(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    contract = export(duplicates="keep")
    expected = sorted(row for row in (A, B, C) for _ in range(max(file.count(row) for file in files)))
    key = lambda row: tuple(map(str, row))  # noqa: E731
    for order in (files, files[::-1]):
        assert sorted(lines(rows.together(staged(folder, *order), contract, name="x").rows), key=key) == sorted(
            expected, key=key
        )


def test_what_stands_on_the_first_line_of_an_order_is_filled_into_its_other_lines(tmp_path):
    first, second, other = ("1", "a@x", 1, "GBP"), ("1", None, 2, None), ("2", None, 1, None)
    contract = export(same_in={"order": ("mail", "money")})
    found = rows.filled(rows.together(staged(tmp_path, [first, second, other]), contract, name="x").rows, contract)
    assert lines(found) == [("1", "a@x", 1, "GBP"), ("1", "a@x", 2, "GBP"), ("2", None, 1, None)]


def test_every_row_is_of_the_first_kind_that_holds_and_is_counted(tmp_path):
    contract = export(rows=[
        {"name": "nobody", "when": "is_empty(mail)", "left_out": "no customer"}, {"name": "big", "when": "pieces > 1"}, {"name": "sale"},
    ])  # fmt: skip
    found = rows.of_kinds(rows.together(staged(tmp_path, [A, B, C]), contract, name="x").rows, contract)
    table = rows.kinds(found, contract, name="x")
    assert table.to_numpy().tolist() == [
        ["x", "nobody", "is_empty(mail)", "no customer", 1], ["x", "big", "pieces > 1", "", 0], ["x", "sale", "all others", "", 2],
    ]  # fmt: skip


def test_a_row_of_no_kind_stops_the_run(tmp_path):
    contract = export(rows=[{"name": "big", "when": "pieces > 1"}])
    found = rows.of_kinds(rows.together(staged(tmp_path, [A, C]), contract, name="x").rows, contract)
    with pytest.raises(StudyError, match="export 'x': 1 rows are of no kind; add a last kind without a condition"):
        rows.kinds(found, contract, name="x")


def test_money_in_another_currency_stops_the_run(tmp_path):
    contract = export(currency_column="money")
    found = rows.together(staged(tmp_path, [A, ("2", "b@x", 1, "EUR"), C]), contract, name="x").rows
    one = tmp_path / "one"
    one.mkdir()
    rows.refuse_other_currencies(
        rows.together(staged(one, [A]), contract, name="x").rows, contract, name="x", currency="GBP"
    )
    with pytest.raises(StudyError, match=r"export 'x': money in EUR \(1 rows\) beside GBP; convert before loading"):
        rows.refuse_other_currencies(found, contract, name="x", currency="GBP")
    with pytest.raises(StudyError, match="export 'x' is in EUR and the study in GBP"):
        rows.refuse_other_currencies(found, export(currency="EUR"), name="x", currency="GBP")
