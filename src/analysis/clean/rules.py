"""Which rule a row breaks: a needed cell is empty, a reference leads nowhere, a key comes twice, or a declared rule fails."""

from __future__ import annotations

from datetime import date

import narwhals as nw

from analysis import engine
from analysis.declaration import Rule, Table
from analysis.tables import CANONICAL

COPY = Rule("exact copy", "it is an exact copy of another row", lambda: nw.lit(False))
SAME_KEY = Rule(
    "same key",
    "another row has the same key and different content, and we cannot know which is right",
    lambda: nw.lit(False),
)


def rules_of(table: Table) -> list[Rule]:
    """Return every rule for the rows of a table in the order in which they are tried; the first broken one is the reason."""
    needed = [
        Rule(f"no {column.name}", f"{column.name} is empty", lambda name=column.name: nw.col(name).is_null())
        for column in table.columns
        if column.needed
    ]
    references = [
        Rule(
            f"unknown {column}", f"{column} is not in the table {target}", lambda name=column: ~nw.col(f"_known_{name}")
        )
        for column, target in table.refers_to.items()
    ]
    return [*needed, *references, *table.rules]


def by_day(
    frame: nw.LazyFrame, table: Table, unseen: dict[str, nw.LazyFrame], *, as_of: date
) -> tuple[nw.LazyFrame, nw.LazyFrame | None]:
    """Return the rows seen by the end of `as_of`, and those not yet seen: dated later, or belonging to an unseen row.

    The second is None where the rows have neither a date nor a reference to a table with unseen rows. A row without its
    date counts as seen, so that the rules can set it aside.
    """
    columns, references = frame.collect_schema().names(), [(c, t) for c, t in table.refers_to.items() if t in unseen]
    dated = table.seen_on in columns  # a source need not say since when it knows a customer
    if not dated and not references:
        return frame, None
    later = nw.lit(False) if not dated else (nw.col(table.seen_on) > as_of).fill_null(False)
    for column, target in references:
        hidden = unseen[target].group_by(CANONICAL[target].key[0]).agg(**{f"_hidden_{column}": nw.len()})
        frame = frame.join(hidden.rename({CANONICAL[target].key[0]: column}), on=column, how="left")
        later = later | ~nw.col(f"_hidden_{column}").is_null()
    flagged = frame.with_columns(_later=later)
    return flagged.filter(~nw.col("_later")).select(*columns), flagged.filter(nw.col("_later")).select(*columns)


def with_context(frame: nw.LazyFrame, table: Table, valid: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Return the rows with what their rules look at in tables that are valid already: known references, campaign dates.

    The number of rows does not change, because each table joined is unique by the key joined on.
    """
    for column, target in table.refers_to.items():
        key = CANONICAL[target].key[0]
        known = valid[target].select(nw.col(key).alias(column), nw.lit(True).alias(f"_known_{column}"))
        frame = frame.join(known, on=column, how="left").with_columns(nw.col(f"_known_{column}").fill_null(False))
    if table.name == "responses":
        dates = valid["campaigns"].select("campaign_id", "starts_on", "ends_on")
        contacted = valid["contacts"].select("campaign_id", "customer_id", was_contacted=nw.lit(True))
        frame = frame.join(dates, on="campaign_id", how="left").join(
            contacted, on=["campaign_id", "customer_id"], how="left"
        )
        frame = frame.with_columns(nw.col("was_contacted").fill_null(False))
    return frame


def with_reason(frame: nw.LazyFrame, table: Table) -> nw.LazyFrame:
    """Return the rows with `reason`: the name of the first rule that the row breaks, empty where it breaks none."""
    reason = nw.lit(None, dtype=nw.String)
    for rule in reversed(rules_of(table)):
        reason = nw.when(rule.broken()).then(nw.lit(rule.name)).otherwise(reason)
    return frame.with_columns(reason=reason)


def without_copies(frame: nw.LazyFrame, table: Table) -> tuple[nw.LazyFrame, int, nw.LazyFrame | None]:
    """Return rows with a unique key, how many exact copies were left out, and the rows of keys that stay ambiguous.

    Of rows that are equal in every column one is kept. Rows that share a key but differ are all returned as ambiguous.
    """
    key = list(table.key)
    repeated = engine.collect(
        frame.group_by(key).agg(n=nw.len()).filter(nw.col("n") > 1).select(keys=nw.len(), rows=nw.col("n").sum())
    )
    if not int(repeated["keys"].iloc[0]):
        return frame, 0, None
    distinct = frame.unique()
    copies = int(
        engine.collect(frame.select(n=nw.len()))["n"].iloc[0] - engine.collect(distinct.select(n=nw.len()))["n"].iloc[0]
    )
    counted = distinct.with_columns(_rows_of_key=nw.len().over(*key))
    ambiguous = counted.filter(nw.col("_rows_of_key") > 1).drop("_rows_of_key")
    return counted.filter(nw.col("_rows_of_key") == 1).drop("_rows_of_key"), copies, ambiguous
