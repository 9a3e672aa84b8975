import math

import pandas as pd
import pytest

from analysis.monitor.naive import audience, naive_effect

MARCH = pd.Timestamp("2024-03-01")


@pytest.fixture
def customers(table):
    return table(
        "customer_id joined_on consent",
        ("Ann", "2023-01-01", "yes"), ("Ben", "2023-01-01", "yes"), ("Cem", "2024-03-02", "yes"),  # Cem joins a day late
        ("Dee", "2023-01-01", "no"), ("Eva", None, "yes"), ("Fay", "2023-01-01", None),
    )  # fmt: skip


def test_the_audience_has_joined_and_agreed(customers):
    assert audience(customers[::-1], on=MARCH).to_dict() == {
        "Ann": True, "Ben": True, "Cem": False, "Dee": False, "Eva": True, "Fay": False,
    }  # fmt: skip


def test_what_the_data_does_not_record_leaves_nobody_out(customers):
    assert audience(customers[["customer_id"]], on=MARCH).all()
    assert audience(customers.assign(consent=None), on=MARCH).sum() == 5  # all but Cem


def test_the_naive_effect_is_the_difference_of_two_plain_means(customers):
    spend = pd.Series({"Ann": 30.0, "Ben": 8.0, "Dee": 900.0})  # Eva has no order and counts as 0, Dee is no comparison
    reached = pd.Series({"Ann": True, "Ben": False, "Cem": False, "Dee": False, "Eva": False, "Fay": False})
    assert naive_effect(spend, reached, customers, on=MARCH) == 30 - (8 + 0) / 2
    assert math.isnan(naive_effect(spend, ~reached & reached, customers, on=MARCH))
