"""The drift of a mix: by hand, by resampling customers, and on mixes without drift."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.mix import drift, shares
from analysis.randomness import generator


def moves(table, names="ABC"):
    return pd.DataFrame(
        [(names[i], names[j], n) for i, row in enumerate(table) for j, n in enumerate(row)],
        columns=["from_segment", "to_segment", "customers"],
    )


def test_shares_and_their_change_by_hand():
    found = shares(moves([[50, 10], [4, 36]], "AB")).set_index("group")
    assert found.loc["A", ["earlier", "now"]].tolist() == [60, 54]
    assert found.loc["A", "change"] == pytest.approx(-0.06) and found.loc["B", "change"] == pytest.approx(0.06)
    # 14 of 100 moved, 6 more out than in: variance (14/100 - 0.06^2) * 100/99
    error = np.sqrt((0.14 - 0.0036) / 99)
    assert found.loc["A", "low"] == pytest.approx(-0.06 - 1.98422 * error, abs=1e-5)
    assert found.loc["A", "high"] == pytest.approx(-0.06 + 1.98422 * error, abs=1e-5)


def test_the_interval_agrees_with_customers_drawn_again():
    table = np.array([[300, 60, 20], [30, 250, 40], [20, 30, 250]])
    drawn = generator(1, "again").multinomial(1000, table.ravel() / 1000, size=4_000).reshape(-1, 3, 3)
    change = (drawn.sum(axis=1) - drawn.sum(axis=2)) / 1000
    low, high = np.quantile(change, [0.025, 0.975], axis=0)
    found = shares(moves(table))
    assert found["low"].to_numpy() == pytest.approx(low, abs=0.003)
    assert found["high"].to_numpy() == pytest.approx(high, abs=0.003)


def test_the_index_by_hand():
    # 60 and 40 of 100 become 54 and 46, half a customer added to each
    p, q = np.array([60.5, 40.5]) / 101, np.array([54.5, 46.5]) / 101
    found = drift(moves([[50, 10], [4, 36]], "AB"), rng=generator(1, "drift"))
    assert found.index == pytest.approx(((q - p) * np.log(q / p)).sum())
    # 10 to 4 of 14 movers: a fair coin is as uneven in 2 * (1 + 14 + 91 + 364 + 1001) of 2^14
    assert found.p_value == pytest.approx(2 * 1471 / 2**14, abs=0.03)
    assert found.word == "no clear drift"


def test_a_drift_is_found_and_equal_traffic_is_none():
    assert drift(moves([[300, 90, 20], [30, 250, 40], [20, 30, 250]]), rng=generator(1, "x")).word == "drifted"
    still = drift(moves([[300, 60, 20], [60, 250, 40], [20, 40, 250]]), rng=generator(1, "x"))
    assert (still.index, still.p_value, still.word) == (0, 1, "no clear drift")


def test_without_drift_the_test_speaks_up_in_one_of_twenty_and_usual_is_its_limit():
    table = np.array([[300, 60, 20], [60, 250, 40], [20, 40, 250]])
    rng = generator(2, "none")
    found = [
        drift(moves(rng.multinomial(1040, table.ravel() / 1040).reshape(3, 3)), rng=rng, draws=199) for _ in range(250)
    ]
    assert np.mean([one.word == "drifted" for one in found]) == pytest.approx(0.05, abs=0.04)
    assert np.mean([one.index > one.usual for one in found]) == pytest.approx(0.05, abs=0.04)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=9, max_size=9))
def test_changes_add_up_to_nothing_and_the_index_is_the_same_both_ways(counts):
    table = np.array(counts).reshape(3, 3)
    found = shares(moves(table))
    assert found["change"].sum() == pytest.approx(0, abs=1e-12)
    there, back = (drift(moves(way), rng=generator(1, "way"), draws=9) for way in (table, table.T))
    assert there.index == pytest.approx(back.index, nan_ok=True)


def test_nobody_is_no_drift_that_can_be_told():
    assert drift(moves([[0, 0], [0, 0]], "AB"), rng=generator(1, "x")).word == "cannot tell"
