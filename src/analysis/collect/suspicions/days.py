"""Days that cannot be right: no file for one, rows after the last, what follows before what it follows, half a month."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta

import narwhals as nw

from analysis.collect.suspicions import telling
from analysis.collect.suspicions.telling import Remarks
from analysis.tables import CANONICAL

IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")  # 2024-05-03, 2024_05_03, 20240503
MOST = 6  # spans of days that are named


def without_file(name: str, files: Collection[str]) -> Remarks:
    """Tell the days for which an export that has one file a day has none, by the days in the names of its files."""
    of_files = {file: _day(file) for file in files}
    if nameless := sum(day is None for day in of_files.values()):
        return [(name, "warning", f"{nameless:,} of {len(of_files):,} files name no day, so a missing one cannot be seen; name them "
                 "like orders-2024-05-03.csv, or leave out daily: true")]  # fmt: skip
    there = {day for day in of_files.values() if day}
    missing = [day for day in _between(min(there), max(there)) if day not in there]
    if not missing:
        return []
    spans = _spans(missing)
    shown = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in spans[:MOST])
    more = f" and {len(spans) - MOST} further gaps" if len(spans) > MOST else ""
    every = (max(there) - min(there)).days + 1
    return [(name, "warning", f"{len(missing):,} of {every:,} days have no file: {shown}{more}; what happened then is not in the data, "
             "so ask the sender for them")]  # fmt: skip


def after_the_end(tables: Mapping[str, nw.LazyFrame], *, ends_on: date, smallest: int) -> Remarks:
    """Tell how many rows of each table lie after the last day that the study names."""
    told: Remarks = []
    for name, frame in tables.items():
        seen_on = CANONICAL[name].seen_on
        at = {one.name: one.day_of for one in CANONICAL[name].columns}.get(seen_on or "") or ""
        day = telling.day_of(frame, seen_on, at) if seen_on else None
        if day is None:
            continue
        sums = telling.row(frame, rows=nw.len(), later=(day > ends_on).fill_null(False).cast(nw.Int64).sum())
        if sums["later"]:
            counted = telling.of(int(sums["later"]), int(sums["rows"]), "rows", smallest=smallest)
            told.append((name, "warning", f"{counted} lie after {ends_on}, the last day that the study names: they are not seen; set "
                         "ends_on later if they are right, else ask the sender where such days come from"))  # fmt: skip
    return told


def out_of_turn(tables: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell how many customers ordered before they joined, and how many orders were refunded before they were made.

    A day is let pass, because a moment in UTC can be the day before.
    """
    told: Remarks = []
    day = telling.day_of(tables["orders"], "ordered_on", "ordered_at") if "orders" in tables else None
    if day is not None and telling.has(tables, "customers", "joined_on"):
        first = tables["orders"].select("customer_id", first=day).group_by("customer_id").agg(nw.col("first").min())
        joined = tables["customers"].select("customer_id", "joined_on").filter(~nw.col("joined_on").is_null())
        early = nw.col("joined_on") > nw.col("first").dt.offset_by("1d")
        sums = telling.row(joined.join(first, on="customer_id"), customers=nw.len(), early=early.cast(nw.Int64).sum())
        if sums["early"]:
            counted = telling.of(int(sums["early"]), int(sums["customers"]), "customers who ordered", smallest=smallest)
            told.append(("customers", "warning", f"{counted} did so before the day they joined: the day may be that of a move to another "
                         "system, and time since joining is too short for them; ask the source what the day means"))  # fmt: skip
    back = telling.day_of(tables["refunds"], "refunded_on", "refunded_at") if "refunds" in tables else None
    if day is not None and back is not None and telling.has(tables, "refunds", "order_id"):
        made = tables["orders"].select("order_id", made=day).group_by("order_id").agg(nw.col("made").min())
        returned = tables["refunds"].select("order_id", back=back).group_by("order_id").agg(nw.col("back").min())
        early = nw.col("made") > nw.col("back").dt.offset_by("1d")
        sums = telling.row(returned.join(made, on="order_id"), orders=nw.len(), early=early.cast(nw.Int64).sum())
        if sums["early"]:
            counted = telling.of(int(sums["early"]), int(sums["orders"]), "orders with a refund", smallest=smallest)
            told.append(("refunds", "warning", f"{counted} have it before the day of the order: one of the two days may be that of the "
                         "export; ask the source what they mean"))  # fmt: skip
    return told


def part_of_a_month(ends_on: date) -> Remarks:
    """Tell that the data ends inside a month."""
    if (ends_on + timedelta(days=1)).day == 1:
        return []
    return [("orders", "note", f"the data ends on {ends_on}, inside a month: that month is held in part, and what is shown by full months "
             "leaves it out")]  # fmt: skip


def _day(file: str) -> date | None:
    for found in IN_NAME.finditer(file):
        try:
            return date(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            continue
    return None


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _spans(days: list[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
