"""What a reader can work out from printed counts, by hand and by trying all."""

import pytest

from analysis.subtraction import Sum, bounds, pinned, same_counts


def test_a_reader_gets_from_a_sum_what_the_parts_leave():
    sums = [_sum("all", "one", "two", "three")]
    found = bounds({"all": 30, "one": 20}, sums)
    assert tuple(found["two"]) == (0, 10)
    assert bounds({"all": 30, "one": 20, "two": 8}, sums)["three"] == (2, 2)
    assert bounds({"one": 20}, sums)["all"] == (20, float("inf"))


def test_printed_counts_that_contradict_their_sum_are_refused():
    with pytest.raises(ValueError, match="contradict each other"):
        bounds({"all": 30, "one": 40}, [_sum("all", "one", "two")])


def test_the_quick_limits_are_never_narrower_than_the_exact_ones():
    sums = [_sum("a", "x", "y"), _sum("b", "x", "z"), _sum("c", "y", "z")]
    known = {"a": 10, "b": 12, "c": 14}  # x = 4, y = 6, z = 8: three sums together say it, none does alone
    exact, quick = bounds(known, sums), bounds(known, sums, exact=False)
    assert tuple(exact["x"]) == pytest.approx((4, 4))
    assert quick["x"].low <= 4 <= quick["x"].high and quick["x"].width > 1


def test_what_is_pinned_is_what_the_limits_say():
    sums = [_sum("a", "x", "y"), _sum("b", "y", "z")]
    counts = {"a": 30, "x": 5, "y": 25, "b": 28, "z": 3}
    blank = {"x", "y", "z"}
    limits = bounds({"a": 30, "b": 28}, sums)
    for least in (10, 27, 28.5, 31):
        narrow = sorted(key for key in blank if limits[key].width < least)
        assert sorted(pinned(counts, blank, sums, of=blank, least=least)) == narrow


def test_a_sum_of_one_part_makes_one_count_of_two_and_printed_zeros_add_nothing():
    counts = {"before": 40, "churned": 40, "staying": 0, "lapsed": 40}
    sums = [_sum("before", "churned", "staying"), _sum("lapsed", "churned")]
    assert len(set(same_counts(counts, sums, unprinted=()).of.values())) == 2  # the zero, and all others
    assert len(set(same_counts(counts, sums, unprinted={"staying"}).of.values())) == 3  # a zero nobody sees may be more


def _sum(total, *parts):
    return Sum(total, parts)
