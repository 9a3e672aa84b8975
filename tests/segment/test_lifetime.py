from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.lifetime import simple_lifetime_value


def customers(rows):
    names = [f"c{i}" for i in range(len(rows))]
    return pd.DataFrame(rows, columns=["before_orders", "window_orders", "window_sales"]).assign(customer_id=names)


def value_of(rows, *, data_from=date(2024, 1, 1), draws=199, seed=1):
    return simple_lifetime_value(
        customers(rows),
        data_from=data_from,
        as_of=date(2024, 12, 31),
        window_days=91,
        rng=np.random.default_rng(seed),
        draws=draws,
    )


FIVE = [(3, 2, 60.0), (1, 1, 30.0), (2, 4, 90.0), (1, 0, 0.0), (0, 5, 1000.0)]  # the last is new: in neither part


def test_revenue_over_churn_worked_by_hand():
    found = value_of(FIVE)
    assert (found.revenue, found.churn, found.value) == (60, 0.25, 240)
    assert (found.customers, found.churned, found.note) == (4, 1, "")
    assert found.churn_interval == pytest.approx((0.0456, 0.6994), abs=5e-5)  # Wilson, 1 of 4


def test_churn_of_zero_has_no_value_and_says_so():
    found = value_of(FIVE[:3])
    assert found.churn == 0 and np.isnan(found.value) and np.isnan(found.value_interval.low)
    assert found.note == "nobody churned, so the value has no bound"
    assert found.revenue == 60


def test_nothing_is_known_where_the_data_does_not_reach_back_two_windows():
    found = value_of(FIVE, data_from=date(2024, 7, 4))
    assert np.isnan([found.revenue, found.churn, found.value]).all()
    assert found.note == "two windows of 91 days begin on 2024-07-03, the data on 2024-07-04"
    assert value_of(FIVE, data_from=date(2024, 7, 3)).value == 240


def test_nothing_is_known_where_nobody_ordered_before():
    assert value_of(FIVE[4:]).note == "nobody ordered in the 91 days before the last window"


def test_the_value_of_constant_churn_is_the_sum_of_expected_revenue():
    # A quarter leaves each period: 60 (1 + 3/4 + (3/4)^2 + ...), the geometric series behind the formula.
    assert value_of(FIVE).value == pytest.approx(sum(60 * 0.75**period for period in range(200)))


def test_the_interval_holds_the_value_and_its_draws_come_from_the_generator():
    rows = [(1, 1, float(10 + i % 7)) if i % 5 else (1, 0, 0.0) for i in range(100)]
    found = value_of(rows)
    assert found.value_interval.low < found.value < found.value_interval.high
    assert found == value_of(rows)
    assert found != value_of(rows, seed=2)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(5)))
def test_row_order_changes_nothing(order):
    np.testing.assert_equal(value_of([FIVE[i] for i in order], draws=99), value_of(FIVE, draws=99))
