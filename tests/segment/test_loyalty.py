from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.loyalty import behaviours, loyalty_score, ranks, share_below

FOUR = pd.DataFrame(
    {"customer_id": ["ada", "bob", "eve", "kim"], "purchases": [10, 5, 5, 0], "spend": [20.0, 90.0, 30.0, 0.0]}
)
TABLE = pd.DataFrame(
    {"customer_id": ["bob", "ada"], "window_orders": [1, 2], "window_sales": [3.0, 4.0], "use_days": [1, 2]}
)
WINDOW = {"as_of": date(2024, 3, 31), "window_days": 30}


def test_the_weighted_mean_of_the_source_documents_by_hand():
    score = loyalty_score(FOUR, weights={"purchases": 3, "spend": 1}).table["loyalty_score"]
    # purchases: 3/3, 1/3, 1/3, 0; spend: 1/3, 3/3, 2/3, 0
    assert score.tolist() == pytest.approx([(3 + 1 / 3) / 4, (1 + 1) / 4, (1 + 2 / 3) / 4, 0])


def test_behaviours_without_a_table_are_left_out_reported_and_the_rest_reweighted():
    found = loyalty_score(FOUR, weights={"purchases": 3, "spend": 1, "feedback": 4, "use": 0})
    assert found.used == {"purchases": 0.75, "spend": 0.25}
    assert found.left_out == ("feedback",)
    alone = loyalty_score(FOUR, weights={"purchases": 3, "spend": 1})
    pd.testing.assert_frame_equal(found.table, alone.table)


def test_one_giant_moves_nobody_but_himself():
    giant = FOUR.assign(spend=[20.0, 9e9, 30.0, 0.0])
    weights = {"spend": 1.0}
    pd.testing.assert_frame_equal(loyalty_score(giant, weights=weights)[0], loyalty_score(FOUR, weights=weights)[0])


def test_an_unknown_value_gives_an_unknown_score_and_not_zero():
    table = FOUR.assign(spend=[20.0, np.nan, 30.0, 0.0])
    score = loyalty_score(table, weights={"spend": 1}).table["loyalty_score"]
    assert score.isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"purchase": 1}, "weight for 'purchase': no such behaviour; the nearest are purchases"),
        ({"spend": -1}, "weight of spend is -1; the least is 0"),
        ({"feedback": 1}, "no behaviour with a weight is known: weights for feedback"),
        ({}, "no behaviour with a weight is known: weights for none"),
    ],
)
def test_weights_that_make_no_score_are_refused(weights, message):
    with pytest.raises(ValueError) as error:
        loyalty_score(FOUR, weights=weights)
    assert str(error.value) == message


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=8))
def test_share_below_is_percent_rank_of_sql(values):
    frame = duckdb.from_df(pd.DataFrame({"i": range(len(values)), "v": values}))
    expected = frame.project("i, percent_rank() over (order by v) as p").order("i").df()["p"]
    assert share_below(pd.Series(values)).tolist() == pytest.approx(expected.tolist())


def test_one_customer_alone_scores_zero():
    assert share_below(pd.Series([7])).tolist() == [0]


def test_ranks_are_equal_for_equal_values_and_skip_the_next():
    table = ranks(FOUR)
    assert table["purchase_count_rank"].tolist() == [1, 2, 2, 4]
    assert table["spend_rank"].tolist() == [3, 1, 2, 4]
    assert table["feedback_count_rank"].isna().all()
    assert ranks(FOUR.assign(feedback=[0, 3, 1, 1]))["feedback_count_rank"].tolist() == [4, 1, 2, 2]


def test_behaviours_without_their_table_have_no_column():
    table = behaviours(TABLE, **WINDOW)
    assert table.columns.tolist() == ["customer_id", "purchases", "spend", "use"]
    assert table.values.tolist() == [["ada", 2, 4.0, 2], ["bob", 1, 3.0, 1]]


def test_events_count_inside_the_window_only_and_use_by_day():
    visited = pd.DataFrame(
        {
            "customer_id": ["ada"] * 4,
            "visited_at": pd.to_datetime(["2024-03-01", "2024-03-02", "2024-03-02", "2024-03-31"])
            + pd.to_timedelta([23, 8, 18, 23], unit="h"),
        }
    )
    said = visited.rename(columns={"visited_at": "given_at"})
    table = behaviours(TABLE, visits=visited, feedback=said, **WINDOW)
    assert table["use"].tolist() == [2, 0]  # 1 March is the day before the window; bob's table of visits says 0
    assert table["feedback"].tolist() == [3, 0]
    assert "referrals" not in table


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(4)))
def test_row_order_changes_nothing(order):
    weights = {"purchases": 3, "spend": 1}
    mixed = FOUR.iloc[list(order)].reset_index(drop=True)
    pd.testing.assert_frame_equal(loyalty_score(mixed, weights=weights)[0], loyalty_score(FOUR, weights=weights)[0])
    pd.testing.assert_frame_equal(ranks(mixed), ranks(FOUR))
