"""Counts of few people stay blank, and nobody gets them back from the counts beside them."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import Release, suppress
from analysis.subtraction import Sum, bounds


def shown(frame, column):
    return [None if pd.isna(value) else int(value) for value in frame[column]]


def test_a_count_of_few_and_what_rests_on_it_are_blank_and_so_is_the_next_smallest():
    sizes = pd.DataFrame(
        {
            "segment": ["champions", "new", "lapsed", "loyal"],
            "customers": [40, 4, 17, 99],
            "sales": [900, 60, 30, 700],
        }
    )
    found = suppress(sizes, people=["customers"], dependents={"customers": ["sales"]}, total=True, smallest=10)
    assert shown(found, "customers") == [40, None, None, 99]  # 160 in all: 21 are left for two, so neither is known
    assert shown(found, "sales") == [900, None, None, 700]
    assert list(found["segment"]) == list(sizes["segment"])


def test_without_a_printed_total_only_the_small_count_is_blank():
    sizes = pd.DataFrame({"customers": [40, 4, 17]})
    assert shown(suppress(sizes, people=["customers"], dependents={}, smallest=10), "customers") == [40, None, 17]


def test_two_small_counts_that_are_fewer_than_ten_together_take_a_third_with_them():
    sizes = pd.DataFrame({"customers": [3, 4, 50, 60]})
    found = suppress(sizes, people=["customers"], dependents={}, total=True, smallest=10)
    assert shown(found, "customers") == [None, None, None, 60]


def test_nobody_stays_nobody_and_ten_are_enough():
    sizes = pd.DataFrame({"customers": [0, 10, 9, 30]})
    found = suppress(sizes, people=["customers"], dependents={}, smallest=10)
    assert shown(found, "customers") == [0, 10, None, 30]


@pytest.mark.parametrize(("redeemed", "kept"), [(5, False), (45, False), (0, True), (50, True), (10, True), (40, True)])
def test_a_part_is_blank_where_it_or_what_is_left_of_the_whole_is_small(redeemed, kept):
    rates = pd.DataFrame({"redeemed": [redeemed], "contacted": [50], "rate": [redeemed / 50]})
    found = suppress(rates, people=["redeemed", "contacted"], part_of={"redeemed": "contacted"},
                     dependents={"redeemed": ["rate"], "contacted": ["redeemed", "rate"]}, smallest=10)  # fmt: skip
    assert found["rate"].notna().tolist() == [kept]
    assert shown(found, "contacted") == [50]


def test_groups_add_up_by_themselves():
    sizes = pd.DataFrame({"kind": list("aabb"), "customers": [3, 30, 40, 50]})
    found = suppress(sizes, people=["customers"], dependents={}, within="kind", total=True, smallest=10)
    assert shown(found, "customers") == [None, None, 40, 50]


def test_a_number_that_the_page_is_about_is_kept_where_another_helps():
    def hidden(*, kept):
        release = Release(10)
        for name, customers in {"all": 100, "planned": 95, "not planned": 5}.items():
            release.count(name, customers, printed=name != "not planned", kept=name == kept)
        release.total("all", ["planned", "not planned"])
        return release.hidden

    assert hidden(kept="planned") == {"all"}
    assert hidden(kept="all") == {"planned"}


def test_the_same_people_counted_in_two_tables_stay_blank_in_both():
    release = Release(10)
    for key, customers in {"all": 100, "lapsed": 40, "loyal": 56, "new": 4, "not ordering": 40}.items():
        release.count(key, customers)
    release.total("all", ["lapsed", "loyal", "new"])
    release.total("not ordering", ["lapsed"])  # who did not order are the lapsed: printed, they would give away the new
    assert release.hidden == {"new", "lapsed", "not ordering"}


def test_what_is_left_of_a_total_without_the_parts_shown_is_protected_as_well():
    release = Release(10)
    for name, customers in {"all": 100, "champions": 60, "loyal": 37}.items():
        release.count(name, customers)
    release.total("all", ["champions", "loyal"])  # three customers are in neither
    assert release.hidden == {"loyal"}


def test_a_sum_that_does_not_hold_is_refused():
    release = Release(10)
    release.count("all", 10)
    release.count("one", 12)
    with pytest.raises(ValueError, match="the parts of 'all' are 2 more than it"):
        release.total("all", ["one"])


def test_with_the_rule_off_nothing_is_blank_and_the_table_is_the_same_object():
    sizes = pd.DataFrame({"customers": [3, 4]})
    release = Release(0)
    release.table("sizes", sizes, people=["customers"])
    assert release.masked("sizes", sizes, dependents={"customers": ()}) is sizes
    assert not release.hides(("sizes", "customers", 0))


squares = st.integers(2, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 1, 3, 9, 10, 12, 25, 60]), min_size=columns, max_size=columns),
        min_size=2,
        max_size=4,
    )
)


@settings(max_examples=30, deadline=None)
@given(squares)
def test_no_small_count_of_a_crossed_table_with_both_totals_is_pinned_to_less_than_ten(rows):
    release, sums = crossed(rows)
    hidden = release.hidden
    known = {key: value for key, value in release._counts.items() if key not in hidden}
    small = [key for key, value in release._counts.items() if 0 < value < 10]
    assert set(small) <= hidden
    found = bounds(known, sums)
    assert all(found[key].width >= 10 - 1e-6 for key in small if key in found)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=4))
def test_trying_every_table_of_whole_numbers_finds_no_narrower_limits_than_the_programs(sizes):
    """The slow oracle: all splits of the printed total over the blank cells, counted one by one."""
    release, sums = crossed([sizes])
    hidden = [key for key in release.hidden if key[0] == "cell"]
    total = ("row", 0)
    if not hidden or total in release.hidden:
        return
    left = sum(sizes) - sum(size for place, size in enumerate(sizes) if ("cell", 0, place) not in hidden)
    fits = [split for split in product(range(left + 1), repeat=len(hidden)) if sum(split) == left]
    known = {key: value for key, value in release._counts.items() if key not in release.hidden and key[0] != "column"}
    found = bounds(known, [one for one in sums if one.total == total])
    for place, key in enumerate(hidden):
        values = [split[place] for split in fits]
        assert tuple(found[key]) == pytest.approx((min(values), max(values)), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(squares, st.randoms(use_true_random=False))
def test_the_order_of_counts_and_sums_does_not_matter(rows, dice):
    one, _ = crossed(rows)
    other, _ = crossed(rows, shuffle=dice.shuffle)
    assert one.hidden == other.hidden


def crossed(rows, *, shuffle=lambda items: None):
    """A table with its row and column totals and the whole, all printed."""
    cells = {("cell", i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    lines = {("row", i): [key for key in cells if key[1] == i] for i in range(len(rows))}
    lines |= {("column", j): [key for key in cells if key[2] == j] for j in range(len(rows[0]))}
    counts = cells | {key: sum(cells[part] for part in parts) for key, parts in lines.items()}
    release, sums = Release(10), [Sum(key, tuple(parts)) for key, parts in lines.items()]
    items = list(counts.items())
    shuffle(items)
    for key, value in items:
        release.count(key, value)
    order = list(lines.items())
    shuffle(order)
    for key, parts in order:
        release.total(key, parts)
    return release, sums
