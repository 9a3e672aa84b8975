import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.inference.means import sums, welch_difference
from analysis.inference.permutation import compare

# Four treated and five held out; Dee, Eva, Fay and Gil bought nothing.
TREATED, HOLDOUT = [3.0, 8.0, 20.0], [1.0, 5.0]
OPTIONS = {"n_treated": 4, "n_holdout": 5, "draws": 9_999, "min_buyers": 0}
SPEND = st.lists(st.integers(1, 1000).map(float), min_size=1, max_size=6)


def rng(seed=1):
    return np.random.default_rng(seed)


def difference_over_error(treated, holdout):
    error = math.sqrt(np.var(treated, ddof=1) / len(treated) + np.var(holdout, ddof=1) / len(holdout))
    return (np.mean(treated) - np.mean(holdout)) / error if error else math.nan


def tails_of_all_lots(treated, holdout, *, factor=1.0):
    """Share of all 126 lots whose studentised difference is at most, and at least, the observed one."""
    everyone = [factor * value for value in treated] + holdout
    observed, found = difference_over_error(everyone[: len(treated)], holdout), []
    for chosen in combinations(range(len(everyone)), len(treated)):
        others = [value for at, value in enumerate(everyone) if at not in chosen]
        found.append(difference_over_error([everyone[at] for at in chosen], others))
    return np.mean(np.array(found) <= observed + 1e-9), np.mean(np.array(found) >= observed - 1e-9)


def test_the_p_value_is_that_of_all_lots_when_they_can_be_listed():
    exact = 2 * min(tails_of_all_lots([*TREATED, 0.0], [*HOLDOUT, 0.0, 0.0, 0.0]))
    found = compare(TREATED, HOLDOUT, rng=rng(), **OPTIONS)
    assert found.p_value == pytest.approx(exact, abs=4 * 2 * math.sqrt(0.25 / 9_999))
    assert 0.05 < exact < 0.5  # neither limit of a p-value, so that agreeing says something


@pytest.mark.parametrize("confidence", [0.3, 0.4])  # with nine customers, wider ones have no upper limit
def test_the_lift_holds_every_factor_that_a_listing_of_all_lots_does_not_reject(confidence):
    low, high = compare(TREATED, HOLDOUT, rng=rng(), confidence=confidence, **OPTIONS).lift_interval
    tail, noise = (1 - confidence) / 2, 4 * math.sqrt(0.25 / 9_999)
    for limit, inwards, side in ((low, 1.02, 1), (high, 0.98, 0)):
        inside, outside = (
            tails_of_all_lots([*TREATED, 0.0], [*HOLDOUT, 0.0, 0.0, 0.0], factor=1 / (1 + moved))[side]
            for moved in ((1 + limit) * inwards - 1, (1 + limit) / inwards - 1)
        )
        assert inside > tail - noise and outside < tail + noise + 1 / 126 * 3


def test_means_lift_and_total_by_hand():
    found = compare(TREATED, HOLDOUT, rng=rng(), **OPTIONS)
    assert found.difference == 31 / 4 - 6 / 5
    assert found.total == pytest.approx(31 - 4 * 6 / 5)  # what the treated spent beyond four times the holdout's mean
    assert found.expected_buyers == pytest.approx(5 * 4 / 9)
    assert found.effective_buyers == pytest.approx(4 / 9 * 37**2 / (9 + 64 + 400 + 1 + 25))
    assert found.largest_share == 20 / 37


def test_the_lift_is_the_ratio_of_means_without_the_excess_of_all_lots_between_arms_made_alike():
    # 30 treated and 6 held out, everybody buys: the excess is listed from 4,000 lots drawn here, with treated made alike.
    draw = np.random.default_rng(3)
    treated, holdout = draw.lognormal(3, 1, 30), draw.lognormal(3, 1, 6)
    ratio, excess = treated.mean() / holdout.mean(), []
    everyone = np.r_[treated / ratio, holdout]
    for _ in range(4_000):
        again = draw.permutation(everyone)
        excess.append(again[:30].mean() / again[30:].mean())
    found = compare(treated, holdout, n_treated=30, n_holdout=6, rng=rng(), draws=1_999, min_buyers=0)
    assert np.mean(excess) > 1.05  # else there is nothing to take out
    error = 5 * np.std(excess) * math.sqrt(1 / 4_000 + 1 / 2_000)
    assert (1 + found.lift) * np.mean(excess) == pytest.approx(ratio, rel=error)


def test_with_a_small_holdout_the_lift_is_right_on_average_where_the_plain_ratio_is_too_high():
    # No effect, 1,000 customers, 10 % held out, 30 % buy: 30 expected buyers held out, log-normal with sigma 1.2
    draw, lifts, ratios = np.random.default_rng(12), [], []
    for _ in range(300):
        spend = draw.lognormal(0, 1.2, 1000) * (draw.random(1000) < 0.3)
        treated, holdout = spend[100:], spend[:100]
        found = compare(treated[treated > 0], holdout[holdout > 0], n_treated=900, n_holdout=100, rng=draw, draws=99)
        lifts.append(found.lift)
        ratios.append(treated.mean() / holdout.mean() - 1)
    errors = [np.std(values) / math.sqrt(300) for values in (lifts, ratios)]
    assert abs(np.mean(lifts)) < 3 * errors[0] and np.mean(ratios) > 3 * errors[1]


def many(seed, *, n=600, factor=1.0):
    draw = np.random.default_rng(seed)
    return factor * draw.lognormal(3, 1, n), draw.lognormal(3, 1, n // 9)


@given(st.integers(0, 50), st.sampled_from([0.5, 2.0, 8.0]))
@settings(max_examples=10, deadline=None)
def test_nothing_but_money_depends_on_the_currency(seed, rate):
    treated, holdout = many(seed, n=300)
    options = {"n_treated": 1800, "n_holdout": 200, "draws": 199}
    found = compare(treated, holdout, rng=rng(), **options)
    other = compare(treated * rate, holdout * rate, rng=rng(), **options)
    assert other.p_value == found.p_value and other.lift_interval == pytest.approx(found.lift_interval)
    assert other.interval == pytest.approx([limit * rate for limit in found.interval], rel=1e-6)
    assert other.total_interval == pytest.approx([limit * rate for limit in found.total_interval], rel=1e-6)


@given(SPEND, SPEND, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_arms_that_change_names_mirror_the_difference(treated, holdout, more, others):
    options = {"draws": 199, "min_buyers": 0}
    n_a, n_b = len(treated) + more + 1, len(holdout) + others + 1
    # Arms alike in every number cannot be told apart, and either may be drawn first.
    assume(n_a != n_b or sum(treated) != sum(holdout))
    found = compare(treated, holdout, n_treated=n_a, n_holdout=n_b, rng=rng(), **options)
    mirrored = compare(holdout, treated, n_treated=n_b, n_holdout=n_a, rng=rng(), **options)
    assert mirrored.p_value == found.p_value
    assert mirrored.interval == pytest.approx((-found.interval.high, -found.interval.low), rel=1e-5, abs=1e-5)
    for here, there in zip(found.lift_interval, reversed(mirrored.lift_interval), strict=True):
        assert here == pytest.approx(1 / (1 + there) - 1 if there > -1 else math.inf, rel=1e-5)


def test_rows_in_another_order_and_zeros_among_them_give_the_same_numbers():
    treated, holdout = many(4)
    found = compare(treated, holdout, n_treated=5000, n_holdout=500, rng=rng())
    turned = compare([*treated[::-1], 0.0, 0.0], holdout[::-1], n_treated=5000, n_holdout=500, rng=rng())
    assert turned == found


def test_the_p_value_and_the_three_intervals_agree_on_whether_there_was_an_effect():
    for factor, none in ((1.0, True), (2.0, False)):
        treated, holdout = many(3, factor=factor)
        found = compare(treated, holdout, n_treated=5400, n_holdout=600, rng=rng())
        assert (found.p_value > 0.05) == none
        for low, high in (found.interval, found.lift_interval, found.total_interval):
            assert (low <= 0 <= high) == none
        assert found.interval.low < found.difference < found.interval.high
        assert found.lift_interval.low < found.lift < found.lift_interval.high
        assert found.total_interval.low < found.total < found.total_interval.high


def test_too_few_buyers_are_counted_on_both_arms_together():
    # 190 treated buyers and none held out: 190 x 0.1 = 19 are expected there; with 10 held out it is 20 of 200.
    refused = compare(np.ones(190), [], n_treated=1800, n_holdout=200, rng=rng())
    assert refused.refused == ("Too few buyers: 19.0 are expected in the smaller group, an interval needs 20.")
    assert refused.difference == pytest.approx(190 / 1800)
    values = (refused.p_value, *refused.interval, *refused.lift_interval, *refused.total_interval)
    assert all(math.isnan(value) for value in values)
    lopsided = compare(np.ones(200), [], n_treated=1800, n_holdout=200, rng=rng())
    assert lopsided.refused is None and lopsided.p_value < 0.01


def test_nobody_in_an_arm_or_no_buyer_at_all_is_refused_whatever_the_limit():
    for treated, n_holdout in (([1.0], 0), ([1.0], 1), ([], 5)):
        found = compare(treated, [], n_treated=4, n_holdout=n_holdout, rng=rng(), min_buyers=0)
        assert found.refused.startswith("Fewer than two customers in a group, or no buyer in either")


def test_a_holdout_that_bought_nothing_gives_no_lift_and_no_upper_limit():
    found = compare(np.arange(1.0, 201), [], n_treated=1800, n_holdout=200, rng=rng())
    assert math.isnan(found.lift) and all(math.isnan(limit) for limit in found.lift_interval)
    assert found.interval.low > 0 and found.interval.high == math.inf


def test_a_total_lies_below_all_that_the_treated_spent():
    treated, holdout = many(5, factor=3)
    found = compare(treated, holdout, n_treated=5400, n_holdout=600, rng=rng())
    assert 0 < found.total_interval.low < found.total < found.total_interval.high < treated.sum()
    # Rosenbaum: a total is what the treated spent minus what they would have spent, spend over one plus lift
    low, high = (treated.sum() * (1 - 1 / (1 + limit)) for limit in found.lift_interval)
    assert found.total_interval == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"treated": [1.0, -2.0]}, "outcome -2 of the treated is negative; the least is 0"),
        ({"holdout": [1.0, math.nan]}, "1 of 2 outcomes of the holdout are not known"),
        ({"n_treated": 2}, "3 buyers among 2 customers of the treated; there can be no more buyers"),
        ({"draws": 38}, "38 draws are too few for confidence 0.95; take 39"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change, message):
    values = {"treated": TREATED, "holdout": HOLDOUT, **OPTIONS, **change}
    with pytest.raises(ValueError) as error:
        compare(values.pop("treated"), values.pop("holdout"), rng=rng(), **values)
    assert str(error.value) == message


def test_where_nothing_was_sent_few_are_told_that_something_changed():
    # 240 worlds of 2,000 customers, 10 % held out, 30 % buy, log-normal with sigma 1.5: Welch's intervals lie wholly above
    # the truth in about 11 of 100, the lots drawn again in 2.5 on either side: 6 of 240, and 10 more are four Monte-Carlo errors.
    draw, above, below, welch = np.random.default_rng(20240601), 0, 0, 0
    for _ in range(240):
        spend = draw.lognormal(0, 1.5, 2000) * (draw.random(2000) < 0.3)
        treated, holdout = spend[200:], spend[:200]
        found = compare(treated[treated > 0], holdout[holdout > 0], n_treated=1800, n_holdout=200, rng=draw, draws=39)
        above, below = above + (found.interval.low > 0), below + (found.interval.high < 0)
        welch += welch_difference(sums(treated), sums(holdout)).interval.low > 0
    assert above <= 16 and below <= 16 and welch > 16


def test_a_campaign_that_scales_spend_is_covered_as_often_as_promised():
    draw, missed = np.random.default_rng(77), 0
    for _ in range(160):
        spend = draw.lognormal(0, 1, 1000) * (draw.random(1000) < 0.3)
        treated, holdout = 1.3 * spend[100:], spend[:100]
        found = compare(treated[treated > 0], holdout[holdout > 0], n_treated=900, n_holdout=100, rng=draw, draws=39)
        missed += not found.lift_interval.low <= 0.3 <= found.lift_interval.high
    assert missed <= 160 * 0.05 + 4 * math.sqrt(160 * 0.05 * 0.95)
