"""A number beside its goal: the colour never stands without a word."""

import pandas as pd
import pytest

from analysis.report.validation import marks


def check(**changed):
    return {"measure": "coverage", "value": 0.881, "error": 0.007, "goal_low": 0.94, "goal_high": 0.96, "state": "outside",
            "method": ""} | changed  # fmt: skip


def test_a_miss_is_red_and_says_outside():
    said = marks.written(check())
    assert said == "88.1 ± 0.7 % outside"
    assert str(marks.shown(said)) == '<span class="outside">88.1 ± 0.7 % <b>outside</b></span>'


def test_too_few_worlds_is_said_apart_from_a_miss():
    said = marks.written(check(state="too few worlds to tell"))
    assert said == "88.1 ± 0.7 % ?"
    assert 'class="untold"' in marks.shown(said) and "too few worlds to tell" in marks.shown(said)


def test_what_is_inside_or_naive_has_no_mark():
    assert marks.shown(marks.written(check(state="inside"))) == "88.1 ± 0.7 %"
    assert marks.written(check(method="naive: t")) == "88.1 ± 0.7 %"
    assert marks.written(None) == ""


def test_text_of_data_stays_text():
    assert "<b>" not in str(marks.shown("<b>x</b> outside")).split("<b>outside")[0].replace("&lt;b&gt;", "")


@pytest.mark.parametrize(
    ("low", "high", "measure", "said"),
    [
        (0.94, 0.96, "coverage", "94.0 to 96.0 %"), (0.0, 0.056, "claims", "at most 5.6 %"), (0.8, 1.0, "claims", "at least 80.0 %"),
        (float("nan"), float("nan"), "claims", "none"), (-0.1, 0.1, "bias", "−0.10 to +0.10"),
    ],
)  # fmt: skip
def test_goals_in_words(low, high, measure, said):
    assert marks.goal({"goal_low": low, "goal_high": high, "measure": measure}) == said


def test_settings_with_different_numbers_of_worlds_say_the_least_and_the_most():
    assert marks.worlds(pd.Series([2_000, 500, 1_000])) == "500 to 2,000"
    assert marks.worlds(pd.Series([2_000, 2_000])) == "2,000"
