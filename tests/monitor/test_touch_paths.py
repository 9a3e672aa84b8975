"""Which touches stand on the path to an order, on one to nothing, or on none."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.monitor.touch_paths import base, paths, touches_of

YEAR = {
    "touch_days": 10,
    "data_from": date(2023, 12, 22),
    "as_of": date(2024, 3, 31),
}  # paths count from 1 January 2024


def touched(rows):
    table = pd.DataFrame(rows, columns=["customer_id", "touched_on", "channel"])
    return table.assign(touched_on=pd.to_datetime(table["touched_on"]))


def ordered(rows):
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on"])
    return engine.lazy(table.assign(ordered_on=pd.to_datetime(table["ordered_on"]).dt.date, quantity=1))


def walked(found):
    """Each path as its customer, its channels in order, and whether it led to an order."""
    rows = found.touches.sort_values(["path", "place"]).groupby("path")
    return sorted(
        (part["customer_id"].iloc[0], "".join(part["channel"]), bool(part["converted"].iloc[0])) for _, part in rows
    )


def test_touches_since_the_order_before_and_in_the_days_before_are_its_path():
    touches = touched([
        ("Ann", "2024-01-05", "e"), ("Ann", "2024-01-09", "a"), ("Ann", "2024-01-12", "e"),
        ("Ann", "2024-01-20", "s"),
        ("Ben", "2024-02-01", "a"),  # eleven days before the order: too early
        ("Ben", "2024-02-03", "e"),
        ("Eve", "2024-02-10", "a"),  # on the tenth day before
        ("Cid", "2024-02-01", "s"),  # on the day of the order, which counts as before it
    ])  # fmt: skip
    orders = ordered(
        [
            ("Ann", "2024-01-12"),
            ("Ann", "2024-01-25"),
            ("Ben", "2024-02-12"),
            ("Cid", "2024-02-01"),
            ("Dee", "2024-02-02"),
            ("Eve", "2024-02-20"),
        ]
    )
    found = paths(touches, orders, **YEAR)
    expected = [("Ann", "eae", True), ("Ann", "s", True), ("Ben", "a", False), ("Ben", "e", True), ("Cid", "s", True)]
    assert walked(found) == [*expected, ("Eve", "a", True)]
    assert (found.conversions, found.without_touch, found.undecided) == (6, 1, 0)  # Dee ordered untouched


def test_touches_that_led_to_nothing_are_one_path_until_an_order_or_more_days_lie_between():
    touches = touched([("Ann", f"2024-{day}", "e") for day in ("01-02", "01-12", "01-30", "02-29")])
    found = paths(touches, ordered([("Ann", "2024-02-15")]), **YEAR)
    assert walked(found) == [("Ann", "e", False), ("Ann", "e", False), ("Ann", "ee", False)]


def test_a_touch_whose_days_are_not_over_is_undecided_unless_an_order_followed():
    touches = touched([("Ann", "2024-03-25", "e"), ("Ben", "2024-03-25", "e"), ("Cid", "2024-03-21", "e")])
    found = paths(touches, ordered([("Ann", "2024-03-30")]), **YEAR)
    assert walked(found) == [("Ann", "e", True), ("Cid", "e", False)] and found.undecided == 1


def test_a_path_that_begins_too_early_is_left_out_whatever_became_of_it():
    touches = touched(
        [("Ann", "2023-12-31", "e"), ("Ann", "2024-01-02", "a"), ("Ben", "2023-12-30", "e"), ("Cid", "2024-01-01", "e")]
    )
    found = paths(touches, ordered([("Ann", "2024-01-03"), ("Cid", "2024-01-02")]), **YEAR)
    assert walked(found) == [("Cid", "e", True)]
    assert (found.conversions, found.without_touch, found.begins) == (
        2,
        0,
        date(2024, 1, 1),
    )  # Ann's has touches, though not whole


def test_the_counts_say_what_is_shared_out_and_what_is_not():
    touches = touched([("Ann", "2024-01-05", "e"), ("Ben", "2024-01-05", "a"), ("Cid", "2024-01-05", None)])
    row = base(paths(touches, ordered([("Ann", "2024-01-06"), ("Cid", "2024-01-06")]), **YEAR), touches).iloc[0]
    assert row[["channels", "touches", "unknown", "paths", "credited", "customers"]].tolist() == [2, 3, 1, 2, 1, 1]
    assert row[["conversions", "without_touch", "undecided"]].tolist() == [2, 1, 0]


def test_holdouts_later_contacts_and_those_that_sent_nothing_are_no_touches():
    contacts = pd.DataFrame({
        "campaign_id": ["x", "x", "y", "z"], "customer_id": ["Ann", "Ben", "Ann", "Ann"],
        "arm": ["treated", "holdout", "treated", "treated"],
        "contacted_on": pd.to_datetime(["2024-01-05", "2024-01-05", "2024-05-05", "2024-01-06"]),
    })  # fmt: skip
    campaigns = pd.DataFrame(
        {"campaign_id": ["x", "y", "z"], "channel": ["email", "app", "app"], "kind": ["by rule", "by rule", "A/A"]}
    )
    found = touches_of(contacts, campaigns, as_of=YEAR["as_of"])
    assert found[["customer_id", "channel"]].values.tolist() == [["Ann", "email"]]
    assert touches_of(contacts, campaigns.drop(columns="channel"), as_of=YEAR["as_of"])["channel"].isna().all()


def slowly(touches, orders):
    """The same by walking through the days of each customer, one by one."""
    found, undecided = [], 0
    for who in sorted({row[0] for row in touches} | {row[0] for row in orders}):
        days = sorted({day for name, day in orders if name == who})
        mine = sorted((day, channel) for name, day, channel in touches if name == who)
        open_, last = [], None  # the path so far, as (day, channel, order it leads to)
        for day, channel in mine:
            next_ = next((one for one in days if one >= day), None)
            leads = next_ if next_ is not None and next_ - day <= 10 else None
            if leads is None and day + 10 > 90:
                undecided += 1
                continue
            same = open_ and last == (next_, leads is not None) and (leads is not None or day - open_[-1][0] <= 10)
            if open_ and not same:
                found.append((who, open_, last[1]))
                open_ = []
            open_.append((day, channel))
            last = (next_, leads is not None)
        if open_:
            found.append((who, open_, last[1]))
    kept = sorted((who, "".join(c for _, c in path), made) for who, path, made in found if path[0][0] >= 0)
    return kept, undecided


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(-5, 90), st.sampled_from("eas")), max_size=12),
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-5, 90)), min_size=1, max_size=8),
)
def test_paths_are_those_of_a_walk_through_the_days(touches, orders):
    def on(day):
        return pd.Timestamp("2024-01-01") + pd.Timedelta(days=day)

    found = paths(
        touched([(who, on(day), channel) for who, day, channel in touches]),
        ordered([(w, on(d)) for w, d in orders]),
        **YEAR,
    )
    kept, undecided = slowly(touches, orders)
    assert (walked(found), found.undecided) == (kept, undecided)
    assert found.conversions == len({(w, d) for w, d in orders if d >= 0})


def test_without_a_touch_every_order_is_without():
    found = paths(touched([]), ordered([("Ann", "2024-02-01")]), **YEAR)
    assert (found.conversions, found.without_touch, len(found.touches)) == (1, 1, 0)
    assert base(found, touched([])).iloc[0]["channels"] == 0


@pytest.mark.parametrize("days", [1, 400])
def test_however_long_the_days_each_touch_is_on_one_path_at_most(days):
    touches = touched([("Ann", f"2024-02-{n:02}", "ea"[n % 2]) for n in range(1, 20)])
    orders = ordered([("Ann", "2024-02-05"), ("Ann", "2024-02-17")])
    found = paths(touches, orders, touch_days=days, data_from=date(2022, 1, 1), as_of=date(2024, 3, 31))
    assert len(found.touches) + found.undecided <= 19
    assert not found.touches.duplicated(["path", "place"]).any()
