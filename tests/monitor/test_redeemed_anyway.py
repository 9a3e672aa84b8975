import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.proportions import newcombe_difference
from analysis.monitor.redeemed_anyway import COLUMNS, NOBODY, bounds, redeemed_anyway


def test_redeemers_beyond_the_additional_buyers_would_have_bought_anyway():
    # 30 of 100 held out buy, so 300 of 1,000 treated would have; 360 do. Of 100 who redeem at most 60 are additional.
    found = bounds(100, buyers_treated=360, treated=1000, buyers_holdout=30, holdout=100)
    assert found[:2] == pytest.approx((300, 60)) and (found.least, found.most) == pytest.approx((40, 100))


def test_the_outer_bounds_take_the_ends_of_the_interval_of_additional_buyers():
    found = bounds(200, buyers_treated=360, treated=1000, buyers_holdout=300, holdout=1000)
    low, high = newcombe_difference(360, 1000, 300, 1000).interval
    assert (found.additional_low, found.additional_high) == pytest.approx((1000 * low, 1000 * high))
    assert found.least_low == pytest.approx(200 - 1000 * high) and found.most_high == 200


def test_no_more_can_have_bought_anyway_than_would_have_bought_in_all():
    found = bounds(300, buyers_treated=320, treated=1000, buyers_holdout=10, holdout=1000)
    assert found.most == pytest.approx(10) and found.least == 0  # all 310 additional buyers may have redeemed


def test_fewer_buyers_than_held_out_leave_nobody_additional():
    found = bounds(100, buyers_treated=200, treated=1000, buyers_holdout=300, holdout=1000)
    assert found.additional == pytest.approx(-100) and found.least == found.most == 100


def test_more_redeemers_than_buyers_cannot_be():
    with pytest.raises(ValueError, match="11 redeemers among 10 treated buyers"):
        bounds(11, buyers_treated=10, treated=20, buyers_holdout=1, holdout=2)


counts = st.integers(0, 400)


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(1, 400), counts, st.integers(1, 400), counts, counts)
def test_the_truth_lies_within_the_bounds_where_nobody_is_kept_from_buying(treated, always, holdout, induced, redeemed):
    """The least and the most for every split of the redeemers among always buyers and induced ones, the shares being exact."""
    always = min(always, treated)
    induced = min(induced, treated - always)
    redeemed = min(redeemed, always + induced)
    found = bounds(
        redeemed,
        buyers_treated=always + induced,
        treated=treated,
        buyers_holdout=always * holdout,
        holdout=treated * holdout,
    )
    possible = [k for k in range(redeemed + 1) if k <= always and redeemed - k <= induced]
    assert found.least == pytest.approx(min(possible)) and found.most == pytest.approx(max(possible))
    assert found.least_low <= found.least + 1e-9 and found.most_high >= found.most - 1e-9


@pytest.fixture
def by_customer():
    """Forty treated of whom thirty buy, forty held out of whom twenty do."""
    rows = [(f"t{n:02}", "treated", int(n < 30)) for n in range(40)] + [
        (f"h{n:02}", "holdout", int(n < 20)) for n in range(40)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "arm", "buyer"]).assign(campaign_id="a", spend=1.0, before=0.0)


def redeemed(costs, name="a"):
    return pd.DataFrame({"campaign_id": name, "customer_id": [f"t{n:02}" for n in range(len(costs))], "cost": costs})


def results(**changes):
    return pd.DataFrame({"campaign_id": ["a"], "method": "lot", "kind": "mail", "contacted_used": 40} | changes)


def test_costs_are_those_of_the_cheapest_and_the_dearest(by_customer):
    costs = [float(n) for n in range(1, 29)]  # 28 redeem, one for 1, one for 2, and so on
    row = redeemed_anyway(by_customer, redeemed(costs), results()).iloc[0]
    # 20 would have bought: 10 are additional, at most about 18, so at least 28 - 18 redeemed for nothing
    assert (row["redeemers"], row["buyers"], row["least"], row["most"]) == (28, 30, 18, 20)
    assert row["cost_least"] == sum(range(1, 1 + int(row["least_low"])))
    assert row["cost_most"] == sum(costs[28 - int(np.ceil(row["most_high"])) :])
    assert 0 < row["least_low"] < row["least"] and row["most"] < row["most_high"] <= 28


def test_an_unknown_cost_leaves_the_costs_blank_and_the_counts_known(by_customer):
    row = redeemed_anyway(by_customer, redeemed([1.0] * 27 + [np.nan]), results()).iloc[0]
    assert pd.isna(row["cost_least"]) and pd.isna(row["cost_most"]) and row["least"] == 18


def test_who_redeemed_without_an_order_is_no_redeemer_who_bought(by_customer):
    last = redeemed([1.0]).assign(customer_id="t39")
    row = redeemed_anyway(by_customer, last, results()).iloc[0]
    assert row["redeemers"] == 0 and row["why"] == NOBODY and pd.isna(row["least"])


def test_only_lots_that_sent_something_have_a_row(by_customer):
    for change in ({"kind": "A/A"}, {"method": "none"}, {"contacted_used": np.nan}):
        made = redeemed_anyway(by_customer, redeemed([1.0]), results(**change))
        assert made.empty and list(made) == COLUMNS
