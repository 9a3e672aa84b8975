"""Every fault that was planted in a simulated company is found under its name, row by row, and nothing clean is set aside."""

from datetime import date
from typing import NamedTuple

import pandas as pd
import pytest

from analysis import engine
from analysis.clean import contract, oddities, quality, quarantine, spellings
from analysis.collect import workshop
from analysis.collect.workshop import making
from analysis.collect.workshop.dirt import KEPT, NOT_YET_SEEN, written_for
from analysis.study import Study
from analysis.tables import CANONICAL

HELD = {name: CANONICAL[name] for name in CANONICAL if name in workshop.TABLES}

ZONE = "Asia/Shanghai"
NAMED = [  # every kind of fault that a rule sets aside: table, as the key calls it, as the clean room calls it
    ("contacts", "customer who does not exist", "unknown customer_id"),
    ("orders", "customer not written down", "no customer_id"),
    ("orders", "refund as a negative sale", "negative amount"),
    ("orders", "sales without a quantity", "money without goods"),
    ("orders", "same key, another amount", "same key"),
    ("responses", "answer after the campaign", "outside the campaign"),
    ("responses", "answer of somebody who was not contacted", "not contacted"),
]
COPIED = ["contacts", "customers", "orders", "visits"]
LATE = ["feedback", "orders", "referrals", "visits"]


class Room(NamedTuple):
    """What the clean room made of the company."""

    raw: dict[str, pd.DataFrame]
    faults: pd.DataFrame
    results: dict[str, quarantine.Cleaned]
    spelled: pd.DataFrame
    alike: pd.DataFrame
    odd: pd.DataFrame


@pytest.fixture(scope="module")
def room():
    """Two thousand customers with faults, cleaned as notebook 2 cleans them."""
    study = Study.load("workshop")
    made = making.company(size="S", seed=study.seed, scenario="ecommerce", dirt=True)
    typed, spelled, alike, valid, unseen, results = {}, [], [], {}, {}, {}
    for name, table in HELD.items():
        rows = engine.hold(contract.typed(engine.lazy(made.tables[name]), table, time_zone=ZONE))
        alike.append(spellings.lookalikes(rows, table))
        typed[name], found = spellings.unified(rows, table, study.spellings.get(name, {}))
        spelled.append(found)
        results[name] = quarantine.clean(typed[name], table, valid=valid, unseen=unseen, as_of=date(2024, 12, 31))
        valid[name] = engine.hold(results[name].valid)
        unseen |= {} if results[name].later is None else {name: results[name].later}
    odd = oddities.oddities(typed["orders"], typed["products"])
    spelled, alike = (pd.concat(parts, ignore_index=True) for parts in (spelled, alike))
    return Room(made.tables, made.faults, results, spelled, alike, odd)


def planted(room, table, **told):
    """The keys of the rows that the answer key names, each as often as it stands there, in order."""
    rows = room.faults[room.faults["table"] == table]
    for column, value in told.items():
        rows = rows[rows[column] == value]
    return sorted(rows["key"])


def keys(rows, table):
    """The keys of rows as the answer key writes them, with moments in UTC again."""
    utc = {name: pd.to_datetime(rows[name]) - pd.Timedelta(hours=8) for name in CANONICAL[table].of_kind("moment")}
    days = {name: pd.to_datetime(rows[name]) for name in CANONICAL[table].of_kind("date") if name in rows}
    return sorted(rows.assign(**utc, **days)[list(CANONICAL[table].key)].astype("str").agg(" / ".join, axis=1))


@pytest.mark.parametrize(("table", "fault", "reason"), NAMED, ids=[fault for _, fault, _ in NAMED])
def test_a_fault_is_set_aside_under_its_name_and_nothing_else_is(room, table, fault, reason):
    aside = room.results[table].set_aside
    found = sorted(aside.loc[aside["reason"] == reason, "key"].str.replace(" 00:00:00", ""))
    assert len(found) >= 3
    assert found == planted(room, table, fault=fault) == planted(room, table, fate=reason)


def test_no_rule_finds_anything_that_was_not_planted(room):
    aside = {(name, reason) for name, one in room.results.items() for reason in one.set_aside["reason"]}
    assert aside == {(table, reason) for table, _, reason in NAMED}
    known = {(table, fault) for table, fault, _ in NAMED} | {(name, "exact copy") for name in COPIED}
    known |= {(name, "row from after the last day") for name in LATE}
    other = room.faults[[pair not in known for pair in zip(room.faults["table"], room.faults["fault"], strict=True)]]
    assert set(other["fate"]) == {KEPT} and set(other["table"]) == {"customers"}


@pytest.mark.parametrize("table", COPIED)
def test_of_exact_copies_one_stays_and_the_others_are_counted(room, table):
    copied = planted(room, table, fault="exact copy")
    counts = room.results[table].counts.set_index("outcome")["rows"]
    kept = keys(engine.collect(room.results[table].valid), table)
    assert counts["exact copy"] == len(copied) >= 3
    assert len(kept) == len(set(kept)) and set(copied) <= set(kept)


@pytest.mark.parametrize("table", sorted(set(HELD) - set(COPIED)))
def test_where_nothing_was_copied_no_copy_is_found(room, table):
    assert "exact copy" not in set(room.results[table].counts["outcome"])


@pytest.mark.parametrize("table", LATE)
def test_a_row_from_after_the_last_day_is_not_yet_seen(room, table):
    found = keys(engine.collect(room.results[table].later), table)
    assert found == planted(room, table, fate=NOT_YET_SEEN) and len(found) >= 3


@pytest.mark.parametrize("table", sorted(set(HELD) - set(LATE)))
def test_where_nothing_is_late_everything_is_seen(room, table):
    later = room.results[table].later
    assert later is None or engine.collect(later).empty


def test_every_word_written_in_another_way_is_read_as_what_was_meant(room):
    names = [written_for(row.column, row.written, row.read_as) for row in room.spelled.itertuples()]
    seeded = room.faults[room.faults["fate"] == KEPT].groupby("fault").size().to_dict()
    assert dict(zip(names, room.spelled["rows"], strict=True)) == seeded
    clean = making.company(size="S", seed=Study.load("workshop").seed, scenario="ecommerce", dirt=False)
    columns = ["customer_id", "gender", "channel"]
    truly = clean.tables["customers"][columns].sort_values("customer_id", ignore_index=True)
    read = engine.collect(room.results["customers"].valid)[columns].sort_values("customer_id", ignore_index=True)
    pd.testing.assert_frame_equal(read, truly, check_dtype=False)


def test_undeclared_words_that_look_alike_are_listed_and_the_others_are_not(room):
    """Short ones and other words look like nothing: F, M, x and weiblich are known only to who declares them."""
    known = {"F", "M", "x", "weiblich"}
    seeded = room.faults.loc[room.faults["fate"] == KEPT, "fault"].value_counts()
    expected = {name: n for name, n in seeded.items() if not any(f"as {word!r}" in name for word in known)}
    names = [written_for(row.column, row.written, row.looks_like) for row in room.alike.itertuples()]
    assert dict(zip(names, room.alike["rows"], strict=True)) == expected


def test_odd_order_lines_are_those_planted(room):
    found = room.odd.set_index("oddity")["lines"]
    assert found["sales without a quantity"] == len(planted(room, "orders", fault="sales without a quantity"))
    assert found["product not in the product table"] == found["quantity, sales and coupon are zero"] == 0


def test_rows_and_money_reconcile_with_what_was_planted(room):
    table = quality.quality(pd.concat([one.counts for one in room.results.values()])).set_index("table")
    fates = room.faults[room.faults["fate"] != KEPT]
    aside = fates[fates["fate"] != NOT_YET_SEEN].groupby("table").size()
    later = fates[fates["fate"] == NOT_YET_SEEN].groupby("table").size()
    assert table["rows_set_aside"].to_dict() == aside.reindex(table.index, fill_value=0).to_dict()
    assert table["rows_not_yet_seen"].to_dict() == later.reindex(table.index, fill_value=0).to_dict()
    assert table.loc["orders", "amount_in"] == pytest.approx(room.raw["orders"]["amount"].sum(), abs=0.005)
