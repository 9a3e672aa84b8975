"""The moving centre: by hand, by a slow literal version, and by what must not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.moving_centre import CLIP, STEP, WARM, drifts, follow, likeness, reach
from analysis.randomness import generator

WEEKS = generator(3, "weeks to follow").standard_normal(40)


def literally(values, baseline):
    """Follow one series in plain Python: expected, width and mean of surprises."""
    rough = (
        np.median([abs(b - a) / 2**0.5 for a, b in zip(values[: baseline - 1], values[1:baseline], strict=True)])
        / 0.6745
    )
    level, expected = np.median(values[:WARM]), []
    for value in values[WARM:]:
        expected.append(level)
        level += STEP * max(-CLIP * rough, min(CLIP * rough, value - level))
    gaps = [value - e for value, e in zip(values[WARM:], expected, strict=True)]
    first = gaps[: baseline - WARM]
    most = CLIP * np.median(np.abs(first)) / 0.6745
    width = np.mean([min(abs(gap), most) ** 2 for gap in first]) ** 0.5
    lean, leans = 0.0, []
    for gap in gaps:
        lean = 0.6 * lean + 0.4 * max(-3, min(3, gap / width))
        leans.append(lean)
    return expected, width, leans


def test_the_course_agrees_with_a_literal_version():
    expected, width, leans = literally(list(WEEKS), 26)
    found = follow(WEEKS, baseline=26)
    assert found.expected[0, WARM:] == pytest.approx(expected)
    assert found.width[0] == pytest.approx(width)
    assert found.lean[0, WARM:] == pytest.approx(leans)
    assert np.isnan(found.expected[0, :WARM]).all()


def test_the_expected_value_moves_a_fifth_of_the_way_to_each_week_by_hand():
    weeks = [10, 12] * 10  # median of six 11; neighbours differ by 2 = 2.1 robust deviations of 1.41 each
    assert follow(weeks, baseline=18).expected[0, 6:9].tolist() == pytest.approx([11, 10.8, 11.04])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=10))
def test_later_weeks_change_no_earlier_line_and_no_width(later):
    before, after = follow(WEEKS, baseline=26), follow(np.append(WEEKS, later), baseline=26)
    assert after.expected[:, WARM:40] == pytest.approx(before.expected[:, WARM:])
    assert after.width == pytest.approx(before.width)
    assert after.lean[:, WARM:40] == pytest.approx(before.lean[:, WARM:])


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_surprises_do_not_depend_on_unit_and_origin(unit, origin):
    moved = follow(origin + unit * WEEKS, baseline=26)
    assert moved.surprise[:, WARM:] == pytest.approx(follow(WEEKS, baseline=26).surprise[:, WARM:], abs=1e-6)


def test_one_odd_week_hardly_moves_the_weeks_after_it():
    odd, plain = WEEKS.copy(), follow(WEEKS, baseline=26)
    odd[30] += 1000
    found = follow(odd, baseline=26)
    assert abs(found.expected[0, 31] - plain.expected[0, 31]) < 2  # a fifth of 2.5 robust deviations, twice at most
    assert abs(found.lean[0, 30]) < 2  # counts as 3, times 0.4, and what was before


def test_a_week_with_more_chance_is_less_of_a_surprise():
    chance = np.ones(40)
    chance[30] = 4.0
    plain, found = follow(WEEKS, baseline=26), follow(WEEKS, chance, baseline=26)
    assert found.surprise[0, 30] == pytest.approx(plain.surprise[0, 30] / 4)


def test_a_limit_lies_past_what_the_baseline_saw():
    odd = WEEKS.copy()
    odd[10] += 30
    found = follow(odd, baseline=26)
    far = reach(found, baseline=26, single=3.5, lasting=2.0)
    assert far.above[0] == pytest.approx(found.surprise[0, 10] + 1.5)
    assert far.below[0] == 7.5  # the largest counts as 4 on the other side
    plain = follow(WEEKS, baseline=26)
    largest = np.abs(plain.surprise[0, WARM:26]).max()
    assert reach(plain, baseline=26, single=3.5, lasting=2.0).below[0] == pytest.approx(3.5 + largest)


def test_the_limit_of_a_lasting_change_moves_with_the_likeness_of_neighbours():
    turns = np.tile([1.0, -1.0], 20) + 0.01 * WEEKS  # up and down in turn
    slow = 3 * np.sin(2 * np.pi * np.arange(40) / 20) + 0.1 * WEEKS
    courses = follow(np.array([turns, slow]), baseline=26)
    alike = likeness(courses, baseline=26)
    seen = np.clip(courses.surprise[1, WARM:26], -3, 3)
    literally = sum(a * b for a, b in zip(seen[:-1], seen[1:], strict=True)) / sum(a * a for a in seen)
    assert alike[0] < -0.8 and alike[1] == pytest.approx(literally) and alike[1] > 0.5
    lean = reach(courses, baseline=26, single=3.5, lasting=2.0).lean
    assert lean.tolist() == pytest.approx([2.0 - 1.4 * 0.3, 2.0 + 1.4 * literally])


def test_a_steep_climb_is_said_to_drift_and_a_gentle_one_not():
    time = np.arange(40)
    courses = follow(np.array([WEEKS, WEEKS + 0.1 * time, WEEKS + 2 * time, WEEKS - 2 * time]), baseline=26)
    assert drifts(courses, baseline=26).tolist() == [False, False, True, True]


@pytest.mark.parametrize("baseline", [17, 41])
def test_a_baseline_that_cannot_be_is_refused(baseline):
    with pytest.raises(ValueError, match=f"baseline={baseline} of 40 weeks; the least is 18, the most 40"):
        follow(WEEKS, baseline=baseline)
