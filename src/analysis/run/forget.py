"""`make forget`: a customer is taken out of every copy that the project holds, and does not come in again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from analysis import engine, places
from analysis.collect import exports, forgotten, staged
from analysis.collect.expressions import names_in
from analysis.collect.loading.contract import Export
from analysis.identity import IDS
from analysis.refusals import StudyError
from analysis.report.words import plural
from analysis.study import Study


def forget(customer: str, study: Study) -> list[str]:
    """Remove a customer from raw data and exports, and all that was made from them; return lines that say what and where.

    The digest is noted first, so that a removal that is cut short is completed by the next run. What notebooks made is
    removed whole, because any page may rest on the customer; the caller makes it again. Raises StudyError for a customer whom
    the study does not know.
    """
    raw = places.raw(study.name)
    staged.drop(study.name)  # typed copies of the exports; they are made again from what is left
    exported = [place for place in (places.incoming(study.name), study.suppression_file) if place and place.exists()]
    tables = [engine.scan(file) for file in sorted(raw.rglob("*.parquet"))]
    person = {"customers": {customer}, "addresses": forgotten.addresses(tables, {customer})}
    headers = headers_of_ids(study.exports)
    if not any(forgotten.remove(place, **person, headers=headers, only_count=True) for place in (raw, *exported)):
        raise StudyError(f"no customer {customer!r} in the data of the study {study.name!r}; nothing was removed")
    forgotten.remember(customer, study=study.name)
    found = {}
    for place in (raw, *exported):
        found |= forgotten.remove(place, **person, headers=headers)
    lines = [f"removed  {_shown(file)}: {plural(rows, 'row')}" for file, rows in sorted(found.items())]
    for made in (places.processed(study.name), places.reports(study.name)):
        if made.exists():
            shutil.rmtree(made)
            lines.append(f"removed  {_shown(made)}: all, to be made again")
    for database in sorted((places.workspace() / ".doit").glob(f"{study.name}.db*")):
        database.unlink()
    lines.append(f"noted    {_shown(places.forgotten(study.name))}: a digest, so that no export brings them back")
    doubtful = [file for place in exported for file in exports.left_over(place, **person)]
    return lines + [
        f"LOOK     {_shown(file)}: it may name them, and records cannot be taken out of it here" for file in doubtful
    ]


def headers_of_ids(exports: Mapping[str, Export]) -> set[str]:
    """Return the headers of all columns that contracts make customer ids from."""
    found = set()
    for export in exports.values():
        texts = (text for recipe in export.tables.values() for name, text in recipe.columns.items() if name in IDS)
        found |= {header for text in texts for name in names_in(text) for header in export.columns[name].header}
    return found


def _shown(path: Path) -> str:
    return path.relative_to(places.workspace()).as_posix() if path.is_relative_to(places.workspace()) else str(path)
