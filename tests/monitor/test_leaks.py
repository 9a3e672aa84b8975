import pandas as pd

from analysis import engine
from analysis.monitor.leaks import users

CONTACTS = "campaign_id customer_id arm"


def runs(table, *more):
    found = table("campaign_id starts_on measured_until", ("spring", "2024-03-01", "2024-03-28"), *more)
    return found.assign(
        starts_on=pd.to_datetime(found["starts_on"]), measured_until=pd.to_datetime(found["measured_until"])
    )


def test_a_discount_on_a_covered_product_while_the_campaign_runs_is_a_use(table, order_lines):
    contacts = table(
        CONTACTS, ("spring", "Ann", "treated"), *(("spring", name, "holdout") for name in ("Ben", "Cem", "Dee", "Eva"))
    )
    offers = engine.lazy(table("campaign_id incentive_id product_id", ("spring", "five-off", "milk")))
    orders = order_lines([
        ("Ann", "2024-03-01", "milk", 9.0, 5.0, 0.0),
        ("Ben", "2024-03-28", "milk", 9.0, 5.0, 0.0), ("Ben", "2024-03-20", "milk", 9.0, 5.0, 0.0),  # twice: one user
        ("Cem", "2024-03-29", "milk", 9.0, 5.0, 0.0),  # a day late
        ("Dee", "2024-03-10", "bread", 9.0, 5.0, 0.0),  # not covered
        ("Eva", "2024-03-10", "milk", 9.0),  # no discount
    ])  # fmt: skip
    found = users(contacts, ["spring"], table("campaign_id customer_id kind"), orders, offers, runs(table))
    assert found.to_dict("records") == [
        {"campaign_id": "spring", "arm": "holdout", "users": 1},
        {"campaign_id": "spring", "arm": "treated", "users": 1},
    ]


def test_a_redemption_in_the_list_counts_and_an_opened_mail_does_not(table, order_lines):
    contacts = table(CONTACTS, ("spring", "Ben", "holdout"), ("spring", "Cem", "holdout"), ("other", "Dee", "holdout"))
    responses = table(
        "campaign_id customer_id kind",
        ("spring", "Ben", "redeem"),
        ("spring", "Cem", "open"),
        ("other", "Dee", "redeem"),
    )
    offers = engine.lazy(table("campaign_id incentive_id product_id", ("spring", "gift", "milk")))
    orders = order_lines([("Ben", "2024-03-10", "milk", 9.0)])
    found = users(contacts, ["spring"], responses, orders, offers, runs(table, ("other", "2024-03-01", "2024-03-28")))
    assert found.to_dict("records") == [{"campaign_id": "spring", "arm": "holdout", "users": 1}]


def test_who_was_treated_by_another_campaign_at_that_time_may_have_used_that_ones_coupon(table, order_lines):
    contacts = table(
        CONTACTS,
        ("spring", "Ben", "holdout"),
        ("spring", "Cem", "holdout"),
        ("meanwhile", "Ben", "treated"),
        ("later", "Cem", "treated"),
    )
    offers = engine.lazy(table("campaign_id incentive_id product_id", ("spring", "five-off", "milk")))
    orders = order_lines([(name, "2024-03-10", "milk", 9.0, 5.0, 0.0) for name in ("Ben", "Cem")])
    more = (("meanwhile", "2024-03-05", "2024-03-15"), ("later", "2024-05-01", "2024-05-28"))
    found = users(contacts, ["spring"], table("campaign_id customer_id kind"), orders, offers, runs(table, *more))
    assert found["users"].tolist() == [1]  # Cem
