"""Which reader a file needs, by its first bytes; one whose name says something else is refused, for its sender may not know either."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.collect.loading.loaded import FileError, Loaded

if TYPE_CHECKING:
    from analysis.collect.loading.contract import Export

ENDINGS = {
    ".xlsx": "workbook",
    ".xls": "old workbook",
    ".ods": "workbook",
    ".parquet": "Parquet file",
}  # all others: text


def load(file: Path, export: Export, *, name: str, into: Path) -> Loaded:
    """Load a file of an export to the private Parquet file `into`; `name` is how people know it. Raises FileError."""
    held, said = kind(file, name=name), ENDINGS.get(file.suffix.lower(), "text")
    if held != said:
        raise FileError(
            name, f"it is a {held} and its name says {said}", "give it the right ending, and the contract as well"
        )
    if held == "text":
        from analysis.collect.loading import text_files

        return text_files.load(file, export, into=into)
    from analysis.collect.loading import parquet_files, workbooks

    before = file.stat()
    reader = parquet_files if held == "Parquet file" else workbooks
    loaded = reader.load(file, export, name=name, into=into)
    now = file.stat()
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        into.unlink()
        raise FileError(name, "it changed while it was read", "it is still being written; wait until it is whole")
    _compare_with_sidecar(file, loaded, into, name=name)
    return loaded


def kind(file: Path, *, name: str) -> str:
    """Return what the first bytes of a file are: workbook, old workbook, Parquet file or text, which its reader looks at itself."""
    with file.open("rb") as opened:
        first = opened.read(16)
    if first.startswith(b"PAR1"):
        return "Parquet file"
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        return (
            "old workbook" if file.suffix.lower() == ".xls" else "workbook"
        )  # a new one with a password is packed so as well
    if first.startswith(b"SQLite format 3"):
        raise FileError(
            name, "it is a SQLite database", "read it with url: sqlite:///data/incoming/... instead of files"
        )
    if not first.startswith(b"PK\x03\x04"):
        return "text"
    if not zipfile.is_zipfile(file):
        raise FileError(name, "it is a damaged workbook or archive", "transfer or export it again")
    with zipfile.ZipFile(file) as package:
        parts = set(package.namelist())
    if "xl/workbook.bin" in parts:
        raise FileError(name, "it is a binary workbook (.xlsb)", "save it as .xlsx")
    if {"xl/workbook.xml", "content.xml"} & parts:
        return "workbook"
    raise FileError(name, "it is a ZIP archive", "unpack it")


def _compare_with_sidecar(file: Path, loaded: Loaded, into: Path, *, name: str) -> None:
    beside = file.with_name(f"{file.name}.sha256")
    if not beside.is_file():
        return
    said = beside.read_text(encoding="utf-8", errors="replace").split()
    if not said or said[0].lower() != loaded.sha256:
        into.unlink()
        raise FileError(name, f"its content is not the one of {beside.name}", "transfer it again")
