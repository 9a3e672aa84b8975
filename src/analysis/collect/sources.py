"""The source of a study: packaged or simulated data, or the study's own exports. All have one interface.

TABLES (names of its canonical tables), ABSENT (why each other one is missing), NOT_USED (why a file of the source is not read),
FILES (further files that `write` makes beside the tables), SETTINGS (the settings of a study that it depends on), STORY
(sentences about its files, about what becomes of them, about its clock and about its limits), `source_files()` (files by
name) and `write(folder, **settings)` (the canonical raw tables). What is packaged or simulated is a module; exports are an object,
because each study has its own.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.refusals import nearest

NAMES = ("complete_journey", "workshop")
SOURCE_SETTINGS = ("sample", "size", "scenario", "dirt")  # settings that some sources have and others do not
EXPORTS = "files"  # the name of a study's own exports, from files or databases


def source(study: Any) -> Any:
    """Return the source of a study (anything with the fields that a study has). Raises ValueError with the nearest names."""
    if study.source == EXPORTS:
        from analysis.collect.exported import Exported

        own = {"time_zone": study.time_zone, "currency": study.currency}
        exports = {name: export.of_study(**own) for name, export in study.exports.items()}
        return Exported(study.name, exports, **own, ends_on=study.ends_on, smallest=study.smallest_group)
    if study.source not in NAMES:
        raise ValueError(f"no source {study.source!r}; {nearest(study.source, (*NAMES, EXPORTS))}")
    return import_module(f"analysis.collect.{study.source}")


def write(study: Any, folder: Path) -> None:
    """Write the canonical raw tables of a study's source to `folder`; of its settings the source takes those it depends on."""
    own = source(study)
    own.write(folder, **{setting: getattr(study, setting) for setting in own.SETTINGS})


def refuse_disagreeing(study: Any) -> None:
    """Raise ValueError where a study changes a setting that its source has not, or names exports and another source."""
    for name in SOURCE_SETTINGS:
        value = getattr(study, name)
        if not study.depends_on(name) and value != type(study).model_fields[name].default:
            raise ValueError(f"{name}={value}: the source {study.source} has no {name}; the source workshop has")
    if (study.source == EXPORTS) != bool(study.exports):
        raise ValueError(
            "a study with source: files names its exports, and no other study does; see Your own data in the README"
        )
    for name, export in study.exports.items():
        export.refuse_gaps(name)
