from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.days_of_use import Uses, spent_when_used, uses
from analysis.monitor.past import Past

EVERYONE = pd.Index(["Ann", "Ben", "Cem"], name="customer_id")
MARCH = (pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-07"))
ORDERS = [
    ("Ann", "2024-03-02", "milk", 10), ("Ann", "2024-03-02", "soap", 4), ("Ann", "2024-03-05", "milk", 7),
    ("Ben", "2024-03-02", "milk", 5), ("Ben", "2024-03-08", "milk", 3),
]  # fmt: skip


def past(order_lines):
    return Past.read(order_lines(ORDERS), EVERYONE, data_from=date(2024, 1, 1))


def responses(table, *rows):
    found = table("campaign_id customer_id kind responded_on", *rows)
    return found.assign(responded_on=pd.to_datetime(found["responded_on"]))


def test_all_that_was_bought_on_a_day_of_use_counts_once_and_only_in_the_span(table, order_lines):
    told = responses(
        table, ("a", "Ann", "redeem", "2024-03-02"), ("a", "Ann", "redeem", "2024-03-02"),  # two coupons of one day
        ("a", "Ben", "redeem", "2024-03-08"),  # after the span
        ("a", "Cem", "redeem", "2024-03-02"),  # with no order at all
        ("a", "Ann", "open", "2024-03-05"), ("b", "Ann", "redeem", "2024-03-05"), ("a", "Zoe", "redeem", "2024-03-02"),
    )  # fmt: skip
    before = past(order_lines)
    used = uses(told, EVERYONE, before, campaign_id="a")
    assert spent_when_used(before, used, MARCH).tolist() == [14, 0, 0]
    assert uses(told, EVERYONE, before, campaign_id="b").customer.tolist() == [0]


def test_a_conversion_is_a_use_as_it_is_a_redemption_elsewhere(table, order_lines):
    told = responses(table, ("a", "Ben", "convert", "2024-03-02"), ("a", "Ann", "click", "2024-03-02"))
    used = uses(told, EVERYONE, past(order_lines), campaign_id="a")
    assert spent_when_used(past(order_lines), used, MARCH).tolist() == [0, 5, 0]


def test_no_use_is_not_known_and_not_nothing(table, order_lines):
    told = responses(table, ("a", "Ann", "open", "2024-03-02"))
    assert uses(told, EVERYONE, past(order_lines), campaign_id="a") is None
    assert uses(None, EVERYONE, past(order_lines), campaign_id="a") is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(58, 70)), min_size=1))
@settings(max_examples=50, deadline=None)
def test_it_agrees_with_going_through_the_orders_one_by_one(pairs):
    import numpy as np

    day = np.array([58, 60, 60, 61, 62, 65, 66, 70])
    before = Past(day, np.array([0, 1, 2, 0, 0, 1, 2, 2]), 1.0 + np.arange(8), 3, pd.Timestamp("2024-01-01"))
    used = Uses(*np.array(sorted(set(pairs))).T)
    first, last = ((end - before.data_from).days for end in MARCH)
    slow = [0.0] * 3
    for day, customer, amount in zip(*before[:3], strict=True):
        if first <= day <= last and (customer, day) in set(pairs):
            slow[customer] += amount
    assert spent_when_used(before, used, MARCH).tolist() == slow
