"""Which files of the incoming folder each export reads; a file that two would read, or that lies outside, is refused."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from analysis import places
from analysis.collect.loading.contract import Export
from analysis.refusals import StudyError, nearest


class Incoming(NamedTuple):
    """What lies there: files by the name of their export, each list sorted by name, and files that no export reads."""

    of_export: dict[str, list[Path]]
    unread: list[Path]
    root: Path

    def shown(self, file: Path) -> str:
        """Return a file as it is named to people: its path below the folder, never where the folder is."""
        return file.relative_to(self.root).as_posix()


def incoming(study: str, exports: Mapping[str, Export]) -> Incoming:
    """Match the files of the study's incoming folder, or of what FILES names, with the patterns of its exports.

    A name is compared letter by letter before it is taken as a pattern, so that a file called "a[1].csv" can be named.
    Raises StudyError where an export has no file, where two exports claim one, and for a link that leads outside.
    """
    place = places.incoming(study)
    patterns = {name: export.files for name, export in exports.items() if not export.from_database}
    if not patterns:
        return Incoming({}, [], place)
    if not place.exists():
        raise StudyError(
            f"study {study!r}: {_called(place)} is not there; put the exports there, or name them with FILES=path"
        )
    root = place if place.is_dir() else place.parent
    there = _files(place)
    for file in there:
        if not file.resolve().is_relative_to(root.resolve()):
            raise StudyError(
                f"study {study!r}: {file.name!r} is a link that leads outside {_called(place)}; copy the file instead"
            )
    shown = {file: file.relative_to(root).as_posix() for file in there}
    if place.is_file() and len(patterns) == 1:  # a single file that is named needs no pattern
        return Incoming({next(iter(patterns)): there}, [], root)
    claimed: dict[Path, str] = {}
    for name, pattern in patterns.items():
        for file in there:
            if shown[file] != pattern and not fnmatch.fnmatchcase(shown[file], pattern):
                continue
            if (other := claimed.setdefault(file, name)) != name:
                told = f"{shown[file]!r} is claimed by the exports {other!r} and {name!r}; make one pattern narrower"
                raise StudyError(f"study {study!r}: {told}")
    found = {name: sorted(file for file, by in claimed.items() if by == name) for name in patterns}
    for name, files in found.items():
        if not files:
            raise StudyError(
                f"study {study!r}: no file for the export {name!r}, {patterns[name]!r}, in {_called(place)}; "
                f"{nearest(patterns[name], shown.values())}; or name them with FILES=path"
            )
    return Incoming(found, sorted(set(there) - set(claimed)), root)


def refuse_outside(pattern: str) -> None:
    """Raise ValueError for a pattern that is absolute or climbs out of the folder."""
    path = PurePosixPath(pattern.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or pattern.startswith("~") or ":" in path.parts[0]:
        raise ValueError(
            f"files {pattern!r} lie outside the folder of incoming files; write a name or pattern below it, such as orders*.csv"
        )


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    below: Iterable[Path] = sorted(place.rglob("*"))
    return [file for file in below if file.is_file() and not any(part.startswith(".") for part in file.relative_to(place).parts)
            and file.suffix not in (".sha256", ".md")]  # fmt: skip


def _called(place: Path) -> str:
    """Name a place without saying where on this machine it is, unless it lies outside the project's workspace."""
    return place.relative_to(places.workspace()).as_posix() if place.is_relative_to(places.workspace()) else place.name
