import numpy as np
import pandas as pd
import pytest

from analysis.monitor import false_alarms, moving_centre
from analysis.monitor.control_charts import ABOVE, BELOW, FELL, ROSE, amounts, control, shares
from analysis.monitor.false_alarms import critical
from analysis.randomness import generator

BUSY = [100, 104, 98, 102, 97, 103, 101, 99, 105, 96] * 3  # thirty weeks


def weeks(sales, *, active=None, hits=None, trials=None):
    n = len(sales)
    return pd.DataFrame({
        "week_starts_on": pd.date_range("2024-01-01", periods=n, freq="7D"),
        "sales": np.asarray(sales, dtype=float), "customers_active": [100] * n if active is None else active,
        "contacts_redeemed": [10, 12] * (n // 2) + [10] * (n % 2) if hits is None else hits,
        "contacted_open": [100] * n if trials is None else trials,
        "full": True,
    })  # fmt: skip


def of(table, measure="sales"):
    return table[table["measure"] == measure].reset_index(drop=True)


def said(table, measure="sales"):
    return {i: text for i, text in enumerate(of(table, measure)["signal"].fillna("")) if text}


def test_scales_come_back_to_the_unit():
    assert amounts([0, 4, 100]).back(amounts([0, 4, 100]).values) == pytest.approx([0, 4, 100])
    assert shares([0, 5, 10], [10, 10, 10]).back(shares([0, 5, 10], [10, 10, 10]).values) == pytest.approx([0, 0.5, 1])


def test_chance_on_a_scale_is_what_simulation_finds():
    rng = generator(1, "scales")
    assert amounts(rng.poisson(20, 20_000)).values.std() == pytest.approx(0.5, rel=0.03)
    found = shares(rng.binomial(200, 0.1, 20_000), np.full(20_000, 200))
    assert found.values.std() == pytest.approx(found.chance[0], rel=0.03)


def test_limits_are_the_reach_of_the_moving_centre_in_the_unit_of_the_measure():
    table = of(control(weeks(BUSY), baseline_weeks=26))
    course = moving_centre.follow(np.sqrt(np.array(BUSY) + 3 / 8), 0.5, baseline=26)
    limits = critical(baseline=26)
    far = moving_centre.reach(course, baseline=26, single=limits.single, lasting=limits.lasting)
    root = course.expected[0, 28] + far.above[0] * course.width[0] * 0.5
    assert table["upper"][28] == pytest.approx(root**2 - 3 / 8)
    assert table["centre"][28] == pytest.approx(course.expected[0, 28] ** 2 - 3 / 8)
    assert table["lower"].notna().tolist() == [False] * 26 + [True] * 4  # the baseline has no limits
    assert table["phase"].tolist() == ["baseline"] * 26 + ["monitored"] * 4


def test_an_odd_week_is_one_signal_and_a_lasting_fall_another():
    assert said(control(weeks([*BUSY, 180, *BUSY[:5]]), baseline_weeks=26)) == {30: ABOVE}
    assert said(control(weeks([*BUSY, 40, *BUSY[:5]]), baseline_weeks=26)) == {30: BELOW}
    fallen = said(control(weeks([*BUSY, *(0.88 * np.array(BUSY[:8]))]), baseline_weeks=26))
    assert list(fallen.values()) == [FELL] and 31 <= next(iter(fallen)) <= 35  # one signal for one change
    risen = said(control(weeks([*BUSY, *(1.13 * np.array(BUSY[:8]))]), baseline_weeks=26))
    assert list(risen.values()) == [ROSE]


def test_an_odd_week_of_the_baseline_is_no_signal_and_makes_its_like_none():
    odd = list(BUSY)
    odd[12] = 180
    assert said(control(weeks([*odd, 180, *BUSY[:5]]), baseline_weeks=26)) == {}
    assert said(control(weeks([*odd, 40, *BUSY[:5]]), baseline_weeks=26)) == {30: BELOW}  # the other side is as before


def test_a_slow_season_is_no_signal():
    season = np.array([*BUSY, *BUSY]) * (1 + 0.1 * np.sin(2 * np.pi * np.arange(60) / 52))
    assert said(control(weeks(season), baseline_weeks=26)) == {}


def test_with_two_years_a_christmas_is_expected_and_one_that_fails_is_a_signal():
    year = [*BUSY, *BUSY[:20], 300, 250]
    again = np.array(year) + [1, -2, 0, 2, -1, 1, 0, -1, 2, -2, 1, 0, -1] * 4
    table = of(control(weeks([*year, *again]), baseline_weeks=26))
    assert table["season"].all() and table["signal"].isna().all()
    assert table["centre"][102] == pytest.approx(300, rel=0.01)
    assert table["lower"].notna().sum() == 26  # a year to compare with, and 26 weeks that set the width
    without = of(control(weeks([*year, *again[:50], 100, 100]), baseline_weeks=26))
    assert without["signal"].notna().any() and BELOW in without["signal"][102]
    short = of(control(weeks([*year, *again[:51]]), baseline_weeks=26))
    assert not short["season"].any()  # 103 weeks


@pytest.mark.parametrize(
    ("sales", "baseline", "why"),
    [
        (BUSY[:26], 26, "26 weeks are in the data; limits need 26 to come from and one more to look at"),
        (BUSY, 17, "17 weeks are too few to say what is usual; limits need 18"),
        ([100] * 30, 26, "all weeks of the baseline are equal"),
        (np.array(BUSY) * 1.1 ** np.arange(30), 26, "the weeks of the baseline rise or fall too steadily to say what is usual"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_told_there_are_no_limits_and_the_reason(sales, baseline, why):
    table = of(control(weeks(sales), baseline_weeks=baseline))
    assert table["refused"].unique().tolist() == [why]
    assert table[["lower", "upper", "quiet_single"]].isna().all(axis=None) and table["signal"].isna().all()


def test_a_chart_with_limits_says_how_often_a_quiet_year_has_a_signal():
    table = control(weeks(BUSY), baseline_weeks=26)
    assert of(table)["quiet_lasting"].unique().tolist() == [0.1]
    assert of(table)["quiet_single_least"][0] == critical(baseline=26).single_least < 0.01
    assert of(table)["lasting_told"].all()
    assert of(table)["quiet_extremes"][0] == pytest.approx(0.502, abs=0.001)
    assert of(table, "customers_active")["quiet_lasting"].isna().all()  # all weeks equal


def test_weeks_of_less_than_one_redemption_on_average_have_no_limits():
    hits = [0, 1, 0, 0] * 7 + [0, 3]  # seven in the first 26 weeks
    table = of(control(weeks(BUSY, hits=hits), baseline_weeks=26), "redemption")
    assert table["refused"].unique().tolist() == [
        "an average week of the baseline has 0.3 contacts that redeem; limits need 1"
    ]
    assert table["signal"].isna().all()


def test_weeks_that_wander_leave_no_lasting_change_to_be_told():
    slow = 100 + 8 * np.sin(2 * np.pi * np.arange(30) / 16) + np.array([0.1, -0.1, 0.2] * 10)
    table = of(control(weeks(slow), baseline_weeks=26))
    assert table["lower"].notna().any() and not table["lasting_told"].any()


def test_weeks_without_an_open_contact_have_no_share_and_move_no_line():
    trials = [0, 0, 0, *[100] * 30]
    hits = [0, 0, 0, *[10, 12, 9, 11, 8] * 6]
    table = of(control(weeks([*BUSY, 100, 100, 100], hits=hits, trials=trials), baseline_weeks=26), "redemption")
    assert table["value"].isna().tolist() == [True] * 3 + [False] * 30
    assert table["lower"].notna().tolist() == [False] * 29 + [True] * 4
    later = of(control(weeks(BUSY, hits=hits[3:], trials=trials[3:]), baseline_weeks=26), "redemption")
    assert table["centre"][3:].to_numpy() == pytest.approx(later["centre"].to_numpy(), nan_ok=True)


def test_limits_of_a_share_are_closer_where_more_contacts_are_open():
    trials, hits = [100] * 28 + [100, 1600], [10, 12, 9, 11, 8] * 5 + [10, 10, 10, 10, 160]
    table = of(control(weeks(BUSY, hits=hits, trials=trials), baseline_weeks=26), "redemption")
    reach = (table["upper"] - table["centre"]).to_numpy()
    assert reach[29] == pytest.approx(reach[28] / 4, rel=0.3)


def test_a_week_of_few_people_moves_no_line():
    active = [100, 104] * 15
    few = list(active)
    few[27] = 3
    sales = np.array(BUSY, dtype=float)
    for last in (5.0, 90.0):  # what the three spent must not be found in the weeks after
        sales[27] = last
        table = of(control(weeks(sales, active=few), baseline_weeks=26, smallest=10))
        assert np.isnan(table["centre"][27]) and table["signal"].isna().all()
        lines = table["centre"][28:].tolist()
        assert lines == pytest.approx(
            of(control(weeks(np.delete(sales, 27)), baseline_weeks=26))["centre"][27:].tolist()
        )


def test_part_weeks_do_not_count():
    table = weeks([*BUSY, 500])
    table["full"] = table["sales"] != 500
    assert len(of(control(table, baseline_weeks=26))) == 30


def test_the_false_alarms_said_are_those_of_the_chart_that_is_drawn():
    rng = generator(3, "two years and more")
    table = control(weeks(rng.normal(1000, 50, 2 * 52 + 40)), baseline_weeks=26)
    yearly, by_week = critical(baseline=26, season=False), critical(baseline=26)
    assert of(table)["season"].all() and not of(table, "redemption")["season"].any()
    for measure, drawn in (("sales", yearly), ("redemption", by_week)):
        told = of(table, measure)[["quiet_lasting_least", "quiet_single_least"]].drop_duplicates()
        assert told.to_numpy().tolist() == [[drawn.lasting_least, drawn.single_least]]
    assert yearly.lasting_least > by_week.lasting_least + 0.01  # narrower limits set off more often


def test_the_least_share_of_false_alarms_is_what_quiet_years_of_the_kindest_kind_have():
    drawn = critical(baseline=26, season=False)
    found = []
    for number, kind in enumerate(false_alarms.ALIKE):
        made = false_alarms.quiet(generator(number, "other quiet years"), (2000, 26 + 52), **kind)
        course = moving_centre.follow(made, baseline=26)
        course = moving_centre.Course(*(part[~moving_centre.drifts(course, baseline=26)] for part in course))
        found.append(false_alarms.sets_off(course, drawn, baseline=26).mean(axis=0))
    assert np.min(found, axis=0) == pytest.approx([drawn.single_least, drawn.lasting_least], abs=0.02)
