"""The holdout: how many, and a draw that depends on nothing but chance and the customers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.holdout import draw_order, held_out


@pytest.mark.parametrize(
    ("planned", "share", "held"),
    [
        (100, 0.15, 15),
        (10, 0.25, 3),  # 2.5 rounds up
        (2, 0.01, 1),  # at least one where two are planned
        (1, 0.5, 0),  # one alone is treated
        (0, 0.5, 0),
        (3, 0.5, 1),  # never more held out than treated
    ],
)
def test_the_holdout_is_the_nearest_whole_number_but_at_least_one(planned, share, held):
    assert held_out(planned, share=share) == held


@given(planned=st.integers(2, 5000), share=st.floats(0.001, 0.5))
@settings(max_examples=50)
def test_both_arms_have_someone_and_one_more_planned_never_treats_fewer(planned, share):
    held = held_out(planned, share=share)
    assert 1 <= held <= planned - held
    assert planned + 1 - held_out(planned + 1, share=share) >= planned - held


@pytest.mark.parametrize(("share", "nearest"), [(0.51, "0.5"), (0.0, "above 0")])
def test_a_share_that_cannot_be_is_refused(share, nearest):
    with pytest.raises(ValueError, match=f"share={share} is out of range; the nearest valid is {nearest}"):
        held_out(10, share=share)


CUSTOMERS = pd.DataFrame(
    {"customer_id": ["Ann", "Bob", "Cy", "Di", "Ed"], "segment": ["new", "new", "new", "old", "old"]}
)


def test_places_run_from_zero_inside_each_segment():
    places = draw_order(CUSTOMERS, rng=np.random.default_rng(1))
    assert sorted(places[:3]) == [0, 1, 2]
    assert sorted(places[3:]) == [0, 1]


def test_the_draw_follows_the_customer_not_the_row():
    drawn = CUSTOMERS.assign(place=draw_order(CUSTOMERS, rng=np.random.default_rng(1)))
    turned = CUSTOMERS.iloc[::-1]
    again = turned.assign(place=draw_order(turned, rng=np.random.default_rng(1)))
    assert drawn.set_index("customer_id")["place"].to_dict() == again.set_index("customer_id")["place"].to_dict()


def test_every_customer_is_first_equally_often():
    rng = np.random.default_rng(2)
    first = sum((draw_order(CUSTOMERS, rng=rng) == 0).to_numpy().astype(int) for _ in range(240))
    # of 240 draws: 80 for each of three (sd 7.3), 120 for each of two (sd 7.7)
    assert np.abs(first - [80, 80, 80, 120, 120]).max() < 31


def test_a_customer_in_two_rows_is_refused():
    with pytest.raises(ValueError, match="customer 'Ann' is in two rows; a draw needs one row for each"):
        draw_order(pd.concat([CUSTOMERS, CUSTOMERS.head(1)]), rng=np.random.default_rng(1))
