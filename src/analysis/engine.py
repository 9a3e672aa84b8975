"""The one module that knows which engine runs: DuckDB, behind narwhals lazy frames.

What touches every order line is a lazy narwhals expression; `collect` is the named place where it becomes pandas.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.places import replacing

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MONEY = nw.Decimal(12, 2)  # up to 9,999,999,999.99, exact to the cent
_numbers = count()
ROWS_PER_GROUP = 122_880  # DuckDB's own default, stated because the bytes of a file depend on it


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """Return this process's engine: in memory, in UTC, with as many threads as ANALYSIS_THREADS says (all by default)."""
    import duckdb

    engine = duckdb.connect()
    engine.execute("set TimeZone = 'UTC'")
    if "ipykernel" not in sys.modules:  # in a notebook the engine draws none and refuses the setting
        engine.execute("set enable_progress_bar = false")
    engine.execute("set autoinstall_known_extensions = false")
    engine.execute("set python_enable_replacements = false")  # a table name never means a Python variable
    engine.execute("set temp_file_encryption = true")  # what does not fit into memory may name customers
    if threads := os.environ.get("ANALYSIS_THREADS"):
        engine.execute(f"set threads = {int(threads)}")
    return engine


def scan(path: Path | Sequence[Path]) -> nw.LazyFrame:
    """Return the rows of one Parquet file, or of several of one shape, unread until they are asked for."""
    paths = [str(path)] if isinstance(path, Path) else [str(one) for one in path]
    return nw.from_native(connection().read_parquet(paths))


def lazy(frame: pd.DataFrame) -> nw.LazyFrame:
    """Return a pandas table as a lazy frame of the engine, for small tables that join order lines and for tests."""
    return nw.from_native(connection().from_df(frame))


def collect(frame: nw.LazyFrame) -> pd.DataFrame:
    """Run a lazy frame and return it as pandas: the crossing from order lines to one row per customer or smaller.

    Decimals arrive as floats; they were summed exactly, so the float is the nearest one to the true cents. Rows come
    sorted by all their columns: an engine with several threads gives them in another order each time, and sums of floats
    that follow would differ in their last digit.
    """
    return nw.to_native(frame.sort(*frame.collect_schema().names())).df()


def hold(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Compute a lazy frame once and return it for several uses; the engine keeps it in memory and spills it to disk when large."""
    held = f"held_{next(_numbers)}"
    nw.to_native(frame).create_view("to_hold", replace=True)
    connection().execute(f"create temp table {held} as from to_hold")
    return nw.from_native(connection().table(held))


def write(frame: nw.LazyFrame, path: Path, *, sort_by: Sequence[str]) -> None:
    """Write a lazy frame to Parquet, sorted by its unique key, whole or not at all.

    The bytes are the same for any number of threads because the order of rows is total; without `sort_by` rows stay as they came.
    """
    with replacing(path) as unfinished:
        nw.to_native(frame.sort(*sort_by) if sort_by else frame).write_parquet(
            str(unfinished), compression="zstd", row_group_size=ROWS_PER_GROUP
        )


def with_money(frame: nw.LazyFrame, columns: Sequence[str]) -> nw.LazyFrame:
    """Return the frame with the named columns as exact decimals of two places, rounded half away from zero."""
    return frame.with_columns(nw.col(*columns).cast(MONEY))


def with_local_time(frame: nw.LazyFrame, column: str, *, time_zone: str) -> nw.LazyFrame:
    """Return the frame with a UTC moment turned into the wall clock of `time_zone` (an IANA name), without zone.

    narwhals has no zone conversion on SQL engines, so the engine's own function is called here and only here.
    """
    relation = nw.to_native(frame)
    quoted = '"' + column.replace('"', '""') + '"'
    zone = "'" + time_zone.replace("'", "''") + "'"
    local = f"({quoted}::timestamp at time zone 'UTC') at time zone {zone} as {quoted}"
    return nw.from_native(relation.project(f"* replace ({local})"))
