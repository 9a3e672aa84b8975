"""The baseline: spend from order lines, and what the customers of a segment spent."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.design.baseline import LEAST, baseline, measurable, outcomes, spend


def order_lines(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])
    return engine.with_money(engine.lazy(frame), ["amount"])


def test_spend_falls_into_the_last_days_or_not():
    lines = order_lines(
        ("Ann", date(2017, 3, 10), 10.10),  # last day counted
        ("Ann", date(2017, 3, 4), 5.20),  # first of the last seven days
        ("Ann", date(2017, 3, 3), 3.00),  # too early
        ("Ann", date(2017, 3, 11), 100.0),  # not seen yet
        ("Bob", date(2017, 2, 26), 2.50),
    )
    table = engine.collect(spend(lines, until=date(2017, 3, 10), days=7))
    assert table.to_dict("records") == [{"customer_id": "Ann", "spend": 15.3}]


def test_two_weeks_of_data_measure_one_week_and_thirteen_days_do_not():
    first_days = (date(2017, 3, 1), date(2017, 3, 2))
    assert [measurable(day, until=date(2017, 3, 14), days=7) for day in first_days] == [True, False]


def spent_table(after):
    ids = [f"c{number:03d}" for number in range(len(after))]
    members = pd.DataFrame({"customer_id": ids, "segment": "loyal"})
    return members, pd.DataFrame({"customer_id": ids, "spend": after})


def test_a_member_without_an_order_spent_nothing_and_counts():
    members, spent = spent_table([20.0] * LEAST)
    row = baseline(members, spent.head(LEAST // 2)).iloc[0]
    assert (row["customers"], row["buyers"], row["mean"]) == (LEAST, 0.5, 10.0)
    assert row["sd"] == pytest.approx(np.sqrt(LEAST * 100 / (LEAST - 1)))
    assert outcomes(members, spent.head(LEAST // 2))["loyal"].tolist() == [0.0] * 5 + [20.0] * 5


def test_too_few_customers_give_no_figures_but_a_row():
    members, spent = spent_table([20.0] * (LEAST - 1))
    row = baseline(members, spent).iloc[0]
    assert row["customers"] == LEAST - 1
    assert row[["buyers", "mean", "sd"]].isna().all()
    assert outcomes(members, spent) == {}


def test_without_members_there_is_no_baseline():
    members, spent = spent_table([20.0] * 3)
    assert baseline(members.head(0), spent).empty and outcomes(members.head(0), spent) == {}


def test_the_order_of_rows_does_not_matter():
    members, spent = spent_table(np.random.default_rng(4).exponential(50, 30))
    members["segment"] = ["b", "a"] * 15
    shuffled = members.sample(frac=1, random_state=1), spent.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(baseline(members, spent), baseline(*shuffled), check_exact=True)
    assert baseline(members, spent)["segment"].tolist() == ["a", "b"] == list(outcomes(*shuffled))


def test_a_customer_in_two_rows_is_refused():
    members, spent = spent_table([20.0] * 10)
    with pytest.raises(pd.errors.MergeError, match="not unique"):
        baseline(pd.concat([members, members.head(1)]), spent)
