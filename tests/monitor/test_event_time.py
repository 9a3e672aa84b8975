from datetime import date

import pandas as pd
import pytest

from analysis.monitor.comparison import Rules
from analysis.monitor.event_time import event_time

RULES = Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=2)
OPTIONS = {"as_of": date(2024, 3, 14), "data_from": date(2024, 1, 1), "weeks": 2, "rules": RULES, "seed": 1}

CONTACTS = ("campaign_id customer_id arm", ("spring", "Ann", "treated"), ("spring", "Ben", "treated"),
            ("small", "Eva", "treated"), ("early", "Ann", "treated"),
            ("early", "Ben", "treated"), ("early", "Cem", "treated"))  # fmt: skip
CAMPAIGNS = ("campaign_id kind starts_on ends_on", ("spring", "mail", "2024-03-01", "2024-03-14"),
             ("small", "mail", "2024-03-01", "2024-03-14"), ("early", "mail", "2024-01-05", "2024-01-10"))  # fmt: skip
ORDERS = [
    ("Ann", "2024-02-16", "milk", 10), ("Ben", "2024-02-22", "milk", 20),  # week -2: both ends
    ("Ann", "2024-02-23", "milk", 12),  # week -1
    ("Ann", "2024-03-01", "milk", 30), ("Ben", "2024-03-07", "milk", 40), ("Cem", "2024-03-02", "milk", 8),  # week 0
    ("Dee", "2024-03-14", "milk", 6), ("Ann", "2024-03-14", "milk", 5),  # week 1
]  # fmt: skip


def test_each_week_compares_the_means_of_both_groups(table, order_lines):
    contacts = table(*CONTACTS).query("campaign_id == 'spring'")
    customers = table("customer_id", "Ann", "Ben", "Cem", "Dee")
    found = event_time(contacts, order_lines(ORDERS), table(*CAMPAIGNS), customers, **OPTIONS)
    assert found["week"].tolist() == [-2, -1, 0, 1]
    assert found["campaign_id"].unique().tolist() == ["spring"]
    assert found["contacted_mean"].tolist() == [15, 6, 35, 2.5]
    assert found["comparable_mean"].tolist() == pytest.approx([0, 0, 4, 3])
    assert found[["contacted", "contacted_left_out", "comparable"]].drop_duplicates().to_numpy().tolist() == [[2, 0, 2]]
    gaps = [15, 6, 31, -0.5]  # of which 10.5 on average before the start
    assert found["difference"].tolist() == pytest.approx([gap - 10.5 for gap in gaps])
    assert (found["band_low"] <= found["low"]).all() and (found["low"] <= found["high"]).all()
    assert (found["high"] <= found["band_high"]).all()


def test_of_each_kind_it_shows_the_biggest_campaign_whose_weeks_are_in_the_data(table, order_lines):
    customers = table("customer_id", "Ann", "Ben", "Cem", "Dee", "Eva")
    found = event_time(table(*CONTACTS), order_lines(ORDERS), table(*CAMPAIGNS), customers, **OPTIONS)
    assert found["campaign_id"].unique().tolist() == ["spring"]  # early has more contacts but no weeks before
    late = event_time(table(*CONTACTS), order_lines(ORDERS), table(*CAMPAIGNS), customers,
                      **OPTIONS | {"as_of": date(2024, 3, 13)})  # fmt: skip
    assert late.empty and isinstance(late, pd.DataFrame)  # a day is missing


def test_a_campaign_by_lot_is_held_against_those_held_out_and_nobody_else(table, order_lines):
    names = ["Ann", "Ben", "Cem", "Dee", "Eva", "Fay"]  # two treated, two held out; Eva and Fay were in no arm
    contacts = table(
        "campaign_id customer_id arm",
        *(("a", n, "treated") for n in names[:2]),
        *(("a", n, "holdout") for n in names[2:4]),
    )
    campaigns = table("campaign_id kind starts_on ends_on", ("a", "mail", "2024-03-01", "2024-03-07"))
    spent = {"Ann": 9, "Ben": 7, "Cem": 5, "Dee": 1, "Eva": 100, "Fay": 200}
    orders = order_lines(
        [(name, day, "milk", amount) for name, amount in spent.items() for day in ("2024-01-05", "2024-03-03")]
    )
    rules = Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=2)
    options = {"as_of": date(2024, 6, 30), "data_from": date(2024, 1, 1), "weeks": 2, "rules": rules, "seed": 1}
    customers = table("customer_id", *((name,) for name in names))
    found = event_time(contacts, orders, campaigns, customers, methods={"a": "lot"}, **options).set_index("week").loc[0]
    assert (found["contacted_mean"], found["comparable_mean"], found["comparable"]) == (8, 3, 2)
    assert event_time(contacts, orders, campaigns, customers, methods={}, **options).empty
