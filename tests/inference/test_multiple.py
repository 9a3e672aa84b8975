import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.multiple import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_holm_by_hand():
    # sorted .01 .03 .04: times 3, 2, 1 gives .03 .06 .04, and the last may not fall below the one before
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_benjamini_hochberg_by_hand():
    # sorted .01 .03 .04: times 3/1, 3/2, 3/3 gives .03 .045 .04, and the middle may not exceed the one after
    assert benjamini_hochberg([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])


def test_benjamini_hochberg_1995_rejects_four_of_their_fifteen_tests_and_holm_three():
    # Benjamini and Hochberg (1995), section 3.2: the thrombolysis study
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    assert (holm(p) <= 0.05).sum() == 3


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_an_unknown_p_value_stays_unknown_and_is_not_counted(adjust):
    with_gap = adjust([0.04, math.nan, 0.01, 0.03])
    assert np.isnan(with_gap).tolist() == [False, True, False, False]
    assert with_gap[[0, 2, 3]].tolist() == adjust([0.04, 0.01, 0.03]).tolist()
    assert np.isnan(adjust([math.nan])).all() and adjust([]).size == 0


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_p_value_outside_0_to_1_is_named(adjust):
    with pytest.raises(ValueError, match=r"^p-value 1.2 lies outside 0 to 1$"):
        adjust([0.5, 1.2])


@pytest.mark.parametrize(("adjust", "method"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@given(p_values=P_VALUES)
@settings(max_examples=40, deadline=None)
def test_adjusted_p_values_agree_with_statsmodels(adjust, method, p_values):
    from statsmodels.stats.multitest import multipletests

    assert adjust(p_values) == pytest.approx(multipletests(p_values, method=method)[1], abs=1e-12)


@given(P_VALUES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_adjustment_never_lowers_a_p_value_and_does_not_depend_on_the_order(p_values, random):
    assert (holm(p_values) >= benjamini_hochberg(p_values)).all()
    assert (benjamini_hochberg(p_values) >= p_values).all()
    order = random.sample(range(len(p_values)), len(p_values))
    for adjust in (holm, benjamini_hochberg):
        assert adjust([p_values[i] for i in order]).tolist() == adjust(p_values)[order].tolist()
