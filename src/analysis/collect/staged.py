"""The exports of a study as typed files: loaded when they are new or changed, checked as a whole, nothing half done.

A file that does not fit its contract stops here, before any table or page changes. What was loaded before is kept in a folder
of its own beside the raw tables, for its owner alone, and is loaded again when the file, its contract or this code changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from analysis import places
from analysis.collect.incoming import incoming
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, Loaded, Remark

SUMS = ("totals", "totals_aside")  # of a loaded file: exact sums by column
SAME = "has the same content as {other} and is read once"


class Staged(NamedTuple):
    """One file of an export: what loading said of it, and its typed rows; none where another file has the same content."""

    loaded: Loaded
    rows: Path | None


def bring(study: str, exports: Mapping[str, Export], *, ask: bool = True) -> dict[str, list[Staged]]:
    """Load what is new or changed of the study's exports; return all by the name of their export.

    A database cannot say whether its rows changed before it is asked for them; without `ask` those of the last time are taken.
    Raises StudyError, naming file, line and column, and leaves everything as it was, for what does not fit its contract.
    """
    from analysis.collect.loading import databases, reading

    folder, found = places.staged(study), incoming(study, exports)
    known, brought, kept = _known(folder), {}, set()
    for name, export in exports.items():
        contract = _contract(export)
        if export.from_database:
            target = folder / f"{name}.parquet"
            entry = known.get(target.name)
            if not ask and entry and entry["mark"][0] == contract and target.exists():
                loaded = _from_plain(entry["loaded"])
            else:
                loaded = databases.load(export, name=name, into=target)
                known[target.name] = {"mark": [contract, loaded.sha256], "loaded": _plain(loaded)}
            brought[name] = [Staged(loaded, target)]
            _check_control(name, export, brought[name])
            kept.add(target)
            continue
        brought[name], contents = [], {}
        for file in found.of_export[name]:
            shown = found.shown(file)
            target = folder / f"{hashlib.sha256(f'{name}/{shown}'.encode()).hexdigest()[:16]}.parquet"
            mark, entry = [contract, *_state(file)], known.get(target.name)
            if entry and entry["mark"] == mark and target.exists():
                loaded = _from_plain(entry["loaded"])
            else:
                loaded = reading.load(file, export, name=shown, into=target)
                known[target.name] = {"mark": mark, "loaded": _plain(loaded)}
            kept.add(target)
            twin = contents.setdefault(loaded.sha256, shown)
            rows = target
            if twin != shown:
                again = Remark(shown, "note", SAME.format(other=twin))
                # Of this pass over the files and not of the file: the record of it that is kept must not grow.
                loaded, rows = replace(loaded, remarks=[*loaded.remarks, again]), None
            brought[name].append(Staged(loaded, rows))
        _check_control(name, export, brought[name])
    entries = {target.name: known[target.name] for target in sorted(kept) if target.name in known}
    places.write_text(folder / "loaded.json", json.dumps(entries, sort_keys=True), private=True)
    for left in folder.glob("*.parquet"):
        if left not in kept:
            left.unlink()
    return brought


def drop(study: str) -> None:
    """Remove the typed files of a study. They are made again from the exports when they are needed."""
    shutil.rmtree(places.staged(study), ignore_errors=True)


def _check_control(name: str, export: Export, files: list[Staged]) -> None:
    """Raise FileError where rows or sums are not those that the sender says."""
    from analysis.collect.loading.loaded import FileError

    once = [one.loaded for one in files if one.rows is not None]
    rows = sum(one.rows for one in once)
    if export.control.rows is not None and rows != export.control.rows:
        raise FileError(
            f"export {name}", f"{rows:,} rows came and the contract's control says {export.control.rows:,}",
            "ask the sender for the whole export, or correct control.rows",
        )  # fmt: skip
    for column, said in export.control.totals.items():
        total = sum((one.totals.get(column, Decimal(0)) for one in once), Decimal(0))
        if total != Decimal(said):
            raise FileError(
                f"export {name}", f"{column} adds up to {total:,} and the contract's control says {Decimal(said):,}",
                "ask the sender for the whole export, or correct control.totals", column=column,
            )  # fmt: skip


def _contract(export: Export) -> str:
    """Return a digest of what decides how a file is loaded: its contract and the code that loads."""
    said = export.model_dump(mode="json", exclude={"rows", "tables", "same_in", "control", "duplicates", "notes"})
    code = sorted((places.project_root() / "src" / "analysis" / "collect" / "loading").glob("*.py"))
    made = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for module in code:
        made.update(module.read_bytes())
    return made.hexdigest()


def _state(file: Path) -> list[Any]:
    state = file.stat()
    sidecar = file.with_name(file.name + ".sha256")
    return [state.st_size, state.st_mtime_ns, sidecar.stat().st_mtime_ns if sidecar.exists() else 0]


def _known(folder: Path) -> dict[str, dict]:
    file = folder / "loaded.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _plain(loaded: Loaded) -> dict[str, Any]:
    sums = {
        name: {column: None if total is None else str(total) for column, total in getattr(loaded, name).items()}
        for name in SUMS
    }
    return {**vars(loaded), **sums}


def _from_plain(entry: dict[str, Any]) -> Loaded:
    sums = {
        name: {column: None if total is None else Decimal(total) for column, total in entry[name].items()}
        for name in SUMS
    }
    rows = {"aside": [Aside(*one) for one in entry["aside"]], "remarks": [Remark(*one) for one in entry["remarks"]]}
    return Loaded(**{**entry, **sums, **rows})
