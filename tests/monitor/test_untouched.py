from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.comparison import windows
from analysis.monitor.untouched import scaled_change, untouched_spend

SPAN = windows(pd.Timestamp("2024-03-01"), days=7, data_from=date(2024, 1, 1))  # before from 23 to 29 February
ORDERS = [
    ("Ann", "2024-02-23", "milk", 10), ("Ann", "2024-02-29", "soap", 4), ("Ann", "2024-02-22", "soap", 99),
    ("Ann", "2024-03-01", "cream", 7), ("Ann", "2024-03-07", "soap", 6),
    ("Ben", "2024-03-02", "nails", 5), ("Ben", "2024-03-03", "lost", 3),
]  # fmt: skip
PRODUCTS = pd.DataFrame(
    {"product_id": ["milk", "cream", "soap", "nails"], "category": ["dairy", "dairy", "house", None]}
)


def spend(order_lines, *offered, products=PRODUCTS):
    offers = engine.lazy(pd.DataFrame({"campaign_id": "a", "incentive_id": "off", "product_id": list(offered)}))
    return untouched_spend(order_lines(ORDERS), offers, products, {"a": SPAN})


def test_a_category_is_touched_by_one_offer_in_it(order_lines):
    found = spend(order_lines, "milk")
    assert found.loc["Ann"].to_dict() == {"a before": 4, "a after": 6}  # cream is dairy, as milk is
    assert found.loc["Ben"].to_dict() == {"a before": 0, "a after": 8}  # a product that is not listed was not offered


def test_a_product_without_a_category_stands_for_itself(order_lines):
    assert spend(order_lines, "nails").loc["Ben", "a after"] == 3
    assert spend(order_lines, "milk", products=PRODUCTS[["product_id"]]).loc["Ann", "a after"] == 13


def test_a_campaign_without_offers_has_no_columns(order_lines):
    offers = engine.lazy(pd.DataFrame({"campaign_id": ["b"], "incentive_id": ["off"], "product_id": ["milk"]}))
    assert untouched_spend(order_lines(ORDERS), offers, PRODUCTS, {"a": SPAN}).empty


def test_the_change_is_scaled_up_to_all_spend_of_the_contacted(order_lines):
    untouched = spend(order_lines, "milk").reindex(["Ann", "Ben"], fill_value=0.0)
    before = np.array([14.0, 0.0])
    found = scaled_change(untouched, before, np.array([True, False]), campaign_id="a", weeks=1)
    assert found == pytest.approx([2 / (4 / 14), 8 / (4 / 14)])  # 4 of Ann's 14 are untouched
    assert scaled_change(untouched, before, np.array([True, False]), campaign_id="b", weeks=1) is None
    assert (
        scaled_change(untouched, before, np.array([False, True]), campaign_id="a", weeks=1) is None
    )  # Ben spent nothing before
    assert (
        scaled_change(untouched, before * 100, np.array([True, False]), campaign_id="a", weeks=1) is None
    )  # under 5 %
