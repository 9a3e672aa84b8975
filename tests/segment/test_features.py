from datetime import date, timedelta

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.segment.features import behaviour, per_order

AS_OF = date(2024, 3, 31)
LINES = [  # order, customer, product, day, quantity, amount, discount, coupon_discount
    ("o1", "ada", "milk", "2024-01-01", 2, 3.00, 1.00, 0.00),
    ("o1", "ada", "soap", "2024-01-01", 1, 5.00, 0.00, 1.00),
    ("o2", "ada", "milk", "2024-03-30", 1, 2.00, 0.00, 0.00),
    ("o3", "ada", "milk", "2024-03-30", 1, 2.00, 0.00, 0.00),  # a second order on the same day
    ("o4", "ada", "coupon", "2024-03-31", 0, 0.00, 0.00, 2.00),  # a coupon alone: money saved, but no order
    ("o5", "bob", "milk", "2024-03-01", 1, 4.00, 0.00, 0.00),  # in the window before the last of 30 days
    ("o6", "bob", "lost", "2024-04-01", 1, 9.00, 0.00, 0.00),  # after as_of: not seen
    ("o7", "eve", "lost", "2024-03-02", 1, 1.00, 0.00, 0.00),  # first day of the window; product without department
]
PRODUCTS = pd.DataFrame({"product_id": ["milk", "soap", "coupon"], "department": ["GROCERY", "DRUG", "COUPON"]})
CUSTOMERS = pd.DataFrame({"customer_id": ["zoe", "bob", "ada"], "age_band": [None, "25-34", "65+"]})


def lazy_lines(lines):
    names = ["order_id", "customer_id", "product_id", "ordered_on", "quantity", "amount", "discount", "coupon_discount"]
    frame = pd.DataFrame(lines, columns=names).astype({"ordered_on": "datetime64[us]"})
    typed = engine.lazy(frame).with_columns(nw.col("ordered_on").cast(nw.Date))
    return engine.with_money(typed, ["amount", "discount", "coupon_discount"])


def made(lines=LINES, *, window_days=30, **options):
    table = behaviour(
        lazy_lines(lines), CUSTOMERS, engine.lazy(PRODUCTS), as_of=AS_OF, window_days=window_days, **options
    )
    return table.set_index("customer_id")


def test_behaviour_of_three_customers_worked_by_hand():
    ada = made().loc["ada"]
    assert (ada["frequency"], ada["active_days"], ada["departments"]) == (3, 2, 2)
    assert (ada["recency_days"], ada["tenure_days"]) == (1, 90)
    assert (ada["monetary"], ada["order_amount"], ada["order_frequency"], ada["customer_value"]) == (12, 4, 1, 4)
    assert ada["discount_share"] == pytest.approx(4 / 16)
    assert (ada["window_orders"], ada["window_sales"], ada["use_days"]) == (2, 4, 1)
    assert ada["age_band"] == "65+"


def test_windows_end_on_as_of_and_do_not_overlap():
    columns = ["window_orders", "window_sales", "before_orders", "before_sales"]
    table = made()[columns]
    assert table.loc["bob"].tolist() == [0, 0, 1, 4]
    assert table.loc["eve"].tolist() == [1, 1, 0, 0]


def test_a_coupon_alone_is_money_saved_but_no_order():
    table = made()
    assert table.loc["ada", "last_order_on"] == pd.Timestamp("2024-03-30")
    only_coupon = made(LINES[4:5]).loc["ada"]
    assert only_coupon["frequency"] == 0 and only_coupon["discount_share"] == 1 and pd.isna(only_coupon["recency_days"])


def test_a_customer_without_an_order_has_counts_of_zero_and_nothing_that_needs_an_order():
    zoe = made().loc["zoe"]
    assert (zoe[["frequency", "monetary", "departments", "window_orders", "before_sales"]] == 0).all()
    assert zoe[["first_order_on", "recency_days", "order_amount", "customer_value", "discount_share"]].isna().all()


def test_everyone_is_in_the_table_once_in_order_of_their_id():
    assert made().index.tolist() == ["ada", "bob", "eve", "zoe"]


def test_a_product_without_a_department_adds_none():
    assert made().loc["eve", "departments"] == 0


def test_orders_before_counted_from_say_only_since_when_a_customer_is_known():
    ada = made(counted_from=date(2024, 3, 1)).loc["ada"]
    assert (ada["frequency"], ada["monetary"], ada["departments"], ada["tenure_days"]) == (2, 4, 1, 90)
    assert ada["order_frequency"] == 2  # two orders in the 30 days that tenure has at least
    early = made(LINES[:2], counted_from=date(2024, 3, 1)).loc["ada"]
    assert early["frequency"] == 0 and pd.isna(early["recency_days"]) and early["tenure_days"] == 90


def test_a_customer_with_two_rows_is_named():
    twice = pd.concat([CUSTOMERS, CUSTOMERS.tail(1)])
    with pytest.raises(ValueError, match="^customer 'ada' has two rows in customers; it needs one row per customer$"):
        behaviour(lazy_lines(LINES), twice, engine.lazy(PRODUCTS), as_of=AS_OF, window_days=30)


def test_an_order_of_two_days_counts_once_on_the_first():
    over_midnight = [("o1", "ada", "milk", day, 1, 1.0, 0.0, 0.0) for day in ("2024-03-31", "2024-03-30")]
    orders = engine.collect(per_order(lazy_lines(over_midnight)))
    assert len(orders) == 1 and orders["day"].tolist() == [pd.Timestamp("2024-03-30")]


def literal(lines, *, as_of, window_days):
    """Each customer's counts, line by line."""
    found = {}
    for customer in {line[1] for line in lines}:
        mine = [line for line in lines if line[1] == customer]
        day = {order: min(line[3] for line in mine if line[0] == order) for order in {line[0] for line in mine}}
        real = [order for order in day if any(line[0] == order and line[4] > 0 for line in mine)]
        window = [order for order in real if date.fromisoformat(day[order]) > as_of - timedelta(days=window_days)]
        found[customer] = (len(real), round(sum(line[5] for line in mine), 2), len({day[o] for o in real}), len(window))
    return found


line = st.tuples(
    st.sampled_from(["o1", "o2", "o3", "o4"]),
    st.sampled_from(["ada", "bob"]),
    st.sampled_from(["milk", "soap", "lost"]),
    st.sampled_from(["2024-01-05", "2024-03-01", "2024-03-02", "2024-03-31"]),
    st.integers(0, 2),
    st.sampled_from([0.0, 0.1, 0.2, 1.05]),
    st.just(0.0),
    st.just(0.0),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(line, min_size=1, max_size=8), st.randoms())
def test_behaviour_agrees_with_counting_line_by_line_in_any_row_order(lines, random):
    table = made(lines)
    for customer, expected in literal(lines, as_of=AS_OF, window_days=30).items():
        row = table.loc[customer]
        assert (row["frequency"], row["monetary"], row["active_days"], row["window_orders"]) == expected
    random.shuffle(lines)
    pd.testing.assert_frame_equal(made(lines), table)


def test_sums_of_cents_are_exact():
    dimes = [(f"o{i}", "ada", "milk", "2024-03-31", 1, 0.1, 0.0, 0.0) for i in range(30)]
    assert sum([0.1] * 30) != 3.0
    assert made(dimes).loc["ada", "monetary"] == 3.0
