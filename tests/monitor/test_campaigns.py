from datetime import date
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.campaigns import begun, campaign_costs, costs_known, coupon_costs, product_rankings, window_sales

DECEMBER = date(2024, 12, 31)


@pytest.fixture
def campaigns(table):
    return table(
        "campaign_id kind starts_on ends_on cost",
        ("spring", "mail", "2024-03-01", "2024-03-31", 40.0),
        ("winter", "mail", "2024-12-20", "2025-01-20", None),
        ("later", "mail", "2025-02-01", "2025-02-20", None),
    )


def test_a_campaign_that_still_runs_is_measured_to_as_of(campaigns):
    found = begun(campaigns, as_of=DECEMBER).set_index("campaign_id")
    assert found.index.tolist() == ["spring", "winter"]
    assert found["closed"].tolist() == [True, False]
    assert found["days"].tolist() == [31, 12]
    assert found.loc["spring", "cost"] == 40 and np.isnan(found.loc["winter", "cost"])
    assert begun(campaigns.drop(columns="cost"), as_of=DECEMBER)["cost"].isna().all()


def test_window_sales_are_those_of_treated_contacts_from_first_to_last_day(campaigns, table, order_lines):
    contacts = table(
        "campaign_id customer_id arm",
        ("spring", "Ann", "treated"),
        ("spring", "Ben", "treated"),
        ("spring", "Cem", "holdout"),
    )
    orders = order_lines([
        ("Ann", "2024-02-29", "milk", 1),  # a day early
        ("Ann", "2024-03-01", "milk", 2),
        ("Ann", "2024-03-31", "bread", 4.5),
        ("Ann", "2024-04-01", "milk", 8),  # a day late
        ("Ben", "2024-03-05", "milk", 0, 1, 0, 0),  # only a coupon, no goods: not a buyer
        ("Cem", "2024-03-05", "milk", 16),  # held out
    ])  # fmt: skip
    found = window_sales(contacts, orders, campaigns, as_of=DECEMBER).set_index("campaign_id")
    assert found.loc["spring", ["contacted", "buyers", "sales"]].tolist() == [2, 1, 6.5]
    assert found.loc["winter", ["contacted", "buyers", "sales"]].tolist() == [0, 0, 0]


@pytest.fixture
def redemptions(table):
    return table(
        "campaign_id customer_id incentive_id responded_on kind",
        ("spring", "Ann", "dairy", "2024-03-05", "redeem"),
        ("spring", "Ann", "milk", "2024-03-05", "redeem"),
        ("spring", "Ann", "bread", "2024-03-05", "redeem"),  # no bread was bought: cost not known
        ("spring", "Ben", "milk", "2024-03-05", "redeem"),
        ("spring", "Ben", "milk", "2024-03-04", "open"),
    )


@pytest.fixture
def offers(table):
    return engine.lazy(
        table(
            "campaign_id incentive_id product_id",
            ("spring", "dairy", "milk"), ("spring", "dairy", "butter"), ("spring", "milk", "milk"),
            ("spring", "bread", "bread"), ("winter", "milk", "milk"),
        )
    )  # fmt: skip


@pytest.fixture
def till(order_lines):
    return order_lines([
        ("Ann", "2024-03-05", "milk", 2, 1.00, 0.50),  # covered by two of Ann's coupons: half to each
        ("Ann", "2024-03-05", "butter", 3, 0.40, 0),  # covered by dairy only
        ("Ann", "2024-03-05", "cheese", 3, 9.00, 0),  # another coupon
        ("Ann", "2024-03-06", "milk", 2, 7.00, 0),  # another day
        ("Ben", "2024-03-05", "milk", 2, 0.75, 0),
    ])  # fmt: skip


def test_a_line_covered_by_two_coupons_is_split_and_never_counted_twice(redemptions, till, offers):
    found = coupon_costs(redemptions, till, offers).set_index(["customer_id", "incentive_id"])
    assert found["cost"].to_dict() == pytest.approx(
        {("Ann", "bread"): np.nan, ("Ann", "dairy"): 0.9, ("Ann", "milk"): 0.5, ("Ben", "milk"): 0.75}, nan_ok=True
    )
    assert found["lines"].tolist() == [0, 2, 1, 1]
    assert found["cost"].sum() == pytest.approx(1.00 + 0.40 + 0.75)  # the discounts of the covered lines, once each
    assert found["matched"].sum() == pytest.approx(0.50)


def test_costs_do_not_depend_on_the_order_of_redemptions(redemptions, till, offers):
    expected = coupon_costs(redemptions, till, offers)
    for order in list(permutations(range(5)))[::29]:
        pd.testing.assert_frame_equal(coupon_costs(redemptions.iloc[list(order)], till, offers), expected)


def test_a_campaign_says_for_how_many_redemptions_the_cost_is_known(redemptions, till, offers):
    found = campaign_costs(coupon_costs(redemptions, till, offers)).iloc[0]
    assert found[["campaign_id", "redemptions", "cost_matched"]].tolist() == ["spring", 4, 3]
    assert found["cost_coupons"] == pytest.approx(2.15)
    unknown = campaign_costs(coupon_costs(redemptions[2:3], till, offers)).iloc[0]
    assert unknown["cost_matched"] == 0 and np.isnan(unknown["cost_coupons"])


def test_products_rank_by_sales_opinion_and_incentive(till, table):
    products = table(
        "product_id department", ("milk", "dairy"), ("butter", "dairy"), ("cheese", "deli"), ("bread", "bakery")
    )
    feedback = table("product_id score", ("milk", 3), ("butter", 5), ("cheese", 4), ("bread", 5))
    found = product_rankings(till, products, by="department", feedback=feedback).set_index("department")
    assert found.index.tolist() == ["dairy", "deli"]  # bread was never bought
    assert found["purchase_amount"].tolist() == [9, 3]
    assert found["incentive_amount"].tolist() == [9.15, 9]
    assert found["feedback_score"].tolist() == [4, 4]
    assert found["feedback_score_rank"].tolist() == [1, 1]  # equal values rank alike
    alone = product_rankings(till, products, by="product_id")
    assert alone["product_id"].tolist() == ["milk", "butter", "cheese"]  # 6, then 3 and 3 by id
    assert alone["purchase_amount_rank"].tolist() == [1, 2, 2]
    assert alone["feedback_score"].isna().all() and alone["feedback_score_rank"].isna().all()


def test_an_unknown_grouping_of_products_is_refused(till, table):
    with pytest.raises(ValueError, match="^no column 'aisle' in products; it has product_id, department$"):
        product_rankings(till, table("product_id department", ("milk", "dairy")), by="aisle")


def test_known_costs_are_counted_by_the_first_digit_of_the_coupon():
    costs = pd.DataFrame({"incentive_id": ["51", "52", "10", "11"], "cost": [1.0, None, None, None]})
    found = costs_known(costs)
    assert found.to_dict("list") == {
        "first_digit": ["1", "5"],
        "redemptions": [2, 2],
        "known": [0, 1],
        "share": [0, 0.5],
    }
