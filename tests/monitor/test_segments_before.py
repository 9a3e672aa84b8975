"""Segments on the day before a campaign: nothing later is in them, and the shortened lines tell the same."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.segments_before import days_before, segments_before, shortened
from analysis.segment import features

CUSTOMERS = pd.DataFrame({"customer_id": ["Ann", "Ben", "Cid"]})
PRODUCTS = pd.DataFrame({"product_id": ["pan", "ball"], "department": ["Kitchen", "Sport"]})
CAMPAIGNS = pd.DataFrame(
    {"campaign_id": ["early", "spring"], "starts_on": pd.to_datetime(["2024-01-05", "2024-04-10"])}
)
CONTACTS = pd.DataFrame({
    "campaign_id": ["early", "spring", "spring", "spring"], "customer_id": ["Ann", "Ann", "Ben", "Cid"],
    "contacted_on": pd.to_datetime(["2024-01-05", "2024-04-10", "2024-04-10", "2024-04-10"]),
})  # fmt: skip
RULES = [("often", "frequency >= 2"), ("once", "frequency == 1")]


def lines(rows):
    table = pd.DataFrame(rows, columns=["order_id", "customer_id", "product_id", "ordered_on"])
    table["ordered_on"] = pd.to_datetime(table["ordered_on"]).dt.date
    return table.assign(quantity=1, amount=5.0, discount=0.0, coupon_discount=0.0)


ORDERS = lines([
    ("1", "Ann", "pan", "2024-02-01"), ("2", "Ann", "pan", "2024-03-01"), ("3", "Ben", "ball", "2024-04-09"),
    ("4", "Ben", "ball", "2024-04-10"),  # on the first day of the campaign: it may be its work
    ("5", "Cid", "pan", "2024-05-01"),
])  # fmt: skip


def made(orders=ORDERS, contacts=CONTACTS):
    return segments_before(
        contacts, CAMPAIGNS, engine.lazy(orders), CUSTOMERS, engine.lazy(PRODUCTS), segment_rules=RULES, otherwise="never",
        bins=2, window_days=60, data_from=date(2024, 1, 1),
    )  # fmt: skip


def test_the_segment_is_that_of_the_day_before_the_campaign():
    assert made()[["campaign_id", "customer_id", "segment_before"]].values.tolist() == [
        ["spring", "Ann", "often"], ["spring", "Ben", "once"], ["spring", "Cid", "never"],
    ]  # fmt: skip  # early began before two months were seen


def test_what_comes_on_the_first_day_or_later_changes_nothing():
    later = lines([("9", "Cid", "pan", f"2024-04-{day}") for day in range(10, 30)])
    pd.testing.assert_frame_equal(made(), made(pd.concat([ORDERS, later])))


def test_a_contact_before_the_first_day_moves_the_day_back():
    sooner = CONTACTS.assign(contacted_on=pd.to_datetime(["2024-01-05", "2024-04-09", "2024-04-10", "2024-04-10"]))
    assert days_before(sooner, CAMPAIGNS)["spring"] == pd.Timestamp("2024-04-08")
    assert made(contacts=sooner).set_index("customer_id")["segment_before"]["Ben"] == "never"


def test_no_contact_gives_an_empty_table_with_its_columns():
    found = made(contacts=CONTACTS.head(0))
    assert found.empty and list(found) == ["campaign_id", "customer_id", "segment_before"]


@pytest.mark.parametrize("day", [date(2024, 2, 10), date(2024, 3, 15), date(2024, 4, 30)])
def test_shortened_lines_give_the_same_behaviour_as_all_lines(day):
    rng = np.random.default_rng(5)
    n = 400
    orders = pd.DataFrame({
        "order_id": rng.integers(120, size=n).astype(str), "product_id": rng.choice(["pan", "ball", "cup", "odd"], n),
        "quantity": rng.integers(0, 3, n), "amount": rng.integers(1, 9, n).astype(float), "discount": 1.0, "coupon_discount": 0.5,
        "line_id": range(n),
    })  # fmt: skip
    orders["customer_id"] = "c" + (orders["order_id"].astype(int) % 20).astype(str)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(orders["order_id"].astype(int), unit="D")
    orders["ordered_on"] = (start + pd.to_timedelta(rng.integers(2, size=n), unit="D")).dt.date  # some past midnight
    shelf = engine.lazy(
        pd.DataFrame({"product_id": ["pan", "cup", "ball", "odd"], "department": ["K", "K", "S", None]})
    )
    people = pd.DataFrame({"customer_id": [f"c{i}" for i in range(20)]})
    plain = engine.lazy(orders)
    kept = {"as_of": day, "window_days": 30}
    expected = features.behaviour(plain, people, shelf, **kept)
    pd.testing.assert_frame_equal(features.behaviour(shortened(plain, shelf), people, shelf, **kept), expected)
