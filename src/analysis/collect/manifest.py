"""The manifest of a study's raw data: what came from where, how many rows, and the SHA-256 of every file."""

from __future__ import annotations

import json
from pathlib import Path

import narwhals as nw
import pandas as pd

from analysis import engine, places
from analysis.tables import CANONICAL


def write_raw(tables: dict, *, folder: Path) -> None:
    """Write each canonical raw table to `folder` as Parquet, sorted by its key and then by all its columns.

    Raw tables may hold a key twice; the further columns make the order of rows, and so the bytes, certain.
    """
    for name, frame in tables.items():
        columns = frame.collect_schema().names()
        key = [column for column in CANONICAL[name].key if column in columns]
        engine.write(
            frame, folder / f"{name}.parquet", sort_by=[*key, *(column for column in columns if column not in key)]
        )


def manifest(
    folder: Path, *, source: str, source_files: dict[str, Path], not_used: dict[str, str], absent: dict[str, str]
) -> dict:
    """Describe a folder of raw tables: source, rows and SHA-256 per table, SHA-256 of the files they came from.

    Of exports it says besides what loading did: rows, kept and set aside per file, and rows of each kind.
    """
    reported = sorted((folder / "loading").glob("*.parquet"))
    return {
        "source": source,
        "tables": {
            file.stem: {
                "rows": int(engine.collect(engine.scan(file).select(rows=nw.len()))["rows"].iloc[0]),
                "sha256": places.sha256(file),
            }
            for file in sorted(folder.glob("*.parquet"))
        },
        "source_files": {name: places.sha256(file) for name, file in source_files.items()},
        "not_used": not_used,
        "absent": absent,
        **({"loading": {file.stem: _records(file) for file in reported}} if reported else {}),
    }


def _records(file: Path) -> list[dict]:
    return json.loads(pd.read_parquet(file).to_json(orient="records"))


def write_manifest(content: dict, folder: Path) -> None:
    """Write the manifest as manifest.json beside the raw tables."""
    places.write_text(
        folder / "manifest.json", json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )


def read_manifest(folder: Path) -> dict:
    """Read the manifest of a study's raw data."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def loading(content: dict) -> dict[str, pd.DataFrame]:
    """Return what loading did with exports, by name: files, set_aside, kinds, remarks; empty for a source without exports."""
    columns = {
        "files": ["export", "file", "rows", "kept", "set_aside", "sha256"], "set_aside": ["file", "line", "column", "rule", "shape"],
        "kinds": ["export", "kind", "when", "left_out", "rows"], "remarks": ["file", "kind", "words"],
    }  # fmt: skip
    told = content.get("loading", {})
    return {name: pd.DataFrame(told[name], columns=columns[name]) for name in columns} if told else {}


def overview(content: dict) -> pd.DataFrame:
    """One row per canonical table, in the order of the data dictionary: grain, rows, what is missing and why."""
    rows = [
        {
            "table": name,
            "one row per": table.grain,
            "rows": content["tables"].get(name, {}).get("rows"),
            "note": content["absent"].get(name, ""),
        }
        for name, table in CANONICAL.items()
    ]
    return pd.DataFrame(rows).astype({"rows": "Int64"})


def source_overview(files: dict[str, Path], *, not_used: dict[str, str]) -> pd.DataFrame:
    """One row per file of the source: rows where the file says how many, bytes, and why it is not used where it is not."""
    rows = [
        {
            "file": file.name,
            "rows": int(engine.collect(engine.scan(file).select(rows=nw.len()))["rows"].iloc[0])
            if file.suffix == ".parquet"
            else None,
            "megabytes": file.stat().st_size / 1e6,
            "note": not_used.get(name, ""),
        }
        for name, file in files.items()
    ]
    table = pd.DataFrame(rows, columns=["file", "rows", "megabytes", "note"]).astype({"rows": "Int64"})
    return table if table["rows"].notna().any() or table.empty else table.drop(columns="rows")
