"""Small tables for the tests of this room."""

import pandas as pd
import pytest

from analysis import engine
from analysis.engine import nw


def _order_lines(rows: list[tuple]) -> nw.LazyFrame:
    """Order lines: customer, day, product, amount and, where they matter, coupon discount, shop match, quantity."""
    table = pd.DataFrame(
        [(*row, *(0.0, 0.0, 1)[len(row) - 4 :]) for row in rows],
        columns=["customer_id", "ordered_on", "product_id", "amount", "coupon_discount", "coupon_match", "quantity"],
    )
    table["order_id"] = table["customer_id"] + table["ordered_on"]
    table["line_id"] = [str(number) for number in range(len(table))]
    table["ordered_on"] = pd.to_datetime(table["ordered_on"])
    money = ["amount", "coupon_discount", "coupon_match"]
    table[money] = table[money].astype(float)
    return engine.with_money(engine.lazy(table).with_columns(nw.col("ordered_on").cast(nw.Date)), money)


@pytest.fixture
def order_lines():
    return _order_lines


@pytest.fixture
def table():
    """A table from column names and rows: table("campaign_id kind", ("A", "mail"))."""
    return lambda columns, *rows: pd.DataFrame(rows, columns=columns.split())
