"""Every row that breaks a rule is set aside with its reason, and nothing is lost between in and out."""

from datetime import date

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.clean import contract, quality
from analysis.clean.quarantine import because, clean
from analysis.tables import CANONICAL

DAY = date(2017, 12, 31)


def order_lines(*rows):
    """Raw order lines from (order, line, customer, UTC moment, quantity, amount, coupon)."""
    names = ["order_id", "line_id", "customer_id", "ordered_at", "quantity", "amount", "coupon_discount"]
    frame = pd.DataFrame(rows, columns=names)
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    return frame.assign(product_id=frame["line_id"], discount=0.0, coupon_match=0.0)


def cleaned(frame, table="orders", *, valid=None, as_of=DAY, unseen=None):
    typed = contract.typed(engine.lazy(frame), CANONICAL[table], time_zone="America/New_York")
    result = clean(typed, CANONICAL[table], valid=valid or {}, as_of=as_of, unseen=unseen)
    kept = engine.collect(result.valid.sort(*CANONICAL[table].key))
    return kept, result.set_aside, result.counts


def test_each_line_is_kept_or_set_aside_for_its_first_reason():
    kept, aside, _ = cleaned(
        order_lines(
            ("o1", "milk", "Ann", "2017-05-01 15:00", 2, 3.98, 0.0),
            ("o1", "coupon", "Ann", "2017-05-01 15:00", 0, 0.0, 1.50),  # a coupon on the whole order is real money
            ("o1", "bread", "Ann", "2017-05-01 15:00", 0, 0.0, 0.0),  # taken back at the till
            ("o2", "eggs", "Bob", "2017-05-02 15:00", 0, 0.07, 0.0),
            ("o3", "tea", None, "2017-05-02 15:00", 1, 4.00, 0.0),
            ("o4", "jam", "Cy", "2017-05-02 15:00", 1, -4.00, 0.0),
        )
    )
    assert list(kept["line_id"]) == ["coupon", "milk"]
    assert aside.set_index("key")["reason"].to_dict() == {
        "o1 / bread": "nothing happened",
        "o2 / eggs": "money without goods",
        "o3 / tea": "no customer_id",
        "o4 / jam": "negative amount",
    }


def test_the_business_day_is_the_shops_and_not_utc():
    kept, _, _ = cleaned(order_lines(("o1", "milk", "Ann", "2018-01-01 04:01:20", 1, 2.0, 0.0)))
    assert pd.Timestamp(kept["ordered_on"].iloc[0]).date() == date(2017, 12, 31)


def test_what_happened_after_the_day_of_the_study_is_neither_kept_nor_set_aside():
    kept, aside, counts = cleaned(
        order_lines(
            ("o1", "milk", "Ann", "2017-09-30 15:00", 1, 2.0, 0.0),
            ("o2", "milk", "Ann", "2017-10-01 03:00", 1, 3.0, 0.0),  # still 30 September in the shop
            ("o3", "milk", "Ann", "2017-10-01 15:00", 1, 5.0, 0.0),
        ),
        as_of=date(2017, 9, 30),
    )
    assert list(kept["order_id"]) == ["o1", "o2"] and aside.empty
    later = counts.set_index("outcome").loc["not yet seen"]
    assert (later["rows"], later["amount"]) == (1, 5.0)


def test_a_visit_belongs_to_the_day_of_the_shops_and_is_not_seen_before_it():
    visits = pd.DataFrame({
        "customer_id": ["Ann", "Bob"],
        "visited_at": pd.to_datetime(["2018-01-01 04:59", "2018-01-01 05:01"]),  # still, and no longer, 31 December in New York
    })  # fmt: skip
    kept, aside, counts = cleaned(visits, "visits")
    assert list(kept["customer_id"]) == ["Ann"] and aside.empty
    assert pd.Timestamp(kept["visited_on"].iloc[0]).date() == DAY
    assert counts.set_index("outcome")["rows"].to_dict() == {"in": 2, "kept": 1, "not yet seen": 1}


def test_who_joins_after_the_day_is_not_yet_a_customer_and_who_does_not_say_is_one():
    joined = pd.to_datetime(["2017-12-31", "2018-01-01", None])
    kept, _, counts = cleaned(pd.DataFrame({"customer_id": ["Ann", "Bob", "Cy"], "joined_on": joined}), "customers")
    assert list(kept["customer_id"]) == ["Ann", "Cy"]
    assert counts.set_index("outcome")["rows"]["not yet seen"] == 1
    kept, _, counts = cleaned(pd.DataFrame({"customer_id": ["Ann", "Bob"]}), "customers")  # a source without the day
    assert list(kept["customer_id"]) == ["Ann", "Bob"] and "not yet seen" not in list(counts["outcome"])


def test_of_exact_copies_one_is_kept_and_rows_that_share_only_a_key_are_all_set_aside():
    offers = pd.DataFrame(
        [("c1", "k1", "p1"), ("c1", "k1", "p1"), ("c1", "k1", "p1"), ("c1", "k2", "p1")],
        columns=["campaign_id", "incentive_id", "product_id"],
    )
    valid = {"campaigns": engine.lazy(pd.DataFrame({"campaign_id": ["c1"]}))}
    kept, aside, counts = cleaned(offers, "offers", valid=valid)
    assert list(kept["incentive_id"]) == ["k1", "k2"] and aside.empty
    assert counts.set_index("outcome")["rows"].to_dict() == {"in": 4, "kept": 2, "exact copy": 2}
    products = pd.DataFrame({"product_id": ["p1", "p1", "p2"], "name": ["tea", "jam", "milk"]})
    kept, aside, _ = cleaned(products, "products")
    assert list(kept["product_id"]) == ["p2"]
    assert list(aside["reason"]) == ["same key", "same key"]


def test_money_of_exact_copies_is_counted_with_them():
    row = ("o1", "milk", "Ann", "2017-03-01 12:00", 1, 2.5, 0.0)
    _, aside, counts = cleaned(order_lines(row, row, row, ("o2", "tea", "Ann", "2017-03-01 12:00", 1, 4.0, 0.0)))
    assert aside.empty
    amounts = counts.set_index("outcome")["amount"]
    assert amounts.to_dict() == {"in": 11.5, "kept": 6.5, "not yet seen": 0.0, "exact copy": 5.0}


def test_a_redemption_counts_only_for_the_contacted_and_inside_the_campaign():
    valid = {
        "customers": engine.lazy(pd.DataFrame({"customer_id": ["Ann", "Bob"]})),
        "campaigns": engine.lazy(
            pd.DataFrame({"campaign_id": ["c1"], "starts_on": [date(2017, 3, 1)], "ends_on": [date(2017, 3, 31)]})
        ).with_columns(nw.col("starts_on", "ends_on").cast(nw.Date)),
        "contacts": engine.lazy(pd.DataFrame({"campaign_id": ["c1"], "customer_id": ["Ann"]})),
    }
    rows = [
        ("c1", "Ann", "2017-03-01"),
        ("c1", "Ann", "2017-04-01"),
        ("c1", "Bob", "2017-03-05"),
        ("c9", "Ann", "2017-03-05"),
    ]
    responses = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "responded_on"])
    responses = responses.assign(
        incentive_id="k1", kind="redeem", responded_on=pd.to_datetime(responses["responded_on"])
    )
    kept, aside, _ = cleaned(responses, "responses", valid=valid)
    assert len(kept) == 1
    assert sorted(aside["reason"]) == ["not contacted", "outside the campaign", "unknown campaign_id"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Ann", "Bob", None]),
            st.sampled_from([0, 1, 3]),
            st.integers(-200, 900),
            st.integers(0, 150),
            st.integers(1, 28),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_rows_and_cents_in_are_rows_and_cents_out_whatever_comes_in(lines):
    frame = order_lines(
        *(
            (f"o{i}", "milk", who, f"2017-10-{day:02d} 15:00", pieces, cents / 100, coupon / 100)
            for i, (who, pieces, cents, coupon, day) in enumerate(lines)
        )
    )
    kept, aside, counts = cleaned(frame, as_of=date(2017, 10, 14))
    row = quality.quality(counts).iloc[0]
    assert row.rows_in == len(lines) == len(kept) + len(aside) + row.rows_not_yet_seen
    assert round(row.amount_in * 100) == sum(cents for _, _, cents, _, _ in lines)
    assert round((row.amount_kept + row.amount_set_aside + row.amount_not_yet_seen) * 100) == sum(
        line[2] for line in lines
    )


def test_every_reason_has_words_that_follow_because():
    assert because("orders", "no customer_id") == "customer_id is empty"
    assert because("responses", "unknown campaign_id") == "campaign_id is not in the table campaigns"
    assert because("offers", "exact copy") == "it is an exact copy of another row"


def test_a_table_without_a_needed_column_is_refused_by_name():
    with pytest.raises(KeyError, match="table 'orders' has no column 'amount'; it has"):
        cleaned(order_lines(("o1", "milk", "Ann", "2017-05-01 15:00", 2, 3.98, 0.0)).drop(columns="amount"))


def test_the_coupons_of_a_campaign_to_come_are_not_yet_seen_and_those_of_no_campaign_are_set_aside():
    rows = [("now", "k1", "p1"), ("to come", "k2", "p1"), ("nowhere", "k3", "p1")]
    offers = pd.DataFrame(rows, columns=["campaign_id", "incentive_id", "product_id"])
    valid = {"campaigns": engine.lazy(pd.DataFrame({"campaign_id": ["now"]}))}
    unseen = {"campaigns": engine.lazy(pd.DataFrame({"campaign_id": ["to come", "to come"]}))}
    kept, aside, counts = cleaned(offers, "offers", valid=valid, unseen=unseen)
    assert list(kept["campaign_id"]) == ["now"]
    assert list(aside["reason"]) == ["unknown campaign_id"]
    assert counts.set_index("outcome")["rows"].to_dict() == {
        "in": 3,
        "kept": 1,
        "not yet seen": 1,
        "unknown campaign_id": 1,
    }
