"""From outcomes to shares: worked out by hand on five worlds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.validation.grid import CELLS
from analysis.validation.outcomes import claim, interval
from analysis.validation.score import score

CELL = CELLS["weeks"]


def one(outcomes):
    return score(CELL, [[outcome] for outcome in outcomes]).iloc[0]


def test_shares_are_of_the_worlds_that_were_not_refused():
    found = one([
        interval("e", 5, (4, 6), 5), interval("e", 8, (6, 9), 5),  # the second lies wholly above
        interval("e", 2, (1, 4), 5), interval("e", 5, (5, 6), 5),  # wholly below; a limit on the truth holds it
        interval("e", 100, (np.nan, np.nan), 5, why="too few buyers"),
    ])  # fmt: skip
    assert (found["worlds"], found["refused"], found["reason"]) == (5, 1, "too few buyers")
    assert (found["coverage"], found["above"], found["below"]) == (0.5, 0.25, 0.25)
    assert found["bias"] == 0.0  # of 5, 8, 2 and 5: the refused 100 does not count
    assert found["bias_error"] == pytest.approx(np.std([0, 3, -3, 0], ddof=1) / 2)


def test_an_interval_without_a_limit_on_one_side_holds_what_lies_there():
    assert one([interval("e", 1, (0.5, np.inf), 9), interval("e", 1, (0.5, np.inf), 9)])["coverage"] == 1.0


def test_above_and_below_are_told_apart():
    found = one([interval("e", 8, (6, 9), 5), interval("e", 8, (6, 9), 5), interval("e", 2, (1, 4), 5)])
    assert (found["above"], found["below"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_a_value_that_does_not_exist_counts_in_coverage_and_not_in_bias():
    found = one(
        [interval("lift", np.nan, (-1, np.inf), 0), interval("lift", 1, (0, 2), 0), interval("lift", 3, (0, 4), 0)]
    )
    assert (found["coverage"], found["bias"]) == (1.0, 2.0)


def test_a_claim_is_counted_where_it_could_be_made():
    found = one(
        [claim("e", "up", True, (0, 0.056)), claim("e", "up", False, (0, 0.056)), claim("e", "up", None, (0, 0.056))]
    )
    assert (found["claimed"], found["worlds"], found["refused"]) == (0.5, 3, 1)
    assert np.isnan(found["coverage"])


def test_naive_methods_and_claims_have_rows_of_their_own():
    worlds = [[interval("e", 1, (0, 2), 1), interval("e", 1, (0, 2), 3, method="naive: t"), claim("e", "up", True)]] * 2
    found = score(CELL, worlds)
    assert found[["method", "says", "coverage"]].fillna(-1).values.tolist() == [
        ["", "", 1.0], ["naive: t", "", 0.0], ["", "up", -1.0]
    ]  # fmt: skip


def test_the_same_value_in_every_world_has_no_bias_in_errors_unless_it_is_right():
    assert one([interval("e", 0, (0, 0), 0)] * 3)["bias_of_error"] == 0.0
    assert np.isnan(one([interval("e", 1, (0, 1), 0)] * 3)["bias_of_error"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=30))
def test_held_above_and_below_are_all_there_is(ends):
    found = one([interval("e", 0, sorted(pair), 0.0) for pair in ends])
    assert found["coverage"] + found["above"] + found["below"] == pytest.approx(1)


def test_the_order_of_worlds_does_not_matter_to_shares():
    outcomes = [interval("e", v, (v - 1, v + 1), 0.5) for v in (0, 1, 2, 3)]
    forth, back = one(outcomes), one(outcomes[::-1])
    assert (
        forth[["coverage", "above", "below", "bias"]].tolist() == back[["coverage", "above", "below", "bias"]].tolist()
    )


def test_a_middle_is_right_where_it_is_too_large_as_often_as_too_small():
    long_tail = [interval("e", v, (0, 9), 1.0, of="middle") for v in (0.9, 0.8, 1.1, 8.0)]
    assert one(long_tail)["bias_of_error"] == 0.0 and one(long_tail)["bias"] == pytest.approx(1.7)
    above = [interval("e", v, (0, 9), 1.0, of="middle") for v in (1.0, 2, 2, 2, 2)]
    assert one(above)["bias_of_error"] == pytest.approx(1.2816, abs=1e-4)  # nine in ten: the equal one counts half
