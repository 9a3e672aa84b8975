from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.movement import halves, movement


def segments(**named):
    return pd.DataFrame({"customer_id": list(named), "segment": list(named.values())})


def test_movement_of_four_customers_by_hand():
    before = segments(ada="loyal", bob="loyal", eve="new")
    after = segments(ada="loyal", bob="lapsed", kim="new")
    table = movement(before, after, absent="no order")
    moved = table[table["customers"] > 0]
    assert moved[["from_segment", "to_segment", "customers", "share"]].values.tolist() == [
        ["loyal", "lapsed", 1, 0.5],
        ["loyal", "loyal", 1, 0.5],
        ["new", "no order", 1, 1.0],
        ["no order", "new", 1, 1.0],
    ]
    assert len(table) == 3 * 4  # every pair of a from_segment with a to_segment


def test_a_missing_segment_is_absent_and_absent_twice_is_nobody():
    table = movement(segments(ada=None, bob=None), segments(ada="loyal", bob=None), absent="no order")
    assert table.values.tolist() == [["no order", "loyal", 1, 1.0]]


def test_a_segment_named_as_the_absent_is_refused():
    with pytest.raises(ValueError, match="^a segment is named 'new' already; choose another word for absent$"):
        movement(segments(ada="new"), segments(ada="new"), absent="new")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=8))
def test_everyone_moves_once_and_the_shares_of_a_segment_add_up(moves):
    ids = [f"c{i}" for i in range(len(moves))]
    before, after = (pd.DataFrame({"customer_id": ids, "segment": side}) for side in zip(*moves, strict=True))
    table = movement(before, after.iloc[::-1], absent="gone")
    assert table["customers"].sum() == len(moves)
    assert table.groupby("from_segment")["share"].sum().tolist() == pytest.approx([1] * before["segment"].nunique())
    assert {(r.from_segment, r.to_segment): r.customers for r in table.itertuples() if r.customers} == {
        move: moves.count(move) for move in moves
    }


def test_halves_of_2017():
    assert halves(date(2017, 1, 1), date(2017, 12, 31)) == (date(2017, 7, 1), date(2017, 7, 2))


@settings(max_examples=30, deadline=None)
@given(st.dates(), st.integers(1, 1000))
def test_halves_cover_each_day_once_and_differ_by_one_day_at_most(data_from, more):
    as_of = min(data_from, date.max - timedelta(days=more)) + timedelta(days=more)
    first_until, second_from = halves(as_of - timedelta(days=more), as_of)
    assert second_from - first_until == timedelta(days=1)
    first, second = (first_until - (as_of - timedelta(days=more))).days + 1, (as_of - second_from).days + 1
    assert first + second == more + 1 and second - first in (0, 1)


def test_one_day_has_no_halves():
    with pytest.raises(ValueError, match="^2024-01-01 to 2024-01-01 has 1 days; two halves need at least 2$"):
        halves(date(2024, 1, 1), date(2024, 1, 1))
