"""Contacts as many days earlier, of every kind, and by what came before."""

from datetime import date

import pandas as pd

from analysis.monitor.conversion import funnel
from analysis.report.conversion import contacts

CAMPAIGNS = pd.DataFrame({
    "campaign_id": ["May", "June", "later"], "kind": ["A", "B", "B"],
    "starts_on": pd.to_datetime(["2017-05-11", "2017-06-21", "2017-08-01"]),
    "ends_on": pd.to_datetime(["2017-05-20", "2017-07-31", "2017-08-09"]),
})  # fmt: skip
CONTACTS = pd.DataFrame({
    "campaign_id": ["May", "June", "later"], "customer_id": ["Ann", "Ann", "Bob"],
    "contacted_on": pd.to_datetime(["2017-05-12", "2017-06-21", "2017-08-01"]), "arm": "treated",
})  # fmt: skip


def outcomes(*rows):
    """campaign, customer, kind, contacted, redeemed on (or None), seen from the start"""
    table = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "kind", "contacted_on", "redeemed_on", "seen"])
    table["contacted_on"], table["redeemed_on"] = (
        pd.to_datetime(table["contacted_on"]),
        pd.to_datetime(table["redeemed_on"]),
    )
    return table.assign(redeemed=table["redeemed_on"].notna(), seen_from_start=table.pop("seen"))  # fmt: skip


def test_a_campaign_moves_back_by_its_own_days():
    moved = contacts.moved_back(CONTACTS, CAMPAIGNS, as_of=date(2017, 6, 30))
    may, june = moved.campaigns.to_dict("records")  # the one of August has not begun
    assert (may["starts_on"], may["ends_on"]) == (pd.Timestamp("2017-05-01"), pd.Timestamp("2017-05-10"))
    # June runs on after the date of the data: ten days are measured, 21 to 30 June
    assert (june["starts_on"], june["ends_on"]) == (pd.Timestamp("2017-06-11"), pd.Timestamp("2017-06-20"))
    assert moved.contacts["contacted_on"].tolist() == [pd.Timestamp("2017-05-02"), pd.Timestamp("2017-06-11")]


def test_only_contacts_whose_days_before_are_in_the_data_are_matched():
    now = outcomes(("1", "Ann", "A", "2017-05-01", None, True), ("1", "Bob", "A", "2017-05-01", None, True))
    before = now.assign(seen_from_start=[False, True])
    pairs = contacts.matched(now, before)
    assert pairs.during["customer_id"].tolist() == pairs.before["customer_id"].tolist() == ["Bob"]


def test_customers_of_every_kind_keep_all_their_contacts():
    table = outcomes(
        ("1", "Ann", "A", "2017-05-01", None, True), ("2", "Ann", "B", "2017-06-01", None, True),
        ("3", "Ann", "B", "2017-07-01", None, True), ("1", "Bob", "A", "2017-05-01", None, True),
    )  # fmt: skip
    assert contacts.of_every_kind(table)["campaign_id"].tolist() == ["1", "2", "3"]


def test_history_is_what_had_happened_before_the_day_of_the_contact():
    table = contacts.with_history(outcomes(
        ("0", "Cat", "A", "2016-12-01", None, False),  # from before the data: no row, but Cat was contacted
        ("1", "Ann", "A", "2017-05-01", "2017-05-20", True),
        ("2", "Ann", "B", "2017-05-10", None, True),  # her redemption of the 20th is still to come
        ("3", "Ann", "B", "2017-05-20", None, True),  # the same day is not before
        ("4", "Ann", "B", "2017-06-01", None, True),
        ("5", "Cat", "B", "2017-06-01", None, True),
    ))  # fmt: skip
    assert table.set_index("campaign_id")["history"].to_dict() == {
        "1": contacts.FIRST, "2": contacts.NOT_YET, "3": contacts.NOT_YET, "4": contacts.BEFORE, "5": contacts.NOT_YET,
    }  # fmt: skip


def test_crossed_counts_come_back_by_kind_and_history():
    table = outcomes(
        ("1", "Ann", "A", "2017-05-01", "2017-05-02", True), ("2", "Ann", "B", "2017-06-01", None, True),
        ("1", "Bob", "A", "2017-05-01", None, True), ("2", "Bob", "B", "2017-06-01", "2017-06-02", True),
    ).assign(visited=True, bought_promoted=True, window_closed=True)  # fmt: skip
    rates = contacts.uncrossed(funnel(contacts.crossed(contacts.with_history(table))))
    assert list(zip(rates["kind"], rates["history"], rates["reached"], rates["contacted"], strict=True)) == [
        ("all kinds", contacts.FIRST, 1, 2), ("all kinds", contacts.NOT_YET, 1, 1), ("all kinds", contacts.BEFORE, 0, 1),
        ("A", contacts.FIRST, 1, 2), ("B", contacts.NOT_YET, 1, 1), ("B", contacts.BEFORE, 0, 1),
    ]  # fmt: skip
