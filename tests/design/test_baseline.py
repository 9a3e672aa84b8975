"""The baseline: spend in two periods from order lines, and its mean and spread by segment."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.design.baseline import LEAST, baseline, measurable, spend


def order_lines(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])
    return engine.with_money(engine.lazy(frame), ["amount"])


def test_spend_falls_into_the_last_days_or_the_days_before_or_neither():
    lines = order_lines(
        ("Ann", date(2017, 3, 10), 10.10),  # last day counted
        ("Ann", date(2017, 3, 4), 5.20),  # first of the last seven days
        ("Ann", date(2017, 3, 3), 3.00),  # last of the seven days before
        ("Ann", date(2017, 2, 25), 1.00),  # first of the seven days before
        ("Ann", date(2017, 2, 24), 100.0),  # too early
        ("Ann", date(2017, 3, 11), 100.0),  # not seen yet
        ("Bob", date(2017, 2, 26), 2.50),
    )
    table = engine.collect(spend(lines, until=date(2017, 3, 10), days=7))
    assert table.to_dict("records") == [
        {"customer_id": "Ann", "spend": 15.3, "spend_before": 4.0},
        {"customer_id": "Bob", "spend": 0.0, "spend_before": 2.5},
    ]


def test_two_weeks_of_data_measure_one_week_and_thirteen_days_do_not():
    first_days = (date(2017, 3, 1), date(2017, 3, 2))
    assert [measurable(day, until=date(2017, 3, 14), days=7) for day in first_days] == [True, False]


def spent_table(after, before):
    ids = [f"c{number:03d}" for number in range(len(after))]
    members = pd.DataFrame({"customer_id": ids, "segment": "loyal"})
    return members, pd.DataFrame({"customer_id": ids, "spend": after, "spend_before": before})


def test_a_member_without_an_order_spent_nothing_and_counts():
    members, spent = spent_table([20.0] * LEAST, [10.0] * LEAST)
    row = baseline(members, spent.head(LEAST // 2)).iloc[0]
    assert (row["customers"], row["mean"]) == (LEAST, 10.0)
    assert row["sd"] == pytest.approx(np.sqrt(LEAST * 100 / (LEAST - 1)))


def test_spend_that_follows_the_days_before_leaves_no_spread():
    before = np.arange(12.0)
    row = baseline(*spent_table(3 + 2 * before, before)).iloc[0]
    assert row["residual_sd"] == pytest.approx(0, abs=1e-7)
    assert row["variance_saved"] == pytest.approx(1)


def test_spend_that_ignores_the_days_before_saves_nothing_and_never_costs_anything():
    before = np.array([-1.0, 1.0] * 6)
    after = np.repeat([10.0, 20.0, 30.0], 4)  # the same mean for both values of before: the slope is 0
    row = baseline(*spent_table(after, before)).iloc[0]
    assert row["residual_sd"] == row["sd"]
    assert row["variance_saved"] == 0


def test_the_residual_spread_is_that_of_least_squares():
    rng = np.random.default_rng(3)
    before = rng.exponential(100, 40)
    after = 20 + 0.7 * before + rng.normal(0, 30, 40)
    row = baseline(*spent_table(after, before)).iloc[0]
    _, squares, *_ = np.linalg.lstsq(np.column_stack([np.ones(40), before]), after)
    assert row["residual_sd"] == pytest.approx(np.sqrt(squares[0] / 38))
    r_squared = np.corrcoef(before, after)[0, 1] ** 2
    assert row["variance_saved"] == pytest.approx(1 - (1 - r_squared) * 39 / 38)  # adjusted R squared


def test_too_few_customers_give_no_figures_but_a_row():
    members, spent = spent_table([20.0] * (LEAST - 1), [10.0] * (LEAST - 1))
    row = baseline(members, spent).iloc[0]
    assert row["customers"] == LEAST - 1
    assert row[["mean", "sd", "residual_sd", "variance_saved"]].isna().all()


def test_without_members_there_is_no_baseline():
    members, spent = spent_table([20.0] * 3, [10.0] * 3)
    assert baseline(members.head(0), spent).empty


def test_the_order_of_rows_does_not_matter():
    rng = np.random.default_rng(4)
    members, spent = spent_table(rng.exponential(50, 30), rng.exponential(50, 30))
    members["segment"] = ["a", "b"] * 15
    shuffled = baseline(members.sample(frac=1, random_state=1), spent.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(baseline(members, spent), shuffled, check_exact=True)


def test_a_customer_in_two_rows_is_refused():
    members, spent = spent_table([20.0] * 10, [10.0] * 10)
    with pytest.raises(pd.errors.MergeError, match="not unique"):
        baseline(pd.concat([members, members.head(1)]), spent)
