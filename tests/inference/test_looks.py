import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.looks import GAIN, LOSS, limits, look
from analysis.inference.permutation import compare
from analysis.inference.spending import OBRIEN_FLEMING, POCOCK, spent

HALVES = spent([0.5, 1.0], error=0.025, kind=OBRIEN_FLEMING)


def rngs(looks, seed=1):
    return [np.random.default_rng([seed, at]) for at in range(looks)]


def people(seed, n=900, *, held=0.2, effect=0.0, silent=0.6, looks=2):
    """Spend of each customer up to each look, and who was treated."""
    draw = np.random.default_rng(seed)
    by_look = draw.lognormal(3, 1, (n, looks)) * (draw.random((n, looks)) < (1 - silent) / looks)
    treated = np.arange(n) >= held * n
    return by_look.cumsum(axis=1) * np.where(treated, 1 + effect, 1.0)[:, None], treated


def found(values, treated, *, spent, **options):
    sizes = {"n_treated": int(treated.sum()), "n_holdout": int((~treated).sum())}
    options = {"rngs": rngs(values.shape[1]), "draws": 399, "min_buyers": 0} | sizes | options
    return look(values[treated], values[~treated], spent=spent, **options)


def over_error(values, treated):
    a, b = values[treated], values[~treated]
    return (a.mean() - b.mean()) / math.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)


def literal_limits(paths, allowed):
    """Walk through the looks; at each, whoever is among the highest that are left and may pass, passes."""
    left, passed, found = list(range(len(paths[0]))), 0, []
    for at, row in enumerate(paths):
        in_order = sorted(left, key=lambda lot, row=row: -row[lot])
        room = allowed[at] - passed
        while room > 0 and room < len(in_order) and row[in_order[room - 1]] == row[in_order[room]]:
            room -= 1  # a tie at the limit: none of the tied may pass
        over = in_order[: max(room, 0)]
        found.append(min((row[lot] for lot in over), default=math.inf))
        passed += len(over)
        left = [lot for lot in left if lot not in over]
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 9).map(float), min_size=12, max_size=12), min_size=1, max_size=4),
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
)
def test_limits_are_those_of_a_walk_through_the_looks_ties_and_all(paths, more):
    allowed = np.cumsum(more)[: len(paths)]
    assert limits(np.array(paths), allowed).tolist() == literal_limits(paths, allowed.tolist())


def test_no_more_lots_pass_than_the_looks_together_may_spend():
    paths = np.random.default_rng(2).normal(size=(4, 1_999)).cumsum(axis=0)
    allowed = np.floor(2_000 * spent([0.25, 0.5, 0.75, 1], error=0.025, kind=POCOCK)).astype(int)
    over = (paths >= limits(paths, allowed)[:, None]).any(axis=0)
    assert over.sum() == allowed[-1] == 50


def test_limits_are_those_of_arms_drawn_again_customer_by_customer():
    values, treated = people(3)
    mine, draw, lots = found(values, treated, spent=HALVES * 8, draws=3_999), np.random.default_rng(9), 4_000
    paths = np.array([[over_error(values[:, at], again) for at in (0, 1)]
                      for again in (draw.permutation(treated) for _ in range(lots))]).T  # fmt: skip
    allowed = np.floor((lots + 1) * HALVES * 8).astype(int)
    for sign, side in ((1, "upper"), (-1, "lower")):
        again = limits(sign * paths, allowed)
        assert [sign * getattr(one, side) for one in mine] == pytest.approx(again.tolist(), abs=0.2)
    assert [one.statistic for one in mine] == pytest.approx([over_error(values[:, at], treated) for at in (0, 1)])


def test_one_look_at_the_end_is_the_comparison_without_looks():
    values, treated = people(5, effect=0.5, looks=1)
    one = found(values, treated, spent=[0.025], draws=3_999)[0]
    arms = [values[treated, 0], values[~treated, 0]]
    sizes = {"n_treated": int(treated.sum()), "n_holdout": int((~treated).sum())}
    plain = compare(*arms, rng=np.random.default_rng(7), draws=3_999, **sizes)
    assert one.interval.low == pytest.approx(plain.lift_interval.low, abs=0.04)
    assert one.interval.high == pytest.approx(plain.lift_interval.high, abs=0.12)
    assert one.lift == pytest.approx(plain.lift, abs=0.02)
    assert (one.shows == GAIN) is (plain.p_value < 0.05 and plain.difference > 0)


def test_the_interval_leaves_zero_out_where_a_limit_is_passed_and_nowhere_else():
    seen = set()
    for seed, effect in ((1, 0.0), (2, 1.2), (3, 2.0), (4, -0.6), (6, 0.4)):
        values, treated = people(seed, effect=effect)
        for one in found(values, treated, spent=HALVES):
            assert (one.interval.low > 0) is (one.shows == GAIN) and (one.interval.high < 0) is (one.shows == LOSS)
            seen.add(one.shows)
    assert seen == {None, GAIN, LOSS}


def test_an_early_look_is_stricter_than_a_single_one_and_the_end_hardly():
    values, treated = people(8, effect=0.3)
    first, last = found(values, treated, spent=HALVES, draws=1_999)
    single = [found(values[:, [at]], treated, spent=[0.025], draws=1_999)[0] for at in (0, 1)]
    assert first.interval.low < single[0].interval.low and first.upper > single[0].upper
    assert last.interval.low == pytest.approx(single[1].interval.low, abs=0.06)


def test_a_later_run_finds_at_an_earlier_look_what_was_found_then():
    values, treated = people(11, effect=0.8, looks=4)
    behind = spent([0.25, 0.5, 0.75, 1.0], error=0.025, kind=POCOCK)
    whole = found(values, treated, spent=behind)
    for so_far in (1, 2, 3):
        early = found(values[:, :so_far], treated, spent=behind[:so_far])
        for then, now in zip(early, whole, strict=False):
            assert then[:4] == pytest.approx(now[:4], rel=1e-9) and then.shows == now.shows
            assert tuple(then.interval) == pytest.approx(tuple(now.interval), rel=1e-6)


def test_row_order_changes_nothing_and_arms_that_change_names_are_mirrored():
    values, treated = people(12, effect=0.5)
    turned = found(values[::-1], treated[::-1], spent=HALVES)
    assert turned == found(values, treated, spent=HALVES)
    sizes = {"n_treated": int((~treated).sum()), "n_holdout": int(treated.sum())}
    mirrored = look(values[~treated], values[treated], spent=HALVES, rngs=rngs(2), draws=399, min_buyers=0, **sizes)
    for one, other in zip(turned, mirrored, strict=True):
        assert (one.statistic, one.upper) == pytest.approx((-other.statistic, -other.lower))


def test_money_in_another_currency_gives_the_same_lift():
    values, treated = people(13, effect=0.5)
    for one, other in zip(found(values, treated, spent=HALVES), found(values * 8, treated, spent=HALVES), strict=True):
        assert one == other  # eight is exact in binary


def test_a_look_with_few_buyers_decides_nothing_and_leaves_its_error_to_the_next():
    values, treated = people(14, effect=3.0)
    first, last = found(values, treated, spent=[0.0125, 0.025], min_buyers=52)
    assert first.refused == "Too few buyers: 36.8 are expected in the smaller group, an interval needs 52."
    assert first.shows is None and math.isnan(first.lift) and first.expected_buyers == pytest.approx(36.8)
    alone = found(values, treated, spent=[0.0, 0.025])[1]
    assert last == alone and last.refused is None


def test_without_a_buyer_in_one_group_there_is_no_ratio_and_without_any_nothing_to_compare():
    values, treated = people(15)
    none = np.where(treated[:, None], values, 0.0)
    first, last = found(none, treated, spent=HALVES)
    assert last.refused == "Nobody in one of the groups bought so far: there is no ratio." and math.isnan(last.lift)
    assert last.shows == GAIN  # two hundred buyers in one group and none in the other
    nothing = found(np.zeros((20, 2)), np.arange(20) < 10, spent=HALVES, n_treated=10, n_holdout=10)
    assert [one.refused for one in nothing] == [
        "Fewer than two customers in a group, or no buyer in either: there is nothing to compare."
    ] * 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[3.0, 2.0]], "spend of the treated falls from one look to the next"),
        ([[-1.0, 2.0]], "or is below zero; it can only grow"),
        ([[1.0, float("nan")]], "1 of 1 rows of the treated are not known"),
        ([[1.0, 1.0]] * 5, "5 buyers among 4 customers of the treated; there can be no more buyers"),
    ],
)
def test_spend_that_cannot_be_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        look(rows, [[1.0, 1.0]], n_treated=4, n_holdout=4, spent=HALVES, rngs=rngs(2))
