"""How a suspicion is told: a count with its whole and share, and never a few people or rows as a number."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis import engine

Remarks = list[tuple[str, str, str]]  # file or table, "warning" or "note", words


def of(number: int, total: int, things: str, *, smallest: int) -> str:
    """Return `34 of 5,678 customers (0.6 %)`; fewer than `smallest` are not counted, nor so few that would be left over."""
    if total < smallest:
        return f"some of fewer than {smallest} {things}"
    if 0 < number < smallest:
        return f"fewer than {smallest} of {total:,} {things}"
    if number == total:
        return f"all {total:,} {things}"
    if total - number < smallest:
        return f"nearly all of {total:,} {things}"
    return f"{number:,} of {total:,} {things} ({share(number, total)})"


def share(number: float, total: float) -> str:
    """Return a share in per cent: one place below ten, none above, and never 0 % of something."""
    percent = 100 * number / total
    if percent < 0.1:
        return "less than 0.1 %"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def row(frame: nw.LazyFrame, **sums: nw.Expr) -> dict[str, Any]:
    """Return one row of aggregates by name; a sum over no rows is 0."""
    found = engine.collect(frame.select(**sums)).iloc[0]
    return {name: 0 if found[name] is None or found[name] != found[name] else found[name] for name in sums}


def number(frame: nw.LazyFrame) -> int:
    """Return how many rows there are."""
    return int(row(frame, rows=nw.len())["rows"])


def has(tables: dict[str, nw.LazyFrame], table: str, *columns: str) -> bool:
    """Say whether a table is there with these columns."""
    return table in tables and {*columns} <= {*tables[table].collect_schema().names()}


def day_of(frame: nw.LazyFrame, on: str, at: str) -> nw.Expr | None:
    """Return the day of rows: their business day, else that of their moment in UTC; None where they have neither."""
    there = frame.collect_schema().names()
    parts = [nw.col(on)] if on in there else []
    parts += [nw.col(at).dt.date()] if at in there else []
    return nw.coalesce(*parts) if len(parts) > 1 else parts[0] if parts else None
