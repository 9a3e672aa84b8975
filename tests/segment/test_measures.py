from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.segment.measures import loyalty_measures, repeat_purchases

TABLE = pd.DataFrame(
    {
        "customer_id": ["ada", "bob", "eve", "kim"],
        "before_orders": [1, 1, 1, 0],
        "window_orders": [5, 1, 0, 3],
        "window_sales": [50.0, 30.0, 0.0, 9.0],
        "customer_value": [10.0, 20.0, 60.0, np.nan],
    }
)


def measured(table=TABLE, data_from=date(2024, 1, 1)):
    found = loyalty_measures(
        table, data_from=data_from, as_of=date(2024, 12, 31), window_days=91, currency="USD",
        rng=np.random.default_rng(1), draws=199,
    )  # fmt: skip
    return found.set_index("measure")


def test_repeat_purchases_are_the_orders_after_the_first_of_those_who_ordered():
    assert repeat_purchases(TABLE).tolist() == [4, 0, 2]


def test_each_measure_by_hand():
    assert measured()["value"].to_dict() == pytest.approx(
        {
            "churn rate": 1 / 3,
            "customer loyalty": 2,
            "customer value, mean": 30,
            "customer value, median": 20,
            "repeat rate": 2 / 3,
            "revenue per customer": 40,
            "simple lifetime value": 120,
        }
    )
    assert measured()["n"].tolist() == [3, 3, 3, 3, 3, 2, 3]


def test_the_interval_of_repeat_purchases_is_that_of_orders_less_the_first():
    orders = np.random.default_rng(3).poisson(1.5, 400) + 1
    table = pd.DataFrame({"customer_id": np.arange(400), "before_orders": 0, "window_orders": orders, "window_sales": 1.0,
                          "customer_value": 1.0})  # fmt: skip
    found = measured(table).loc["customer loyalty"]
    reach = 1.96 * orders.std(ddof=1) / 20  # alike for so many customers who are so much alike
    assert [found["low"], found["high"]] == pytest.approx([found["value"] - reach, found["value"] + reach], abs=0.02)
    drawn = [np.random.default_rng(n).choice(orders, 400).mean() - 1 for n in range(400)]
    assert [found["low"], found["high"]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.03)


def test_few_customers_have_no_interval_of_repeat_purchases_and_the_note_says_so():
    found = measured().loc["customer loyalty"]
    assert np.isnan([found["low"], found["high"]]).all()
    assert found["note"].endswith(
        "no interval: it needs 50 customers with an order, 20 of them with another, and not all alike"
    )


@pytest.mark.parametrize(("again", "known"), [(19, False), (20, True)])
def test_repeat_purchases_of_few_have_no_interval(again, known):
    orders = np.r_[np.full(again, 2), np.ones(200 - again, dtype=int)]
    table = TABLE.loc[TABLE.index.repeat(200)].head(200).assign(window_orders=orders)
    found = measured(table).loc["customer loyalty"]
    assert found["value"] == pytest.approx(again / 200) and np.isfinite(found["low"]) == known


def test_the_interval_of_the_rate_is_wilsons():
    assert measured().loc["repeat rate", ["low", "high"]].tolist() == pytest.approx([0.2077, 0.9385], abs=5e-5)


def test_what_cannot_be_known_is_missing_and_says_why():
    short = measured(data_from=date(2024, 12, 1)).loc["simple lifetime value"]
    assert np.isnan(short["value"])
    assert short["note"] == "two windows of 91 days begin on 2024-07-03, the data on 2024-12-01"


def test_nobody_leaves_every_measure_missing():
    empty = measured(TABLE.iloc[:0])
    assert empty["value"].isna().all() and (empty["n"] == 0).all()
