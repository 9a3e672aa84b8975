import numpy as np
import pandas as pd
import pytest

from analysis.monitor.returns import campaign_results, marketing_effect


def test_marketing_effect_is_sales_minus_cost():
    assert marketing_effect(1000.0, 250.5) == 749.5
    assert marketing_effect(pd.Series([1000.0, 500.0]), pd.Series([100.0, np.nan])).tolist()[0] == 900
    assert np.isnan(marketing_effect(500.0, np.nan))


def test_results_keep_an_unknown_cost_unknown_and_no_redemption_free(table):
    sales = table(
        "campaign_id days cost sales", ("a", 7, 40.0, 1000.0), ("b", 7, np.nan, 500.0), ("c", 7, np.nan, 300.0)
    )
    costs = table(
        "campaign_id redemptions cost_matched cost_coupons shop_match",
        ("a", 3, 2, 1.5, 0.5),
        ("b", 1, 0, np.nan, np.nan),
    )
    estimates = table("campaign_id effect_per_week", ("a", 1.0), ("b", 2.0), ("c", 3.0))
    found = campaign_results(sales, costs, estimates).set_index("campaign_id")
    assert found["marketing_effect"].tolist()[::2] == [1000 - 1.5 - 40, 300]
    assert np.isnan(found.loc["b", "marketing_effect"])
    assert found["redemptions"].tolist() == [3, 1, 0] and found.loc["c", "cost_coupons"] == 0
    assert found["effect_per_week"].tolist() == [1, 2, 3]


def test_a_campaign_with_two_estimates_is_refused(table):
    sales = table("campaign_id days cost sales", ("a", 7, np.nan, 1.0))
    costs = table("campaign_id redemptions cost_matched cost_coupons shop_match", ("a", 1, 1, 1.0, 0.0))
    with pytest.raises(pd.errors.MergeError, match="not a one-to-one merge"):
        campaign_results(sales, costs, table("campaign_id effect_per_week", ("a", 1.0), ("a", 2.0)))
