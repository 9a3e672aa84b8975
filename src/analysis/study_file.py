"""The file of a study: its named parts, and how it is read, also when it is like another."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from analysis import places
from analysis.collect.loading.answers import refuse_questions
from analysis.refusals import StudyError, nearest
from analysis.tables import CANONICAL


class Part(BaseModel):
    """What stands in a study file: nothing unknown, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SegmentRule(Part):
    """One named segment: customers for whom every comparison in `when` holds and no earlier rule did."""

    name: str
    when: str
    about: str = ""


class Incentive(Part):
    """One kind of incentive: what the customer sees (`face_value`), what one use costs us (`cost`), who is expected to use it."""

    incentive_id: str
    form: Literal["discount", "gift", "points", "coupon"]
    name: str
    face_value: float = Field(ge=0)
    cost: float = Field(ge=0)
    uptake: float = Field(ge=0, le=1)  # share of the customers who get it that will use it; an assumption, shown as one


class Strategy(Part):
    """What customers of one segment get: a gift and an incentive, each an incentive_id or nothing; lower priority is cut first."""

    segment: str
    gift: str | None = None
    incentive: str | None = None
    why: str = ""


Spellings = dict[
    str, dict[str, dict[str, tuple[str, ...]]]
]  # table -> column -> what is read -> how else it is written


def refuse_unclear(spellings: Spellings) -> None:
    """Raise ValueError for a spelling in a table or column that is not declared, and for one that is read as two things."""
    for table, columns in spellings.items():
        if table not in CANONICAL:
            raise ValueError(f"spellings of table {table!r}: no such table; {nearest(table, CANONICAL)}")
        words = CANONICAL[table].of_kind("text")
        for column, readings in columns.items():
            if column not in words:
                raise ValueError(f"spellings of {table}.{column}: no such column of words; {nearest(column, words)}")
            read: dict[str, str] = {}
            for reading, ways in readings.items():
                for way in (reading, *ways):
                    if (other := read.setdefault(way.strip().casefold(), reading)) != reading:
                        raise ValueError(
                            f"spellings of {table}.{column}: {way!r} is read as {other!r} and as {reading!r}"
                        )


USUAL = "usual"  # settings that a study of own data can be like; packaged, no study of its own


def written(name: str) -> dict[str, Any]:
    """Return what stands in a study file; one that is `like` another, or like the usual, needs to name only what differs.

    Its exports are resolved: those that are like a known one have what is known of it.
    """
    known = sorted(file.stem for file in places.studies().glob("*.yml"))
    if name not in known:
        raise StudyError(f"no study {name!r}; {nearest(name, known)}")
    found = _settings((places.studies() / f"{name}.yml").read_text(encoding="utf-8"), name)
    try:
        refuse_questions(found)  # a draft that `make describe` wrote has them until somebody has decided
    except ValueError as error:
        raise StudyError(f"study {name!r}: {error}") from None
    like = found.pop("like", None)
    if exports := found.get("exports"):
        from analysis.collect import known as exported

        if not isinstance(exports, dict) or not all(isinstance(one, dict) for one in exports.values()):
            raise StudyError(f"study {name!r}: exports holds no names with settings below them")
        found["exports"] = {export: exported.resolved(str(export), stated) for export, stated in exports.items()}
    if like == USUAL:
        return {**_settings(files("analysis").joinpath(f"{USUAL}.yml").read_text(encoding="utf-8"), USUAL), **found}
    return {**written(like), **found} if like else found


def _settings(text: str, name: str) -> dict[str, Any]:
    try:
        found = yaml.load(text, Loader=_EachOnce)
    except yaml.YAMLError as error:
        raise StudyError(f"study {name!r}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise StudyError(f"study {name!r}: the file holds no settings")
    return found


class _EachOnce(yaml.SafeLoader):
    """Reads YAML and refuses a setting that stands twice, of which the last would win without a word."""

    def construct_mapping(self, node, deep=False):
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the setting {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)
