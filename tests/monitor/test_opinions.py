"""Opinions by department, and what follows them: by hand, and against a slow count."""

from datetime import date

import pandas as pd
import pytest

from analysis import engine
from analysis.inference.proportions import wilson_interval
from analysis.monitor.opinions import again_shares, by_department, followed, with_department

FEEDBACK = pd.DataFrame(
    [
        ("Ann", "pan", "2024-01-10", "need", "email", 1),
        ("Ann", "ball", "2024-03-20", "need", "email", 0),  # its month is not over
        ("Ben", "ball", "2024-01-10", "need", "phone", 0),
        ("Ben", "odd", "2024-01-11", "inquiry", "phone", None),  # nobody asked
        ("Cid", "pan", "2024-02-01", "inquiry", "email", 0),
    ],
    columns=["customer_id", "product_id", "given_on", "kind", "channel", "satisfied"],
).assign(given_on=lambda t: pd.to_datetime(t["given_on"]))
PRODUCTS = pd.DataFrame({"product_id": ["pan", "ball", "odd"], "department": ["Kitchen", "Sport", None]})
ORDERS = [
    ("Ann", "2024-01-10"),
    ("Ann", "2024-02-09"),
    ("Ben", "2024-01-10"),
    ("Ben", "2024-02-10"),
    ("Cid", "2024-02-02"),
    ("Ann", "2024-03-21"),
]
UNTIL = date(2024, 3, 31)


def orders(rows=ORDERS):
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on"])
    return engine.lazy(table.assign(ordered_on=pd.to_datetime(table["ordered_on"]).dt.date, quantity=1))


def test_only_later_days_count_and_only_opinions_whose_days_are_over():
    found = followed(FEEDBACK, orders(), again_days=30, as_of=UNTIL)
    assert found[["customer_id", "satisfied", "ordered_again"]].values.tolist() == [
        ["Ann", True, True],  # on the thirtieth day after; the order on the day itself would not have counted
        ["Ben", False, False],  # on the day itself and on the thirty-first
        ["Cid", False, True],
    ]


def test_an_opinion_at_the_edge_of_the_data_is_followed_to_its_end():
    edge = followed(FEEDBACK, orders(), again_days=11, as_of=UNTIL)
    assert len(edge) == 4 and len(followed(FEEDBACK, orders(), again_days=12, as_of=UNTIL)) == 3


def test_shares_have_counts_and_wilsons_interval_where_customers_are_different():
    found = again_shares(followed(FEEDBACK, orders(), again_days=30, as_of=UNTIL)).set_index(["kind", "answer"])
    row = found.loc[("all", "not satisfied")]
    assert (row["again"], row["opinions"], row["customers"]) == (1, 2, 2)
    assert (row["low"], row["high"]) == pytest.approx(wilson_interval(1, 2))
    assert found.loc[("need", "satisfied"), "rate"] == 1 and found.loc[("inquiry", "satisfied"), "opinions"] == 0


def test_opinions_of_one_customer_are_worth_less_than_as_many_customers():
    alike = pd.DataFrame({"customer_id": [f"c{n // 5}" for n in range(100)], "kind": "need", "satisfied": True,
                          "ordered_again": [n // 5 % 2 == 0 for n in range(100)]})  # fmt: skip
    row = again_shares(alike).iloc[0]
    low, high = wilson_interval(50, 100)
    assert row["low"] < low - 0.05 and row["high"] > high + 0.05


def test_departments_stand_in_the_place_of_products():
    found = by_department(with_department(FEEDBACK, PRODUCTS)).set_index(["kind", "by", "name"])
    assert found.loc[("need", "department", "Sport"), ["opinions", "satisfied"]].tolist() == [2, 0]
    assert found.loc[("need", "all", "all"), "opinions"] == 3
    assert found.loc[("inquiry", "all", "all"), ["opinions", "unknown"]].tolist() == [1, 1]
    assert set(found.index.get_level_values("by")) == {"all", "channel", "department"}


def test_no_opinion_gives_empty_shares():
    empty = followed(FEEDBACK.head(0), orders(), again_days=30, as_of=UNTIL)
    assert empty.empty and again_shares(empty)["opinions"].tolist() == [0, 0]
