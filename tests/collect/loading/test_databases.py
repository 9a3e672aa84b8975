"""Rows of a real PostgreSQL server and of SQLite: typed, streamed, read only, and no failure that tells a secret or a value."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
import traceback
from datetime import date, datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from analysis.collect.loading import addresses, databases
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, FileError, Remark

COLUMNS = {
    "order_id": {"header": "id", "kind": "id", "filled": True, "key": True},
    "customer_id": {"header": "customer", "kind": "id", "filled": True},
    "amount": {"header": "amount", "kind": "money", "decimals": 2},
    "pieces": {"header": "pieces", "kind": "whole", "least": 1},
    "ordered_on": {"header": "day", "kind": "date"},
    "ordered_at": {"header": "at", "kind": "moment"},
    "score": {"header": "score", "kind": "number"},
    "note": {"header": "note"},
}
ORDERS = """create table orders as select * from (values
    (1::bigint, 'C1'::text, 12.50::numeric(12, 2), 2::int, date '2024-03-01',
     timestamptz '2024-03-01 10:00:00.5+02', 0.25::float8, 'first'::text, 'anna@example.org'::text),
    (2, 'C2', -0.07, 1, null, '2024-07-01 00:00:00+00', null, null, 'x'),
    (3, '003', null, 0, date '1970-01-01', null, 1.0, 'two
lines', 'x')) as t(id, customer, amount, pieces, day, at, score, note, mail)"""
AT = "note (127.0.0.1:{port}/shop, table {table})"


@pytest.fixture(autouse=True)
def password(monkeypatch, request):
    if "postgres" in request.fixturenames:
        monkeypatch.setenv("SHOP_PASSWORD", request.getfixturevalue("postgres").reader)


@pytest.fixture(scope="module")
def shop(postgres):
    postgres.run(ORDERS)
    return postgres


def export(shop, **settings):
    settings = {"table": "orders", "columns": COLUMNS, **settings}
    return Export(url=shop.url(), password="SHOP_PASSWORD", tables={}, **settings)


def load(export, folder, name="shop"):
    loaded = databases.load(export, name=name, into=folder / "rows.parquet")
    return loaded, pq.read_table(folder / "rows.parquet").to_pylist()


def refusal(export, folder, secrets=()):
    """Return the message of a refusal, after looking for secrets and leftovers in all that a notebook or a log would show."""
    with pytest.raises(FileError) as caught:
        load(export, folder)
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert error.__cause__ is None and error.__context__ is None
    assert [secret for secret in ("hunter2", *secrets) if secret in shown] == []
    assert list(folder.iterdir()) == []
    return str(error)


def test_rows_of_a_table_come_typed_with_what_does_not_fit_set_aside(shop, tmp_path):
    loaded, rows = load(export(shop), tmp_path)
    place = f"shop (127.0.0.1:{shop.port}/shop, table orders)"
    assert rows == [
        {"order_id": "1", "customer_id": "C1", "amount": Decimal("12.50"), "pieces": 2, "ordered_on": date(2024, 3, 1),
         "ordered_at": datetime(2024, 3, 1, 8, 0, 0, 500_000), "score": 0.25, "note": "first", "_line": 1},
        {"order_id": "2", "customer_id": "C2", "amount": Decimal("-0.07"), "pieces": 1, "ordered_on": None,
         "ordered_at": datetime(2024, 7, 1), "score": None, "note": None, "_line": 2},
    ]  # fmt: skip
    assert (loaded.file, loaded.rows, loaded.kept) == ("shop", 3, 2)
    assert loaded.aside == [Aside("shop", 3, "pieces", "below 1", "9")]
    assert loaded.totals == {"amount": Decimal("12.43"), "pieces": 3, "score": Decimal("0.25")}
    assert loaded.totals_aside == {"amount": 0, "pieces": 0, "score": 1}
    assert loaded.remarks == [Remark(place, "note", "Columns that the contract does not know were not read: 'mail'.")]
    assert stat.S_IMODE((tmp_path / "rows.parquet").stat().st_mode) == 0o600


def test_a_query_is_read_with_its_percent_and_colon_and_text_through_the_strict_casts(shop, tmp_path):
    query = (
        """select '12,50' as "Betrag", '01.03.2024 23:30' as "Am", 'a%s :b 100%' as "Note" where 'x' like '%'; -- all"""
    )
    columns = {
        "amount": {"header": "Betrag", "kind": "money", "decimals": 2, "decimal_mark": ","},
        "at": {"header": "Am", "kind": "moment", "format": "%d.%m.%Y %H:%M"},
        "note": {"header": "Note"},
    }
    wanted = export(shop, table="", query=query, columns=columns, time_zone="Europe/Berlin")
    loaded, rows = load(wanted, tmp_path)
    assert rows == [{"amount": Decimal("12.50"), "at": datetime(2024, 3, 1, 22, 30), "note": "a%s :b 100%", "_line": 1}]


def test_a_naive_moment_is_on_the_clock_of_the_export(shop, tmp_path):
    query = "select timestamp '2024-07-01 12:00' as naive, timestamptz '2024-07-01 12:00+00' as aware"
    columns = {"naive": {"header": "naive", "kind": "moment"}, "aware": {"header": "aware", "kind": "moment"}}
    _, rows = load(export(shop, table="", query=query, columns=columns, time_zone="Europe/Berlin"), tmp_path)
    assert rows == [{"naive": datetime(2024, 7, 1, 10), "aware": datetime(2024, 7, 1, 12), "_line": 1}]


def test_the_digest_is_of_the_content_in_any_order(shop, tmp_path):
    columns = {"id": {"header": "id", "kind": "id"}, "amount": {"header": "amount", "kind": "money"}}

    def digest(values, order):
        query = f"select * from (values {values}) t(id, amount) order by id {order}"
        return load(export(shop, table="", query=query, columns=columns), tmp_path)[0].sha256

    first = digest("(1, 1.5), (2, 2.5), (3, null)", "asc")
    assert first == digest("(1, 1.5), (2, 2.5), (3, null)", "desc") and len(first) == 64
    others = {
        digest(v, "asc") for v in ("(1, 2.5), (2, 1.5), (3, null)", "(1, 1.5), (2, 2.5)", "(1, 1.5), (2, 2.5), (3, 0)")
    }
    assert len(others) == 3 and first not in others


def test_a_float_that_is_no_cent_and_a_number_too_long_are_set_aside(shop, tmp_path):
    query = """select * from (values (0.1::float8 + 0.2::float8), (1.005::float8), ('NaN'::float8), (1e15::float8), (7::float8))
        t(amount)"""
    columns = {"amount": {"header": "amount", "kind": "money", "decimals": 2}}
    wanted = export(shop, table="", query=query + " cross join generate_series(1, 1)", columns=columns)
    with pytest.raises(FileError) as caught:
        load(wanted, tmp_path)
    assert "3 of 5 rows do not fit, 1 of them: not an amount like 9.99, such as '9.999'" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "order"},
         "shop (127.0.0.1:{port}/shop, table order): there is no table 'order'; the nearest are orders"),
        ({"table": "sales.orders"},
         "shop (127.0.0.1:{port}/shop, table sales.orders): there is no table 'orders' in the schema sales; there are none"),
        ({"columns": {**COLUMNS, "amount": {"header": "amonut", "kind": "money"}}},
         "shop (127.0.0.1:{port}/shop, table orders), column 'amonut': there is no such column; the nearest are amount; "
         "if it has another name now, add that to header in the contract"),
        ({"columns": {**COLUMNS, "amount": {"header": ["amount", "pieces2"], "kind": "date"}}},
         "shop (127.0.0.1:{port}/shop, table orders), line 1, column 'amount': its values are of type Decimal and the contract "
         "says date; correct the kind in the contract, or export the column as that kind"),
        ({"columns": {"amount": {"header": ["id", "amount"], "kind": "money"}}},
         "shop (127.0.0.1:{port}/shop, table orders), column 'id': it is there as 'id' and as 'amount'; leave one of them"),
        ({"extra_columns": "refuse"},
         "shop (127.0.0.1:{port}/shop, table orders), column 'mail': the contract does not know this column; add it, or write "
         "extra_columns: ignore"),
        ({"table": "", "query": "select id, id from orders", "columns": {"id": {"header": "id", "kind": "id"}}},
         "shop (127.0.0.1:{port}/shop, query), column 'id': it stands 2 times; leave one of them"),
        ({"table": "", "query": "select id from orders where false", "columns": {"id": {"header": "id", "kind": "id"}}},
         "shop (127.0.0.1:{port}/shop, query): there is no row; look at its source, or write allow_empty: true in the contract"),
        ({"table": "", "query": "select idd from orders"},
         'shop (127.0.0.1:{port}/shop, query): the database says: column "idd" does not exist; put that right and run again'),
        ({"table": "", "query": "with gone as (delete from orders returning id) select id from gone"},
         "shop (127.0.0.1:{port}/shop, query): the database says: DECLARE CURSOR must not contain data-modifying statements in "
         "WITH; put that right and run again"),
        ({"table": "", "query": "select nextval('counter') as id"},
         "shop (127.0.0.1:{port}/shop, query): the database says: permission denied for sequence counter; put that right and run "
         "again"),
        ({"table": "kept_private"},
         "shop (127.0.0.1:{port}/shop, table kept_private): the database says: permission denied for table kept_private; put that "
         "right and run again"),
        ({"table": "", "query": "select mail::int as id from orders"},
         "shop (127.0.0.1:{port}/shop, query): the database says: InvalidTextRepresentation 22P02 (its words could show a value "
         "and are left out); put that right and run again"),
        ({"table": "", "query": "select date 'infinity' as id"},
         "shop (127.0.0.1:{port}/shop, query): the database says: DataError (its words could show a value and are left out); put "
         "that right and run again"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_one_line_without_secret_and_without_value(shop, tmp_path, change, told):
    shop.run(
        "create table if not exists kept_private (id int, amount numeric, customer text, pieces int, day date, at timestamptz, "
        "score float8, note text)",
        "revoke select on kept_private from reader",
        "create sequence if not exists counter",
    )
    assert refusal(export(shop, **change), tmp_path, secrets=("anna@example.org",)) == told.format(port=shop.port)


@pytest.mark.parametrize(
    ("url", "secret", "told"),
    [
        ("postgresql://reader@127.0.0.1:{port}/shop", "wrong-4711",
         "shop (127.0.0.1:{port}/shop, table orders): the database says: connection failed: connection to server at \"127.0.0.1\", "
         "port {port} failed: FATAL: password authentication failed for user \"reader\"; put that right and run again"),
        ("postgresql://reader@127.0.0.1:{port}/shop", "reader",  # the driver's own words hold this password
         "shop (127.0.0.1:{port}/shop, table orders): the database says: connection failed: connection to server at \"127.0.0.1\", "
         "port {port} failed: FATAL: password authentication failed for user \"***\"; put that right and run again"),
        ("postgresql://reader@127.0.0.1:{port}/stock", None,
         "shop (127.0.0.1:{port}/stock, table orders): the database says: connection failed: connection to server at \"127.0.0.1\", "
         "port {port} failed: FATAL: database \"stock\" does not exist; put that right and run again"),
        ("postgresql://reader@127.0.0.1:1/shop", None,
         "shop (127.0.0.1:1/shop, table orders): the database says: connection failed: connection to server at \"127.0.0.1\", "
         "port 1 failed: Connection refused Is the server running on that host and accepting TCP/IP connections?; put that right "
         "and run again"),
        ("mysql://reader@127.0.0.1:1/shop", None,
         "shop (127.0.0.1:1/shop, table orders): the database says: Can't connect to MySQL server on '127.0.0.1' ([Errno 111] "
         "Connection refused); put that right and run again"),
        ("oracle://reader@127.0.0.1/shop", None,
         "shop (127.0.0.1/shop, table orders): no driver for oracle (ModuleNotFoundError); the drivers here are sqlite, "
         "mariadb+pymysql, mysql+pymysql, postgresql+psycopg"),
        ("postgresql://reader@127.0.0.1:{port}/shop", "",
         "shop (127.0.0.1:{port}/shop, table orders): the environment variable SHOP_PASSWORD, which holds the password, is not set; "
         "set it where the study is run, in a shell by: read -rs SHOP_PASSWORD && export SHOP_PASSWORD"),
    ],
)  # fmt: skip
def test_a_server_that_does_not_let_us_in_is_named_without_user_and_password(
    shop, tmp_path, monkeypatch, url, secret, told
):
    if secret is not None:
        monkeypatch.setenv("SHOP_PASSWORD", secret)
    wanted = export(shop).model_copy(update={"url": url.format(port=shop.port)})
    assert refusal(wanted, tmp_path, secrets=("wrong-4711",)) == told.format(port=shop.port)


def test_nothing_can_be_written_even_by_who_may(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", shop.owner)
    wanted = export(
        shop,
        table="",
        query="select nextval('written_by_who_may') as id",
        columns={"id": {"header": "id", "kind": "id"}},
    )
    shop.run("create sequence written_by_who_may")
    assert refusal(wanted.model_copy(update={"url": shop.url("owner")}), tmp_path, secrets=(shop.owner,)) == (
        f"shop (127.0.0.1:{shop.port}/shop, query): the database says: cannot execute nextval() in a read-only transaction; put "
        "that right and run again"
    )


def test_nothing_is_logged_that_holds_the_password(shop, tmp_path, caplog):
    with caplog.at_level(logging.DEBUG):
        load(export(shop), tmp_path)
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (sqlite3.OperationalError("Could not decode to UTF-8 column 'n' with text 'Ánna'"),
         "OperationalError (its words could show a value and are left out)"),
        (sqlite3.OperationalError("no such column: n"), "no such column: n"),
        (RuntimeError(1062, "Duplicate entry 'anna@example.org' for key 'mail'"),
         "RuntimeError 1062 (its words could show a value and are left out)"),
        (RuntimeError(1045, "Access denied for 'a'@'b' (using s3cr%t/)"), "Access denied for 'a'@'b' (using ***)"),
        (RuntimeError(1045, "in an address: s3cr%25t/ and s3cr%25t%2F"), "in an address: *** and ***"),
        (RuntimeError(1064, "x" * 300), "x" * 199 + "…"),
    ],
)  # fmt: skip
def test_a_driver_is_quoted_only_where_it_cannot_speak_of_values_and_without_the_password(error, told):
    assert addresses.reason(error, "s3cr%t/") == told


@pytest.fixture
def sqlite(workspace):
    file = workspace / "data" / "a shop?#%.db"
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.executescript("""
            create table orders (id integer, amount numeric, day text, at text, paid boolean);
            insert into orders values (1, 12.5, '2024-03-01', '2024-03-01 10:00:00', 1), (2, 0.1, '0000-00-00', null, 0),
                (3, 'zwölf', '2024-03-02', null, 1), (4, 5, '2024-03-03', null, null);
            create view good as select * from orders where id <> 3;
        """)
    connection.close()
    return Export(
        url="sqlite:///data/a shop?#%.db".replace("%", "%25").replace("?", "%3F").replace("#", "%23"),
        table="good",
        columns={
            "id": {"header": "id", "kind": "id"},
            "amount": {"header": "amount", "kind": "money", "decimals": 2},
            "day": {"header": "day", "kind": "date", "format": "%Y-%m-%d", "no_date": ["0000-00-00"]},
            "at": {"header": "at", "kind": "moment", "format": "%Y-%m-%d %H:%M:%S"},
            "paid": {"header": "paid", "kind": "whole"},
        },
        tables={},
        time_zone="Europe/Berlin",
    )


def test_a_view_of_sqlite_is_read_by_its_values_whatever_its_columns_are_called(sqlite, tmp_path):
    _, rows = load(sqlite, tmp_path)
    assert rows == [
        {
            "id": "1",
            "amount": Decimal("12.50"),
            "day": date(2024, 3, 1),
            "at": datetime(2024, 3, 1, 9),
            "paid": 1,
            "_line": 1,
        },
        {"id": "2", "amount": Decimal("0.10"), "day": None, "at": None, "paid": 0, "_line": 2},
        {"id": "4", "amount": Decimal("5.00"), "day": date(2024, 3, 3), "at": None, "paid": None, "_line": 3},
    ]


def test_sqlite_with_a_text_among_numbers_sets_that_row_aside(sqlite, tmp_path):
    loaded, rows = load(sqlite.model_copy(update={"table": "orders"}), tmp_path)
    assert loaded.aside == [Aside("shop", 3, "amount", "not an amount like 9.99", "aaaaa")]
    assert [row["amount"] for row in rows] == [Decimal("12.50"), Decimal("0.10"), Decimal("5.00")]


def test_a_file_of_sqlite_that_is_not_there_is_not_made(sqlite, tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    missing = sqlite.model_copy(update={"url": "sqlite:///data/none.db"})
    assert refusal(missing, folder) == (
        "shop (data/none.db, table good): there is no file 'data/none.db' below the workspace; write the path as url: "
        "sqlite:///data/incoming/shop.db"
    )
    assert os.listdir(os.path.join(os.environ["ANALYSIS_WORKSPACE"], "data")) == ["a shop?#%.db"]


def test_sqlite_is_opened_for_reading_only(sqlite, tmp_path):
    def write(connection):
        connection.exec_driver_sql("delete from orders")

    with pytest.raises(FileError) as caught:
        addresses.asked(sqlite, "shop", write)
    assert "the database says: attempt to write a readonly database; put that right and run again" in str(caught.value)


@pytest.mark.parametrize(("rows", "at_once"), [(5, 2), (4, 2), (1, 2)])
def test_rows_are_numbered_and_added_up_across_pieces(shop, tmp_path, monkeypatch, rows, at_once):
    monkeypatch.setattr(databases, "ROWS_AT_ONCE", at_once)
    columns = {"id": {"header": "i", "kind": "whole"}}
    loaded, read = load(
        export(shop, table="", query=f"select generate_series(1, {rows}) as i", columns=columns), tmp_path
    )
    assert [row["_line"] for row in read] == [row["id"] for row in read] == list(range(1, rows + 1))
    assert (loaded.rows, loaded.kept, loaded.totals) == (rows, rows, {"id": rows * (rows + 1) // 2})


PEAK = """
import resource, sys
from pathlib import Path
from analysis.collect.loading import databases
from analysis.collect.loading.contract import Export
query = f"select i, 'customer ' || i as name, i / 100.0 as amount from generate_series(1, {sys.argv[2]}) i"
columns = {"id": {"header": "i", "kind": "id"}, "name": {"header": "name"}, "amount": {"header": "amount", "kind": "number"}}
wanted = Export(url=sys.argv[1], password="SHOP_PASSWORD", query=query, columns=columns, tables={})
databases.load(wanted, name="many", into=Path(sys.argv[3]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_ten_times_the_rows_take_no_more_memory(shop, tmp_path):
    def megabytes(rows):
        done = subprocess.run(
            [sys.executable, "-c", PEAK, shop.url(), str(rows), str(tmp_path / "many.parquet")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return float(done.stdout)

    few, many = megabytes(30_000), megabytes(300_000)  # held at once, the second took 35 MB more
    assert many - few < 25
