"""The file of a study: its named parts, and how it is read, also when it is like another."""

from __future__ import annotations

from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from analysis import places
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


def written(name: str) -> dict[str, Any]:
    """Return what stands in a study file; one that is `like` another needs to name only what differs."""
    known = sorted(file.stem for file in places.studies().glob("*.yml"))
    if name not in known:
        raise StudyError(f"no study {name!r}; {nearest(name, known)}")
    try:
        found = yaml.safe_load((places.studies() / f"{name}.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise StudyError(f"study {name!r}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise StudyError(f"study {name!r}: the file holds no settings")
    like = found.pop("like", None)
    return {**written(like), **found} if like else found
