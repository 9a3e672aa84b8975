"""What each system takes: its columns, encoding and limits, read from the YAML files in `systems/`, one per system.

Only the study and the graph need to know the names, so that nothing heavy is imported here.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analysis.refusals import StudyError, in_one_line, nearest

SYSTEMS = Path(__file__).with_name("systems")
FIELDS = (
    "customer_id", "email", "phone", "first_name", "last_name",
    "segment", "gift", "incentive", "forms", "arm", "campaign", "planned_on",
)  # fmt: skip
SHARED = {  # results that programs for drawing get, by the room that hands them over
    "design": (
        "behaviour", "cluster_profile", "loyalty_measures", "monthly", "movement", "plan", "promise", "retention", "segments",
        "strategies",
    ),
    "monitor": (
        "campaign_results", "control", "conversion_by_group", "event_time", "funnel", "product_rankings", "redemption_time", "weekly",
    ),
}  # fmt: skip
WITHOUT_CAMPAIGNS = ("control", "product_rankings", "weekly")  # of the room monitor, where no campaigns are known


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """One column of a file: what its header says and where its cells come from; a cell that cannot be right is empty."""

    header: str
    field: Literal[FIELDS] | tuple[Literal[FIELDS], ...] = ()  # several are written into one cell
    joined: str = ", "  # what stands between several
    value: str = ""  # the same text in every row, where no field is named
    required: bool = False  # a row without it is left out and counted
    written: Literal["as it came", "e164"] = "as it came"  # of a phone: + and digits only, or what the data says
    pattern: str = ""  # what a cell must look like as a whole; another one is not written
    where_known: bool = False  # the column is there only if the data has the field

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it is made from, none for a constant."""
        return (self.field,) if isinstance(self.field, str) else self.field


class Format(_Part):
    """What one system takes as it is. `seen`, `certain` and `notes` say how we know, and why it is as it is."""

    title: str
    kind: Literal["csv", "xlsx", "parquet", "hyper"]
    file: str  # name below handoff/; for parquet a folder
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8"
    separator: Literal[",", ";", "\t"] = ","
    line_end: Literal["crlf", "lf"] = "crlf"
    date: str = "%Y-%m-%d"
    made_harmless: Literal["for a spreadsheet", "for an importer"] = "for an importer"
    columns: tuple[Column, ...] = ()
    any_of: tuple[str, ...] = ()  # headers: a row in which all of them are empty is left out and counted
    without: str = ""  # characters that the system refuses; each becomes a space
    max_rows: int | None = Field(default=None, ge=1)  # rows of one file; what is more goes to further files
    max_megabytes: int | None = Field(default=None, ge=1)
    campaign: str = ""  # what the study's handoff_campaign must look like, as a regular expression
    campaign_looks: str = ""  # the same in words
    seen: str
    certain: str
    notes: str = ""

    @model_validator(mode="after")
    def _headers_agree(self) -> Format:
        headers = [column.header for column in self.columns]
        if len(set(headers)) < len(headers):
            raise ValueError(f"{self.title}: a header stands twice")
        if unknown := [header for header in self.any_of if header not in headers]:
            raise ValueError(f"{self.title}: any_of names {unknown[0]!r}; {nearest(unknown[0], headers)}")
        return self

    @property
    def holds_people(self) -> bool:
        """Whether it is a list of those to be sent something; the others hold tables for looking at."""
        return self.kind in ("csv", "xlsx")

    def part(self, number: int) -> str:
        """Return the name of one of its files: the first has the plain name, send.csv, the next is send-2.csv."""
        name = Path(self.file)
        return self.file if number == 1 else f"{name.stem}-{number}{name.suffix}"


@cache
def names() -> tuple[str, ...]:
    """Return the names that a study's `handoff` can list."""
    return tuple(sorted(file.stem for file in SYSTEMS.glob("*.yml")))


@cache
def load(name: str) -> Format:
    """Return what a system takes. Raises StudyError for an unknown one, naming the nearest."""
    if name not in names():
        raise StudyError(f"handoff={name}: no such system; {nearest(name, names())}")
    written = yaml.safe_load((SYSTEMS / f"{name}.yml").read_text(encoding="utf-8"))
    try:
        return Format.model_validate(written)
    except ValidationError as error:
        raise StudyError(f"systems/{name}.yml: {in_one_line(error, Format)}") from None


def files(name: str, room: str, *, campaigns: bool = True) -> list[str]:
    """Return the files below handoff/ that a room makes for a system; a long list has further parts.

    Where no campaigns are known, the room has fewer results (`WITHOUT_CAMPAIGNS`).
    """
    form = load(name)
    if form.holds_people:
        return [form.file] if room == "design" else []
    if room not in SHARED:
        return []
    if form.kind == "hyper":
        return [f"{form.file}/{room}.hyper"]
    connection = [f"{form.file}.pbids"] if room == "design" else []
    return connection + [f"{form.file}/{table}.parquet" for table in results(room, campaigns=campaigns)]


def results(room: str, *, campaigns: bool = True) -> tuple[str, ...]:
    """Return the results of a room that programs for drawing get."""
    return tuple(table for table in SHARED[room] if campaigns or room != "monitor" or table in WITHOUT_CAMPAIGNS)


def lying(folder: Path, room: str) -> list[Path]:
    """Return what a room has made below `folder` for any system and is still there: further parts, systems no longer wanted."""
    found = set()
    for name in names():
        form, wanted = load(name), files(name, room)
        found |= {folder / file for file in wanted if (folder / file).exists()}
        if form.holds_people and wanted:
            stem, ending = Path(form.file).stem, Path(form.file).suffix
            found |= {
                file for file in folder.glob(f"{stem}-*{ending}") if re.fullmatch(r"-\d+", file.stem.removeprefix(stem))
            }
    return sorted(found)


def check(wanted: tuple[str, ...], campaign: str) -> None:
    """Raise StudyError when a study asks for an unknown system, for one twice, or names no campaign that a system accepts."""
    if twice := sorted({name for name in wanted if wanted.count(name) > 1}):
        raise StudyError(f"handoff={twice[0]} is asked for twice; name it once")
    for name in wanted:
        form = load(name)
        if form.campaign and not re.fullmatch(form.campaign, campaign):
            raise StudyError(
                f"handoff={name} needs handoff_campaign, {form.campaign_looks}; it is {campaign or 'not set'}"
            )
