"""Words written in several ways: those that the study declares are read as one, those that only look alike are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import pandas as pd

from analysis import engine
from analysis.declaration import Table

Readings = Mapping[str, Mapping[str, Sequence[str]]]  # column -> what is read -> how else it is written
READ, ALIKE = (
    ("table", "column", "written", "read_as", "rows"),
    ("table", "column", "written", "looks_like", "rows", "rows_alike"),
)
MOST_WORDS = 100  # different values; a column with more holds names or numbers, not words of a fixed set
RARER = 10  # times; a value is common beside one that so many fewer rows have
SHORTEST = 4  # letters; of shorter words one letter is too large a part


def unified(typed: nw.LazyFrame, table: Table, declared: Readings) -> tuple[nw.LazyFrame, pd.DataFrame]:
    """Return the rows with each declared spelling rewritten, and one row per rewritten value.

    Blanks around a value and its case are ignored where the column is declared, so that " MALE" is `male` also when only
    `male` stands there. What is not declared stays as it is, to the letter. The table has table, column, written, read_as,
    rows; it counts all rows that came in, copies and rows that are set aside later among them. Columns that the source
    lacks are passed over.
    """
    found, there = [], typed.collect_schema().names()
    for column in (name for name in declared if name in there):
        readings = {_plain(way): read for read, ways in declared[column].items() for way in (read, *ways)}
        values = _values(typed, column)
        values["read_as"] = values["written"].map(lambda value, readings=readings: readings.get(_plain(value)))
        changed = values[values["read_as"].notna() & values["read_as"].ne(values["written"])]
        if changed.empty:
            continue
        found.append(changed.assign(table=table.name, column=column))
        rewrite = engine.lazy(changed[["written", "read_as"]].rename(columns={"written": column, "read_as": "_read"}))
        joined = typed.join(rewrite, on=column, how="left")
        typed = joined.with_columns(nw.coalesce(nw.col("_read"), nw.col(column)).alias(column)).select(*there)
    return typed, _listed(found, READ)


def lookalikes(frame: nw.LazyFrame, table: Table) -> pd.DataFrame:
    """One row per value of a text column that looks like a common one: written, looks_like, and the rows of each.

    It differs by blanks, case or one letter, and the common one has at least RARER times as many rows. Nothing is
    changed: whether two words are one thing is for somebody who knows. Columns of more than MOST_WORDS different values
    are not looked at; words of less than SHORTEST letters and digits that differ are never one letter apart.
    """
    found, there = [], frame.collect_schema().names()
    for column in (name for name in table.of_kind("text") if name in there):
        values = _values(frame, column)
        if len(values) > MOST_WORDS:
            continue
        by_rows = values.sort_values(["rows", "written"], ascending=[False, True]).itertuples(index=False)
        common: list[tuple[str, int]] = []
        for written, rows in by_rows:
            like = next((one for one in common if one[1] >= RARER * rows and _alike(written, one[0])), None)
            if like is None:
                common.append((written, rows))
            else:
                found.append(pd.DataFrame({
                    "table": [table.name], "column": column, "written": written, "looks_like": like[0],
                    "rows": rows, "rows_alike": like[1],
                }))  # fmt: skip
    return _listed(found, ALIKE)


def _values(frame: nw.LazyFrame, column: str) -> pd.DataFrame:
    """One row per value of a column that is not empty: written, rows."""
    known = frame.filter(~nw.col(column).is_null())
    table = engine.collect(known.group_by(column).agg(rows=nw.len())).rename(columns={column: "written"})
    return table.astype({"written": "object", "rows": "int64"})


def _listed(found: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {name: "int64" if name.startswith("rows") else "str" for name in columns}
    if not found:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    table = pd.concat(found, ignore_index=True)[list(columns)].astype(kinds)
    return table.sort_values(["table", "column", "written"], ignore_index=True)


def _plain(value: str) -> str:
    return value.strip().casefold()


def _alike(one: str, other: str) -> bool:
    a, b = (_plain("".join(value.split())) for value in (one, other))
    return a == b or (min(len(a), len(b)) >= SHORTEST and _one_letter_apart(a, b))


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, added or left out between two words."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = short[same + 1 :] if len(short) == len(long) else short[same:]
    letters = long[same : same + 1] + (short[same : same + 1] if len(short) == len(long) else "")
    return long[same + 1 :] == rest and letters.isalpha()
