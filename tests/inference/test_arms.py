import math
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from analysis.inference.arms import baseline_difference, sample_ratio


def test_the_chance_of_a_split_adds_up_all_that_are_no_more_likely():
    # 9 of 10 by a lot of one half: 10 + 1 of 1024 on this side, as many on the other
    assert sample_ratio(9, 1, share=0.5).p_value == pytest.approx(22 / 1024)
    # 3 of 4 by a lot of 0.9: 0.2916, and less likely are 2, 1 and 0 of 4
    assert sample_ratio(3, 1, share=0.9).p_value == pytest.approx(1 - 0.9**4)


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from([0.5, 0.9, 0.95]))
@settings(max_examples=40, deadline=None)
def test_the_chance_of_a_split_agrees_with_a_sum_over_all_splits(treated, holdout, share):
    n = treated + holdout
    chances = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    found = sample_ratio(treated, holdout, share=share)
    exact = math.nan if n == 0 else sum(c for c in chances if c <= chances[treated] * (1 + 1e-7))
    assert found.p_value == pytest.approx(min(exact, 1), nan_ok=True)
    assert found.expected_treated == pytest.approx(n * share)


def test_many_customers_agree_with_the_chi_squared_test_and_raise_the_alarm():
    # Fabijan et al. (2019) open with 821,588 users against 815,482 where half was meant
    found = sample_ratio(821_588, 815_482, share=0.5)
    assert found.p_value == pytest.approx(chisquare([821_588, 815_482]).pvalue, rel=0.01)
    assert found.broken and not sample_ratio(520, 480, share=0.5).broken


def test_a_lot_without_customers_is_neither_sound_nor_broken():
    found = sample_ratio(0, 0, share=0.5)
    assert math.isnan(found.p_value) and not found.broken


@pytest.mark.parametrize(
    ("counts", "share", "message"),
    [((5, 5), 1.0, "share 1 must lie between 0 and 1, for example 0.5"), ((-1, 5), 0.5, "-1 customers in an arm; the least is 0")],
)  # fmt: skip
def test_an_impossible_lot_is_refused_by_name(counts, share, message):
    with pytest.raises(ValueError) as error:
        sample_ratio(*counts, share=share)
    assert str(error.value) == message


def test_the_difference_before_is_in_standard_deviations():
    # 0, 0, 4, 4 have mean 2 and deviation 2; the means 4 and 0 lie two of these apart
    assert baseline_difference([4, 4], [0, 0]) == 2
    assert baseline_difference([0, 4], [4, 0]) == 0
    assert math.isnan(baseline_difference([1, 1], [1])) and math.isnan(baseline_difference([], [1]))
