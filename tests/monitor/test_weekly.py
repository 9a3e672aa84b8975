from datetime import date

import pandas as pd

from analysis.monitor.weekly import weekly


def test_a_week_runs_from_monday_to_sunday_and_counts_each_customer_once(table, order_lines):
    orders = order_lines([
        ("Ann", "2024-01-03", "milk", 1),  # Wednesday of a week that began before the data
        ("Ann", "2024-01-08", "milk", 2),  # Monday
        ("Ann", "2024-01-14", "milk", 4),  # Sunday
        ("Ben", "2024-01-10", "milk", 8),
        ("Cem", "2024-01-10", "milk", 0, 1, 0, 0),  # only a coupon: not active
        ("Ann", "2024-01-22", "milk", 16),
    ])  # fmt: skip
    campaigns = table(
        "campaign_id starts_on ends_on",
        ("a", "2024-01-10", "2024-01-15"),
        ("b", "2024-01-21", "2024-02-10"),
        ("c", "2024-01-22", "2024-02-10"),
    )
    contacts = table(
        "campaign_id customer_id contacted_on arm", ("a", "Ann", "2024-01-10", "treated"),
        ("a", "Ben", "2024-01-10", "treated"), ("b", "Ann", "2024-01-21", "treated"),
        ("b", "Ben", "2024-01-21", "holdout"), ("c", "Cem", "2024-01-22", "treated"),
    )  # fmt: skip
    responses = table(
        "campaign_id customer_id incentive_id responded_on kind", ("a", "Ann", "x", "2024-01-14", "redeem"),
        ("a", "Ann", "y", "2024-01-14", "redeem"), ("a", "Ben", "x", "2024-01-15", "redeem"),
        ("a", "Ben", "x", "2024-01-15", "open"),
    )  # fmt: skip
    found = weekly(orders, contacts, campaigns, responses, data_from=date(2024, 1, 3), as_of=date(2024, 1, 28))
    assert found["week_starts_on"].dt.strftime("%m-%d").tolist() == ["01-01", "01-08", "01-15", "01-22"]
    assert found["full"].tolist() == [False, True, True, True]
    assert found["sales"].tolist() == [1, 14, 0, 16]
    assert found["customers_active"].tolist() == [1, 2, 0, 1]
    assert found["redemptions"].tolist() == [0, 2, 1, 0]
    assert found["contacts_redeemed"].tolist() == [0, 1, 1, 0]
    assert found["contacted_open"].tolist() == [0, 2, 3, 2]  # Sunday belongs to the week, Monday to the next
    cut = weekly(orders, contacts, campaigns, responses, data_from=date(2024, 1, 3), as_of=date(2024, 1, 27))
    assert cut["full"].tolist() == [False, True, True, False]  # Saturday: the last week is not over
    turned = contacts[::-1], campaigns[::-1], responses[::-1]
    again = weekly(orders, *turned, data_from=date(2024, 1, 3), as_of=date(2024, 1, 28))
    pd.testing.assert_frame_equal(again, found)
