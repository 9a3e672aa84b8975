import numpy as np
import pytest
from scipy.stats import ttest_ind

from analysis.report.loyalty import ages

WORDS = {"customers": "households", "window": "91 days to 31 December 2017"}


def shop(behaviour, segments, bands, scores):
    return behaviour([10.0] * len(bands), age_band=bands), segments(["a"] * len(bands), score=scores)


@pytest.fixture
def young_and_old(behaviour, segments):
    """Six of 19-24 near 0.7, six of 25-34 near 0.7, six of 65+ near 0.3, four without an age near 0.1."""
    bands = ["19-24"] * 6 + ["25-34"] * 6 + ["65+"] * 6 + [None] * 4
    scores = [0.68, 0.70, 0.72] * 4 + [0.28, 0.30, 0.32] * 2 + [0.08, 0.12] * 2
    return shop(behaviour, segments, bands, scores)


def test_bands_stand_in_order_and_those_without_an_age_last(young_and_old):
    table = ages.by_age(*young_and_old)
    assert table["age_band"].tolist() == ["19-24", "25-34", "65+", "age not known"]
    assert table["customers"].tolist() == [6, 6, 6, 4]
    assert table["loyalty_score"].tolist() == pytest.approx([0.7, 0.7, 0.3, 0.1])


def test_a_band_of_one_has_a_score_and_no_interval(behaviour, segments):
    table = ages.by_age(*shop(behaviour, segments, ["19-24", "65+", "65+"], [0.5, 0.6, 0.7]))
    assert table["loyalty_score"].iloc[0] == 0.5 and np.isnan(table["low"].iloc[0])


def test_each_band_is_tested_against_the_other_bands_and_not_the_unknown(young_and_old):
    found = {one.band: one for one in ages.differing(*young_and_old)}
    assert found["65+"].score == pytest.approx(0.3) and found["65+"].others == pytest.approx(0.7)
    welch = ttest_ind([0.28, 0.30, 0.32] * 2, [0.68, 0.70, 0.72] * 4, equal_var=False).confidence_interval()
    assert (found["65+"].low, found["65+"].high) == pytest.approx((welch.low, welch.high))


def test_a_band_must_differ_after_as_many_tests_as_there_are_bands(behaviour, segments):
    bands = ["a"] * 8 + ["b"] * 8 + ["c"] * 8
    scores = np.array([0.5, 0.6, 0.4, 0.5] * 6) + np.repeat([0.075, 0, 0], 8)
    found = shop(behaviour, segments, bands, scores)
    p = ttest_ind(scores[:8], scores[8:], equal_var=False).pvalue
    assert p < 0.05 < 3 * p
    assert ages.differing(*found) == []


@pytest.mark.parametrize(
    ("bands", "title"),
    [
        ([("65+", 0.64, 0.72)], "Only age 65+ scores clearly lower than the other ages: 0.64 against 0.72"),
        ([("35-44", 0.8, 0.7)], "Only age 35-44 scores clearly higher than the other ages: 0.80 against 0.70"),
        ([], "No age band clearly differs from the others in loyalty"),
        ([("19-24", 0.5, 0.7), ("35-44", 0.8, 0.7), ("65+", 0.5, 0.7)],
         "Age goes with loyalty: lower at 19-24 and 65+ and higher at 35-44"),
    ],
)  # fmt: skip
def test_the_title_names_the_bands_that_differ(bands, title):
    assert ages.title([ages.Differing(*band, 0.0, 0.0) for band in bands], bands=6) == title


def test_one_band_has_nothing_to_be_compared_with():
    assert ages.title([], bands=1) == "Age is known for one band only, so there is nothing to compare"


def test_the_section_says_how_those_without_an_age_differ(young_and_old):
    html = ages.section(*young_and_old, **WORDS)
    assert "4 households have no known age and score 0.10, those with one 0.57" in html
    assert html.count("<svg") == 2 and "n = 18 of 22 households" in html


def test_those_without_an_age_who_score_alike_are_said_to(behaviour, segments):
    both = shop(behaviour, segments, ["19-24", "65+", None, None], [0.4, 0.6, 0.45, 0.55])
    assert "not clearly different" in ages.section(*both, **WORDS)


def test_ages_of_everyone_or_of_nobody_break_nothing(behaviour, segments):
    everyone = shop(behaviour, segments, ["19-24"] * 3 + ["65+"] * 3, [0.4, 0.5, 0.6] * 2)
    assert "Age is known for nearly everyone." in ages.section(*everyone, **WORDS)
    nobody = shop(behaviour, segments, [None, None], [0.4, 0.5])
    assert "This data has no age of anyone." in ages.section(*nobody, **WORDS)
    assert ages.asked_and_not(*nobody) is None
