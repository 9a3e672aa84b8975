"""Results for programs that draw them: a folder of Parquet files with a Power BI connection, and Tableau's .hyper files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from analysis.design import formats
from analysis.places import replacing, write_text

PLACEHOLDER = "REPLACE-WITH-THE-FOLDER"  # Power BI takes absolute paths only, and a file of ours names no machine


def shared(
    read: Callable[[str], pd.DataFrame], folder: Path, *, wanted: Iterable[str], room: str, campaigns: bool = True
) -> list[str]:
    """Write a room's results for each such program that the study wants, and return the files, relative to `folder`.

    `read` gives a table of data/processed by its name: customers stand under the ids that they have there. Nothing is
    read or written for a study that wants none, and less where no `campaigns` are known. Raises ImportError with a hint
    where Tableau is wanted and the extra `tableau` is not installed.
    """
    written = []
    for name in wanted:
        form = formats.load(name)
        if form.holds_people:
            continue
        tables = {table: read(table) for table in formats.results(room, campaigns=campaigns)}
        if form.kind == "parquet":
            _parquet(tables, folder / form.file)
        if form.kind == "parquet" and room == "design":
            write_text(folder / f"{form.file}.pbids", connection(f"{PLACEHOLDER}\\{form.file}"))
        if form.kind == "hyper":
            _hyper(tables, folder / form.file / f"{room}.hyper")
        written += formats.files(name, room, campaigns=campaigns)
    return written


def connection(path: str) -> str:
    """Return a Power BI data source file (.pbids) for a folder. It holds no password; Power BI asks for the rest."""
    details = {"protocol": "folder", "address": {"path": path}}
    return json.dumps({"version": "0.1", "connections": [{"details": details, "mode": "Import"}]}, indent=2) + "\n"


def _parquet(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    for name, frame in tables.items():
        with replacing(folder / f"{name}.parquet", private=True) as unfinished:
            frame.to_parquet(unfinished, index=False, compression="zstd")


def _hyper(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    try:
        import pantab
    except ImportError:
        raise ImportError("handoff=tableau needs the extra `tableau`: pip install pantab") from None
    with replacing(path, private=True) as unfinished:
        pantab.frames_to_hyper(dict(tables), unfinished)
        unfinished.chmod(0o600)  # the engine makes the file anew
