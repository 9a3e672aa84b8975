"""Known exports, one YAML file each in `mappings/`: by name, as a study changes them, and by the header of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from analysis.collect.loading.answers import laid_over, refuse_unanswered
from analysis.collect.loading.contract import Export
from analysis.refusals import StudyError, in_one_line, nearest

MAPPINGS = Path(__file__).with_name("mappings")


@cache
def names() -> tuple[str, ...]:
    """Return the names of the known exports."""
    return tuple(sorted(file.stem for file in MAPPINGS.glob("*.yml")))


@cache
def load(name: str) -> Export:
    """Return a known export as it stands. Raises StudyError for an unknown one, naming the nearest."""
    return _checked(_written(name), where=f"mappings/{name}.yml")


def resolved(name: str, stated: Mapping[str, Any]) -> Export:
    """Return the export that a study calls `name`: its own settings, laid over those of the known export it is `like`.

    Raises StudyError where they do not make an export, where a question mark is left, and where the study does not state
    what the known export asks for (`ask`).
    """
    own = {setting: value for setting, value in stated.items() if setting != "like"}
    if "like" not in stated:
        return _checked(own, where=f"export {name!r}")
    written = _written(stated["like"])
    try:
        refuse_unanswered(own, written.get("ask", {}))
    except ValueError as error:
        raise StudyError(f"export {name!r}, like {stated['like']}: {error}") from None
    return _checked(laid_over(written, own), where=f"export {name!r}, like {stated['like']}")


class Fit(NamedTuple):
    """How well the header of a file fits a known export that it may be."""

    name: str
    found: int  # columns of the export that the header has
    columns: int  # columns that the export names
    missing: tuple[str, ...]  # headers of columns that the file must have and lacks
    unused: tuple[str, ...]  # headers of the file that the export does not read

    @property
    def loads(self) -> bool:
        """Whether all columns are there that the file must have."""
        return not self.missing


def fits(header: Sequence[str]) -> tuple[Fit, ...]:
    """Return the known exports whose signature stands in a header, the best first: nothing missing, most columns, then by name.

    Headers are compared as they are written, without a byte order mark and blanks around them.
    """
    there = [word.strip("\ufeff \t\r\n") for word in header]
    found = [_fit(name, there) for name in names() if _signed(load(name), there)]
    return tuple(sorted(found, key=lambda fit: (*_rank(fit), fit.name)))


def recognised(header: Sequence[str]) -> tuple[Fit, ...]:
    """Return the known export that a header fits best; several where they fit equally well, none where it fits none."""
    found = fits(header)
    return tuple(fit for fit in found if _rank(fit) == _rank(found[0]))


def nearest_fit(header: Sequence[str]) -> Fit | None:
    """Return the known export that has most in common with a header that none fits; None where nothing is in common."""
    there = [word.strip("\ufeff \t\r\n") for word in header]
    best = min((_fit(name, there) for name in names()), key=lambda fit: (-fit.found / fit.columns, fit.name))
    return best if best.found else None


def _rank(fit: Fit) -> tuple[bool, int]:
    return not fit.loads, -fit.found


def _signed(export: Export, there: Sequence[str]) -> bool:
    return all(any(header in there for header in export.columns[name].header) for name in export.signature)


def _fit(name: str, there: Sequence[str]) -> Fit:
    columns = load(name).columns.values()
    has = [any(header in there for header in column.header) for column in columns]
    known = {header for column in columns for header in column.header}
    return Fit(
        name,
        sum(has),
        len(has),
        tuple(
            column.header[0] for column, is_there in zip(columns, has, strict=True) if column.needed and not is_there
        ),
        tuple(header for header in there if header not in known),
    )


@cache
def _written(name: str) -> dict[str, Any]:
    if name not in names():
        raise StudyError(f"like={name}: no such known export; {nearest(name, names())}")
    return yaml.safe_load((MAPPINGS / f"{name}.yml").read_text(encoding="utf-8"))


def _checked(written: Mapping[str, Any], *, where: str) -> Export:
    try:
        return Export.model_validate(written)
    except ValidationError as error:
        raise StudyError(f"{where}: {in_one_line(error, Export)}") from None
