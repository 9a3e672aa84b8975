from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.control_charts import (
    control,
    false_alarm_chance,
    individuals_limits,
    proportion_limits,
    signals,
)


def weeks(sales, *, hits=None, trials=None):
    n = len(sales)
    return pd.DataFrame({
        "week_starts_on": pd.date_range("2024-01-01", periods=n, freq="7D"),
        "sales": sales, "customers_active": [100.0] * n,
        "contacts_redeemed": [10] * n if hits is None else hits,
        "contacted_open": [100] * n if trials is None else trials,
        "full": True,
    })  # fmt: skip


def test_limits_of_individual_values_by_hand():
    # baseline 10, 12, 11, 13: mean 11.5, moving ranges 2, 1, 2 with mean 5/3
    found = individuals_limits([10, 12, 11, 13, 99], baseline=4)
    assert found.centre.tolist() == [11.5] * 5
    assert found.upper[0] == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert found.lower[0] == pytest.approx(11.5 - 2.66 * 5 / 3)
    assert individuals_limits([1, 9, 1, 9], baseline=4).lower.tolist() == [0] * 4  # sales cannot be below zero


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=20), st.lists(st.floats(0, 1e6), max_size=10))
def test_later_weeks_never_change_the_limits(baseline, later):
    before = individuals_limits(baseline, baseline=5)
    after = individuals_limits(baseline + later, baseline=5)
    assert before.upper[0] == after.upper[0] and before.lower[0] == after.lower[0]


def test_limits_of_a_share_vary_with_the_trials_of_the_week():
    # centre 30/300; distances in binomial sd (0.03): 0, 1/0.3 * 0.1 ... by hand: 10, 13, 7 of 100
    found = proportion_limits([10, 13, 7, 10, 0], [100, 100, 100, 400, 0], baseline=3)
    assert found.centre[:4].tolist() == [0.1] * 4
    spread = np.mean([1.0, 2.0]) / 1.128  # from 0 to +1 to -1 standard deviations
    assert found.upper[0] == pytest.approx(0.1 + 3 * spread * 0.03)
    assert found.upper[3] == pytest.approx(0.1 + 3 * spread * 0.015)  # four times the contacts, half the reach
    assert found.lower[0] == 0 and np.isnan(found.upper[4])


def test_a_share_without_spread_in_the_baseline_has_no_limits():
    found = proportion_limits([0, 0, 0], [100, 100, 100], baseline=3)
    assert found.centre.tolist() == [0, 0, 0] and np.isnan(found.upper).all()


def test_a_week_beyond_a_limit_and_the_eighth_on_one_side_are_signals():
    baseline = [10, 12, 10, 12, 10, 12]  # centre 11, limits 11 +- 5.32
    found = control(weeks([*baseline, 17, *[12] * 7, 12]), baseline_weeks=6).query("measure == 'sales'")
    given = found["signal"].fillna("").tolist()
    assert given[6] == "above the upper limit"
    assert given[12] == "8 weeks in a row above the centre"  # 12, 17 and six times 12
    assert [text for i, text in enumerate(given) if i not in (6, 12)] == [""] * 13
    assert found["phase"].tolist() == ["baseline"] * 6 + ["monitored"] * 9


def test_a_week_on_the_centre_ends_a_row_and_part_weeks_do_not_count():
    table = weeks([9, 11, 9, 11, *[11] * 4, 10, *[11] * 4, 30])
    table["full"] = table["sales"] != 30
    found = control(table, baseline_weeks=4).query("measure == 'sales'")
    assert found["signal"].isna().all() and len(found) == 13


def test_signals_say_size_and_where_to_look():
    table = control(weeks([10, 12, 10, 12, 10, 12, 17, 5]), baseline_weeks=6)
    campaigns = pd.DataFrame({
        "campaign_id": ["2", "10", "3"], "starts_on": ["2024-02-05", "2024-02-18", "2024-03-01"],
        "ends_on": ["2024-03-10", "2024-03-11", "2024-03-12"],
    })  # fmt: skip
    found = signals(table, campaigns)
    assert found["size"].tolist() == [6, -6]
    assert found["signal"].tolist() == ["above the upper limit", "below the lower limit"]
    assert found["look_at"].tolist() == [
        "campaigns 2, 10 began; holidays, prices and stock in that week, and whether every shop's data came in",
        "campaign 10 began; holidays, prices and stock in that week, and whether every shop's data came in",
    ]


@pytest.mark.parametrize(("n", "run"), [(1, 3), (4, 3), (6, 2), (7, 4)])
def test_the_false_alarm_chance_agrees_with_listing_every_course_of_weeks(n, run):
    beyond = 0.1
    alarm = 0.0
    for course in product([(1, False), (-1, False), (1, True)], repeat=n):  # side, beyond a limit
        chance = np.prod([beyond if out else (1 - beyond) / 2 for _, out in course])
        sides = [side for side, _ in course]
        rows = any(len(set(sides[i : i + run])) == 1 for i in range(n - run + 1))
        alarm += chance * (rows or any(out for _, out in course))
    assert false_alarm_chance(weeks=n, run=run, beyond=beyond) == pytest.approx(alarm)


def test_three_standard_deviations_alone_give_the_known_run_length():
    # one week in 370 (Shewhart): without the rule of eight, 52 quiet weeks have chance (1 - 0.0027)^52
    assert 1 / false_alarm_chance(weeks=1) == pytest.approx(370.4, abs=0.1)
    assert false_alarm_chance(weeks=52, run=60) == pytest.approx(1 - 0.9973002039**52)
