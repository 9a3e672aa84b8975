"""The one module that knows where files are, and how a file comes to its final name: whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def project_root() -> Path:
    """Return the folder that holds pyproject.toml, notebooks/ and studies/: the source of everything that is run."""
    return Path(__file__).resolve().parents[2]


def workspace() -> Path:
    """Return the folder below which data/ and reports/ are written: the project, or what ANALYSIS_WORKSPACE names."""
    return Path(os.environ.get("ANALYSIS_WORKSPACE") or project_root()).resolve()


def studies() -> Path:
    """Return the folder of study files, one YAML file per study."""
    return Path(os.environ.get("ANALYSIS_STUDIES") or project_root() / "studies").resolve()


def notebooks() -> Path:
    """Return the folder of the notebooks as written, never as run: the project's, or what ANALYSIS_NOTEBOOKS names."""
    return Path(os.environ.get("ANALYSIS_NOTEBOOKS") or project_root() / "notebooks").resolve()


def raw(study: str) -> Path:
    """Return the folder of canonical raw tables of a study."""
    return workspace() / "data" / "raw" / study


def incoming(study: str) -> Path:
    """Return the folder for the exports of a study as they came, before they are tables, or what ANALYSIS_FILES names."""
    named = os.environ.get("ANALYSIS_FILES")
    return Path(named).absolute() if named else workspace() / "data" / "incoming" / study


def staged(study: str) -> Path:
    """Return the folder of the exports of a study as typed files, each a copy of what came that can be made again."""
    return raw(study) / "loaded"


def processed(study: str) -> Path:
    """Return the folder of tables that the notebooks of a study make."""
    return workspace() / "data" / "processed" / study


def reports(study: str) -> Path:
    """Return the folder of pages and run notebooks of a study."""
    return workspace() / "reports" / study


def keys() -> Path:
    """Return the folder of what must outlive data and reports and is nobody else's business: keys, and who was forgotten."""
    return workspace() / "keys"


def forgotten(study: str) -> Path:
    """Return the list of digests of the customers of a study that were forgotten and must not come in again."""
    return keys() / f"{study}.forgotten.json"


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a temporary name beside `path`; it becomes `path` when the block ends, and is removed when the block fails.

    A run that is killed leaves at most a file that begins with a dot, never half a file under its final name. A
    `private` file can be read by its owner only, from its first byte.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = unfinished(path)
    try:
        if private:
            temporary.unlink(missing_ok=True)
            temporary.touch(mode=0o600)
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """Return the name that a file has while it is written: hidden, beside the final one, another one in each process."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def sweep(study: str) -> None:
    """Remove what a killed run left unfinished below the folders of a study."""
    for folder in (raw(study), processed(study), reports(study)):
        for left in folder.rglob(".*.part*"):
            left.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write `text` as UTF-8 with Unix line ends, whole or not at all; `private` as in `replacing`."""
    with replacing(path, private=private) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
