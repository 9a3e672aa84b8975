import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.rfm import quantile_cuts, scores


def customers(recency, frequency, monetary):
    return pd.DataFrame(
        {
            "customer_id": list("abcdefgh")[: len(recency)],
            "recency_days": recency,
            "frequency": frequency,
            "monetary": monetary,
        }
    )


def test_cuts_of_ten_values_in_five_bins_are_every_second_value():
    assert quantile_cuts(range(1, 11), bins=5).tolist() == [2, 4, 6, 8]


def test_cuts_of_hyndman_and_fan_definition_1_are_values_that_occur():
    assert quantile_cuts([10, 20, 40], bins=2).tolist() == [20]
    assert quantile_cuts([10, 20, 40, 80], bins=2).tolist() == [20]


def test_no_known_value_has_no_cuts():
    assert quantile_cuts([np.nan], bins=5).size == 0


def test_one_bin_is_refused():
    with pytest.raises(ValueError, match="^1 bins; the least is 2$"):
        quantile_cuts([1, 2], bins=1)


def test_scores_by_hand_with_recency_reversed():
    table = scores(customers([1, 30, 5, 90], [9, 2, 5, 1], [10.0, 40.0, 20.0, 30.0]), bins=2)
    assert table["recency_score"].tolist() == [2, 1, 2, 1]
    assert table["frequency_score"].tolist() == [2, 1, 2, 1]
    assert table["monetary_score"].tolist() == [1, 2, 1, 2]


def test_equal_values_have_equal_scores_even_where_that_makes_groups_unequal():
    table = scores(customers([1, 2, 3, 4, 5], [1, 1, 1, 1, 9], [1.0] * 5), bins=5)
    assert table["frequency_score"].tolist() == [1, 1, 1, 1, 5]
    assert table["monetary_score"].tolist() == [1] * 5


def test_a_customer_without_orders_has_no_score_and_moves_no_cut():
    with_zoe = scores(customers([1, 9, np.nan], [5, 2, 0], [50.0, 20.0, 0.0]), bins=2)
    assert with_zoe.iloc[2, 1:].isna().all()
    assert with_zoe["monetary_score"].tolist()[:2] == [2, 1]


def literal_score(values, value, bins):
    """One more than the number of parts whose upper end, counted out in the sorted values, the value lies beyond."""
    ordered = sorted(values)
    ends = [next(v for i, v in enumerate(ordered, 1) if i * bins >= part * len(ordered)) for part in range(1, bins)]
    return 1 + sum(value > end for end in ends)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=8), st.integers(2, 6))
def test_scores_agree_with_counting_and_stay_in_their_bins(values, bins):
    table = scores(customers(values, [1] * len(values), [float(v) for v in values]), bins=bins)
    assert table["monetary_score"].tolist() == [literal_score(values, v, bins) for v in values]
    assert table["recency_score"].between(1, bins).all()


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_row_order_changes_nothing(order):
    table = customers([3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8], [1.0, 4.0, 1.0, 4.0, 2.0, 1.0])
    pd.testing.assert_frame_equal(scores(table.iloc[list(order)], bins=3), scores(table, bins=3))
