import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.pseudo import share_as_far, systematic_spread


def test_the_spread_by_hand():
    # equal errors of 1: sum(e2) / (1 + s2) = n, so s2 = mean(e2) - 1 = (9 + 1 + 4 + 2) / 4 - 1 = 3
    assert systematic_spread([3, -1, 2, np.sqrt(2)], [1, 1, 1, 1]) == pytest.approx(np.sqrt(3))
    assert systematic_spread([0.5, -0.5], [1, 1]) == 0  # less than chance
    assert np.isnan(systematic_spread([], [])) and np.isnan(systematic_spread([1.0, np.nan], [0.0, 1.0]))


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 9)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_with_the_spread_the_scatter_is_what_chance_makes_on_average(pairs):
    effects, errors = np.array(pairs).T
    spread = systematic_spread(effects, errors)
    mean = (effects**2 / (errors**2 + spread**2)).mean()
    assert mean == pytest.approx(1, rel=1e-6) if spread > 0 else mean <= 1 + 1e-9


def test_it_finds_a_spread_that_was_put_in():
    rng = np.random.default_rng(8)
    errors = rng.uniform(1, 4, 4000)
    found = systematic_spread(rng.normal(0, np.hypot(errors, 2.0)), errors)
    assert found == pytest.approx(2.0, abs=0.15)


def test_the_share_counts_the_campaign_itself():
    # in errors: 1, 2, 3 of the pseudo-campaigns, 2 of the campaign; two lie as far, and the campaign: 3 of 4
    assert share_as_far(4.0, 2.0, [1, -4, 3], [1, 2, 1]) == pytest.approx(3 / 4)
    assert share_as_far(9.0, 1.0, [1] * 19, [1] * 19) == pytest.approx(1 / 20)
    assert np.isnan(share_as_far(1.0, 0.0, [1], [1]))
