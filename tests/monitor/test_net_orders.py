from datetime import date

import pandas as pd
import pytest

from analysis import engine
from analysis.engine import nw
from analysis.monitor.campaigns import window_sales
from analysis.monitor.comparison import spend_in_windows
from analysis.monitor.net_orders import LEAST, Netted, net_of_refunds, refunds_over

DAYS = {"data_from": date(2024, 1, 1), "as_of": date(2024, 12, 31)}


def refund_rows(*rows):
    """Refunds: order, day, amount and, where it is known, product."""
    table = pd.DataFrame(
        [(*row, None)[:4] for row in rows], columns=["order_id", "refunded_on", "amount", "product_id"]
    )
    table["refund_id"] = [f"r{number}" for number in range(len(table))]
    table["line_id"], table["refunded_on"] = "1", pd.to_datetime(table["refunded_on"])
    table = table.astype({"order_id": "str", "product_id": "str"})
    return engine.with_money(engine.lazy(table).with_columns(nw.col("refunded_on").cast(nw.Date)), ["amount"])


@pytest.fixture
def orders(order_lines):
    return order_lines([
        ("ann", "2024-03-01", "p", 30.0, 2.0), ("ann", "2024-03-01", "q", 10.0), ("bob", "2024-03-02", "p", 20.0),
        ("bob", "2024-04-02", "p", 5.0),
    ])  # fmt: skip


def spent(orders, first, last):
    spans = {"in": (pd.Timestamp(first), pd.Timestamp(last))}
    return engine.collect(spend_in_windows(orders, spans)).set_index("customer_id")["in"].astype(float).to_dict()


def test_a_refund_counts_on_the_day_of_its_order(orders):
    made = net_of_refunds(orders, refund_rows(("ann2024-03-01", "2024-04-15", 12.5, "p")), **DAYS)
    assert spent(made.orders, "2024-03-01", "2024-03-31") == {"ann": 27.5, "bob": 20.0}
    assert spent(made.orders, "2024-04-01", "2024-04-30") == {"ann": 0.0, "bob": 5.0}  # nothing on its own day
    assert (made.netted, made.amount, made.without_order, made.above) == (1, 12.5, 0, 0)


def test_the_sum_of_net_lines_is_sales_minus_what_was_taken_off(orders):
    made = net_of_refunds(
        orders, refund_rows(("ann2024-03-01", "2024-03-05", 40.0), ("bob2024-03-02", "2024-03-09", 7.01)), **DAYS
    )
    lines = engine.collect(made.orders)
    assert float(lines["amount"].sum()) == pytest.approx(65 - made.amount) and made.amount == 47.01
    assert lines["coupon_discount"].sum() == 2 and lines["quantity"].sum() == 4  # nothing else moves


def test_more_back_than_was_paid_leaves_nothing_sold_and_not_less(orders):
    refunds = refund_rows(("bob2024-03-02", "2024-03-09", 15.0), ("bob2024-03-02", "2024-03-19", 15.0))
    made = net_of_refunds(orders, refunds, **DAYS)
    assert spent(made.orders, "2024-03-01", "2024-03-31") == {"ann": 40.0, "bob": 0.0}
    assert (made.netted, made.amount, made.above) == (2, 20.0, 1)


def test_a_refund_of_an_unknown_order_is_counted_and_taken_off_nowhere(orders):
    made = net_of_refunds(orders, refund_rows(("zoe", "2024-03-09", 15.0), (None, "2024-03-09", 1.0)), **DAYS)
    assert spent(made.orders, "2024-03-01", "2024-12-31") == {"ann": 40.0, "bob": 25.0}
    assert (made.netted, made.without_order, made.without_amount) == (0, 2, 16.0)


def test_refunds_without_a_column_for_their_order_are_all_without_order(orders):
    refunds = refund_rows(("ann2024-03-01", "2024-03-09", 15.0)).drop("order_id", "product_id")
    made = net_of_refunds(orders, refunds, **DAYS)
    assert (made.netted, made.without_order, made.without_amount) == (0, 1, 15.0)


def test_what_was_not_seen_yet_is_not_taken_off(orders):
    early = DAYS | {"as_of": date(2024, 3, 31)}
    made = net_of_refunds(orders, refund_rows(("ann2024-03-01", "2024-04-15", 12.5)), **early)
    assert made.netted == 0 and spent(made.orders, "2024-03-01", "2024-03-31")["ann"] == 40.0


def test_a_customer_whose_order_came_back_still_is_a_buyer(orders, table):
    made = net_of_refunds(orders, refund_rows(("ann2024-03-01", "2024-04-15", 40.0)), **DAYS)
    contacts = table("campaign_id customer_id arm", ("c", "ann", "treated"))
    campaigns = table("campaign_id kind starts_on ends_on", ("c", "mail", "2024-03-01", "2024-03-31"))
    found = window_sales(contacts, made.orders, campaigns, as_of=DAYS["as_of"]).iloc[0]
    assert (found["sales"], found["buyers"]) == (0.0, 1)


def test_without_a_table_of_refunds_nothing_changes(orders):
    made = net_of_refunds(orders, None, **DAYS)
    assert made.orders is orders and not made.known


def test_the_usual_time_holds_95_of_100_refunds_of_old_orders(order_lines):
    many = order_lines(
        [(f"c{number}", "2024-02-01", "p", 10.0) for number in range(100)] + [("new", "2024-12-01", "p", 9.0)]
    )
    days = pd.date_range("2024-02-01", periods=100)  # the refund of c0 comes on the day itself, of c99 after 99 days
    refunds = refund_rows(
        *[(f"c{n}2024-02-01", day, 1.0) for n, day in enumerate(days)], ("new2024-12-01", "2024-12-02", 1.0)
    )
    made = net_of_refunds(many, refunds, **DAYS)
    assert made.usual_days == 95 and made.usual_of == 100  # that of December is too young to tell


def test_few_refunds_say_nothing_of_the_usual_time(orders):
    made = net_of_refunds(orders, refund_rows(("ann2024-03-01", "2024-04-15", 12.5)), **DAYS)
    assert made.usual_of == 1 < LEAST and pd.isna(made.usual_days)


def test_a_campaign_whose_refunds_may_still_come_in_is_named(table):
    runs = table("campaign_id measured_until", ("a", pd.Timestamp("2024-12-01")), ("b", pd.Timestamp("2024-12-02")))
    made = refunds_over(runs, Netted(None, True, usual_days=30.0), as_of=DAYS["as_of"])
    assert made["refund_days"].tolist() == [30, 29] and made["refunds_over"].tolist() == [True, False]
    unknown = refunds_over(runs, Netted(None, False), as_of=DAYS["as_of"])
    assert unknown["refunds_over"].isna().all() and not unknown["refunds_netted"].any()
