"""The rehearsed campaign: against the test itself, against the formula for normal means, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.experiments import power_two_means, smallest_effect_mean
from analysis.inference.lot_power import LEAST_BUYERS, Stratum, enough_buyers, rehearse, shown, smallest_rise
from analysis.inference.permutation import compare

AIMS = {"power": 0.8, "alpha": 0.05}


def generator(*seed):
    return np.random.default_rng([41, *seed])


def skewed(n, *, buying=0.3, sigma=1.2, rng):
    return np.where(rng.random(n) < buying, rng.lognormal(3, sigma, n), 0.0)


def test_the_share_shown_is_that_of_the_test_itself_run_lot_by_lot():
    rng = generator(1)
    outcomes = skewed(400, rng=rng)
    rehearsal = rehearse([Stratum(outcomes, 300, 100)], rng=rng)
    effect = 1.0
    said = 0
    for _ in range(150):  # the slow literal version: draw a lot, raise the treated, ask the judge
        order = rng.permutation(outcomes)
        treated, held = order[:300] * (1 + effect), order[300:]
        arms = treated[treated > 0], held[held > 0]
        found = compare(*arms, n_treated=300, n_holdout=100, rng=rng, draws=199)
        said += found.p_value < 0.05 and found.difference > 0
    assert shown(rehearsal, effect, alpha=0.05) == pytest.approx(said / 150, abs=0.1)  # 2.5 errors of 150 campaigns


def test_the_formula_for_normal_means_agrees_where_means_are_normal():
    rng = generator(2)
    outcomes = rng.gamma(4.0, 25.0, 4000)  # mean 100, sd 50, little skew, everyone buys
    rehearsal = rehearse([Stratum(outcomes, 3200, 800)], rng=rng)
    rise = smallest_rise(rehearsal, **AIMS)
    assert rise.refused is None
    least = smallest_effect_mean(3200, 800, outcomes.std(ddof=1), **AIMS) / outcomes.mean()
    assert rise.effect == pytest.approx(least, rel=0.06)
    power = power_two_means(3200, 800, effect=0.04 * outcomes.mean(), sd=outcomes.std(ddof=1), alpha=0.05)
    assert shown(rehearsal, 0.04, alpha=0.05) == pytest.approx(power, abs=0.05)


def test_nothing_is_shown_in_one_of_forty_where_nothing_changes():
    rehearsal = rehearse([Stratum(skewed(800, rng=generator(3)), 600, 200)], rng=generator(4), lots=4000)
    assert shown(rehearsal, 0.0, alpha=0.05) == pytest.approx(0.025, abs=0.012)


def test_lots_drawn_inside_alike_strata_are_judged_with_the_spread_between_them():
    rng = generator(5)
    strata = [Stratum(level + rng.normal(0, 1, 300), 200, 100) for level in (10.0, 100.0)]
    apart = rehearse(strata, rng=rng)
    together = rehearse([Stratum(np.concatenate([one.outcomes for one in strata]), 400, 200)], rng=rng)
    assert shown(apart, 0.0, alpha=0.05) == 0.0 < shown(together, 0.0, alpha=0.05)  # the judge does not know of strata
    spread = [(found.holdout.total / 200).std() for found in (apart, together)]
    # by hand: apart, the mean of 200 held out varies with the spread inside alone
    inside = np.sqrt(sum(100**2 * one.outcomes.var() / 100 * (1 - 1 / 3) for one in strata)) / 200
    assert spread[0] == pytest.approx(inside, rel=0.08) and spread[1] > 20 * spread[0]


def test_sums_of_both_arms_add_up_to_everyone_where_everyone_is_planned():
    outcomes = np.array([0, 0, 1.0, 2, 5, 0, 9, 4])
    rehearsal = rehearse([Stratum(outcomes, 5, 3)], rng=generator(6), lots=60)
    assert rehearsal.treated.total + rehearsal.holdout.total == pytest.approx(outcomes.sum())
    assert rehearsal.treated.squares + rehearsal.holdout.squares == pytest.approx(np.square(outcomes).sum())
    assert rehearsal.expected_buyers == 5 * 3 / 8 and rehearsal.share == 3 / 8
    drawn = set(rehearsal.holdout.total.round(9))
    from itertools import combinations

    assert drawn <= {sum(three) for three in combinations(outcomes, 3)} and len(drawn) > 10


def test_more_customers_than_seen_are_each_taken_in_turn():
    rehearsal = rehearse([Stratum(np.array([0.0, 1.0, 10.0]), 4, 2)], rng=generator(7), lots=50)
    assert rehearsal.treated.total + rehearsal.holdout.total == pytest.approx(22.0)  # twice of each
    fewer = rehearse([Stratum(np.array([2.0, 2.0, 2.0, 2.0]), 1, 1)], rng=generator(8), lots=20)
    assert (fewer.treated.total == 2).all() and (fewer.holdout.total == 2).all()


def test_the_smallest_rise_is_shown_with_the_power_and_a_smaller_one_is_not():
    rehearsal = rehearse([Stratum(skewed(2000, rng=generator(9)), 1500, 500)], rng=generator(10))
    rise = smallest_rise(rehearsal, **AIMS).effect
    assert shown(rehearsal, rise, alpha=0.05) >= 0.8 > shown(rehearsal, 0.97 * rise, alpha=0.05)


def test_the_order_of_customers_and_their_currency_do_not_matter():
    outcomes = skewed(900, rng=generator(11))
    found = [
        smallest_rise(rehearse([Stratum(values, 600, 300)], rng=generator(12)), **AIMS).effect
        for values in (outcomes, outcomes[::-1], 7.5 * outcomes)
    ]
    assert found[0] == found[1] and found[2] == pytest.approx(found[0], rel=1e-6)


def test_too_few_buyers_are_refused_with_their_number():
    few = rehearse([Stratum(np.r_[np.zeros(900), np.ones(100)], 850, 150)], rng=generator(13), lots=20)
    refused = smallest_rise(few, **AIMS)
    assert np.isnan(refused.effect)
    assert refused.refused == (
        "Fewer than 24 buyers are expected in the smaller arm; the test needs 20 there, however chance falls."
    )
    assert smallest_rise(rehearse([], rng=generator(14)), **AIMS).refused.startswith(
        "Fewer than 20 buyers are expected"
    )


def test_what_only_a_huge_rise_would_show_is_not_shown():
    outcomes = np.r_[np.zeros(970), np.full(29, 0.01), 1e6]  # one customer makes the total
    refused = smallest_rise(rehearse([Stratum(np.tile(outcomes, 9), 7290, 1710)], rng=generator(15), lots=300), **AIMS)
    assert refused.refused == "Even a rise of 1000 % would not be shown that often."


@given(st.floats(0.01, 0.5))
@settings(max_examples=30, deadline=None)
def test_enough_buyers_leave_the_least_two_deviations_below(share):
    enough = enough_buyers(share)
    assert enough - 2 * np.sqrt(share * enough) == pytest.approx(LEAST_BUYERS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: shown(r, 0.1, alpha=5), "alpha 5 must lie between 0 and 1, for example 0.05"),
        (
            lambda r: smallest_rise(r, power=80, alpha=0.05),
            "power 80 must lie between alpha 0.05 and 1, for example 0.8",
        ),
        (lambda r: rehearse([Stratum(np.array([1.0, -2.0]), 1, 1)], rng=generator(0)), "outcome -2; the least is 0"),
        (lambda r: rehearse([Stratum(np.array([1.0, np.nan]), 1, 1)], rng=generator(0)), "outcome nan; the least is 0"),
        (
            lambda r: rehearse([Stratum(np.array([]), 3, 1)], rng=generator(0)),
            "4 customers are planned in a stratum of which no outcome was seen",
        ),
    ],
)
def test_what_cannot_be_is_named(call, message):
    rehearsal = rehearse([Stratum(np.arange(100.0), 50, 50)], rng=generator(16), lots=10)
    with pytest.raises(ValueError, match=message):
        call(rehearsal)
