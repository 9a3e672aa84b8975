"""Canonical tables from the rows of exports, by hand."""

from decimal import Decimal

import pandas as pd

from analysis import engine
from analysis.collect import recipes, rows
from analysis.collect.loading.contract import Export

SALES = Export(
    columns={
        "invoice": "Invoice", "customer": "Customer", "item": "Item", "country": "Country",
        "pieces": {"header": "Pieces", "kind": "whole"}, "price": {"header": "Price", "kind": "money"},
        "at": {"header": "At", "kind": "moment", "format": "%Y-%m-%d"},
    },
    rows=[{"name": "back", "when": "starts_with(invoice, 'C')"}, {"name": "gift", "when": "price == 0", "left_out": "no money"},
          {"name": "sale"}],
    tables={
        "orders": {
            "rows": ["sale"], "numbered": "line_id",
            "columns": {"order_id": "invoice", "customer_id": "customer", "product_id": "item", "ordered_at": "at",
                        "quantity": "pieces", "amount": "pieces * price", "discount": "0"},
        },
        "refunds": {
            "rows": ["back"], "numbered": "line_id",
            "columns": {"refund_id": "invoice", "customer_id": "customer", "product_id": "item", "refunded_at": "at",
                        "quantity": "-pieces", "amount": "-pieces * price"},
        },
        "customers": {"one_per": "customer_id", "latest": "at", "columns": {"customer_id": "customer", "region": "country"}},
    },
)  # fmt: skip

LINES = [
    # invoice, customer, item, country, pieces, price, day of March
    ("1", "Ann", "cup", "UK", 2, "2.50", 1),
    ("1", "Ann", "jug", "UK", 1, "0.125", 1),  # an eighth: more places than cents are kept
    ("1", "Ann", "cup", "UK", 2, "2.50", 1),  # the same line again: two sales, two numbers
    ("2", "Ben", "cup", None, 1, "2.50", 2),
    ("3", "Ben", "cup", "FR", 1, "2.50", 3),
    ("C4", "Ben", "cup", None, -1, "2.50", 4),  # the country that Ben last said is France
    ("5", "Cem", "jug", "DE", 1, "0", 5),  # only a gift: no order, so no customer either
]


def frame(lines=LINES):
    table = pd.DataFrame(lines, columns=["invoice", "customer", "item", "country", "pieces", "price", "day"])
    table["price"] = [Decimal(price).quantize(Decimal("0.0001")) for price in table["price"]]
    table["at"] = pd.to_datetime("2024-03-01") + pd.to_timedelta(table.pop("day") - 1, unit="D")
    return rows.of_kinds(engine.lazy(table.astype({"pieces": "Int64"})), SALES)


def made(lines=LINES):
    return {
        name: engine.collect(one) for name, one in recipes.tables({"sales": SALES}, {"sales": frame(lines)}).items()
    }


def test_lines_become_orders_with_exact_amounts_and_a_number_by_content():
    orders = made()["orders"][["order_id", "line_id", "product_id", "quantity", "amount"]]
    assert orders.sort_values(["order_id", "line_id"]).to_numpy().tolist() == [
        ["1", "1", "cup", 2.0, 5.0], ["1", "2", "cup", 2.0, 5.0], ["1", "3", "jug", 1.0, 0.125],
        ["2", "1", "cup", 1.0, 2.5], ["3", "1", "cup", 1.0, 2.5],
    ]  # fmt: skip


def test_what_went_back_is_a_refund_of_positive_money_and_pieces():
    refunds = made()["refunds"]
    assert refunds[["refund_id", "customer_id", "quantity", "amount"]].to_numpy().tolist() == [["C4", "Ben", 1.0, 2.5]]


def test_one_row_per_customer_with_the_last_thing_that_is_known():
    customers = made()["customers"]
    assert dict(zip(customers["customer_id"], customers["region"], strict=True)) == {"Ann": "UK", "Ben": "FR"}


def test_the_order_of_rows_changes_nothing():
    first, second = made(), made(LINES[::-1])
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


def test_customers_and_products_that_only_order_lines_name_are_added_with_their_number():
    people = Export(columns={"id": "Id", "mail": "Mail"},
                    tables={"customers": {"one_per": "customer_id", "columns": {"customer_id": "id", "email": "mail"}}})  # fmt: skip
    contacts = rows.of_kinds(engine.lazy(pd.DataFrame({"id": ["Ann", "Dan"], "mail": ["ann@x", "dan@x"]})), people)
    tables = recipes.tables({"crm": people, "sales": SALES}, {"crm": contacts, "sales": frame()})
    customers = engine.collect(tables["customers"])
    assert customers["customer_id"].tolist() == ["Ann", "Ben", "Dan"]
    assert customers.set_index("customer_id").loc["Ben", "region"] == "FR"  # the first export does not know Ben
    assert pd.isna(customers.set_index("customer_id").loc["Ann", "region"])  # Ann is the first export's
    assert engine.collect(tables["products"])["product_id"].tolist() == ["cup", "jug"]
    assert recipes.filled_by({"crm": people, "sales": SALES}) == ("customers", "products", "orders", "refunds")


def test_exports_of_people_alone_make_customers_and_no_table_that_nothing_fills():
    people = Export(columns={"id": "Id", "mail": "Mail"},
                    tables={"customers": {"one_per": "customer_id", "columns": {"customer_id": "id", "email": "mail"}}})  # fmt: skip
    listed = rows.of_kinds(engine.lazy(pd.DataFrame({"id": ["Ann", "Dan"], "mail": ["ann@x", "dan@x"]})), people)
    tables = recipes.tables({"crm": people}, {"crm": listed})
    assert list(tables) == ["customers"] == list(recipes.filled_by({"crm": people}))
    assert engine.collect(tables["customers"])["customer_id"].tolist() == ["Ann", "Dan"]
    contacts = Export(columns={"id": "Id", "mailing": "Mailing"},
                      tables={"contacts": {"columns": {"campaign_id": "mailing", "customer_id": "id"}}})  # fmt: skip
    sent = rows.of_kinds(engine.lazy(pd.DataFrame({"id": ["Ann", "Eve"], "mailing": ["m1", "m1"]})), contacts)
    tables = recipes.tables({"crm": people, "mail": contacts}, {"crm": listed, "mail": sent})
    assert tuple(tables) == ("customers", "contacts") == recipes.filled_by({"crm": people, "mail": contacts})
    assert engine.collect(tables["customers"])["customer_id"].tolist() == ["Ann", "Dan", "Eve"]
