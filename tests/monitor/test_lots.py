import math

import pandas as pd
import pytest

from analysis.monitor import lots

COLUMNS = "campaign_id customer_id arm propensity"


def half(n_treated, n_holdout, *, name="spring", share=0.5):
    arms = ["treated"] * n_treated + ["holdout"] * n_holdout
    ids = [f"c{number:03d}" for number in range(len(arms))]
    return pd.DataFrame({"campaign_id": name, "customer_id": ids, "arm": arms, "propensity": share})


def runs(table, *rows):
    found = table("campaign_id kind starts_on measured_until closed", *rows)
    return found.assign(
        starts_on=pd.to_datetime(found["starts_on"]), measured_until=pd.to_datetime(found["measured_until"])
    )


SPRING = ("spring", "mail", "2024-03-01", "2024-03-28", True)
NOBODY = pd.DataFrame({"campaign_id": [], "arm": [], "users": []})


def test_a_lot_has_a_chance_for_every_contact_and_may_have_lost_an_arm(table):
    contacts = table(
        COLUMNS,
        ("lot", "Ann", "treated", 0.9), ("lot", "Ben", "holdout", 0.9),
        ("no holdout", "Ann", "treated", 0.9),  # an alarm, and no comparison with others
        ("no chance", "Ann", "treated", math.nan), ("no chance", "Ben", "holdout", math.nan),
        ("half known", "Ann", "treated", 0.9), ("half known", "Ben", "holdout", math.nan),
        ("all certain", "Ann", "treated", 1.0), ("all certain", "Ben", "holdout", 1.0),
        ("by segment", "Ann", "treated", 0.9), ("by segment", "Ben", "holdout", 0.5),
    )  # fmt: skip
    found = lots.drawn(contacts).set_index("campaign_id")["share"]
    assert found.index.tolist() == ["by segment", "lot", "no holdout"]
    assert found["lot"] == 0.9 and math.isnan(found["by segment"])  # more than one share: known as a lot, not read
    assert lots.drawn(contacts.drop(columns="propensity")).empty
    # "no chance" and "half known" have a holdout, and nobody knows whether lots were drawn; "all certain" drew none
    assert lots.unsaid(contacts, lots.drawn(contacts)) == ["all certain", "half known", "no chance"]


@pytest.mark.parametrize(("arms", "missing"), [((300, 0), "held out"), ((0, 300), "treated"), ((3, 0), "held out")])
def test_a_lot_that_lost_an_arm_is_broken_however_small_it_is(table, arms, missing):
    contacts = half(*arms)
    spend = pd.DataFrame(
        {"spring after": 1.0, "spring before": 1.0, "spring recent": 1.0}, index=contacts["customer_id"]
    )
    users = pd.DataFrame({"campaign_id": ["spring"], "arm": ["treated"], "users": [2 * (arms[0] > 0)]})
    by_lot = lots.customers_by_lot(contacts, lots.drawn(contacts), spend)
    found = check(table, contacts, by_lot, users)[1]
    assert found["broken"] and (found["treated"], found["holdout"]) == arms and math.isnan(found["leaked_share"])
    said = f"nobody {missing} is in the data, where a chance between 0 and 1 was drawn for all"
    assert found["where_broken"] == said
    several = lots.drawn(contacts.assign(propensity=[0.5, 0.9, 0.5] + [0.5] * (sum(arms) - 3)))
    unread = lots.checks(
        by_lot, several, lots.strata(by_lot, several, contacts), users, runs(table, SPRING), contacts
    ).iloc[0]
    assert unread["broken"] and unread["where_broken"] == said and lots.chance_of_split(unread["split_p"]) == ""


def test_a_customer_of_the_lot_without_an_order_spent_nothing_and_an_unseen_span_stays_unknown():
    contacts = half(1, 1)
    spend = pd.DataFrame({"spring after": [5.0], "spring recent": [2.0]}, index=["c000"])
    found = lots.customers_by_lot(contacts[::-1], lots.drawn(contacts), spend)
    assert found["customer_id"].tolist() == ["c000", "c001"] and found["treated"].tolist() == [True, False]
    assert found["after"].tolist() == [5, 0] and found["recent"].tolist() == [2, 0]
    assert found["before"].isna().all()


def world(*, recent_treated, recent_holdout, silent_treated, silent_holdout):
    """A lot of one half; the recent spent 9 in the 90 days before, and everyone 1 in the weeks before."""
    contacts = half(recent_treated + silent_treated, recent_holdout + silent_holdout)
    recent = [9.0] * recent_treated + [0.0] * silent_treated + [9.0] * recent_holdout + [0.0] * silent_holdout
    spend = pd.DataFrame(
        {"spring after": 1.0, "spring before": 1.0, "spring recent": recent}, index=contacts["customer_id"]
    )
    return contacts, lots.customers_by_lot(contacts, lots.drawn(contacts), spend)


def check(table, contacts, by_lot, users=NOBODY, customers=None, *rows):
    customers = pd.DataFrame({"customer_id": contacts["customer_id"].unique()}) if customers is None else customers
    drawn = lots.drawn(contacts)
    groups = lots.strata(by_lot, drawn, customers)
    return groups, lots.checks(by_lot, drawn, groups, users, runs(table, SPRING, *rows), contacts).iloc[0]


def test_a_broken_lot_is_named_with_the_group_in_which_customers_are_missing(table):
    contacts, by_lot = world(recent_treated=100, recent_holdout=100, silent_treated=20, silent_holdout=80)
    groups, found = check(table, contacts, by_lot)
    assert found["broken"] and found["split_p"] < 0.001 and found["share_found"] == 120 / 300
    assert found["where_broken"] == (
        "no order in the 90 days before: 20 treated and 80 held out where 50 % were to be treated; about 60 treated are missing"
    )
    assert groups.set_index("group")["split_p"]["order in the 90 days before"] == 1


def test_held_out_customers_can_be_missing_too_and_the_channel_is_looked_at(table):
    contacts, by_lot = world(recent_treated=100, recent_holdout=100, silent_treated=80, silent_holdout=20)
    channel = ["web"] * 100 + ["app"] * 80 + ["web"] * 100 + ["app"] * 20
    customers = pd.DataFrame({"customer_id": contacts["customer_id"], "channel": channel})
    _, found = check(table, contacts, by_lot.assign(recent=float("nan")), NOBODY, customers)
    assert found["where_broken"].startswith("channel app: 80 treated and 20 held out")
    assert found["where_broken"].endswith("about 60 held out are missing")


def test_a_sound_lot_says_nothing_about_where_it_is_broken(table):
    contacts, by_lot = world(recent_treated=50, recent_holdout=52, silent_treated=49, silent_holdout=50)
    _, found = check(table, contacts, by_lot)
    assert not found["broken"] and pd.isna(found["where_broken"])
    assert (found["treated"], found["holdout"], found["share_meant"]) == (99, 102, 0.5)


def test_users_among_the_held_out_are_scaled_up_by_how_seldom_the_treated_use_it(table):
    contacts, by_lot = world(recent_treated=50, recent_holdout=50, silent_treated=50, silent_holdout=50)
    users = table("campaign_id arm users", ("spring", "holdout", 4), ("spring", "treated", 20))
    _, found = check(table, contacts, by_lot, users)
    assert (found["leaked"], found["leaked_share"]) == (4, 0.04)
    assert found["leaked_estimate"] == pytest.approx(20)  # one in five uses it, so 4 who did stand for 20 who had it
    _, unseen = check(table, contacts, by_lot)  # not even the treated left a trace: nothing can be said
    assert pd.isna(unseen["leaked"]) and math.isnan(unseen["leaked_estimate"])


def test_customers_whom_another_campaign_contacts_meanwhile_are_counted(table):
    contacts, by_lot = world(recent_treated=2, recent_holdout=2, silent_treated=0, silent_holdout=0)
    others = table(
        COLUMNS, ("meanwhile", "c000", "treated", math.nan), ("meanwhile", "c003", "treated", math.nan),
        ("later", "c001", "treated", math.nan), ("meanwhile", "stranger", "treated", math.nan),
    )  # fmt: skip
    more = (
        ("meanwhile", "mail", "2024-03-28", "2024-04-10", True),
        ("later", "mail", "2024-03-29", "2024-04-10", True),
    )
    _, found = check(table, pd.concat([contacts, others]), by_lot, NOBODY, None, *more)
    assert found["elsewhere"] == 2


def test_the_difference_before_is_unknown_where_the_weeks_before_are(table):
    contacts, by_lot = world(recent_treated=5, recent_holdout=5, silent_treated=5, silent_holdout=5)
    spent = by_lot.assign(before=by_lot["treated"].astype(float))  # each treated spent 1 before, nobody else anything
    assert check(table, contacts, spent)[1]["before_difference"] == 2
    assert math.isnan(check(table, contacts, by_lot.assign(before=math.nan))[1]["before_difference"])


def test_without_lots_the_tables_are_empty_and_have_their_columns(table):
    contacts = half(2, 0, share=math.nan)
    drawn = lots.drawn(contacts)
    by_lot = lots.customers_by_lot(contacts, drawn, pd.DataFrame())
    groups = lots.strata(by_lot, drawn, pd.DataFrame({"customer_id": ["c000"]}))
    found = lots.checks(by_lot, drawn, groups, NOBODY, runs(table, SPRING), contacts)
    assert found.empty and found.columns.tolist() == lots.COLUMNS and groups.columns.tolist() == lots.STRATA
