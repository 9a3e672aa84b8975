"""Which reader a file needs, by the end of its name; each reader looks at the first bytes and refuses what only bears the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.collect.loading.loaded import Loaded

if TYPE_CHECKING:
    from analysis.collect.loading.contract import Export


def load(file: Path, export: Export, *, name: str, into: Path) -> Loaded:
    """Load a file of an export to the private Parquet file `into`; `name` is how people know it. Raises FileError."""
    if file.suffix.lower() == ".parquet":
        from analysis.collect.loading import parquet_files

        return parquet_files.load(file, export, name=name, into=into)
    from analysis.collect.loading import text_files

    return text_files.load(file, export, into=into)
