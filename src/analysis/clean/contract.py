"""From raw columns to the declared types: exact money, local business days, text ids; no row is dropped here."""

from __future__ import annotations

import narwhals as nw

from analysis import engine
from analysis.declaration import Table


def typed(raw: nw.LazyFrame, table: Table, *, time_zone: str) -> nw.LazyFrame:
    """Return the raw rows with the columns and types that `table` declares; columns the source lacks stay absent.

    Personal columns end here: they stay in `data/raw`.
    Moments come as UTC and become the wall clock of `time_zone`; a day that the source lacks is taken from it.
    Raises KeyError when a needed column is absent, naming it and what the file has.
    """
    there = raw.collect_schema().names()
    derived = {column.name: column.day_of for column in table.columns if column.day_of}
    for column in table.columns:
        if column.needed and column.name not in there and derived.get(column.name) not in there:
            raise KeyError(f"table {table.name!r} has no column {column.name!r}; it has {', '.join(there)}")
    frame = engine.with_money(raw, [name for name in table.of_kind("money") if name in there])
    for moment in table.of_kind("moment"):
        if moment in there:
            frame = engine.with_local_time(frame, moment, time_zone=time_zone)
    frame = frame.with_columns(
        *(nw.col(name).cast(nw.String) for name in table.of_kind("id", "text") if name in there),
        *(nw.col(name).cast(nw.Date) for name in table.of_kind("date") if name in there),
    )
    for day, moment in derived.items():
        if day not in there:
            frame = frame.with_columns(nw.col(moment).dt.date().alias(day))
    have = frame.collect_schema().names()
    return frame.select(*(c.name for c in table.columns if c.name in have and not c.personal))


def part_cents(raw: nw.LazyFrame, table: Table) -> int:
    """Count the money cells of the raw rows that are not whole cents, by more than float noise (a millionth of a cent)."""
    columns = [name for name in table.of_kind("money") if name in raw.collect_schema().names()]
    if not columns:
        return 0
    off = [((nw.col(name) * 100) - (nw.col(name) * 100).round(0)).abs() > 1e-6 for name in columns]
    counts = engine.collect(raw.select(**{f"c{i}": expr.cast(nw.Int64).sum() for i, expr in enumerate(off)}))
    return int(counts.to_numpy().sum())
