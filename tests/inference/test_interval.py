import math

import pytest
from scipy import stats

from analysis.inference.interval import Interval, t_interval, t_p_value, upper_tail


def test_student_t_takes_the_tabled_value():
    # 2.776 is t(0.975) with 4 degrees of freedom in any printed table
    assert t_interval(10.0, 1.0, 4) == pytest.approx((10 - 2.776, 10 + 2.776), abs=5e-4)


def test_p_value_and_interval_agree_on_zero():
    reach = stats.t.ppf(0.95, 7)
    assert t_p_value(reach, 1.0, 7) == pytest.approx(0.10)
    assert t_interval(reach, 1.0, 7, confidence=0.90).low == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("standard_error", [0.0, math.nan])
def test_no_spread_gives_no_interval_and_no_p_value(standard_error):
    assert all(math.isnan(limit) for limit in t_interval(3.0, standard_error, 5))
    assert math.isnan(t_p_value(3.0, standard_error, 5))


def test_an_interval_excludes_what_lies_outside_it_only():
    assert Interval(1, 2).excludes(0) and Interval(-2, -1).excludes(0)
    assert not Interval(-1, 1).excludes(0) and not Interval(0, 1).excludes(0)
    assert not Interval(math.nan, math.nan).excludes(0)


def test_a_confidence_given_in_percent_is_named_with_the_share_meant():
    with pytest.raises(
        ValueError, match=r"confidence 95 must lie between 0 and 1, for example 0.95; did you mean 0.95\?$"
    ):
        upper_tail(95)
    with pytest.raises(ValueError, match=r"confidence 1 must lie between 0 and 1, for example 0.95$"):
        upper_tail(1)
