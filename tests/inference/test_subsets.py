"""Random subsets: by hand, against all that can be drawn, and against drawing one after the other."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference import subsets as module
from analysis.inference.subsets import subsets


def drawn(size, cuts, *, seed=1):
    parts = list(subsets(size, np.asarray(cuts), rng=np.random.default_rng(seed)))
    assert [part[0].start for part in parts] == [0, *[part[0].stop for part in parts][:-1]]
    return np.concatenate([chosen for _, chosen in parts], axis=1)


def test_the_cuts_are_met_exactly_and_a_later_subset_holds_the_earlier():
    held, both = drawn(5, [[0, 2, 5, 3], [0, 4, 5, 3]])
    assert held.sum(axis=1).tolist() == [0, 2, 5, 3] and both.sum(axis=1).tolist() == [0, 4, 5, 3]
    assert (held <= both).all()


@given(st.integers(1, 40), st.data())
@settings(max_examples=40, deadline=None)
def test_every_lot_has_just_as_many_as_it_is_asked_for_however_blocks_fall(size, data):
    first = data.draw(st.lists(st.integers(0, size), min_size=1, max_size=30))
    second = [data.draw(st.integers(least, size)) for least in first]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "AT_ONCE", data.draw(st.integers(1, 200)))
        held, both = drawn(size, [first, second])
    assert held.sum(axis=1).tolist() == first and both.sum(axis=1).tolist() == second
    assert (held <= both).all()


def test_each_subset_is_as_likely():
    chosen = drawn(5, [[2] * 20_000])[0]
    found = dict.fromkeys(combinations(range(5), 2), 0)
    for row in chosen:
        found[tuple(np.flatnonzero(row))] += 1
    expected = 20_000 / 10
    assert (
        sum((n - expected) ** 2 / expected for n in found.values()) < 27.9
    )  # chi-squared, 9 degrees: one in a thousand


def test_the_sums_are_spread_as_drawing_one_after_the_other_spreads_them():
    values = np.random.default_rng(2).lognormal(0, 1, 60)
    sums = drawn(60, [[20] * 4000])[0] @ values
    slow = np.array([np.random.default_rng([3, i]).choice(values, 20, replace=False).sum() for i in range(4000)])
    exact = np.sqrt(20 * values.var(ddof=1) * (1 - 20 / 60))  # of a sample drawn without putting back
    assert sums.std() == pytest.approx(exact, rel=0.05) and slow.std() == pytest.approx(exact, rel=0.05)
    assert sums.mean() == pytest.approx(20 * values.mean(), abs=4 * exact / np.sqrt(4000))


@pytest.mark.parametrize(("cuts", "number"), [([[6]], 6), ([[-1]], -1)])
def test_more_than_there_are_cannot_be_drawn(cuts, number):
    with pytest.raises(ValueError, match=f"{number} of 5 customers cannot be drawn"):
        drawn(5, cuts)
