import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.means import sums, welch_difference
from analysis.inference.observational import compared, difference_in_differences, effective_comparison, widened

# Loyal: contacted rise by 5 (4 and 6), comparable by 1 (0 and 2), so 4 more. New: contacted 2 (1, 2, 3), comparable 3
# (2 and 4), so 1 less. The effect on the contacted weights them 2 to 3: (2 x 4 - 3 x 1) / 5 = 1.
CHANGES = pd.DataFrame(
    {
        "stratum": ["loyal", "loyal", "loyal", "loyal", "new", "new", "new", "new", "new"],
        "contacted": [True, True, False, False, True, True, True, False, False],
        "change": [4.0, 6.0, 0.0, 2.0, 1.0, 2.0, 3.0, 2.0, 4.0],
    }
)
# Their errors: 0.4^2 (2/2 + 2/2) + 0.6^2 (1/3 + 2/2) = 0.32 + 0.48 = 0.8


def table(rows):
    return pd.DataFrame(rows, columns=["stratum", "contacted", "change"])


def test_each_stratum_counts_by_its_contacted_customers():
    found = difference_in_differences(CHANGES, min_per_arm=2)
    assert found.effect == pytest.approx(1)
    assert found.standard_error == pytest.approx(math.sqrt(0.8))
    assert (found.contacted_used, found.comparable_used) == (5, 4)


def test_degrees_of_freedom_p_value_and_interval_by_hand():
    # parts .16, .16, .12, .36 with 1, 1, 2, 1 spare customers: .8^2 / (.0256 + .0256 + .0072 + .1296) = 3.40426
    found = difference_in_differences(CHANGES, min_per_arm=2, confidence=0.9)
    assert found.degrees_of_freedom == pytest.approx(3.40426, abs=1e-5)
    student = stats.t(3.4042553)
    reach = student.ppf(0.95) * math.sqrt(0.8)
    assert found.interval == pytest.approx((1 - reach, 1 + reach))
    assert found.p_value == pytest.approx(2 * student.sf(1 / math.sqrt(0.8)))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(-9, 9)), max_size=25))
@settings(max_examples=50, deadline=None)
def test_it_agrees_with_going_through_the_strata_one_by_one_and_counts_everyone(rows):
    found = difference_in_differences(table(rows).astype({"contacted": bool}), min_per_arm=2)
    effect = variance = contacted_used = comparable_used = 0
    for stratum in "abc":
        contacted = [change for s, c, change in rows if s == stratum and c]
        comparable = [change for s, c, change in rows if s == stratum and not c]
        if len(contacted) >= 2 and len(comparable) >= 2:
            effect += len(contacted) * (np.mean(contacted) - np.mean(comparable))
            errors = np.var(contacted, ddof=1) / len(contacted) + np.var(comparable, ddof=1) / len(comparable)
            variance += len(contacted) ** 2 * errors
            contacted_used += len(contacted)
            comparable_used += len(comparable)
    assert (found.contacted_used, found.comparable_used) == (contacted_used, comparable_used)
    assert found.contacted_used + found.contacted_left_out == sum(c for _, c, _ in rows)
    assert found.comparable_used + found.comparable_left_out == sum(not c for _, c, _ in rows)
    stratum, contacted = np.array([s for s, *_ in rows], dtype=object), np.array([c for _, c, _ in rows], dtype=bool)
    both = compared(stratum, contacted, min_per_arm=2)
    assert (both & contacted).sum() == contacted_used and (both & ~contacted).sum() == comparable_used
    if contacted_used:
        assert found.effect == pytest.approx(effect / contacted_used)
        assert found.standard_error == pytest.approx(math.sqrt(variance) / contacted_used)
    else:
        assert math.isnan(found.effect) and math.isnan(found.standard_error)


def test_one_stratum_is_welchs_comparison():
    new = CHANGES[CHANGES["stratum"] == "new"]
    found = difference_in_differences(new, min_per_arm=2)
    welch = welch_difference(sums([1, 2, 3]), sums([2, 4]))
    assert found.effect == pytest.approx(welch.difference)
    assert found[1:4] == pytest.approx(welch[1:4])
    assert found.interval == pytest.approx(welch.interval)


def test_strata_without_enough_customers_in_both_arms_are_left_out_and_counted():
    found = difference_in_differences(CHANGES, min_per_arm=3)
    assert (found.contacted_used, found.comparable_used) == (0, 0)
    assert (found.contacted_left_out, found.comparable_left_out) == (5, 4)
    assert all(math.isnan(value) for value in (*found[:4], *found.interval))
    alone = table([("vip", True, 9.0), ("vip", True, 8.0)])  # nobody to compare them with
    found = difference_in_differences(pd.concat([CHANGES, alone]), min_per_arm=2)
    assert (found.effect, found.contacted_left_out) == (pytest.approx(1), 2)


def test_customers_whose_change_or_stratum_is_not_known_are_left_out_and_counted():
    unknown = table([("new", True, math.nan), ("new", False, math.nan), (None, True, 99.0)])
    found = difference_in_differences(pd.concat([CHANGES, unknown]), min_per_arm=2)
    assert found.effect == pytest.approx(1)
    assert (found.contacted_left_out, found.comparable_left_out) == (2, 1)


def test_who_is_compared_stands_in_a_stratum_with_enough_of_both():
    stratum = np.array(["loyal", "loyal", "new", "new", "new", None, None], dtype=object)
    contacted = np.array([True, False, True, True, False, True, False])  # of those without a stratum nothing is known
    assert compared(stratum, contacted, min_per_arm=1).tolist() == [True] * 5 + [False] * 2
    assert not compared(stratum, contacted, min_per_arm=2).any()
    more = np.append(stratum, "new"), np.append(contacted, False)
    assert compared(*more, min_per_arm=2).tolist() == [False, False, True, True, True, False, False, True]


def test_an_empty_table_gives_nothing_and_does_not_fail():
    found = difference_in_differences(CHANGES.iloc[:0])
    assert math.isnan(found.effect) and found[5:] == (0, 0, 0, 0)
    assert math.isnan(effective_comparison(CHANGES.iloc[:0]))


def test_where_nobody_differs_there_is_an_effect_but_no_interval():
    alike = table([("new", True, 0.1)] * 3 + [("new", False, 0.3)] * 3)
    found = difference_in_differences(alike, min_per_arm=2)
    assert found.effect == pytest.approx(-0.2) and found.standard_error == 0
    assert all(math.isnan(value) for value in (found.p_value, *found.interval))


@given(st.permutations(range(9)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_no_digit(order):
    thirds = CHANGES.assign(change=CHANGES["change"] / 3 + 0.1)
    assert difference_in_differences(thirds.iloc[order], min_per_arm=2) == difference_in_differences(
        thirds, min_per_arm=2
    )


def test_what_all_customers_share_in_a_stratum_does_not_count():
    shifted = CHANGES.assign(change=CHANGES["change"] + CHANGES["stratum"].map({"loyal": 10, "new": -3}))
    assert difference_in_differences(shifted, min_per_arm=2).effect == pytest.approx(1)


def test_the_comparison_is_worth_fewer_customers_when_few_stand_for_many():
    # loyal: 2 comparable weigh 2/2 each; new: 2 comparable weigh 3/2 each. (1+1+1.5+1.5)^2 / (1+1+2.25+2.25)
    assert effective_comparison(CHANGES, min_per_arm=2) == pytest.approx(25 / 6.5)
    same_mix = pd.concat([CHANGES, table([("new", False, 3.0)])])
    assert effective_comparison(same_mix, min_per_arm=2) == pytest.approx(5)


@pytest.mark.parametrize(
    ("changes", "min_per_arm", "error", "message"),
    [
        (CHANGES, 1, ValueError, "min_per_arm 1 gives no variance; the least is 2"),
        (CHANGES.drop(columns="change"), 2, ValueError, "no column 'change'; the table has stratum, contacted"),
        (
            CHANGES.astype({"contacted": int}),
            2,
            TypeError,
            "contacted must be true or false for every customer, not int64",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_named(changes, min_per_arm, error, message):
    for function in (difference_in_differences, effective_comparison):
        with pytest.raises(error) as raised:
            function(changes, min_per_arm=min_per_arm)
        assert str(raised.value) == message


def world(rng, *, effect, bias=0.0):
    """Changes after and placebo changes before of 240 customers whose contact depends on their stratum.

    Parallel trends hold within a stratum when `bias` is 0; else the contacted grow by `bias` more in every period.
    """
    stratum = rng.integers(0, 4, size=240)
    contacted = rng.random(240) < np.array([0.2, 0.4, 0.6, 0.7])[stratum]
    trend = np.array([-2.0, 0.0, 1.0, 4.0])[stratum] + bias * contacted
    spread = np.array([1.0, 2.0, 3.0, 5.0])[stratum]
    after, before = trend + effect * contacted, trend
    columns = {"stratum": stratum, "contacted": contacted}
    return tuple(pd.DataFrame({**columns, "change": mean + rng.normal(0, spread)}) for mean in (after, before))


def test_the_interval_holds_the_true_effect_in_95_of_100_worlds_with_parallel_trends():
    rng = np.random.default_rng(2017)
    held = [
        low <= 1.5 <= high
        for low, high in (difference_in_differences(world(rng, effect=1.5)[0]).interval for _ in range(400))
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / 400))


def test_a_plain_difference_would_not_hold_it_because_contact_depends_on_the_stratum():
    after, _ = world(np.random.default_rng(2017), effect=1.5)
    pooled = difference_in_differences(after.assign(stratum=0))
    assert pooled.interval.low > 1.5


def test_an_interval_that_counts_a_spread_is_wider_by_pythagoras():
    found = difference_in_differences(CHANGES, min_per_arm=2)
    wide = widened(found, spread=math.sqrt(0.8))  # its own variance is 0.8, so the sum is 1.6
    assert wide.standard_error == pytest.approx(math.sqrt(1.6))
    student = stats.t(found.degrees_of_freedom)
    assert wide.interval == pytest.approx(
        (1 - student.ppf(0.975) * math.sqrt(1.6), 1 + student.ppf(0.975) * math.sqrt(1.6))
    )
    assert wide.p_value == pytest.approx(2 * student.sf(1 / math.sqrt(1.6)))
    assert widened(found, spread=0.0) == found
