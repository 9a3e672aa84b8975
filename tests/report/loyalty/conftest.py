"""Tables of a small shop: a few customers, months and segments whose numbers can be checked by eye."""

import pandas as pd
import pytest

from analysis.inference.proportions import wilson_interval


@pytest.fixture
def monthly():
    """Make one row per month from (month, active, back of the month before); the first month has nobody before it."""

    def make(*rows):
        table = pd.DataFrame(rows, columns=["month", "customers_active", "returned"])
        table["month"] = pd.to_datetime(table["month"])
        table["previous_active"] = table["customers_active"].shift()
        low, high = wilson_interval(table["returned"].to_numpy(float), table["previous_active"].to_numpy(float))
        rate = table["returned"] / table["previous_active"]
        return table.assign(orders=10.0, sales=100.0, return_rate=rate, low=low, high=high)

    return make


@pytest.fixture
def behaviour():
    """Make one row per customer from spend, with ten dollars an order."""

    def make(spend, **columns):
        table = pd.DataFrame({"customer_id": [f"c{n:03d}" for n in range(len(spend))], "monetary": spend})
        table["frequency"] = (table["monetary"] / 10).round().astype(int)
        table["recency_days"] = 3
        table["order_frequency"] = table["frequency"].where(table["frequency"] > 0).astype(float)
        table["order_amount"] = (table["monetary"] / table["frequency"].where(table["frequency"] > 0)).astype(float)
        return table.assign(**columns)

    return make


@pytest.fixture
def segments():
    """Make one row per customer from the names of their segments."""

    def make(names, *, cluster=None, score=0.5):
        table = pd.DataFrame({"customer_id": [f"c{n:03d}" for n in range(len(names))], "segment": names})
        return table.assign(cluster=pd.array(cluster or [1] * len(names), dtype="Int64"), loyalty_score=score)

    return make


@pytest.fixture
def promise():
    return pd.DataFrame(
        [
            ("all segments", 60, 40, 30, 10, 90.4, 0.12, False),
            ("loyal", 30, 30, 22, 8, 66.0, 0.25, False),
            ("slipping", 10, 10, 8, 2, 24.4, 0.60, False),
            ("occasional", 20, 0, 0, 0, 0.0, float("nan"), False),
        ],
        columns=[
            "segment",
            "customers",
            "planned",
            "treated",
            "holdout",
            "expected_cost",
            "smallest_effect",
            "reached",
        ],
    )


@pytest.fixture
def strategies():
    return pd.DataFrame(
        [
            ("slipping", 1, "coupon-10", "points", "not seen for weeks"),
            ("loyal", 2, None, "points", ""),
            ("occasional", None, None, None, "nothing"),
        ],
        columns=["segment", "priority", "gift", "incentive", "why"],
    )
