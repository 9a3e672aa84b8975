"""Six customers of three households in one lot, and three customers in another."""

import pandas as pd
import pytest

from analysis.monitor.lot_people import redeemed_by_unit, spend_in_lots

RUNS = pd.DataFrame({
    "campaign_id": ["homes", "plain"], "starts_on": pd.Timestamp("2024-04-01"), "measured_until": pd.Timestamp("2024-04-07"), "days": 7,
})  # fmt: skip
HOME = pd.Series({"ann": "A", "bob": "A", "cat": "B", "dan": "B", "eve": "C", "fay": "C"}, name="unit")


@pytest.fixture
def contacts(table):
    homes = [("homes", name, "holdout" if HOME[name] == "C" else "treated") for name in HOME.index]
    return table(
        "campaign_id customer_id arm",
        *homes,
        ("plain", "ann", "treated"),
        ("plain", "bob", "holdout"),
        ("plain", "zoe", "treated"),
    )


@pytest.fixture
def orders(order_lines):
    return order_lines([("ann", "2024-04-01", "p", 10.0), ("bob", "2024-04-07", "p", 5.0), ("bob", "2024-03-31", "p", 2.0),
                        ("fay", "2024-04-03", "p", 4.0), ("zoe", "2024-04-08", "p", 9.0)])  # fmt: skip


def test_a_lot_of_households_has_a_row_per_household_and_one_of_customers_per_customer(contacts, orders):
    made = spend_in_lots(contacts, orders, RUNS, {"homes": HOME}).set_index(["campaign_id", "customer_id"])
    homes, plain = made.loc["homes"], made.loc["plain"]
    assert homes["spend"].to_dict() == {"A": 15.0, "B": 0.0, "C": 4.0} and homes["arm"].to_dict()["C"] == "holdout"
    assert homes["before"].to_dict() == {"A": 2.0, "B": 0.0, "C": 0.0} and homes["orders"].to_dict() == {
        "A": 2,
        "B": 0,
        "C": 1,
    }
    assert plain["spend"].to_dict() == {"ann": 10.0, "bob": 5.0, "zoe": 0.0}


def test_sums_are_the_same_by_household_and_by_customer(contacts, orders):
    by_home = spend_in_lots(contacts, orders, RUNS, {"homes": HOME})
    by_customer = spend_in_lots(contacts, orders, RUNS, {})
    for name in ("homes", "plain"):
        sums = [
            table.loc[table["campaign_id"] == name].groupby("arm")["spend"].sum().to_dict()
            for table in (by_home, by_customer)
        ]
        assert sums[0] == sums[1]


def test_redemptions_go_to_the_household_in_its_own_lot_alone():
    redeemed = pd.DataFrame({"campaign_id": ["homes", "plain"], "customer_id": ["bob", "bob"], "cost": [3.0, 4.0]})
    made = redeemed_by_unit(redeemed, {"homes": HOME}).set_index("campaign_id")["customer_id"]
    assert made.to_dict() == {"homes": "A", "plain": "bob"}
    assert redeemed_by_unit(redeemed, {}) is redeemed
