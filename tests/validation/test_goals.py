"""Goals are never moved, and a miss is called one only beyond two Monte-Carlo errors."""

import numpy as np
import pytest

from analysis.validation import goals


def row(**changed):
    """One row of results, as `score` makes it, of 2,000 worlds in which something happened and all is well."""
    return {
        "cell": "c", "setting": "s", "estimate": "e", "method": "", "says": "", "nothing": False, "worlds": 2000, "refused": 0,
        "bias_of_error": 0.0, "coverage": 0.95, "above": 0.025, "below": 0.025, "claimed": np.nan, "goal_low": np.nan,
        "goal_high": np.nan, "of": "", "bias": 0.0, "bias_error": 0.01,
    } | changed  # fmt: skip


def states(**changed):
    return {check.measure: check.state for check in goals.of_row(row(**changed))}


def test_the_goals_are_those_that_were_written_down():
    assert (goals.COVERAGE, goals.FALSE_ALARMS, goals.TAIL, goals.ERRORS) == (
        (0.94, 0.96),
        (0.044, 0.056),
        (0.021, 0.029),
        2,
    )


def test_coverage_within_the_goal_is_inside():
    assert states() == {"bias": "inside", "coverage": "inside"}


@pytest.mark.parametrize(
    ("coverage", "worlds", "state"),
    [
        (0.92, 2000, "outside"),  # an error of 0.61 points: 2.0 points beyond are more than two
        (0.933, 2000, "too few worlds to tell"),  # 0.7 points beyond, two errors are 1.1
        (0.92, 200, "too few worlds to tell"),  # the same share of fewer worlds
        (0.95, 200, "too few worlds to tell"),  # two errors are 3.1 points, the goal is 2 wide
        (1.0, 2000, "outside"),  # too wide misses as well, and a share of 1 has no error of its own
        (0.99, 200, "outside"),
        (1.0, 40, "too few worlds to tell"),  # 40 worlds of a 96 % interval hold the truth in all of them often enough
    ],
)
def test_a_miss_is_beyond_the_goal_by_more_than_two_errors(coverage, worlds, state):
    assert states(coverage=coverage, worlds=worlds)["coverage"] == state


def test_where_nothing_happened_what_misses_the_truth_is_a_false_alarm_and_each_side_counts():
    lopsided = states(nothing=True, coverage=0.95, above=0.045, below=0.005)
    assert lopsided == {
        "bias": "inside",
        "false alarms": "inside",
        "above the truth": "outside",
        "below the truth": "outside",
    }


def test_worlds_without_an_interval_do_not_count():
    few = goals.of_row(row(coverage=0.95, refused=1900))
    assert few[-1].error == pytest.approx((0.94 * 0.06 / 100) ** 0.5, abs=0.003)
    assert goals.of_row(row(refused=1999)) == []


def test_a_bias_counts_in_standard_errors():
    assert states(bias_of_error=0.2)["bias"] == "outside"
    assert states(bias_of_error=-0.11)["bias"] == "too few worlds to tell"


def test_a_promised_power_is_a_least_share_and_more_is_no_miss():
    power = {"says": "an effect", "goal_low": 0.8, "goal_high": 1.0}
    assert states(**power, claimed=0.7) == {"claims": "outside"}
    assert states(**power, claimed=0.79) == {"claims": "too few worlds to tell"}
    assert states(**power, claimed=0.99) == {"claims": "inside"}
    assert states(says="x", claimed=0.4) == {"claims": "no goal"}


def test_an_interval_of_whole_numbers_has_to_hold_the_truth_in_94_percent_or_more_and_to_be_right_when_rounded():
    assert states(of="whole number", coverage=1.0, bias=0.4, bias_of_error=0.9) == {
        "bias": "inside",
        "coverage": "inside",
    }
    assert states(of="whole number", coverage=0.9, bias=-0.6) == {"bias": "outside", "coverage": "outside"}


def test_the_bias_of_a_middle_has_a_larger_error():
    assert states(bias_of_error=0.15)["bias"] == "outside"
    assert states(of="middle", bias_of_error=0.15)["bias"] == "too few worlds to tell"  # 1.25 times 2.2 points, twice


def test_what_is_widened_on_purpose_may_hold_the_truth_more_often_but_not_less():
    wide = {"of": "widened", "coverage": 0.985, "above": 0.004, "below": 0.011}
    assert states(**wide)["coverage"] == "inside"
    assert set(states(nothing=True, **wide).values()) == {"inside"}
    narrow = {"of": "widened", "coverage": 0.9, "above": 0.06, "below": 0.04}
    assert states(**narrow)["coverage"] == "outside"
    found = states(nothing=True, **narrow)
    assert found.pop("bias") == "inside" and set(found.values()) == {"outside"} and len(found) == 3
