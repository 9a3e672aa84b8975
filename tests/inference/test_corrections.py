"""The correction that a study sets: by hand, and what its words promise held against worlds in which the truth is known."""

import numpy as np
import pytest

from analysis.inference.corrections import CORRECTIONS, HOLM, comparisons, correction

BH = "benjamini-hochberg"


def test_each_word_gives_its_function_by_hand():
    # three tests; Holm: 3 x .01, 2 x .03, 1 x .04 never falling; Benjamini-Hochberg: 3/1 x .01, 3/2 x .03, 3/3 x .04 never rising
    assert correction(HOLM).adjust([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert correction(BH).adjust([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.04, 0.03, 0.04])


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("holms", "holm"),
        ("Benjamini", BH),
        ("bonferroni-hochberg", BH),
        ("none of these", "holm or benjamini-hochberg"),
    ],
)
def test_another_word_is_refused_with_the_nearest_valid_one(word, nearest):
    with pytest.raises(ValueError) as error:
        correction(word)
    assert str(error.value) == f"many_comparisons={word} is not known; the nearest valid is {nearest}"


def test_the_number_of_comparisons_is_always_said_and_the_two_do_not_promise_the_same():
    assert correction(HOLM).told(12) == (
        "Corrected for 12 comparisons (Holm), so that a false one among them is named at most one time in twenty."
    )
    assert correction(BH).told(1200) == (
        "Corrected for 1,200 comparisons (Benjamini-Hochberg), so that of those named at most one in twenty is expected to be "
        "false, which is no promise that none is."
    )
    assert correction(BH).told(1) == "One comparison, so nothing is corrected."
    assert correction(BH).told(0) == "Nothing could be compared."


def test_what_is_not_known_is_no_comparison():
    assert (comparisons([0.2, np.nan, 1.0]), comparisons([]), comparisons([np.nan])) == (2, 0, 0)


def test_the_words_hold_in_worlds_of_twenty_comparisons_of_which_five_are_real():
    from scipy.special import ndtr

    rng = np.random.default_rng(8)
    z = rng.normal(size=(4000, 20)) + np.r_[np.full(5, 3.0), np.zeros(15)]
    p = 2 * ndtr(-np.abs(z))
    any_false, share_false, found = {}, {}, {}
    for word in CORRECTIONS:
        named = np.array([correction(word).adjust(row) for row in p]) < 0.05
        false = named[:, 5:].sum(axis=1)
        any_false[word] = (false > 0).mean()
        share_false[word] = (false / np.maximum(named.sum(axis=1), 1)).mean()
        found[word] = named[:, :5].mean()
    assert any_false[HOLM] < 0.05  # the chance of any false one
    assert share_false[BH] < 0.05 < any_false[BH]  # the expected share, and not the chance of any
    assert found[BH] > found[HOLM] + 0.05
