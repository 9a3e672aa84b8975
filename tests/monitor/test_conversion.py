import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.monitor.conversion import (
    contact_outcomes,
    conversion_by,
    conversion_rate,
    effective_contacts,
    funnel,
)

NEW_YEAR, DECEMBER = date(2024, 1, 1), date(2024, 12, 31)


@pytest.mark.parametrize(
    ("conversions", "reached", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_conversion_rate_has_the_intervals_of_newcombe_1998_table_1(conversions, reached, low, high):
    found = conversion_rate(conversions, reached)
    assert found.rate == conversions / reached
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_conversion_rate_of_nobody_is_not_known():
    found = conversion_rate([1, 0], [4, 0])
    assert found.rate[0] == 0.25
    assert np.isnan([found.rate[1], found.low[1], found.high[1]]).all()


def test_conversions_beyond_the_reached_are_refused():
    with pytest.raises(ValueError, match="^5 successes in 4 trials; successes run from 0 to 4$"):
        conversion_rate(5, 4)


@pytest.fixture
def spring(table, order_lines):
    """One campaign in March for milk; Ann redeems, Ben buys milk, Cem buys bread, Dee comes late, Eva was held out."""
    return {
        "contacts": table(
            "campaign_id customer_id contacted_on arm",
            ("spring", "Ann", "2024-03-01", "treated"),
            ("spring", "Ben", "2024-03-01", "treated"),
            ("spring", "Cem", "2024-03-01", "treated"),
            ("spring", "Dee", "2024-03-01", "treated"),
            ("spring", "Eva", "2024-03-01", "holdout"),
        ),
        "orders": order_lines([
            ("Ann", "2024-03-05", "milk", 2),
            ("Ben", "2024-03-31", "milk", 2),  # the last day still counts
            ("Cem", "2024-03-01", "bread", 3),  # the first day counts
            ("Cem", "2024-03-02", "milk", 0, 1, 0, 0),  # a coupon on an order, no goods
            ("Dee", "2024-04-01", "milk", 2),  # one day late
            ("Eva", "2024-03-05", "milk", 2),
        ]),
        "offers": engine.lazy(
            table("campaign_id incentive_id product_id", ("spring", "c1", "milk"), ("spring", "c2", "milk"))
        ),
        "responses": table(
            "campaign_id customer_id incentive_id responded_on kind",
            ("spring", "Ann", "c1", "2024-03-07", "redeem"),
            ("spring", "Ann", "c2", "2024-03-05", "redeem"),
            ("spring", "Ben", "c1", "2024-03-02", "open"),
        ),
        "campaigns": table("campaign_id kind starts_on ends_on", ("spring", "mail", "2024-03-01", "2024-03-31")),
    }  # fmt: skip


def test_every_step_counts_customers_once_and_only_inside_the_window(spring):
    found = contact_outcomes(**spring, as_of=DECEMBER, data_from=NEW_YEAR).set_index("customer_id")
    assert found.index.tolist() == ["Ann", "Ben", "Cem", "Dee"]
    assert found["visited"].tolist() == [True, True, True, False]
    assert found["bought_promoted"].tolist() == [True, True, False, False]
    assert found["redeemed"].tolist() == [True, False, False, False]
    assert found.loc["Ann", "redeemed_on"] == pd.Timestamp("2024-03-05")
    assert found["window_closed"].all() and found["seen_from_start"].all()


def test_nothing_after_as_of_is_seen_and_the_window_is_open(spring):
    found = contact_outcomes(**spring, as_of=date(2024, 3, 4), data_from=NEW_YEAR).set_index("customer_id")
    assert found["visited"].tolist() == [False, False, True, False]
    assert not found["redeemed"].any() and not found["window_closed"].any()
    assert contact_outcomes(**spring, as_of=date(2024, 2, 28), data_from=NEW_YEAR).empty


def test_a_campaign_that_sends_nothing_has_no_contacts(spring):
    spring["campaigns"] = spring["campaigns"].assign(kind="A/A")
    assert contact_outcomes(**spring, as_of=DECEMBER, data_from=NEW_YEAR).empty


def test_a_contact_before_the_data_is_flagged(spring):
    found = contact_outcomes(**spring, as_of=DECEMBER, data_from=date(2024, 3, 2))
    assert not found["seen_from_start"].any()


def test_a_contact_of_an_unknown_campaign_is_refused(spring, table):
    spring["campaigns"] = table("campaign_id kind starts_on ends_on", ("autumn", "mail", "2024-09-01", "2024-09-30"))
    with pytest.raises(ValueError, match="^contacts name campaign 'spring', which is not among the 1 campaigns$"):
        contact_outcomes(**spring, as_of=DECEMBER, data_from=NEW_YEAR)


def test_the_funnel_gives_counts_and_wilson_intervals_of_the_contacted(spring):
    found = funnel(contact_outcomes(**spring, as_of=DECEMBER, data_from=NEW_YEAR))
    campaign = found[found["scope"] == "campaign"]
    assert campaign["step"].tolist() == ["contacted", "visited", "bought_promoted", "redeemed"]
    assert campaign["reached"].tolist() == [4, 3, 2, 1]
    assert campaign["rate"].tolist() == [1, 0.75, 0.5, 0.25]
    assert campaign["low"].isna().tolist() == [True, False, False, False]  # contacted is 1 by definition
    # one contact per customer: the plain interval of 1 of 4
    assert campaign[["low", "high"]].iloc[-1].tolist() == pytest.approx(conversion_rate(1, 4)[3:])
    assert found["scope"].value_counts().to_dict() == {"all": 4, "kind": 4, "campaign": 4}


def test_conversion_by_group_keeps_customers_whose_group_is_not_known(spring, table):
    outcomes = contact_outcomes(**spring, as_of=DECEMBER, data_from=NEW_YEAR)
    groups = table("customer_id age", ("Ann", "young"), ("Ben", "old"), ("Cem", "young"), ("Dee", None))
    found = conversion_by(outcomes, groups, by="age")
    assert found["group"].tolist()[:2] == ["old", "young"] and pd.isna(found["group"].iloc[2])
    assert found["reached"].tolist() == [0, 1, 0] and found["contacted"].tolist() == [1, 2, 1]
    with pytest.raises(ValueError, match="^customer 'Ann' has two rows; groups need one per customer$"):
        conversion_by(outcomes, pd.concat([groups, groups.head(1)]), by="age")


def test_customers_who_always_or_never_redeem_count_once_each():
    hit = np.array([True, True, True, False, False, False])
    customers = pd.Series(["Ann", "Ann", "Ann", "Ben", "Ben", "Ben"])
    # deviations sum to +1.5 and -1.5: variance 2/1 * 4.5 = 9 against 6 * 0.25 = 1.5, so six contacts are worth one
    assert effective_contacts(hit, customers) == pytest.approx(1.0)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.booleans()), min_size=1, max_size=30))
def test_contacts_are_worth_at_most_their_number_and_order_does_not_matter(rows):
    hit, customers = np.array([row[1] for row in rows]), pd.Series([row[0] for row in rows])
    found = effective_contacts(hit, customers)
    assert 0 < found <= len(rows) + 1e-9
    assert effective_contacts(hit[::-1], customers[::-1]) == pytest.approx(found)
    alone = pd.Series([str(number) for number in range(len(rows))])
    assert effective_contacts(hit, alone) == len(rows)
    assert not math.isnan(found)
