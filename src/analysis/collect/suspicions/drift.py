"""What the tables hold now beside what they held at the load before: a file of another system or year has every column right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis import engine, places
from analysis.collect.suspicions import telling
from analysis.collect.suspicions.telling import Remarks
from analysis.tables import CANONICAL

KEPT = 400  # digests of customer ids that are kept: an overlap of a tenth is known to within 3 percentage points
FEWER, MORE, FAMILIAR = 0.5, 3.0, 0.1  # of the rows before; of the customers before
Facts = dict[str, dict[str, Any]]  # table -> rows, first and last day, digests of some customers


def facts(tables: Mapping[str, nw.LazyFrame]) -> Facts:
    """Return of each table its rows, its first and last day where it has days, and the least digests of its customers' ids.

    A digest is 64 bits of SipHash, the same for the same id, so that the least ones are a sample that the next load can be
    asked for. They are for the owner of the exports alone, like the exports themselves.
    """
    return {
        name: _of(name, frame)
        for name, frame in sorted(tables.items())
        if name in ("customers", "orders", "refunds", "contacts")
    }


def since_before(tables: Mapping[str, nw.LazyFrame], content: list[str], *, kept: Path, smallest: int) -> Remarks:
    """Tell what differs from the load before, whose facts are in the file `kept`, and keep those of this one there.

    `content` are the digests of the files. While it stays the same the load before stays the one before, so that a second run
    over the same files says the same.
    """
    was = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"content": [], "now": {}, "before": {}}
    before, now = was["before"] if was["content"] == content else was["now"], facts(tables)
    held = {"content": content, "now": now, "before": before}
    places.write_text(kept, json.dumps(held, sort_keys=True), private=True)
    return drifted(now, before, smallest=smallest)


def drifted(now: Facts, before: Facts, *, smallest: int) -> Remarks:
    """Tell what differs so much from the load before that another file may lie there. Tables of one of the two are no finding."""
    told: Remarks = []
    for name in sorted({*now} & {*before}):
        here, earlier = now[name], before[name]
        rows, was = here["rows"], earlier["rows"]
        if min(rows, was) >= max(smallest, 1) and not FEWER * was <= rows <= MORE * was:
            told.append(
                (
                    name,
                    "warning",
                    f"{rows:,} rows, {was:,} at the load before: part of the export may be missing, or be there twice",
                )
            )
        if here.get("last") and earlier.get("last") and here["last"] < earlier["last"]:
            told.append((name, "warning", f"its last day is {here['last']}, and was {earlier['last']} at the load before: the export may "
                         "be an older one"))  # fmt: skip
        elif here.get("first") and earlier.get("last") and here["first"] > earlier["last"]:
            told.append((name, "warning", f"its first day is {here['first']}, after the last day at the load before, {earlier['last']}: "
                         "all that came before is gone; put the earlier files there as well"))  # fmt: skip
        if "customers" in here and "customers" in earlier and _overlap(here, earlier) < FAMILIAR:
            told.append((name, "warning", f"fewer than {100 * FAMILIAR:.0f} % of the customers at the load before are there again: the "
                         "file may be that of another system, or the ids are made anew with every export; ask the sender"))  # fmt: skip
    return told


def _of(name: str, frame: nw.LazyFrame) -> dict[str, Any]:
    found: dict[str, Any] = {"rows": telling.number(frame)}
    seen_on = CANONICAL[name].seen_on
    at = {one.name: one.day_of for one in CANONICAL[name].columns}.get(seen_on or "") or ""
    day = telling.day_of(frame, seen_on, at) if seen_on and name != "customers" else None
    if day is not None:
        ends = engine.collect(frame.select(first=day.min(), last=day.max())).iloc[0]
        found |= {
            end: None if pd.isna(ends[end]) else f"{pd.Timestamp(ends[end]):%Y-%m-%d}" for end in ("first", "last")
        }
    if name in ("customers", "orders"):
        ids = engine.collect(frame.select("customer_id").filter(~nw.col("customer_id").is_null()).unique())
        digests = pd.util.hash_pandas_object(ids["customer_id"].astype(object), index=False).sort_values()
        found["customers"] = [f"{one:016x}" for one in digests.iloc[:KEPT]]
        found["complete"] = len(digests) <= KEPT
    return found


def _overlap(here: dict[str, Any], earlier: dict[str, Any]) -> float:
    """Return the share of the earlier customers who are here, from the least digests of both (Broder 1997).

    Of two samples only digests up to the smaller of their greatest can be compared; where one is complete it has no end.
    """
    ends = [max(one["customers"]) for one in (here, earlier) if one["customers"] and not one["complete"]]
    reach = min(ends, default="g")
    was = {digest for digest in earlier["customers"] if digest <= reach}
    return len(was & {*here["customers"]}) / len(was) if was else 1.0
