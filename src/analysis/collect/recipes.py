"""From the rows of exports to canonical raw tables, as the recipes of their contracts say."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from analysis.collect import expressions
from analysis.collect.loading.contract import Export, Recipe
from analysis.collect.rows import KIND, numbered
from analysis.declaration import Table
from analysis.tables import CANONICAL

TYPES = {
    "id": nw.String(), "text": nw.String(), "money": nw.Decimal(20, 6), "number": nw.Float64(), "whole": nw.Int64(),
    "date": nw.Date(), "moment": nw.Datetime("us"),
}  # fmt: skip  # money keeps more places than cents: what came is rounded once, in clean
NAMED_BY_ORDERS = {"customers": "customer_id", "products": "product_id"}
NAMING = ("orders", "refunds", "contacts", "visits", "feedback")  # tables that name customers and products


def tables(exports: Mapping[str, Export], rows: Mapping[str, nw.LazyFrame]) -> dict[str, nw.LazyFrame]:
    """Return the canonical raw tables, lazily, in their order. `rows` are those of each export with their kinds.

    Where several exports fill a table that has one row per customer or product, a later one adds those that are not there
    yet. Customers and products that only order lines name are added with their number alone; where nothing names
    any, there is no such table.
    """
    made: dict[str, nw.LazyFrame] = {}
    for name, table in CANONICAL.items():
        for export_name, export in exports.items():
            if name in export.tables:
                part = made_by(export.tables[name], rows[export_name], export, table)
                made[name] = (
                    part
                    if name not in made
                    else _joined(made[name], part, table, once=bool(export.tables[name].one_per))
                )
    for name, key in NAMED_BY_ORDERS.items():
        named = [made[table].select(key) for table in NAMING
                 if table in made and key in made[table].collect_schema()]  # fmt: skip
        if named:
            every = nw.concat(named).filter(~nw.col(key).is_null()).unique()
            made[name] = _joined(made[name], every, CANONICAL[name], once=True) if name in made else every
        if name not in made:  # no order line, and so no product
            continue
        made[name] = _with(made[name], _described(made[name], CANONICAL[name]), CANONICAL[name])
    return {name: made[name] for name in CANONICAL if name in made}


def filled_by(exports: Mapping[str, Export]) -> tuple[str, ...]:
    """Return the names of the canonical tables that the exports fill; customers and products where any table can name them."""
    filled = {name for one in exports.values() for name in one.tables}
    named = {
        name
        for name, key in NAMED_BY_ORDERS.items()
        if any(key in one.tables[table].columns for one in exports.values() for table in NAMING if table in one.tables)
    }
    return tuple(name for name in CANONICAL if name in filled | named)


def made_by(recipe: Recipe, rows: nw.LazyFrame, export: Export, table: Table) -> nw.LazyFrame:
    """Return the rows that one recipe makes of a canonical table, with its types."""
    taken = recipe.rows or tuple(kind.name for kind in export.rows if not kind.left_out)
    if taken:
        rows = rows.filter(nw.col(KIND).is_in(taken))
    kinds = {column.name: TYPES[column.kind] for column in table.columns}
    made = rows.select(
        *(expressions.column(text).cast(kinds[name]).alias(name) for name, text in recipe.columns.items()),
        *([expressions.column(recipe.latest).alias("_latest")] if recipe.latest else []),
    )
    if recipe.one_per:
        return _one_per(made, recipe)
    if recipe.numbered:
        # Lines of one order are numbered by what they say, so that the order of files and rows does not matter.
        others = [name for name in recipe.columns if name != recipe.numbered]
        group = [name for name in table.key if name != recipe.numbered]
        made = numbered(made, recipe.numbered, within=group, by=others)
        made = made.with_columns(nw.col(recipe.numbered).cast(nw.String))
    return made


def _one_per(made: nw.LazyFrame, recipe: Recipe) -> nw.LazyFrame:
    key, others = recipe.one_per, [name for name in recipe.columns if name != recipe.one_per]
    made = made.filter(~nw.col(key).is_null())
    if not recipe.latest:
        return made.group_by(key).agg(*(nw.col(name).max() for name in others)).select(*recipe.columns)
    # Of each column the last thing known: what the latest row that says anything says, the greatest where two are as late.
    out = made.select(key).unique()
    for name in others:
        known = made.filter(~nw.col(name).is_null())
        last = known.filter(nw.col("_latest") == nw.col("_latest").max().over(key))
        out = out.join(last.group_by(key).agg(nw.col(name).max()), on=key, how="left")
    return out.select(*recipe.columns)


def _joined(first: nw.LazyFrame, second: nw.LazyFrame, table: Table, *, once: bool) -> nw.LazyFrame:
    """Return the rows of both; with `once` of the second only those whose key the first has not."""
    if once:
        second = second.join(first.select(*table.key), on=list(table.key), how="anti")
    columns = [name for name in table.names if name in {*first.collect_schema(), *second.collect_schema()}]
    return nw.concat([_with(part, columns, table) for part in (first, second)])


def _described(frame: nw.LazyFrame, table: Table) -> list[str]:
    """The columns that describe a customer or product: those that no export has are empty, because groups are named by them."""
    there = frame.collect_schema().names()
    return [one.name for one in table.columns if one.name in there or (one.kind == "text" and not one.personal)]


def _with(frame: nw.LazyFrame, columns: list[str], table: Table) -> nw.LazyFrame:
    there, kinds = frame.collect_schema(), {column.name: TYPES[column.kind] for column in table.columns}
    return frame.select(*(nw.col(n) if n in there else nw.lit(None, dtype=kinds[n]).alias(n) for n in columns))
