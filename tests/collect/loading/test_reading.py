"""Each file goes to the reader of its kind; one whose name and content disagree goes to none."""

import gzip
import hashlib
import sqlite3
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from analysis.collect.loading import parquet_files, reading
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError

COLUMNS = {
    "order_id": {"header": "Order", "kind": "id"},
    "amount": {"header": "Amount", "kind": "money", "decimals": 2},
}


def csv(path):
    path.write_text("Order,Amount\nA1,1.50\nA2,2.50\n", encoding="utf-8")


def packed_csv(path):
    path.write_bytes(gzip.compress(b"Order,Amount\nA1,1.50\nA2,2.50\n"))


def parquet(path):
    pq.write_table(pa.table({"Order": ["A1", "A2"], "Amount": [1.5, 2.5]}), path)


def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for at, row in enumerate((["Order", "Amount"], ["A1", 1.5], ["A2", 2.5])):
            page.write_row(at, 0, row)


def sqlite(path):
    connection = sqlite3.connect(path)
    connection.execute("create table a (b)")
    connection.commit()
    connection.close()


def archive(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("orders.csv", "Order,Amount\n")


def binary(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.bin", "")


def old(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def cut(path):
    path.write_bytes(b"PK\x03\x04" + bytes(90))


def load(file, **settings):
    wanted = Export(files=file.name, columns=COLUMNS, tables={}, **settings)
    return reading.load(file, wanted, name=file.name, into=file.with_name("staged.parquet"))


@pytest.mark.parametrize(
    ("write", "name", "settings"),
    [(csv, "a.csv", {}), (csv, "a.txt", {}), (packed_csv, "a.csv.gz", {"compressed": True}), (parquet, "a.parquet", {}),
     (workbook, "a.xlsx", {}), (workbook, "A.XLSX", {})],
)  # fmt: skip
def test_every_reader_gives_the_same_rows(tmp_path, write, name, settings):
    write(tmp_path / name)
    loaded = load(tmp_path / name, **settings)
    rows = pq.read_table(tmp_path / "staged.parquet")
    assert rows.schema.names == ["order_id", "amount", "_line"]
    assert rows.drop_columns(["_line"]).to_pylist() == [
        {"order_id": "A1", "amount": pa.scalar("1.50").cast(pa.decimal128(18, 2)).as_py()},
        {"order_id": "A2", "amount": pa.scalar("2.50").cast(pa.decimal128(18, 2)).as_py()},
    ]
    assert (loaded.rows, loaded.kept, loaded.file) == (2, 2, name)
    assert loaded.sha256 == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("write", "name", "told"),
    [
        (workbook, "a.csv", "a.csv: it is a workbook and its name says text; give it the right ending, and the contract as well"),
        (parquet, "a.xlsx",
         "a.xlsx: it is a Parquet file and its name says workbook; give it the right ending, and the contract as well"),
        (csv, "a.xlsx", "a.xlsx: it is a text and its name says workbook; give it the right ending, and the contract as well"),
        (csv, "a.parquet",
         "a.parquet: it is a text and its name says Parquet file; give it the right ending, and the contract as well"),
        (workbook, "a.xls",
         "a.xls: it is a workbook and its name says old workbook; give it the right ending, and the contract as well"),
        (old, "a.csv", "a.csv: it is a workbook and its name says text; give it the right ending, and the contract as well"),
        (old, "a.xls", "a.xls: it is a damaged workbook; open it, save it again as .xlsx, or export it again"),
        (sqlite, "a.csv", "a.csv: it is a SQLite database; read it with url: sqlite:///data/incoming/... instead of files"),
        (archive, "a.csv", "a.csv: it is a ZIP archive; unpack it"),
        (archive, "a.xlsx", "a.xlsx: it is a ZIP archive; unpack it"),
        (binary, "a.xlsb", "a.xlsb: it is a binary workbook (.xlsb); save it as .xlsx"),
        (cut, "a.xlsx", "a.xlsx: it is a damaged workbook or archive; transfer or export it again"),
    ],
)  # fmt: skip
def test_a_name_that_says_something_else_is_refused(tmp_path, write, name, told):
    write(tmp_path / name)
    with pytest.raises(FileError) as refused:
        load(tmp_path / name)
    assert str(refused.value) == told
    assert not (tmp_path / "staged.parquet").exists()


@pytest.mark.parametrize("write", [parquet, workbook])
def test_a_checksum_beside_the_file_is_compared(tmp_path, write):
    file = tmp_path / ("a.parquet" if write is parquet else "a.xlsx")
    write(file)
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    file.with_name(f"{file.name}.sha256").write_text(f"{right.upper()}  {file.name}\n", encoding="utf-8")
    assert load(file).rows == 2
    file.with_name(f"{file.name}.sha256").write_text("0" * 64, encoding="utf-8")
    with pytest.raises(FileError) as refused:
        load(file)
    assert str(refused.value) == f"{file.name}: its content is not the one of {file.name}.sha256; transfer it again"
    assert not (tmp_path / "staged.parquet").exists()


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    parquet(tmp_path / "a.parquet")
    loads = parquet_files.load

    def slow(file, *given, **named):
        loaded = loads(file, *given, **named)
        with file.open("ab") as other:
            other.write(b"more")
        return loaded

    monkeypatch.setattr(parquet_files, "load", slow)
    with pytest.raises(FileError) as refused:
        load(tmp_path / "a.parquet")
    assert (
        str(refused.value)
        == "a.parquet: it changed while it was read; it is still being written; wait until it is whole"
    )
    assert not (tmp_path / "staged.parquet").exists()
