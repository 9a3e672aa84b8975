"""The sources by name. Each is a module with one interface, so that a notebook need not know which one a study has.

TABLES (names of its canonical tables), ABSENT (why each other one is missing), NOT_USED (why a file of the source is not read),
FILES (further files that `write` makes beside the tables), SETTINGS (the settings of a study that it depends on), STORY
(sentences about its files, about what becomes of them, about its clock and about its limits), `source_files()` (files by
name) and `write(folder, **settings)` (the canonical raw tables).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from analysis.refusals import nearest

NAMES = ("complete_journey", "workshop")


def source(name: str) -> ModuleType:
    """Return the module of a source, imported on demand. Raises ValueError with the nearest names."""
    if name not in NAMES:
        raise ValueError(f"no source {name!r}; {nearest(name, NAMES)}")
    return import_module(f"analysis.collect.{name}")


def write(name: str, folder: Path, *, settings: dict[str, Any]) -> None:
    """Write the canonical raw tables of a source to `folder`; of all settings of a study it takes those it depends on."""
    module = source(name)
    module.write(folder, **{setting: settings[setting] for setting in module.SETTINGS})
