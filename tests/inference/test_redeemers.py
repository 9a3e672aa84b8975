import math

import numpy as np
import pytest

from analysis.inference.means import sums, welch_difference
from analysis.inference.permutation import compare
from analysis.inference.redeemers import compare_redeemers

SMALL = {"draws": 999, "min_buyers": 0}


def rng(seed=1):
    return np.random.default_rng(seed)


def people(seed, n=600, *, held=0.3, effect=0.0, use=0.3, leaked=0.0):
    """Spend and redeemed of each customer, and who was treated; redeeming adds `effect`, and buyers redeem more often."""
    draw = np.random.default_rng(seed)
    spend = np.where(draw.random(n) < 0.5, draw.lognormal(3, 0.8, n), 0.0)
    treated = np.arange(n) >= held * n
    would = draw.random(n) < use * np.where(spend > 0, 1.0, 0.3)
    redeemed = would & (treated | (draw.random(n) < leaked))
    return np.column_stack([spend + effect * redeemed, redeemed]), treated


def found(rows, treated, **options):
    sizes = {"n_treated": int(treated.sum()), "n_holdout": int((~treated).sum())}
    return compare_redeemers(rows[treated], rows[~treated], **{"rng": rng(), **SMALL, **sizes, **options})


def over_error(values, treated):
    a, b = values[treated], values[~treated]
    return (a.mean() - b.mean()) / math.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)


def literal_tails(rows, treated, effect, *, draws=2_000, seed=5):
    """Take the effect out of every redeemer, draw arms again among all customers, and count."""
    left, draw = rows[:, 0] - effect * rows[:, 1], np.random.default_rng(seed)
    again = np.array([over_error(left, draw.permutation(treated)) for _ in range(draws)])
    observed = over_error(left, treated)
    return np.mean(again <= observed), np.mean(again >= observed)


def test_the_effect_by_hand():
    # Treated: 30 of two redeemers and 10 of a third who did not, of 4; held out: 12 of 4. (10 - 3) / (1/2)
    rows = [(10, 1), (20, 1), (10, 0)]
    one = compare_redeemers(rows, [(12, 0)], n_treated=4, n_holdout=4, rng=rng(), **SMALL)
    assert one.effect == 14 and (one.share, one.share_holdout) == (0.5, 0) and one.expected_buyers == 2


def test_a_leak_makes_the_share_smaller_and_the_effect_larger():
    rows = [(10, 1), (20, 1), (10, 0)]
    one = compare_redeemers(rows, [(12, 1)], n_treated=4, n_holdout=4, rng=rng(), **SMALL)
    assert one.effect == 28 and one.share_holdout == 0.25


@pytest.mark.parametrize("leaked", [0.0, 0.4])
def test_the_limits_are_where_arms_drawn_again_customer_by_customer_begin_to_reject(leaked):
    rows, treated = people(3, effect=15.0, leaked=leaked)
    one = found(rows, treated, draws=3_999)
    noise = 4 * math.sqrt(0.025 * 0.975 / 2_000)
    assert literal_tails(rows, treated, one.interval.low)[1] == pytest.approx(0.025, abs=noise)
    assert literal_tails(rows, treated, one.interval.high)[0] == pytest.approx(0.025, abs=noise)
    assert one.interval.low < one.effect < one.interval.high


def test_where_everyone_treated_redeems_it_is_the_effect_of_the_lot():
    rows, treated = people(4, effect=0.0)
    rows[:, 1] = treated
    one = found(rows, treated, draws=3_999)
    plain = welch_difference(sums(rows[treated, 0]), sums(rows[~treated, 0]))
    assert one.effect == pytest.approx(plain.difference)
    # half of them alike in size: the usual interval is about right
    assert tuple(one.interval) == pytest.approx(
        tuple(plain.interval), abs=0.15 * (plain.interval.high - plain.interval.low)
    )


def test_zero_is_left_out_just_where_the_comparison_of_arms_finds_a_difference():
    for seed, effect in ((1, 0.0), (2, 60.0), (5, 30.0)):
        rows, treated = people(seed, effect=effect)
        arms = [rows[treated, 0], rows[~treated, 0]]
        plain = compare(*arms, n_treated=int(treated.sum()), n_holdout=int((~treated).sum()), rng=rng(9), draws=3_999)
        if not 0.03 < plain.p_value < 0.08:  # else chance in the draws decides
            assert found(rows, treated, draws=3_999).interval.excludes(0) is (plain.p_value < 0.05)


def test_an_effect_added_to_each_redeemer_moves_the_interval_by_as_much():
    rows, treated = people(6)
    more = rows + np.column_stack([40.0 * rows[:, 1], np.zeros(len(rows))])
    one, other = found(rows, treated), found(more, treated)
    assert other.effect == pytest.approx(one.effect + 40)
    assert np.array(other.interval) == pytest.approx(np.array(one.interval) + 40, abs=3)


def test_few_redeemers_leave_the_interval_without_a_limit():
    rows, treated = people(7, held=0.05, use=0.01)
    assert 0 < rows[:, 1].sum() < 10
    one = found(rows, treated)
    assert math.isinf(one.interval.low) or math.isinf(one.interval.high)


def test_row_order_changes_nothing():
    rows, treated = people(8, effect=10.0)
    assert found(rows[::-1], treated[::-1]) == found(rows, treated)


def test_few_buyers_or_no_more_redeemers_among_the_treated_are_refused():
    rows, treated = people(9)
    few = found(rows, treated, min_buyers=500)
    assert few.refused.startswith("Too few buyers: ") and few.refused.endswith("an interval needs 500.")
    none = found(rows * [1, 0], treated)
    assert none.refused == "No more of the treated than of the held out redeemed: nothing can be laid to redeeming."
    assert math.isnan(none.effect) and math.isnan(none.interval.low) and none.share == 0
    nothing = found(np.zeros((10, 2)), np.arange(10) < 5)
    assert nothing.refused.startswith("Fewer than two customers in a group, or no buyer in either")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[-1.0, 0]], "spend -1 of the treated is negative; the least is 0"),
        ([[1.0, 0.5]], "redeemed 0.5 of the treated is neither 0 nor 1"),
        ([[float("nan"), 0]], "1 of 1 rows of the treated are not known"),
        ([[1.0, 1]] * 3, "3 rows among 2 customers of the treated; there can be no more rows"),
    ],
)
def test_what_cannot_be_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        compare_redeemers(rows, [[1.0, 0]], n_treated=2, n_holdout=2, rng=rng())
