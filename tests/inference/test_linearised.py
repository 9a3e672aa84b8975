import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.linearised import ADJUSTED, RATIO, compare_linearised, per_unit
from analysis.inference.permutation import compare

SMALL = {"draws": 199, "min_buyers": 0}


def rng(seed=1):
    return np.random.default_rng(seed)


def people(seed, n=1500, *, held=0.1, effect=0.0, silent=0.6):
    """Spend, orders and spend before of customers who order often or seldom; the first `held` of them are held out."""
    draw = np.random.default_rng(seed)
    rate, value = draw.gamma(0.6, (1 - silent) / 0.6, n), draw.lognormal(3, 1, n)
    orders, before = draw.poisson(rate), draw.poisson(rate) * value
    treated = np.arange(n) >= held * n
    return orders * value * np.where(treated, 1 + effect, 1.0), orders.astype(float), before, treated


def arms(one, other, treated):
    both = np.column_stack([one, other])
    return both[treated], both[~treated], {"n_treated": int(treated.sum()), "n_holdout": int((~treated).sum())}


def literal_p(y, x, treated, *, how, draws, seed):
    """Two-sided p-value from labels shuffled among all customers, with y - b x worked out customer by customer."""
    b = y.sum() / x.sum() if how == RATIO else np.cov(y, x)[0, 1] / x.var(ddof=1)
    left, found, draw = y - b * x, [], np.random.default_rng(seed)

    def over_error(labels):
        a, c = left[labels], left[~labels]
        return (a.mean() - c.mean()) / math.sqrt(a.var(ddof=1) / a.size + c.var(ddof=1) / c.size)

    found = np.array([over_error(draw.permutation(treated)) for _ in range(draws)])
    observed = over_error(treated)
    return 2 * min(np.mean(found <= observed), np.mean(found >= observed))


@pytest.mark.parametrize(("how", "seed"), [(RATIO, 13), (ADJUSTED, 3)])
def test_the_p_value_is_that_of_labels_shuffled_among_all_customers(how, seed):
    spend, orders, before, treated = people(seed, 400, effect=0.35)
    other = orders if how == RATIO else before
    expected = literal_p(spend, other, treated, how=how, draws=3_000, seed=5)
    one, two, sizes = arms(spend, other, treated)
    found = compare_linearised(one, two, how=how, rng=rng(), draws=2_999, min_buyers=0, **sizes)
    assert found.p_value == pytest.approx(expected, abs=4 * 2 * math.sqrt(0.25 / 3_000) * math.sqrt(2))
    assert 0.02 < expected < 0.8


def test_values_by_hand():
    # Treated: 20 in 2 orders and 10 in 1, of 3; held out: 12 in 2, of 4. 10 per order against 6
    found = compare_linearised([(20, 2), (10, 1)], [(12, 2)], how=RATIO, n_treated=3, n_holdout=4, rng=rng(), **SMALL)
    assert (found.treated, found.holdout) == (10, 6)
    # Before: 1, 0, 0 | 3, 0, 0, 0. Mean 4/7, slope (20 + 36 - 42 x 4/7) / (10 - 16/7) = 4.148148
    slope = (56 - 42 * 4 / 7) / (10 - 16 / 7)
    rows = ([(20, 1), (10, 0)], [(12, 3)])
    found = compare_linearised(*rows, how=ADJUSTED, n_treated=3, n_holdout=4, rng=rng(), **SMALL)
    assert found.treated == pytest.approx(30 / 3 - slope * (1 / 3 - 4 / 7))
    assert found.holdout == pytest.approx(12 / 4 - slope * (3 / 4 - 4 / 7))


def test_without_anything_before_it_is_the_plain_comparison():
    spend, _, _, treated = people(8, effect=0.2)
    one, two, sizes = arms(spend, 0 * spend, treated)
    found = compare_linearised(one, two, how=ADJUSTED, rng=rng(), **SMALL, **sizes)
    plain = compare(one[:, 0], two[:, 0], rng=rng(), **SMALL, **sizes)
    assert (found.p_value, found.lift) == pytest.approx((plain.p_value, plain.lift))
    assert found.lift_interval == pytest.approx(plain.lift_interval)


@given(st.integers(0, 30), st.sampled_from([0.5, 4.0]), st.sampled_from([RATIO, ADJUSTED]))
@settings(max_examples=6, deadline=None)
def test_neither_currency_nor_row_order_matters(seed, rate, how):
    spend, orders, before, treated = people(seed, 500, held=0.3)
    one, two, sizes = arms(spend, orders if how == RATIO else before, treated)
    found = compare_linearised(one, two, how=how, rng=rng(), **SMALL, **sizes)
    money = np.array([rate, 1.0])
    other = compare_linearised(one[::-1] * money, two[::-1] * money, how=how, rng=rng(), **SMALL, **sizes)
    assert other.p_value == found.p_value and other.lift_interval == pytest.approx(found.lift_interval, rel=1e-6)


@pytest.mark.parametrize("how", [RATIO, ADJUSTED])
def test_where_nothing_happened_few_are_told_that_something_did(how):
    # 100 worlds, 10 % held out: 5 of them, and four Monte-Carlo errors more are 13
    missed = 0
    for seed in range(100):
        spend, orders, before, treated = people(1000 + seed, 600)
        one, two, sizes = arms(spend, orders if how == RATIO else before, treated)
        found = compare_linearised(one, two, how=how, rng=rng(seed), draws=39, min_buyers=0, **sizes)
        missed += found.lift_interval.excludes(0)
    assert missed <= 100 * 0.05 + 4 * math.sqrt(100 * 0.05 * 0.95)


def test_households_are_drawn_and_never_people():
    # 80 worlds of 500 households of one to four who spend alike; a tenth held out. Drawing people again forgets that
    # these are 50 households and not 125 people, and tells far more often of an effect that is not there.
    by_household, by_people = 0, 0
    for seed in range(80):
        draw = np.random.default_rng(2000 + seed)
        unit = np.repeat(np.arange(500), draw.integers(1, 5, 500))
        treated = unit >= 50
        spend = (draw.lognormal(3, 1, 500) * (draw.random(500) < 0.3))[unit] * draw.lognormal(0, 0.2, unit.size)
        one, two = per_unit(np.column_stack([spend, np.ones(unit.size)]), unit, treated)
        options = {"rng": draw, "draws": 39, "min_buyers": 0}
        found = compare_linearised(one, two, how=RATIO, n_treated=450, n_holdout=50, **options)
        by_household += found.lift_interval.excludes(0)
        plain = compare(
            spend[treated], spend[~treated], n_treated=int(treated.sum()), n_holdout=int((~treated).sum()), **options
        )
        by_people += plain.lift_interval.excludes(0)
    limit = 80 * 0.05 + 4 * math.sqrt(80 * 0.05 * 0.95)
    assert by_household <= limit < by_people


def test_people_add_up_to_their_unit_and_a_unit_in_both_arms_is_refused():
    values = [(10, 1), (5, 1), (7, 1)]
    treated, holdout = per_unit(values, ["Ada", "Ada", "Bo"], [True, True, False])
    assert treated.tolist() == [[15, 2]] and holdout.tolist() == [[7, 1]]
    with pytest.raises(ValueError, match=r"^unit Ada has people in both arms; a lot is drawn for whole units$"):
        per_unit(values, ["Ada", "Ada", "Bo"], [True, False, False])


def test_too_few_buyers_or_none_in_an_arm_give_no_interval():
    few = compare_linearised(np.ones((190, 2)), [], how=ADJUSTED, n_treated=1800, n_holdout=200, rng=rng())
    assert few.refused.startswith("Fewer than two customers in a group, or no buyer in one")
    few = compare_linearised(np.ones((189, 2)), np.ones((1, 2)), how=RATIO, n_treated=1800, n_holdout=200, rng=rng())
    assert few.refused == "Too few buyers: 19.0 are expected in the smaller group, an interval needs 20."
    assert (few.treated, few.holdout) == (1, 1) and math.isnan(few.lift) and math.isnan(few.lift_interval.low)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(-1.0, 2.0)], "outcome -1 of the treated is negative; the least is 0"),
        ([(1.0, math.nan)], "1 of 1 rows of the treated are not known"),
        ([(1.0, 1.0)] * 5, "5 rows among 4 customers of the treated; there can be no more rows"),
    ],
)
def test_what_cannot_be_is_refused_by_name(rows, message):
    with pytest.raises(ValueError) as error:
        compare_linearised(rows, [(1.0, 1.0)], how=RATIO, n_treated=4, n_holdout=4, rng=rng(), **SMALL)
    assert str(error.value) == message
