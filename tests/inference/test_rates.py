import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from analysis.inference.rates import compare_rates


def test_large_counts_have_newcombe_s_published_interval():
    # Newcombe (1998), table II, contrast (a): 56 of 70 against 48 of 80
    found = compare_rates(56, 70, 48, 80)
    assert not found.exact and found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(
    ("k_a", "n_a", "k_b", "n_b"), [(900, 18_000, 80, 2_000), (56, 70, 48, 80), (3896, 21_307, 2262, 21_306)]
)
def test_the_ratio_agrees_with_the_score_interval_and_the_p_value_with_the_z_test(k_a, n_a, k_b, n_b):
    found = compare_rates(k_a, n_a, k_b, n_b)
    referee = confint_proportions_2indep(k_a, n_a, k_b, n_b, compare="ratio", method="score")
    assert [1 + end for end in found.lift_interval] == pytest.approx(referee, rel=0.01)
    assert found.p_value == pytest.approx(proportions_ztest([k_a, k_b], [n_a, n_b])[1])
    assert found.lift < (k_a / n_a) / (k_b / n_b) - 1  # without the excess of a ratio


def test_small_counts_hold_every_number_moved_that_a_listing_does_not_reject():
    # 1 of 12 treated and 5 of 11 held out. Moved from -11 (eleven kept from it) to 1 (the one who did, made to)
    found = compare_rates(1, 12, 5, 11)
    left = [moved for moved in range(-11, 2)
            if min(hypergeom.cdf(1 - moved, 23, 6 - moved, 12), hypergeom.sf(-moved, 23, 6 - moved, 12)) > 0.025]  # fmt: skip
    assert found.exact and found.interval == pytest.approx((left[0] / 12, left[-1] / 12))
    assert found.p_value == pytest.approx(2 * hypergeom.cdf(1, 23, 6, 12))
    assert found.p_value >= fisher_exact([[1, 11], [5, 6]]).pvalue - 1e-12  # Fisher's other tail is at most as large


@given(st.integers(2, 14), st.integers(2, 14), st.data())
@settings(max_examples=60, deadline=None)
def test_interval_and_p_value_agree_on_no_effect_and_arms_that_change_names_mirror(n_a, n_b, data):
    k_a, k_b = data.draw(st.integers(0, n_a)), data.draw(st.integers(0, n_b))
    found, mirrored = compare_rates(k_a, n_a, k_b, n_b), compare_rates(k_b, n_b, k_a, n_a)
    assert mirrored.difference == pytest.approx(-found.difference) and mirrored.exact == found.exact
    assert mirrored.p_value == pytest.approx(found.p_value, nan_ok=True)
    if found.exact:
        assert found.interval.excludes(0) == (found.p_value <= 0.05)
        assert found.lift_interval.low <= 0 or found.interval.excludes(0)


def test_the_lower_limit_of_the_ratio_is_that_of_the_published_form_where_few_held_out_did_it():
    # 118 of 1,486 against 3 of 100: the upper Wilson limit of the held out, 0.0845, is more than twice their share
    found = compare_rates(118, 1_486, 3, 100)
    a, b = 118 / 1_486, 3 / 100
    low_a, high_b = 0.06674, 0.08452  # Wilson's, to four figures
    root = ((a * b) ** 2 - low_a * high_b * (2 * a - low_a) * (2 * b - high_b)) ** 0.5
    published = (a * b - root) / (high_b * (2 * b - high_b)) - 1
    assert not found.exact and found.lift_interval.low == pytest.approx(published, abs=2e-3) == pytest.approx(
        -0.079, abs=2e-3
    )
    assert found.p_value > 0.05 and found.lift_interval.high == pytest.approx(6.81, abs=0.01)


@given(st.integers(40, 3_000), st.integers(40, 3_000), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=300, deadline=None)
def test_the_ratio_lies_between_its_limits_which_agree_with_the_difference(n_a, n_b, share_a, share_b):
    k_a, k_b = round(n_a * share_a), round(n_b * share_b)
    found = compare_rates(k_a, n_a, k_b, n_b)
    low, high = found.lift_interval
    if math.isnan(high):  # nobody treated did it, and nobody may have been kept from it: nothing over nothing
        assert found.exact and k_a == 0
        return
    assert -1 <= low <= high
    if k_b:
        plain = found.treated / found.holdout - 1  # without the correction of its bias
        assert low - 1e-9 * (1 + abs(low)) <= plain <= high + 1e-9 * (1 + abs(high))
    if not found.exact and min(abs(end) for end in found.interval) > 1e-9:
        assert (low > 0) == (found.interval.low > 0) and (high < 0) == (found.interval.high < 0)


def test_the_exact_interval_misses_at_most_as_often_as_it_may():
    # All lots of 6 among 20 in which 5 would do it anyway: nothing happened, and 0 is left out in at most 5 of 100 of them
    missed = sum(hypergeom.pmf(k, 20, 5, 6) for k in range(6) if compare_rates(k, 6, 5 - k, 14).interval.excludes(0))
    assert 0 <= missed <= 0.05


def test_nobody_held_out_or_no_arm_gives_no_lift():
    none = compare_rates(40, 1_000, 0, 500)
    assert math.isnan(none.lift) and none.lift_interval.high == math.inf and none.interval.low > 0
    empty = compare_rates(0, 0, 3, 10)
    assert math.isnan(empty.difference) and math.isnan(empty.p_value) and math.isnan(empty.interval.low)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"^5 successes in 4 trials; successes run from 0 to 4$"):
        compare_rates(5, 4, 1, 4)
