import numpy as np
import pandas as pd
import pytest

from analysis.monitor.returns import NET, campaign_results, marketing_effect, net_value, return_on_investment


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
    estimates = table("campaign_id effect_per_week total_effect", ("a", 1.0, 4.0), ("b", 2.0, 8.0), ("c", 3.0, 12.0))
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


SALES = "campaign_id kind days cost sales"
COSTS = "campaign_id redemptions cost_matched cost_coupons shop_match"
FOUND = "campaign_id verdict method total_effect total_low total_high"


def worth(table, *, margin=0.4, sales=("a", "mail", 7, 40.0, 1000.0), costs=("a", 3, 3, 60.0, 0.0), found=None):
    found = found or ("a", "cannot tell", "lot", 500.0, 100.0, 800.0)
    return campaign_results(table(SALES, sales), table(COSTS, costs), table(FOUND, found), margin=margin).iloc[0]


def test_net_value_is_margin_on_the_additional_sales_minus_all_costs(table):
    found = worth(table)
    # 40 % of 500 additional sales are 200; 60 for redeemed incentives and 40 for contact leave 100, as much as was put in
    assert found[NET].tolist() == [100, -60, 220, 1, -0.6, 2.2] and pd.isna(found["net_why"])
    assert net_value(500.0, margin=0.4, cost=100.0) == 100 and return_on_investment(100.0, 100.0) == 1


def test_an_open_end_of_the_additional_sales_stays_open(table):
    found = worth(table, found=("a", "cannot tell", "lot", 500.0, 100.0, np.inf))
    assert found["net_high"] == np.inf and found["roi_high"] == np.inf


def test_a_campaign_without_cost_has_a_net_value_and_no_return_on_investment(table):
    found = worth(table, sales=("a", "mail", 7, 0.0, 1000.0), costs=("a", 0, 0, 0.0, 0.0))
    assert found["net_value"] == 200 and np.isnan(found["roi"])


def test_an_estimate_without_an_interval_is_blank_and_has_no_net_value(table):
    sales, costs = (
        table(SALES, ("a", "mail", 7, 40.0, 1000.0), ("b", "mail", 7, 40.0, 1000.0)),
        table(COSTS, ("a", 3, 3, 60.0, 0.0)),
    )
    columns = (
        "campaign_id verdict method effect_per_week low high total_effect total_low total_high lift lift_low lift_high"
    )
    known, refused = (
        (5.0, 1.0, 8.0, 500.0, 100.0, 800.0, 0.1, 0.02, 0.16),
        (5.0, np.nan, np.nan, 500.0, np.nan, np.nan, 0.1, np.nan, np.nan),
    )
    estimates = table(columns, ("a", "cannot tell", "lot", *known), ("b", "too few buyers", "lot", *refused))
    found = campaign_results(sales, costs, estimates, margin=0.4).set_index("campaign_id")
    assert found.loc["a", columns.split()[3:]].tolist() == list(known) and found.loc["a", "net_value"] == 100
    assert found.loc["b", [*columns.split()[3:], *NET]].isna().all()
    assert found.loc["b", "net_why"] == "Too few bought to know what the campaign changed."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"margin": None}, "The margin is not known."),
        ({"found": ("a", "not valid", "lot", np.nan, np.nan, np.nan)}, "What the campaign changed is not known."),
        (
            {"found": ("a", "consistent with a gain", "comparable customers", 5.0, 1.0, 9.0)},
            "Nobody drew lots: an estimate by comparison is not taken for what it added.",
        ),
        ({"costs": ("a", 3, 2, 40.0, 0.0)}, "What 1 of 3 redemptions cost is not known."),
        ({"sales": ("a", "mail", 7, np.nan, 1000.0)}, "What contacting cost is not known."),
        ({"sales": ("a", "A/A", 7, 40.0, 1000.0)}, "Nothing was sent."),
    ],
)
def test_what_is_not_known_leaves_the_net_value_blank_and_says_why(change, why, table):
    found = worth(table, **change)
    assert found["net_why"] == why and found[NET].isna().all()
