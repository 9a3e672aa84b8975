"""Quiet years set off as rarely as is said: other worlds than those that made the limits are the judge."""

import numpy as np
import pytest

from analysis.monitor.false_alarms import AIM, RATE, critical, most_with_extremes, quiet, sets_off
from analysis.monitor.moving_centre import drifts, follow
from analysis.randomness import generator


def share_of_years(*, baseline=26, weeks=52, worlds=1_500, season_left=True, **kind):
    course = follow(quiet(generator(7, "judges"), (worlds, baseline + weeks), **kind), baseline=baseline)
    told = ~drifts(course, baseline=baseline)
    limits = critical(baseline=baseline, season=season_left)
    return sets_off(course, limits, baseline=baseline)[told].mean(axis=0)


@pytest.mark.parametrize(
    "kind",
    [
        {"alike": 0.0}, {"alike": 0.0, "freedom": 4}, {"alike": 0.3, "freedom": 5}, {"alike": 0.7, "freedom": 10}, {"alike": -0.5},
        {"alike": 0.3, "season": 2.0}, {"alike": 0.0, "season": 2.2, "growth": 3.0},
        {"alike": 0.0, "season": 4.0}, {"alike": 0.0, "growth": 7.0},
    ],
    ids=["each by itself", "heavy tails", "alike", "very alike", "in turn", "season", "season and growth", "strong season", "growth"],
)  # fmt: skip
def test_a_quiet_year_sets_off_no_more_often_than_is_said(kind):
    assert (share_of_years(**kind) <= RATE + 0.016).all()  # two Monte-Carlo errors


def test_the_worst_of_the_worlds_sets_off_as_often_as_is_meant():
    assert share_of_years(alike=0.0, freedom=4)[0] == pytest.approx(AIM, abs=0.02)
    lasting = [share_of_years(season_left=False, alike=0.8)[1], share_of_years(alike=0.0, season=2.0, growth=4.0)[1]]
    assert lasting == pytest.approx([AIM, AIM], abs=0.025)


def test_the_kindest_weeks_set_off_as_rarely_as_is_said():
    limits = critical(baseline=26)
    least = share_of_years(alike=0.0)
    assert least[0] == pytest.approx(limits.single_least, abs=0.005)
    assert least[1] == pytest.approx(limits.lasting_least, abs=0.01)


def test_a_longer_baseline_brings_the_limits_closer_and_the_same_call_the_same_limits():
    assert critical(baseline=52).single < critical(baseline=26).single < critical(baseline=18).single
    assert critical(baseline=52).lasting < critical(baseline=26).lasting
    assert critical(baseline=26, season=False).lasting < critical(baseline=26).lasting  # two years buy this
    again = critical.__wrapped__(baseline=26)
    assert again == critical(baseline=26)


def test_quiet_weeks_have_the_correlation_and_spread_that_is_said():
    made = quiet(generator(1, "weeks"), (4_000, 60), alike=0.5)
    assert made.std() == pytest.approx(1, abs=0.02)
    assert np.corrcoef(made[:, 40], made[:, 41])[0, 1] == pytest.approx(0.5, abs=0.04)


def test_the_share_with_extremes_is_the_largest_of_all_chances_of_one():
    # a baseline of 26 without and 52 weeks with an extreme, over every chance of one
    chance = np.linspace(0.0001, 0.3, 20_000)
    largest = ((1 - chance) ** 26 * (1 - (1 - chance) ** 52)).max()
    assert most_with_extremes(baseline=26, rate=0.0) == pytest.approx(largest, abs=1e-6)
    assert most_with_extremes(baseline=26) == pytest.approx(1 - 0.81 * (1 - largest), abs=1e-6)


def test_a_large_change_is_found():
    weeks = quiet(generator(2, "changes"), (500, 78), alike=0.0)
    weeks[:, 40:] -= 5
    assert sets_off(follow(weeks, baseline=26), critical(baseline=26), baseline=26)[:, 1].mean() > 0.9
