import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.hurdle import log_hurdle

SPEND = st.lists(st.integers(1, 1000).map(float), min_size=2, max_size=8)


def test_buying_rate_times_geometric_mean_by_hand():
    # Treated: 2 of 10 buy, geometric mean sqrt(4 x 16) = 8; held out: 2 of 20, sqrt(2 x 8) = 4. 0.2/0.1 x 8/4 = 4
    found = log_hurdle([4, 16], [2, 8], n_treated=10, n_holdout=20)
    # logs lie ln 2 from their means: pooled variance 4 ln2^2 / 2; error^2 = 0.8/2 + 0.9/2 + 2 ln2^2 (1/2 + 1/2)
    variance = 0.4 + 0.45 + 2 * math.log(2) ** 2
    assert 1 + found.lift == pytest.approx(4 * math.exp(-variance / 2))  # the mean of a lognormal lies above its median
    reach = 1.959964 * math.sqrt(variance)
    assert found.interval == pytest.approx((4 * math.exp(-reach) - 1, 4 * math.exp(reach) - 1), rel=1e-5)


@given(SPEND, SPEND, st.sampled_from([0.5, 3.0]))
@settings(max_examples=40, deadline=None)
def test_scaling_the_treated_scales_the_ratio_and_arms_that_change_names_invert_it(treated, holdout, factor):
    sizes = {"n_treated": 20, "n_holdout": 30}
    found = log_hurdle(treated, holdout, **sizes)
    scaled = log_hurdle([factor * value for value in treated], holdout, **sizes)
    assert 1 + scaled.lift == pytest.approx(factor * (1 + found.lift))
    assert [1 + limit for limit in scaled.interval] == pytest.approx([factor * (1 + limit) for limit in found.interval])
    turned = log_hurdle(holdout, treated, n_treated=30, n_holdout=20)
    assert 1 + turned.interval.low == pytest.approx(1 / (1 + found.interval.high))


def test_a_known_factor_is_covered_as_often_as_promised():
    rng, missed = np.random.default_rng(5), 0
    for _ in range(1000):
        buyers = rng.random(1000) < 0.3
        spend = rng.lognormal(0, 1.5, 1000) * np.where(np.arange(1000) < 900, 1.3, 1.0)
        treated, holdout = spend[:900][buyers[:900]], spend[900:][buyers[900:]]
        low, high = log_hurdle(treated, holdout, n_treated=900, n_holdout=100).interval
        missed += not low <= 0.3 <= high
    assert abs(missed - 50) <= 4 * math.sqrt(1000 * 0.05 * 0.95)


def test_one_buyer_in_an_arm_gives_nothing_and_zeros_are_refused():
    found = log_hurdle([4, 16], [2], n_treated=10, n_holdout=20)
    assert math.isnan(found.lift) and all(math.isnan(limit) for limit in found.interval)
    with pytest.raises(ValueError, match=r"^outcome 0 of the holdout is not above zero; pass buyers only$"):
        log_hurdle([4, 16], [2, 0], n_treated=10, n_holdout=20)
