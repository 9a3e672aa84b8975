"""Credits by first, last and all touches and by a Markov chain: by hand, published, by walking, and as identities."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.attribution import METHODS, attribution, removal_effects, shares, walks


def touches(walked):
    """One row per touch; each walk is (channels, whether it led to an order, customer)."""
    rows = [
        (customer, path, place, channel, converted)
        for path, (channels, converted, customer) in enumerate(walked)
        for place, channel in enumerate(channels)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "path", "place", "channel", "converted"])


def credited(walked):
    found = walks(touches([(*walk, str(n)) if len(walk) == 2 else walk for n, walk in enumerate(walked)]))
    table = shares(found.counts.sum(axis=0), len(found.channels))
    return {name: dict(zip(found.channels, row, strict=True)) for name, row in zip(METHODS, table, strict=True)}


def effects(walked):
    found = walks(touches([(*walk, str(n)) for n, walk in enumerate(walked)]))
    k = len(found.channels)
    made = removal_effects(found.counts.sum(axis=0)[3 * k :].reshape(k + 1, k + 2))
    return dict(zip(found.channels, made, strict=True))


BRYL = [(("C1", "C2", "C3"), True), (("C1",), False), (("C2", "C3"), False)]


def test_the_published_example_of_bryl_2016():
    """AnalyzeCore, Marketing Multi-Channel Attribution model with R: removal effects 0.5, 1 and 1; credits 0.2, 0.4 and 0.4."""
    assert effects(BRYL) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
    assert credited(BRYL)["Markov"] == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


def test_the_published_example_of_puzyrov_2019():
    """Two orders by ads, one by mail, one by ads then mail, one walk by ads to nothing: conversion 4 of 5, without ads 1 of 5."""
    walked = [(("ads",), True)] * 2 + [(("mail",), True), (("ads", "mail"), True), (("ads",), False)]
    assert effects(walked) == pytest.approx({"ads": 1 - 0.2 / 0.8, "mail": 1 - 0.4 / 0.8})


def test_the_published_example_of_pychattr_where_channels_repeat():
    """Its documentation has 1.991 and 1.009 of three orders, by ten thousand simulated walks."""
    walked = [(tuple("ABABBA"), True), (tuple("ABBAA"), True), (tuple("AA"), True)]
    assert {name: 3 * share for name, share in credited(walked)["Markov"].items()} == pytest.approx(
        {"A": 1.991, "B": 1.009}, abs=0.02
    )


def test_first_last_and_linear_by_hand():
    walked = [(("e", "a", "e"), True), (("a",), True), (("s", "a"), True), (("s", "e"), False)]
    found = credited(walked)
    assert found["first touch"] == pytest.approx({"a": 1 / 3, "e": 1 / 3, "s": 1 / 3})
    assert found["last touch"] == pytest.approx({"a": 2 / 3, "e": 1 / 3, "s": 0})
    assert found["linear"] == pytest.approx({"a": (1 / 3 + 1 + 1 / 2) / 3, "e": (2 / 3) / 3, "s": (1 / 2) / 3})


def simulated(walked, removed, rng, n=40_000):
    """Share of walks that reach an order when, at each step, the next one is drawn from those seen; a removed channel ends it."""
    seen = {}
    for channels, converted in walked:
        for one, other in zip(["start", *channels], [*channels, "order" if converted else "nothing"], strict=True):
            seen.setdefault(one, []).append(other)
    reached = 0
    for _ in range(n):
        at = "start"
        while at not in ("order", "nothing", removed):
            at = seen[at][rng.integers(len(seen[at]))]
        reached += at == "order"
    return reached / n


def test_the_exact_removal_effect_is_that_of_many_simulated_walks():
    walked = [(("e", "a", "e"), True), (("a", "s"), True), (("s",), False), (("e", "s", "a"), False), (("a",), False)]
    rng, exact = np.random.default_rng(4), effects(walked)
    whole = simulated(walked, None, rng)
    for name, value in exact.items():
        assert 1 - simulated(walked, name, rng) / whole == pytest.approx(value, abs=0.02)


WALKS = st.lists(st.tuples(st.text("abc", min_size=1, max_size=4).map(tuple), st.booleans()), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(WALKS)
def test_credits_add_up_to_all_and_nothing_is_below_zero(walked):
    for by_channel in credited(walked).values():
        if any(converted for _, converted in walked):
            assert sum(by_channel.values()) == pytest.approx(1)
            assert min(by_channel.values()) > -1e-9
        else:
            assert all(np.isnan(value) for value in by_channel.values())


@settings(deadline=None, max_examples=30)
@given(WALKS, st.integers(2, 4))
def test_every_walk_twice_changes_no_share(walked, times):
    one, many = credited(walked), credited(walked * times)
    assert all(many[name] == pytest.approx(one[name], nan_ok=True) for name in METHODS)


@settings(deadline=None, max_examples=30)
@given(WALKS)
def test_of_a_channel_that_every_order_needs_nothing_is_left(walked):
    through = [(("z", *channels), converted) for channels, converted in walked]
    if any(converted for _, converted in through):
        assert effects(through)["z"] == pytest.approx(1)


def customers(n, *, rate=0.5):
    rng = np.random.default_rng(1)
    return [(tuple(rng.choice(["a", "b"], rng.integers(1, 4))), bool(rng.random() < rate), f"c{i}") for i in range(n)]


def test_the_interval_is_that_of_drawing_whole_customers_one_by_one():
    found = walks(touches([walk for walk in customers(60) for _ in range(2)]))
    table = attribution(found, rng=np.random.default_rng(3)).set_index(["channel", "method"])
    rng = np.random.default_rng(8)
    drawn = np.array([shares(found.counts[rng.integers(60, size=60)].sum(axis=0), 2)[:, 0] for _ in range(999)])
    for place, name in enumerate(METHODS):
        low, high = np.quantile(drawn[:, place], [0.025, 0.975])
        assert tuple(table.loc[("a", name), ["low", "high"]]) == pytest.approx((low, high), abs=0.03)


def test_the_same_seed_gives_the_same_interval_whatever_the_order_of_rows():
    table = touches(customers(60))
    one = attribution(walks(table), rng=np.random.default_rng(3))
    other = attribution(walks(table.sample(frac=1, random_state=2)), rng=np.random.default_rng(3))
    pd.testing.assert_frame_equal(one, other)


def test_too_few_conversions_have_shares_and_no_interval():
    found = attribution(walks(touches(customers(30, rate=0.4))), rng=np.random.default_rng(3))
    assert found["share"].notna().all() and found[["low", "high"]].isna().all().all()


def test_a_channel_with_few_orders_has_no_interval_and_the_others_have():
    walked = [*customers(100), *[(("rare",), True, f"r{n}") for n in range(9)]]
    found = attribution(walks(touches(walked)), rng=np.random.default_rng(3)).set_index("channel")
    assert found.loc["rare", "low"].isna().all() and found.loc["a", "low"].notna().all()
    assert found.loc["rare", "people"].unique().tolist() == [9]


def test_one_channel_no_order_and_no_touch_have_nothing_to_share_out():
    rng = np.random.default_rng(3)
    for walked in ([(("a",), True, "x")], [(("a", "b"), False, "x")], []):
        assert attribution(walks(touches(walked)), rng=rng).empty


def test_of_fifty_equal_paths_no_rule_is_sure():
    found = attribution(walks(touches([(("a", "b"), True, str(n)) for n in range(50)])), rng=np.random.default_rng(1))
    assert found.set_index(["channel", "method"]).loc[("a", "first touch"), "share"] == 1
    assert found[["low", "high"]].isna().all().all()


def test_a_rule_that_credits_few_has_no_interval_where_another_has_one():
    ways = [("a", "b")] * 30 + [("b", "a")] * 9 + [("b",)] * 20  # 9 last touches of a, 30 first ones
    made = walks(touches([(way, True, str(n)) for n, way in enumerate(ways)]))
    found = attribution(made, rng=np.random.default_rng(1)).set_index(["channel", "method"])
    assert np.isnan(found.loc[("a", "last touch"), "low"]) and found.loc[("a", "first touch"), "low"] > 0.3
