"""Where rows may come from: a wrong address, a password in it and a query that does more than read are refused in one line."""

import pytest
from pydantic import ValidationError

from analysis.collect.loading.contract import Export
from analysis.refusals import in_one_line

URL = "postgresql://reader@shop.example:5433/sales"


def export(**settings):
    columns = settings.pop("columns", {"order_id": "Order"})
    return Export(columns=columns, tables={}, **settings)


def refusal(**settings):
    with pytest.raises(ValidationError) as caught:
        export(**settings)
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    return in_one_line(caught.value, Export)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:hunter2@shop.example/sales",
        "mysql+pymysql://reader:hunter2@shop.example/sales",
        "postgresql://reader@shop.example/sales?password=hunter2",
        "postgresql://reader@shop.example/sales?sslmode=require&sslpassword=hunter2",
        "postgresql://reader@shop.example/sales?passwd=hunter2",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url):
    assert refusal(url=url, table="orders") == (
        "export 'orders': its url holds a password; take it out, put it into an environment variable and write that "
        "variable's name as password: SHOP_DATABASE_PASSWORD"
    )


def test_the_path_of_a_password_file_is_no_password():
    assert export(url=URL + "?passfile=/etc/shop.pgpass&sslmode=verify-full", table="orders").from_database


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"table": "orders"},
         "export 'orders' has a table or a query and no url; write it like url: postgresql://reader@host/shop"),
        ({"url": URL, "table": "orders", "files": "o*.csv"}, "export 'o*.csv' has both files and a url; make it two exports"),
        ({"url": URL}, "export 'of a query' needs either a table or a query"),
        ({"url": URL, "table": "orders", "query": "select 1"}, "export 'orders' needs either a table or a query"),
        ({"files": "o*.csv", "password": "SHOP"},
         "export 'o*.csv' names a password and no url; write the address of the database as url"),
        ({"url": "postgresql://reader@[::1/sales", "table": "orders"},
         "export 'orders': its url is no address; write it like postgresql://reader@host:5432/shop"),
        ({"url": URL, "query": "delete from orders"}, "export 'of a query': its query must be one select and nothing else"),
        ({"url": URL, "title": "Shop", "query": "select 1; drop table orders"},
         "export 'Shop': its query must be one select and nothing else"),
        ({"url": URL, "query": "-- select\nupdate orders set amount = 0"},
         "export 'of a query': its query must be one select and nothing else"),
    ],
)  # fmt: skip
def test_an_origin_that_cannot_be_read_is_refused(settings, told):
    assert refusal(**settings) == told


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "SELECT ';' from t;",
        "-- all orders; really\nwith a as (select 1) select * from a",
        "/* ; */ select 1",
    ],
)
def test_one_select_is_taken(query):
    assert export(url=URL, query=query).query == query


@pytest.mark.parametrize("files", ["o*.xlsx", "o.xls", "o.xlsb", "o.ods", "o-*.parquet"])
def test_a_date_needs_no_format_where_cells_have_types(files):
    dated = {"ordered_on": {"header": "Day", "kind": "date"}}
    assert export(files=files, columns=dated).columns["ordered_on"].format == ""
    assert export(url=URL, table="orders", columns=dated).columns["ordered_on"].format == ""
    assert refusal(files="o*.csv", columns=dated) == (
        "column 'Day' is a date and has no format; write it like format: '%Y-%m-%d'"
    )
