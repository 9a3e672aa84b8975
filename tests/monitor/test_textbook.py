import numpy as np
import pandas as pd
import pytest

from analysis.monitor.control_charts import control
from analysis.monitor.textbook import beside_textbook


def test_every_chart_counts_the_weeks_after_the_baseline_that_it_would_have_marked():
    sales = [100.0, 102.0] * 13 + [101.0, 140.0, 101.0, 101.0]
    weekly = pd.DataFrame({
        "week_starts_on": pd.date_range("2024-01-01", periods=30, freq="7D"), "full": True, "sales": sales,
        "customers_active": 50, "contacts_redeemed": [9, 11] * 15, "redemptions": [10, 12] * 15, "contacted_open": 100,
    })  # fmt: skip
    found = beside_textbook(weekly, control(weekly, baseline_weeks=26), baseline_weeks=26).set_index(
        ["measure", "chart"]
    )
    assert found.loc["sales", "signals"].to_dict() == {"CUSUM": 3, "EWMA": 3, "individual values": 1, "this study's": 1}
    assert (found["weeks"] == 4).all()
    assert found.loc[("redemption", "p'"), "signals"] == found.loc[("redemption", "u'"), "signals"] == 0
    assert found.loc[("customers_active", "individual values"), "signals"] == 0  # limits on the value itself
    assert pd.isna(found.loc[("customers_active", "EWMA"), "signals"])  # no spread to count in
    assert found.loc[("sales", "individual values"), "promised"] == pytest.approx(0.278, abs=0.001)
    assert found.loc[("sales", "CUSUM"), "promised"] == pytest.approx(1 - np.exp(-47.5 / 465), abs=0.01)
    assert ("customers_active", "this study's") not in found.index
