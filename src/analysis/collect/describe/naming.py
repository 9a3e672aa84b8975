"""Names for what a file calls otherwise: our names of columns and exports, and a pattern for the files of an export."""

from __future__ import annotations

import keyword
import os
import re
import unicodedata
from collections.abc import Collection, Sequence


def named(header: str, taken: Collection[str]) -> str:
    """Return a name that an expression can use: letters, digits and underscores, unlike those that are taken."""
    plain = unicodedata.normalize("NFKC", header).strip().casefold()
    name = re.sub(r"\W+", "_", plain).strip("_") or "column"
    if not name.isidentifier() or keyword.iskeyword(name):
        name = f"c_{name}"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def study_name(file: str) -> str:
    """Return a name for a study from the name of a file: small letters, digits and hyphens."""
    stem = re.sub(r"(?:[.](?:csv|tsv|txt|gz|xlsx|xlsb|xls|ods|parquet))+$", "", file.casefold())
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "study"


def pattern(files: Sequence[str]) -> str:
    """Return a pattern that has all the names: one name itself, of several what they begin and end with."""
    if len(files) == 1:
        return files[0]
    begins = os.path.commonprefix(list(files))
    ends = os.path.commonprefix([file[len(begins) :][::-1] for file in files])[::-1]
    return f"{begins}*{ends}"
