"""The difference of two rates with customers as units."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.means import mean_interval, sums, welch_difference
from analysis.inference.overlapping import Rate, interval
from analysis.report.conversion.differences import rate_difference

NAMES = [f"customer {n:02d}" for n in range(40)]


def test_rates_are_hits_of_contacts():
    found = rate_difference([1, 0, 0, 1], ["a", "a", "b", "c"], [0, 1, 0], ["a", "b", "d"])
    assert (found.a, found.b) == (0.5, pytest.approx(1 / 3))
    assert found.estimate == pytest.approx(1 / 6)
    assert found.customers == 4


def test_many_pairs_give_nearly_the_interval_of_the_mean_difference():
    after, before, names = ([1] * 25 + [0] * 15) * 50, ([1] * 10 + [0] * 30) * 50, list(range(2000))
    found = rate_difference(after, names, before, names)
    expected = mean_interval(sums(np.array(after) - np.array(before)))
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=5e-4)
    assert found.word == "up"


def test_variances_and_what_both_rates_share_are_those_of_customers():
    hits = {"a": [1, 1, 0, 0] * 15, "b": [0, 1, 0, 0] * 10}
    names = {
        "a": [f"c{n // 2}" for n in range(60)],
        "b": [f"c{n // 2 + 15}" for n in range(40)],
    }  # 30 and 20, 15 in both
    errors = {side: dict.fromkeys([f"c{n}" for n in range(35)], 0.0) for side in "ab"}
    for side in "ab":
        rate = sum(hits[side]) / len(hits[side])
        for hit, name in zip(hits[side], names[side], strict=True):
            errors[side][name] += (hit - rate) / len(hits[side])
    spread = {pair: 35 / 34 * sum(x * y for x, y in zip(errors[pair[0]].values(), errors[pair[1]].values(), strict=True))
              for pair in ("aa", "bb", "ab")}  # fmt: skip
    found = rate_difference(hits["a"], names["a"], hits["b"], names["b"])
    expected = interval(Rate(0.5, spread["aa"], 60, 30), Rate(0.25, spread["bb"], 40, 20), spread["ab"])
    assert (found.low, found.high) == pytest.approx(tuple(expected)) and spread["ab"] != 0
    assert found.customers == 35


def test_groups_without_a_customer_in_common_give_nearly_the_interval_of_two_means():
    one, other = [1] * 2200 + [0] * 1800, [1] * 2000 + [0] * 2000
    found = rate_difference(one, [f"a{n}" for n in range(4000)], other, [f"b{n}" for n in range(4000)])
    expected = welch_difference(sums(one), sums(other))
    assert (found.low, found.high) == pytest.approx(tuple(expected.interval), abs=5e-4)
    assert found.p_value == pytest.approx(expected.p_value, rel=0.1)


def test_the_same_customers_contacted_again_do_not_make_the_data_more():
    after, before = [1] * 25 + [0] * 15, [1] * 10 + [0] * 30
    once = rate_difference(after, NAMES, before, NAMES)
    thrice = rate_difference(after * 3, NAMES * 3, before * 3, NAMES * 3)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


@pytest.mark.parametrize("customers", [19, 1])
def test_a_group_of_few_customers_has_no_interval(customers):
    found = rate_difference([1] * customers, NAMES[:customers], [0, 1] * 20, NAMES)
    assert np.isnan(found.low) and found.word == "cannot tell"
    assert found.a == 1


@pytest.mark.parametrize(
    ("a", "b", "known"),
    [
        ((3, 50), (7, 50), True),  # 5 of 10 hits are to be expected in either
        ((3, 50), (6, 50), False),
        ((0, 50), (615, 6000), True),  # 5.1 are to be expected, none came
        ((9, 48), (600, 6000), False),  # 9 came, 4.8 are to be expected
    ],
)
def test_where_few_hits_are_to_be_expected_there_is_no_interval(a, b, known):
    one, other = ([1] * hits + [0] * (n - hits) for hits, n in (a, b))
    names = [f"a{n}" for n in range(a[1])], [f"b{n}" for n in range(b[1])]
    found = rate_difference(one, names[0], other, names[1])
    mirrored = rate_difference([1 - x for x in other], names[1], [1 - x for x in one], names[0])
    assert np.isnan([found.low, mirrored.low]).tolist() == [not known] * 2
    assert found.estimate == pytest.approx(a[0] / a[1] - b[0] / b[1])


def test_where_it_has_an_interval_rates_that_are_alike_differ_as_seldom_as_said():
    rng, small, large, worlds = np.random.default_rng(5), 400, 2000, 600
    names = np.arange(small), np.arange(small, small + large)
    tails = [
        (found.low > 0) - (found.high < 0)
        for found in (
            rate_difference(rng.random(small) < 0.08, names[0], rng.random(large) < 0.08, names[1])
            for _ in range(worlds)
        )
    ]
    assert np.mean(np.array(tails) != 0) == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / worlds) ** 0.5)


def test_nobody_and_no_spread_cannot_tell():
    assert rate_difference([], [], [1] * 40, NAMES).word == "cannot tell"
    assert rate_difference([1] * 40, NAMES, [1] * 40, NAMES).word == "cannot tell"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=40, max_size=40), st.randoms())
def test_the_order_of_contacts_does_not_matter_and_sides_mirror(hits, random):
    rows = [(a, b, name) for (a, b), name in zip(hits, NAMES, strict=True)]
    shuffled = random.sample(rows, len(rows))
    one, other = ([list(part) for part in zip(*order, strict=True)] for order in (rows, shuffled))
    first = rate_difference(one[0], one[2], one[1], one[2])
    second = rate_difference(other[0], other[2], other[1], other[2])
    mirrored = rate_difference(one[1], one[2], one[0], one[2])
    assert first == pytest.approx(second, nan_ok=True)
    assert (mirrored.low, mirrored.high) == pytest.approx((-first.high, -first.low), nan_ok=True)
