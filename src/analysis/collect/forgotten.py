"""Customers who were forgotten: a digest of each is kept, and at the door of collect no row that names one comes in again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

import narwhals as nw

from analysis import engine, keys, places
from analysis.collect import exports
from analysis.identity import PERSONAL, customer_ids, ids_in
from analysis.refusals import StudyError
from analysis.tables import CANONICAL


def remember(customer_id: str, *, study: str) -> None:
    """Add the digest of a customer to those of the study that must not come in again. The id itself is not kept."""
    key, known = keys.key(study), _digests(study)
    content = {"key": key.fingerprint, "digests": sorted({*known, key.of("forgotten").digest(customer_id)})}
    places.write_text(places.forgotten(study), json.dumps(content, indent=2) + "\n", private=True)


def keep_out(folder: Path, *, study: str) -> dict[Path, int]:
    """Remove from the files below `folder` every row that names a forgotten customer; return the rows by file."""
    if not (digests := _digests(study)):
        return {}
    own = keys.key(study).of("forgotten")
    tables = [engine.scan(file) for file in sorted(folder.rglob("*.parquet"))]
    customers = {name for name in customer_ids(tables) if own.digest(name) in digests}
    return remove(folder, customers, addresses=addresses(tables, customers)) if customers else {}


def remove(
    place: Path,
    customers: Collection[str],
    *,
    addresses: Collection[str],
    headers: Collection[str] = (),
    only_count: bool = False,
) -> dict[Path, int]:
    """Remove every row that names one of the customers from a file, or from all below a folder; return the rows by file.

    Tables lose the rows with such an id in a column of ids, or as a part of a column `key`; text exports also those with one of
    their addresses, or with an id in a column with one of `headers`.
    """
    files = sorted(place.rglob("*.parquet")) if place.is_dir() else []
    found = {file: _remove_rows(file, engine.scan(file), customers, only_count) for file in files}
    found |= exports.remove(place, customers, addresses=addresses, headers=headers, only_count=only_count)
    return {file: rows for file, rows in sorted(found.items()) if rows}


def addresses(tables: Iterable[nw.LazyFrame], customers: Collection[str]) -> set[str]:
    """Return the e-mails and telephone numbers that the tables give to the customers."""
    found: set[str] = set()
    for frame in tables:
        columns = frame.collect_schema().names()
        told = [column.name for column in PERSONAL[:2] if column.name in columns]
        if "customer_id" in columns and told:
            rows = frame.filter(_is_one_of(nw.col("customer_id"), customers)).select(*told)
            found |= {
                value for value in engine.collect(rows).to_numpy().ravel() if isinstance(value, str) and value.strip()
            }
    return found


def _remove_rows(file: Path, frame: nw.LazyFrame, customers: Collection[str], only_count: bool) -> int:
    columns = frame.collect_schema().names()
    tests = [_is_one_of(nw.col(name), customers) for name in columns if exports.holds_customers(name)]
    if {"table", "key"} <= set(columns):  # faults, and what was set aside: the parts of a key stand in one text
        parts = nw.concat_str(nw.lit(" / "), nw.col("key"), nw.lit(" / "))
        of_customers = nw.col("table").is_in([name for name, table in CANONICAL.items() if ids_in(table.key)])
        tests += [of_customers & parts.str.contains(f" / {name} / ", literal=True) for name in sorted(customers)]
    if not tests:
        return 0
    names = nw.any_horizontal(*(test.fill_null(False) for test in tests), ignore_nulls=True)
    rows = int(engine.collect(frame.filter(names).select(rows=nw.len()))["rows"].iloc[0])
    if rows and not only_count:
        ours = file.stem in CANONICAL and file.parent.parent == places.raw("study").parent
        key = CANONICAL[file.stem].key if ours else ()
        order = [*key, *(name for name in columns if name not in key)] if ours else []  # an export keeps its order
        engine.write(frame.filter(~names), file, sort_by=order)
    return rows


def _is_one_of(column: nw.Expr, customers: Collection[str]) -> nw.Expr:
    return column.cast(nw.String).is_in(sorted(customers)).fill_null(False)


def _digests(study: str) -> set[str]:
    """Return the digests of the forgotten. Raises StudyError when they were made with another key: then nobody would be found."""
    path = places.forgotten(study)
    if not path.exists():
        return set()
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["key"] != keys.key(study).fingerprint:
        raise StudyError(
            f"who was forgotten in study {study!r} was noted with the key {content['key']}, and the key is now "
            f"{keys.key(study).fingerprint}: put the old one back, or remove {path} and forget them again"
        )
    return set(content["digests"])
