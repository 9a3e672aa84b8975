import numpy as np
import pandas as pd
import pytest

from analysis.inference.interval import Interval
from analysis.inference.net_gain import Known
from analysis.monitor.net_values import arms, with_uncertain_cost, worth
from analysis.monitor.returns import NET

T_19 = 2.093024054408263  # 97.5 % point of Student's t with 19 degrees of freedom, as printed in every table: 2.093


def half_redeem():
    """Twenty treated, of whom ten spend 30 and redeem for 5; ten held out, of whom five spend 20."""
    return {
        "spend_treated": [30.0] * 10 + [0.0] * 10,
        "cost_treated": [5.0] * 10 + [0.0] * 10,
        "spend_holdout": [20.0] * 5 + [0.0] * 5,
    }


def test_net_value_is_margin_on_what_was_added_minus_incentives_and_contact():
    added = Known(100.0, Interval(100.0 - 80, 100.0 + 60))
    found = worth(added, **half_redeem(), margin=0.5, contact=10.0)
    assert found.net == 0.5 * 100 - 50 - 10 and found.roi.value == pytest.approx(50 / 60 - 1)


def test_the_interval_counts_who_redeems_and_that_redeemers_buy():
    added = Known(100.0, Interval(20.0, 160.0))
    found = worth(added, **half_redeem(), margin=0.5, contact=10.0)
    # by hand: each cost lies 2.5 from its mean, so the variance is 20/19 x 2.5^2 and the error of the mean 2.5 / sqrt(19)
    reach = 20 * T_19 * 2.5 / np.sqrt(19)
    errors = np.sqrt(20 * 15**2 / 19 / 20 + 10 * 10**2 / 9 / 10), 2.5 / np.sqrt(19)
    r = (20 * 15 * 2.5 / 19 / 20) / (errors[0] * errors[1])
    below = np.sqrt(40**2 + reach**2 - 2 * r * 40 * reach)
    above = np.sqrt(30**2 + reach**2 - 2 * r * 30 * reach)
    assert found.interval == pytest.approx((-10 - below, -10 + above))
    assert 0 < r < 1 and below < np.hypot(40, reach)  # narrower than if cost and sales went their own ways


def test_without_redemptions_the_cost_is_certain():
    nobody = half_redeem() | {"cost_treated": [0.0] * 20}
    found = worth(Known(100.0, Interval(20.0, 160.0)), **nobody, margin=0.5, contact=10.0)
    assert found.interval == (0, 70) and found.roi.interval == pytest.approx((0, 7))


def test_nothing_spent_has_no_return():
    nobody = half_redeem() | {"cost_treated": [0.0] * 20}
    found = worth(Known(100.0, Interval(20.0, 160.0)), **nobody, margin=0.5, contact=0.0)
    assert found.net == 50 and np.isnan(found.roi.value)


@pytest.fixture
def by_customer():
    rows = [(f"t{number:02}", "treated", 30.0 * (number < 10)) for number in range(20)]
    rows += [(f"h{number:02}", "holdout", 20.0 * (number < 5)) for number in range(10)]
    table = pd.DataFrame(rows, columns=["customer_id", "arm", "spend"]).assign(campaign_id="a")
    return pd.concat([table, table.assign(campaign_id="b", spend=1.0)])


@pytest.fixture
def redemptions():
    """Each of ten treated redeems twice, for 2 and for 3; one redeems in another campaign."""
    rows = [("a", f"t{number:02}", cost) for number in range(10) for cost in (2.0, 3.0)] + [("b", "t00", 99.0)]
    return pd.DataFrame(rows, columns=["campaign_id", "customer_id", "cost"])


def test_costs_of_a_customer_add_up_in_their_own_campaign(by_customer, redemptions):
    treated, holdout = arms(by_customer.sample(frac=1, random_state=1), "a", redemptions)
    assert sorted(treated["incentives"]) == [0.0] * 10 + [5.0] * 10
    assert holdout["incentives"].eq(0).all() and len(holdout) == 10


def test_results_keep_their_values_and_get_the_intervals_of_each_campaign(by_customer, redemptions):
    results = pd.DataFrame({
        "campaign_id": ["a", "b"], "total_effect": [100.0, 1.0], "low": [0.25, np.nan], "high": [2.0, np.nan], "weeks": 4.0,
        "contacted_used": [20, 20], "cost": [10.0, 1.0], "cost_coupons": [50.0, 1.0], **dict.fromkeys(NET, np.nan),
        "net_value": [-10.0, np.nan],
    })  # fmt: skip
    made = with_uncertain_cost(results, by_customer, redemptions, margin=0.5)
    expected = worth(Known(100.0, Interval(20.0, 160.0)), **half_redeem(), margin=0.5, contact=10.0)
    assert made.loc[0, NET].tolist() == pytest.approx(
        [-10, *expected.interval, expected.roi.value, *expected.roi.interval]
    )
    assert made.loc[1, NET].isna().all() and results["net_low"].isna().all()  # what has no net value stays as it is
