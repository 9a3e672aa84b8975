"""The file of a study: its named parts, and how it is read, also when it is like another."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from importlib.resources import files
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from analysis import places
from analysis.collect.loading.answers import refuse_questions
from analysis.refusals import StudyError, nearest
from analysis.tables import CANONICAL


class Part(BaseModel):
    """What stands in a study file: nothing unknown, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_else_is_meant(cls, value: Any, about) -> Any:
        """Refuse true for a number, which would be 1, and a number for a date, which would count seconds from 1970."""
        takes = cls.model_fields[about.field_name].annotation
        values = value.values() if isinstance(value, dict) else (value,)
        if takes is not bool and (found := [one for one in values if isinstance(one, bool)]):
            raise ValueError(f"{about.field_name}={found[0]} is true or false where something else is meant")
        if takes is date and isinstance(value, (int, float)):
            raise ValueError(f"{about.field_name}={value} is not a date; write it like 2017-09-30")
        return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone {name!r}; {nearest(name, available_timezones())}") from None
    return name


def _below(file: str) -> str:
    if not (places.workspace() / file).resolve().is_relative_to(places.workspace()):
        raise ValueError(f"the file {file} is outside {places.workspace()}; put it below that folder")
    return file


Zone = Annotated[str, AfterValidator(_zone)]  # an IANA name
Below = Annotated[str, AfterValidator(_below)]  # a file below the workspace, also when links are followed


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


def written(name: str, *, likes: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what stands in a study file; one that is `like` another, or like the usual, needs to name only what differs.

    Its exports are resolved: those that are like a known one have what is known of it. `likes` are the studies that led here.
    """
    if name in likes:
        raise StudyError(f"study {name!r} is like itself: {' is like '.join([*likes, name])}")
    known = sorted(file.stem for file in places.studies().glob("*.yml"))
    if name not in known:
        raise StudyError(f"no study {name!r}; {nearest(name, known)}")
    found = _settings((places.studies() / f"{name}.yml").read_bytes(), name)
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
        return {**_settings(files("analysis").joinpath(f"{USUAL}.yml").read_bytes(), USUAL), **found}
    return {**written(like, likes=(*likes, name)), **found} if like else found


def _settings(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = yaml.load(content.decode("utf-8"), Loader=_EachOnce)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StudyError(f"study {name!r}: line {line} is not UTF-8; save the file as UTF-8") from None
    except yaml.YAMLError as error:
        raise StudyError(f"study {name!r}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise StudyError(f"study {name!r}: the file holds no settings")
    return found


class _EachOnce(yaml.SafeLoader):
    """Reads YAML and refuses a setting that stands twice, of which the last would win without a word.

    Only true and false are truth values, as in YAML 1.2: yes, no, on and off are the words that stand there.
    """

    def construct_mapping(self, node, deep=False):
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                break  # the base class refuses it with its place
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the setting {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_EachOnce.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_EachOnce.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
