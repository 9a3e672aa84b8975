"""A table or a query of a database as typed rows: streamed in pieces, read only, columns found by name."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.collect.loading import addresses, staging
from analysis.collect.loading.loaded import FileError, Loaded
from analysis.collect.loading.origins import refuse_commands
from analysis.refusals import nearest

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Select

    from analysis.collect.loading.contract import Export

ROWS_AT_ONCE = 20_000


def load(export: Export, *, name: str, into: Path) -> Loaded:
    """Write the rows of an export that fit its contract to the private Parquet file `into`; one row per row of the result.

    `_line` is the number of the row in the result, from 1; a database promises no order of its own. The digest of the
    content is the same in any order of rows, so that it says whether the data changed.
    Raises FileError, which holds no password, no user and no value.
    """
    return addresses.asked(export, name, lambda connection: _load(connection, export, name, into))


def _load(connection: Connection, export: Export, name: str, into: Path) -> Loaded:
    place = addresses.place(export, name)
    if export.table:
        there = _columns_of_table(connection, export, place)
        query = _select(export, staging.found(there, export, place=place).columns)
    else:
        refuse_commands(export.query, place)
        query, there = export.query, []  # whose columns are known when it runs
    streamed = {"stream_results": True, "yield_per": ROWS_AT_ONCE, "no_parameters": True}
    ask = connection.exec_driver_sql if export.query else connection.execute
    with ask(query, execution_options=streamed) as result:
        order = list(result.keys())
        headers = staging.found(there or order, export, place=place)
        at = {name: order.index(header) for name, header in headers.columns.items()}
        return staging.stage(_blocks(result, at), headers, export, name=name, place=place, into=into)


def _blocks(result: CursorResult, at: dict[str, int]) -> Iterator[staging.Block]:
    first = 1
    for rows in result.partitions(ROWS_AT_ONCE):
        columns = list(zip(*rows, strict=True))
        yield staging.Block({name: columns[place] for name, place in at.items()}, range(first, first + len(rows)))
        first += len(rows)


def _columns_of_table(connection: Connection, export: Export, place: str) -> list[str]:
    from sqlalchemy import exc, inspect

    schema, table = _named(export)
    look = inspect(connection)
    if not look.has_table(table, schema=schema):
        known = [*look.get_table_names(schema=schema), *look.get_view_names(schema=schema)]
        within = f" in the schema {schema}" if schema else ""
        raise FileError(place, f"there is no table {table!r}{within}", f"{nearest(table, known)}")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", exc.SAWarning
        )  # of types that SQLAlchemy does not know; names are all we ask for
        return [column["name"] for column in look.get_columns(table, schema=schema)]


def _select(export: Export, columns: dict[str, str]) -> Select:
    """Select the columns by name and no other one; without their types, so that values come as the driver has them."""
    from sqlalchemy import column, select, table

    schema, name = _named(export)
    return select(*(column(header) for header in columns.values())).select_from(table(name, schema=schema))


def _named(export: Export) -> tuple[str | None, str]:
    schema, _, table = export.table.rpartition(".")
    return schema or None, table
