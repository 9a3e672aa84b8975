"""The quality table adds up or the study stops."""

import pandas as pd
import pytest

from analysis.clean import contract, oddities, quality
from analysis.engine import lazy
from analysis.tables import CANONICAL

COUNTS = pd.DataFrame(
    [
        ("orders", "in", 10, 100.00),
        ("orders", "kept", 7, 90.00),
        ("orders", "not yet seen", 1, 4.00),
        ("orders", "nothing happened", 1, 0.00),
        ("orders", "no customer_id", 1, 6.00),
        ("customers", "in", 3, None),
        ("customers", "kept", 3, None),
    ],
    columns=["table", "outcome", "rows", "amount"],
)


def test_rows_and_money_stand_by_table():
    table = quality.quality(COUNTS).set_index("table")
    orders = table.loc["orders"]
    assert (orders.rows_in, orders.rows_kept, orders.rows_set_aside, orders.rows_not_yet_seen) == (10, 7, 2, 1)
    assert (orders.amount_in, orders.amount_kept, orders.amount_set_aside, orders.amount_not_yet_seen) == (
        100,
        90,
        6,
        4,
    )
    assert (
        table.loc["customers"][["amount_in", "amount_set_aside"]].isna().all()
    )  # customers have no money, which is not zero


def test_one_lost_row_or_one_lost_cent_stops_the_study():
    with pytest.raises(
        ValueError, match="rows of 'orders' do not reconcile: in minus kept, set aside and not yet seen is 1.00"
    ):
        quality.quality(COUNTS.assign(rows=COUNTS["rows"].replace(7, 6)))
    with pytest.raises(ValueError, match="amount of 'orders' do not reconcile: .* is 0.01"):
        quality.quality(COUNTS.assign(amount=COUNTS["amount"].replace(90.00, 89.99)))


def test_reasons_are_listed_with_their_words():
    table = quality.reasons(COUNTS)
    assert table[["reason", "rows", "because"]].to_dict("list") == {
        "reason": ["no customer_id", "nothing happened"],
        "rows": [1, 1],
        "because": ["customer_id is empty", "quantity, sales and coupon are all zero"],
    }


def test_a_part_of_a_cent_is_counted_and_float_noise_is_not():
    orders = pd.DataFrame({"amount": [0.1 + 0.2, 1.005, 2.5, 2.2e-16]})
    assert contract.part_cents(lazy(orders), CANONICAL["orders"]) == 1


def test_oddities_are_counted_with_their_money():
    orders = pd.DataFrame(
        [
            ("o1", "gas", 10_600, 25.52, 0.0, 0.0),
            ("o1", "coupon", 0, 0.0, 0.0, 1.5),
            ("o2", "cookies", 1, 0.0, 2.99, 0.0),
            ("o3", "void", 0, 0.0, 0.0, 0.0),
        ],
        columns=["order_id", "product_id", "quantity", "amount", "discount", "coupon_discount"],
    )
    products = pd.DataFrame(
        {"product_id": ["gas", "cookies", "void"], "name": ["GASOLINE-REG UNLEADED", "COOKIES", None]}
    )
    found = oddities.oddities(lazy(orders), lazy(products)).set_index("oddity")
    assert found["lines"][found["lines"] > 0].to_dict() == {
        "quantity, sales and coupon are zero": 1,
        "coupon without goods": 1,
        "goods for nothing, with a card discount": 1,
        "quantity above 50: fuel": 1,
        "product not in the product table": 1,
    }
    assert found.loc["coupon without goods", "coupon_discount"] == 1.5
    assert oddities.fuel_price(lazy(orders), lazy(products)) == pytest.approx(2.4075, abs=1e-4)
