"""Valid rows on one side, set-aside rows with their reason on the other, and nothing lost between them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.clean import rules
from analysis.declaration import Table
from analysis.tables import CANONICAL

MONEY = ("amount", "discount", "coupon_discount", "coupon_match")


class Cleaned(NamedTuple):
    """One table after its rules: `valid` rows, `set_aside` one row per row set aside, `counts` one row per outcome.

    `later` holds the rows that are not yet seen, None where the table can have none.
    """

    valid: nw.LazyFrame
    set_aside: pd.DataFrame
    counts: pd.DataFrame
    later: nw.LazyFrame | None


def clean(
    typed: nw.LazyFrame,
    table: Table,
    *,
    valid: dict[str, nw.LazyFrame],
    as_of: date,
    unseen: dict[str, nw.LazyFrame] | None = None,
) -> Cleaned:
    """Apply the rules of `table` to rows that have its types.

    `valid` holds the cleaned tables that this one refers to, and `unseen` their rows that are not yet seen. Rows dated
    after `as_of`, and rows that belong to an unseen one (the coupons of a campaign to come), are counted as not yet seen
    and are neither valid nor set aside. Of exact copies one is kept and the others are counted as set aside.
    """
    columns = typed.collect_schema().names()
    seen, later = rules.by_day(typed, table, unseen or {}, as_of=as_of)
    unique, copies, ambiguous = rules.without_copies(seen, table)
    judged = rules.with_reason(rules.with_context(unique, table, valid), table)
    kept = judged.filter(nw.col("reason").is_null()).select(*columns)
    aside = judged.filter(~nw.col("reason").is_null()).select(*columns, "reason")
    if ambiguous is not None:
        aside = nw.concat([aside, ambiguous.select(*columns, reason=nw.lit(rules.SAME_KEY.name))])
    set_aside = _rows(aside, table, columns)
    counts = [_outcome("in", typed, columns), _outcome("kept", kept, columns)]
    if later is not None:
        counts.append(_outcome("not yet seen", later, columns))
    counts += [_group(reason, rows) for reason, rows in set_aside.groupby("reason")]
    if copies:
        distinct = [_outcome("", part, columns) for part in (unique, ambiguous) if part is not None]
        counts.append(_copies(_outcome("", seen, columns), distinct))
    tally = pd.DataFrame(counts)
    tally.insert(0, "table", table.name)
    return Cleaned(kept, set_aside, tally, later)


def because(table: str, reason: str) -> str:
    """Return why a row of `table` is set aside, in words that follow "because"."""
    known = {rule.name: rule.because for rule in (*rules.rules_of(CANONICAL[table]), rules.COPY, rules.SAME_KEY)}
    return known[reason]


def numbered(results: list[Cleaned]) -> pd.DataFrame:
    """One row per row set aside, over all tables: table, number inside the table (from 1, by key and reason), key, reason, money."""
    rows = pd.concat([result.set_aside for result in results], ignore_index=True)
    return rows.assign(number=rows.groupby("table").cumcount() + 1)


def _rows(aside: nw.LazyFrame, table: Table, columns: list[str]) -> pd.DataFrame:
    key = nw.concat_str(*(nw.col(name).cast(nw.String).fill_null("?") for name in table.key), separator=" / ")
    money = [name for name in MONEY if name in columns]
    rows = engine.collect(aside.select(*money, table=nw.lit(table.name), key=key, reason=nw.col("reason")))
    return rows.sort_values(["table", "key", "reason", *money], kind="stable").reset_index(drop=True)


def _outcome(outcome: str, frame: nw.LazyFrame, columns: list[str]) -> dict:
    money = [name for name in MONEY if name in columns]
    total = engine.collect(frame.select(rows=nw.len(), **{name: nw.col(name).sum() for name in money})).iloc[0]
    return {"outcome": outcome, "rows": int(total["rows"]), **{name: total[name] for name in money}}


def _copies(seen: dict, distinct: list[dict]) -> dict:
    """Return rows and money of the copies: what was seen minus what is left when each row is there once."""
    left = {name: sum(part[name] for part in distinct if not pd.isna(part[name])) for name in seen if name != "outcome"}
    money = {name: round(seen[name] - left[name], 2) for name in left if name != "rows"}
    return {"outcome": rules.COPY.name, "rows": seen["rows"] - left["rows"], **money}


def _group(reason: str, rows: pd.DataFrame) -> dict:
    money = [name for name in MONEY if name in rows]
    return {"outcome": reason, "rows": len(rows), **{name: round(rows[name].sum(), 2) for name in money}}
