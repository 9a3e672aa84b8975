import numpy as np
import pandas as pd
import pytest

from analysis.monitor.control_charts import ABOVE, FELL, control
from analysis.monitor.signals import signals

BUSY = [100, 104, 98, 102, 97, 103, 101, 99, 105, 96] * 3  # thirty weeks


def weeks(sales):
    n = len(sales)
    return pd.DataFrame({
        "week_starts_on": pd.date_range("2024-01-01", periods=n, freq="7D"), "sales": np.asarray(sales, dtype=float),
        "customers_active": 100, "contacts_redeemed": 0, "contacted_open": 0, "full": True,
    })  # fmt: skip


def of(table):
    return table[table["measure"] == "sales"].reset_index(drop=True)


def test_signals_say_size_and_where_to_look():
    table = control(weeks([*BUSY, 180, *BUSY[:2], *(0.88 * np.array(BUSY[:8]))]), baseline_weeks=26)
    campaigns = pd.DataFrame({
        "campaign_id": ["2", "10", "3"], "starts_on": ["2024-07-22", "2024-08-04", "2024-06-01"],
        "ends_on": ["2024-12-10", "2024-12-11", "2024-12-12"],
    })  # fmt: skip
    found = signals(table, campaigns)
    assert found["signal"].tolist() == [ABOVE, FELL]
    assert found["size"][0] == pytest.approx(180 - of(table)["centre"][30])
    gap = (of(table)["value"] - of(table)["centre"]).to_numpy()
    last = of(table)["signal"].notna().to_numpy().nonzero()[0].max()
    assert found["size"][1] == pytest.approx(gap[last - 3 : last + 1].mean())  # four weeks on average
    usual = "holidays, prices and stock in that week, and whether every shop's data came in"
    assert found["look_at"].tolist() == [f"campaigns 2, 10 began; {usual}", usual]  # 10 began on the Sunday of week 30
