import numpy as np
import pandas as pd
import pytest

from analysis.report.loyalty import portraits, stability
from analysis.report.loyalty import segments as named


@pytest.fixture
def assigned(segments):
    names = ["champions"] * 3 + ["loyal"] * 3 + ["new"] * 2
    return segments(names, cluster=[2, 2, 2, 2, 1, 1, 1, None])


def profile(*stability, cloud_p=0.025):
    numbers = range(1, len(stability) + 1)
    return pd.DataFrame({"cluster": numbers, "stability": stability, "low": 0.5, "high": 0.99, "cloud_p": cloud_p})


def test_each_segment_names_the_group_that_holds_most_of_it(assigned):
    assert portraits.main_groups(assigned).values.tolist() == [
        ["champions", 2, 1.0],
        ["loyal", 1, 2 / 3],
        ["new", 1, 1.0],
    ]


def test_of_equal_groups_the_smaller_number_counts(segments):
    assert portraits.main_groups(segments(["a", "a"], cluster=[2, 1]))["group"].tolist() == [1]


def test_agreement_counts_how_often_the_group_guesses_the_segment(assigned):
    # group 1: loyal twice, new once, guess 2 of 3; group 2: champions 3 of 4; largest segment 3 of 7
    assert portraits.agreement(assigned) == (5 / 7, 3 / 7, 7)
    literal = sum(
        max(part.count(name) for name in part) for part in (["loyal", "loyal", "new"], ["c", "c", "c", "loyal"])
    )
    assert literal == 5


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.85, "very stable"), (0.8499, "stable"), (0.75, "stable"), (0.6, "a pattern without clear members"),
     (0.59, "not to be trusted"), (float("nan"), "of unknown stability")],
)  # fmt: skip
def test_stability_has_the_words_of_hennig(value, word):
    assert stability.stability_words(value) == word


def test_the_least_stable_group_is_named_and_mixed_words_are_kept_apart():
    assert stability.stability_sentence(profile(0.9, 0.86)) == (
        "Drawn again from resampled data, all are very stable; "
        "the least so is group 2, 0.86 of 1 on average, 0.50 to 0.99 in single draws."
    )
    mixed = stability.stability_sentence(profile(0.9, 0.5, 0.4))
    assert "group 1 very stable; groups 2 and 3 not to be trusted (the least so is group 3" in mixed
    assert stability.stability_sentence(profile(float("nan"))) == "How stable they are is not known."


def test_groups_that_one_cloud_would_give_too_are_not_called_stable():
    said = stability.stability_sentence(profile(0.9, 0.86, cloud_p=0.3))
    assert (
        said.startswith("They are a way to cut, not a finding") and "(p = 0.30)" in said and "very stable" not in said
    )
    assert "very stable" in stability.stability_sentence(profile(0.9, cloud_p=0.05))


def test_the_title_says_who_orders_most_and_least_often():
    table = pd.DataFrame({"segment": ["loyal", "lapsed", "none"], "order_frequency": [5.26, 0.5, float("nan")]})
    assert portraits.title(table) == "Loyal order 5.3 times in 30 days, lapsed 0.5 times"
    assert portraits.title(table.head(1)) == "What each segment is like"


@pytest.mark.parametrize(
    ("cluster", "verdict"),
    [([1, 1, 1, 2, 2], "agree well."), ([1, 1, 2, 2, 2], "agree in part."), ([1] * 5, "hardly agree.")],
)
def test_agreement_has_three_words(segments, cluster, verdict):
    assigned = segments(["a", "a", "a", "b", "b"], cluster=cluster)
    lines = portraits.lead(assigned, profile(0.9, 0.9), customer="household", customers="households")
    assert lines[-1].startswith(f"Names and groups {verdict}")


def test_the_section_has_an_open_table_and_no_number_that_is_not_known(behaviour, assigned):
    shares = named.shares(
        behaviour([90.0, 80.0, 70.0, 40.0, 30.0, 20.0, 10.0, 0.0]),
        assigned,
        about={"loyal": "come often"},
        rng=np.random.default_rng(1),
    )
    words = {"customer": "household", "customers": "households", "currency": "USD"}
    html = portraits.section(shares, assigned, profile(0.9, 0.9), **words)
    assert "<details" not in html and "come often" in html and "2 (100 %)" in html
    assert html.count('download="') == 3
    without = portraits.section(
        shares, assigned.assign(cluster=pd.array([None] * 8, dtype="Int64")), profile(), **words
    )
    assert "K-means, a method" not in without and ">nan<" not in without
    assert "The households are too few or too much alike for K-means" in without
