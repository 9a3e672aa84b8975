from datetime import date

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.segment import cohorts

YEAR = {"data_from": date(2024, 1, 1), "as_of": date(2024, 3, 31)}
SEEN = [("ada", 1), ("ada", 3), ("bob", 1), ("bob", 2), ("eve", 2), ("eve", 3)]  # customer, month of 2024


def active(pairs):
    rows = [(who, pd.Timestamp(2024, month, 1), 2, 10.0) for who, month in pairs]
    return pd.DataFrame(rows, columns=["customer_id", "month", "orders", "sales"])


def test_activity_is_one_row_per_customer_and_month_with_goods():
    lines = pd.DataFrame(
        [
            ("o1", "ada", "2024-01-05", 1, 2.5),
            ("o1", "ada", "2024-01-05", 1, 0.5),
            ("o2", "ada", "2024-01-31", 1, 1.0),
            ("o3", "ada", "2024-02-01", 0, 0.0),  # a coupon alone
        ],
        columns=["order_id", "customer_id", "ordered_on", "quantity", "amount"],
    ).astype({"ordered_on": "datetime64[us]"})
    orders = engine.lazy(lines.assign(discount=0.0, coupon_discount=0.0)).with_columns(
        nw.col("ordered_on").cast(nw.Date)
    )
    assert engine.collect(cohorts.activity(orders)).values.tolist() == [["ada", pd.Timestamp("2024-01-01"), 2, 4.0]]


def test_retention_of_three_customers_by_hand():
    table = cohorts.retention(active(SEEN), **YEAR)
    assert table[["age_months", "customers", "active"]].values.tolist() == [
        [0, 2, 2], [1, 2, 1], [2, 2, 1], [0, 1, 1], [1, 1, 1],
    ]  # fmt: skip
    assert table["first_cohort"].tolist() == [True] * 3 + [False] * 2
    assert table.loc[1, ["low", "high"]].tolist() == pytest.approx([0.0945, 0.9055], abs=5e-5)  # Wilson, 1 of 2


def test_a_month_that_is_not_over_is_absent_and_not_zero():
    table = cohorts.retention(active(SEEN), data_from=date(2024, 1, 1), as_of=date(2024, 3, 30))
    assert table["age_months"].tolist() == [0, 1, 0]


def test_a_full_month_in_which_nobody_came_back_is_zero_and_not_absent():
    table = cohorts.retention(active([("ada", 1)]), **YEAR)
    assert table["active"].tolist() == [1, 0, 0]


def test_a_cohort_of_a_month_that_the_data_cuts_is_absent():
    table = cohorts.retention(active(SEEN), data_from=date(2024, 1, 2), as_of=date(2024, 3, 31))
    assert table["cohort"].unique().tolist() == [pd.Timestamp("2024-02-01")]
    assert not table["first_cohort"].any()


def test_cohort_counts_of_the_same_shape_as_online_retail_follow_from_first_months():
    # The identity behind the published table: over cohorts, active customers add up to the customers of each month.
    table = cohorts.retention(active(SEEN), **YEAR)
    months = cohorts.monthly(active(SEEN), **YEAR)
    month = table["cohort"].dt.month + table["age_months"]
    assert table.groupby(month)["active"].sum().tolist() == months["customers_active"].tolist()


def test_monthly_counts_who_came_back_from_the_month_before():
    table = cohorts.monthly(active(SEEN), **YEAR)
    assert table["customers_active"].tolist() == [2, 2, 2]
    assert table["orders"].tolist() == [4, 4, 4]
    assert table["returned"].fillna(-1).tolist() == [-1, 1, 1]
    assert table["previous_active"].fillna(-1).tolist() == [-1, 2, 2]
    assert table["return_rate"].fillna(-1).tolist() == [-1, 0.5, 0.5]


def test_monthly_has_full_months_only():
    table = cohorts.monthly(active(SEEN), data_from=date(2024, 1, 2), as_of=date(2024, 3, 30))
    assert table["month"].tolist() == [pd.Timestamp("2024-02-01")]
    assert table["return_rate"].isna().all()


pairs = st.lists(
    st.tuples(st.sampled_from(["ada", "bob", "eve", "kim"]), st.integers(1, 4)), min_size=1, max_size=8, unique=True
)


@settings(max_examples=30, deadline=None)
@given(pairs, st.randoms())
def test_retention_agrees_with_sets_of_customers_in_any_row_order(seen, random):
    table = cohorts.retention(active(seen), data_from=date(2024, 1, 1), as_of=date(2024, 4, 30))
    first = {who: min(month for name, month in seen if name == who) for who, _ in seen}
    for row in table.itertuples():
        members = {who for who, month in first.items() if month == row.cohort.month}
        back = {who for who, month in seen if month == row.cohort.month + row.age_months} & members
        assert (row.customers, row.active) == (len(members), len(back))
        assert row.low <= row.rate <= row.high
    random.shuffle(seen)
    again = cohorts.retention(active(seen), data_from=date(2024, 1, 1), as_of=date(2024, 4, 30))
    pd.testing.assert_frame_equal(again, table)
