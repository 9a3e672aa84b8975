import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.campaign import phrases


def test_verdicts_are_counted_and_no_table_counts_nothing(results):
    assert phrases.verdicts(results) == (3, 2, 0, 1, 0, 1, *(0,) * 4, 2)
    assert phrases.verdicts(None) == phrases.verdicts(results.head(0)) == (0,) * 11


def test_campaigns_with_an_estimate_come_biggest_first_whatever_the_order_of_rows(results):
    assert phrases.estimated(results)["campaign_id"].tolist() == ["2", "1"]
    assert phrases.estimated(results.iloc[::-1])["campaign_id"].tolist() == ["2", "1"]
    assert phrases.estimated(None) is None
    assert phrases.estimated(results[results["verdict"] == "no estimate"]) is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-3.44, 6.81, "between 3.4 USD less and 6.8 USD more"),
        (1.0, 2.0, "between 1.0 USD and 2.0 USD more"),
        (-2.0, -1.0, "between 1.0 USD and 2.0 USD less"),
        (float("nan"), 1.0, "not known"),
    ],
)
def test_an_interval_of_a_change_is_told_as_less_and_more(low, high, words):
    assert phrases.less_or_more(low, high, unit="USD") == words


@given(st.floats(1, 1e9), st.sampled_from([-1, 1]))
@settings(max_examples=50, deadline=None)
def test_three_digits_are_within_half_a_percent(size, sign):
    assert abs(phrases.rounded(sign * size) - sign * size) <= 0.005 * size * (1 + 1e-9)


def test_rounding_leaves_zero_and_the_unknown_alone():
    assert phrases.rounded(532890.44) == 533000
    assert phrases.rounded(0) == 0
    assert math.isnan(phrases.rounded(float("nan")))


def test_small_amounts_have_cents_and_large_ones_none():
    assert phrases.money(99.99, "USD") == "99.99 USD"
    assert phrases.money(99.996, "USD") == "100 USD"
    assert phrases.money(float("nan"), "USD") == "not known"


def test_a_plan_for_nobody_is_no_plan(promise):
    assert phrases.total(promise)["treated"] == 3
    assert phrases.total(promise.assign(planned=0)) is None
    assert phrases.total(None) is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.5, math.inf, "at least 0.5 USD more"),
        (-0.5, math.inf, "at most 0.5 USD less, or more without limit,"),
        (-math.inf, 2.0, "at most 2.0 USD more"),
        (-math.inf, -2.0, "at least 2.0 USD less"),
        (-math.inf, math.inf, "anything"),
    ],
)
def test_an_interval_without_an_end_is_told_as_at_least_or_at_most(low, high, words):
    assert phrases.less_or_more(low, high, unit="USD") == words


def test_lots_are_counted_and_what_sent_nothing_is_no_campaign_compared(by_lot):
    found = phrases.verdicts(by_lot)
    assert (found.campaigns, found.compared, found.by_lot, found.checks, found.caused_gain, found.tested) == (
        6,
        2,
        1,
        1,
        1,
        3,
    )
    assert phrases.estimated(by_lot)["campaign_id"].tolist() == ["2", "1"]


def test_an_infinite_end_is_cut_beyond_what_all_others_reach(by_lot):
    table = phrases.estimated(by_lot)
    cut = phrases.drawable(table, value="effect_per_week", low="low", high="high")
    assert math.isfinite(cut["high"].max()) and cut["high"].iloc[0] > table["high"].iloc[1]
    assert cut["low"].tolist() == table["low"].tolist()


def test_a_campaign_that_still_runs_is_named_as_such(results):
    still = phrases.running(results.assign(closed=[True, False, True]))
    assert still == {"2"} and phrases.running(results) == phrases.running(None) == frozenset()
    assert phrases.with_state(results["campaign_id"], still) == ["1", "2 · still runs", "3"]
    row = results.iloc[1]
    assert phrases.named_now(row) == "campaign 2"
    assert phrases.named_now(row.copy().to_dict() | {"closed": False}) == "campaign 2 (which still runs)"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((2.58, -0.15, 3.75), "+2.6 (−0.2 to +3.8)"),
        ((2.58, -0.15, math.inf), "+2.6 (−0.2 to no limit)"),
        ((2.58, math.nan, math.nan), None),
        ((math.nan, 0.0, 1.0), None),
        ((None, 0.0, 1.0), None),
    ],
)
def test_a_number_stands_with_its_interval_or_not_at_all(given, words):
    assert phrases.with_interval(*given) == words


@pytest.mark.parametrize(
    ("why", "short"),
    [
        ("The difference is -0.3 CNY per customer and week (95 % interval -5.3 to 1.6), so there may be none.", "There may be none."),
        ("The difference is 9.0 CNY per customer and week (95 % interval 0.1 to no limit). Looked at alone it would stand (p = 0.048).",
         "Looked at alone it would stand (p = 0.048)."),
        ("The difference is 2 CNY (95 % interval 1 to 3), but not every check holds: overlap: 3 of 9.",
         "But not every check holds: overlap: 3 of 9."),
        ("The lot is broken.", "The lot is broken."),
    ],
)  # fmt: skip
def test_a_reason_leaves_out_the_numbers_that_stand_beside_it(why, short):
    assert phrases.reason(why) == short
