"""Parquet files by their contract: by name, exactly, and nothing that its type has already rounded."""

import stat
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis import places
from analysis.collect.loading import parquet_files
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, FileError, Remark

COLUMNS = {
    "order_id": {"header": "id", "kind": "id", "filled": True},
    "amount": {"header": ["total", "amount"], "kind": "money", "decimals": 2},
    "ordered_at": {"header": "at", "kind": "moment"},
    "ordered_on": {"header": "day", "kind": "date", "format": "%d.%m.%Y", "needed": False},
}
GOOD = {"at": [datetime(2024, 7, 1, 12)] * 3, "amount": [1.5, 0.1 + 0.2, None], "id": [7, 8, 9], "more": [1, 2, 3]}


def load(folder, table, *, row_group_size=2, **settings):
    table = table if isinstance(table, pa.Table) else pa.table(table)
    pq.write_table(table, folder / "orders.parquet", row_group_size=row_group_size)
    settings = {"columns": COLUMNS, "time_zone": "Europe/Berlin", **settings}
    wanted = Export(files="orders.parquet", tables={}, **settings)
    loaded = parquet_files.load(
        folder / "orders.parquet", wanted, name="orders.parquet", into=folder / "staged" / "rows.parquet"
    )
    return loaded, pq.read_table(folder / "staged" / "rows.parquet").to_pylist()


def test_columns_are_found_by_name_and_money_is_exact(tmp_path):
    loaded, rows = load(tmp_path, GOOD)
    noon = datetime(2024, 7, 1, 10)  # in Berlin it was two hours later
    assert rows == [
        {"order_id": "7", "amount": Decimal("1.50"), "ordered_at": noon, "ordered_on": None, "_line": 1},
        {"order_id": "8", "amount": Decimal("0.30"), "ordered_at": noon, "ordered_on": None, "_line": 2},
        {"order_id": "9", "amount": None, "ordered_at": noon, "ordered_on": None, "_line": 3},
    ]
    assert (loaded.rows, loaded.kept, loaded.aside) == (3, 3, [])
    assert loaded.totals == {"amount": Decimal("1.80")}
    assert loaded.remarks == [
        Remark("orders.parquet", "warning", "Columns that the contract does not know were not read: 'more'.")
    ]
    assert loaded.sha256 == places.sha256(tmp_path / "orders.parquet")
    assert stat.S_IMODE((tmp_path / "staged" / "rows.parquet").stat().st_mode) == 0o600


def test_what_is_no_cent_is_set_aside_with_its_row_number(tmp_path):
    rows = {
        "id": ["A", "B", "C", "D", ""],
        "amount": [1.25, 1.255, 2.0, float("nan"), 3.0],
        "at": [datetime(2024, 1, 1)] * 5,
    }
    many = pa.concat_tables([pa.table(rows)] + [pa.table({**rows, "id": list("abcde"), "amount": [1.0] * 5})] * 2)
    loaded, kept = load(tmp_path, many)
    assert loaded.aside == [
        Aside("orders.parquet", 2, "amount", "not an amount like 9.99", "9.999"),
        Aside("orders.parquet", 4, "amount", "not a number", ""),
        Aside("orders.parquet", 5, "order_id", "empty", ""),
    ]
    assert (loaded.rows, loaded.kept, len(kept)) == (15, 12, 12)
    assert loaded.totals == {"amount": Decimal("13.25")}
    assert loaded.totals_aside == {"amount": None}  # one of them is no number


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (pa.array([datetime(2024, 7, 1, 12, tzinfo=UTC)]), datetime(2024, 7, 1, 12)),
        (pa.array([1719835200000000123], pa.timestamp("ns", "America/New_York")), datetime(2024, 7, 1, 12)),
        (pa.array([1719835200], pa.timestamp("s")), datetime(2024, 7, 1, 10)),  # on the clock of Berlin
    ],
)
def test_moments_become_utc_whatever_their_unit_and_zone(tmp_path, cells, told):
    _, rows = load(tmp_path, {"id": ["1"], "amount": [1.0], "at": cells})
    assert rows[0]["ordered_at"] == told


@pytest.mark.parametrize(
    "cells",
    [pa.array([date(2024, 2, 29)]), pa.array(["29.02.2024"]), pa.array([datetime(2024, 2, 29)]),
     pa.array(["29.02.2024"]).dictionary_encode(), pa.array(["29.02.2024"], pa.large_string())],
)  # fmt: skip
def test_dates_may_be_dates_or_texts_of_the_declared_format(tmp_path, cells):
    _, rows = load(tmp_path, {"id": ["1"], "amount": [1.0], "at": GOOD["at"][:1], "day": cells})
    assert rows[0]["ordered_on"] == date(2024, 2, 29)


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([Decimal("7.10")]),
        pa.array([Decimal("7.1")], pa.decimal256(50, 4)),
        pa.array(["7.10"]),
        pa.array([7.1]),
    ],
)
def test_money_may_have_any_exact_type(tmp_path, cells):
    _, rows = load(tmp_path, {"id": ["1"], "amount": cells, "at": GOOD["at"][:1]})
    assert rows[0]["amount"] == Decimal("7.10")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": pa.array([1.5] * 3, pa.float32())},
         "orders.parquet, column 'amount': its numbers are float, which has no more than six certain digits; write the file with "
         "decimals or 64-bit numbers"),
        ({"amount": [datetime(2024, 1, 1)] * 3},
         "orders.parquet, line 1, column 'total': its values are of type datetime and the contract says money; correct the kind in "
         "the contract, or export the column as that kind"),
        ({"at": [20240101, 20240102, 20240103]},
         "orders.parquet, line 1, column 'at': its values are of type int and the contract says moment; correct the kind in the "
         "contract, or export the column as that kind"),
        ({"at": [None, [1], [2]]},
         "orders.parquet, line 2, column 'at': its values are of type list and the contract says moment; correct the kind in the "
         "contract, or export the column as that kind"),
        ({"total": [1, 2, 3]},
         "orders.parquet, column 'total': it is there as 'amount' and as 'total'; leave one of them"),
    ],
)  # fmt: skip
def test_a_type_that_cannot_be_meant_stops_the_file(tmp_path, change, told):
    with pytest.raises(FileError) as refused:
        load(tmp_path, {**GOOD, **change})
    assert str(refused.value) == told
    assert list((tmp_path / "staged").iterdir() if (tmp_path / "staged").exists() else []) == []


def test_a_column_that_is_missing_or_renamed_is_named_with_the_nearest(tmp_path):
    with pytest.raises(FileError) as refused:
        load(tmp_path, {"id": [1], "ammount": [1.0], "at": GOOD["at"][:1]})
    assert str(refused.value) == (
        "orders.parquet, column 'total': there is no such column; the nearest are ammount; if it has another name now, "
        "add that to header in the contract"
    )


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"id,amount\n1,2\n"])
def test_a_file_that_is_no_parquet_is_told(tmp_path, content):
    (tmp_path / "x.parquet").write_bytes(content)
    with pytest.raises(FileError) as refused:
        parquet_files.load(
            tmp_path / "x.parquet",
            Export(files="x.parquet", columns=COLUMNS, tables={}),
            name="x.parquet",
            into=tmp_path / "y",
        )
    assert str(refused.value) == "x.parquet: it is damaged or no Parquet file; copy or export it again"
    assert refused.value.__context__ is None


def test_a_file_damaged_in_the_middle_is_told_and_leaves_nothing(tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        write = pq.write_table

        def spoiled(table, path, **settings):
            write(table, path, **settings)
            content = bytearray(path.read_bytes())
            content[4:60] = bytes(56)
            path.write_bytes(content)

        patch.setattr(pq, "write_table", spoiled)
        with pytest.raises(FileError) as refused:
            load(tmp_path, GOOD)
    assert str(refused.value) == "orders.parquet: it is damaged or no Parquet file; copy or export it again"
    assert list((tmp_path / "staged").iterdir()) == []


def test_no_row_stops_unless_the_contract_allows_it(tmp_path):
    empty = {
        "id": pa.array([], pa.string()),
        "amount": pa.array([], pa.float64()),
        "at": pa.array([], pa.timestamp("us")),
    }
    with pytest.raises(FileError) as refused:
        load(tmp_path, empty)
    assert (
        str(refused.value)
        == "orders.parquet: there is no row; look at its source, or write allow_empty: true in the contract"
    )
    loaded, rows = load(tmp_path, empty, allow_empty=True)
    assert (loaded.rows, rows) == (0, [])
