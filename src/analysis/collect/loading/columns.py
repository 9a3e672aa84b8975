"""One column of an export's files: how the header names it, which kind of value it holds, and how that is written."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.collect.loading import formats

Kind = Literal["id", "text", "whole", "number", "money", "date", "moment"]
DATED, COUNTED = ("date", "moment"), ("whole", "number", "money")


class Part(BaseModel):
    """What stands in a contract: nothing unknown, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)  # an address may hold a secret


class Column(Part):
    """One column of a file, under our name for it; what is not stated here is as the export says."""

    header: tuple[str, ...]  # how the file names it: the usual name, then other ones (older, translated)
    kind: Kind = "text"
    needed: bool = True  # the file must have it
    filled: bool = False  # its cells must not be empty
    key: bool = False  # an id that rows are found by: more than one in a thousand set aside stops the run
    format: str = ""  # of dates and moments, as in strftime: "%d/%m/%Y %H:%M"; workbooks and databases may know without
    time_from: str = ""  # of a moment: our column of text with its time of day, read as both with a blank between
    no_date: tuple[str, ...] = ()  # ways in which it says that there is no date, such as 0000-00-00
    decimals: int | None = Field(default=None, ge=0, le=6)  # money, number: exactly so many; None: at most four
    decimal_mark: Literal[".", ","] | None = None
    thousands: Literal["", ",", ".", " ", "'"] | None = None
    currency_sign: tuple[str, ...] = ()  # signs before or after an amount that are taken off, such as $
    negative: Literal["-", "()", "trailing -"] = "-"  # how a negative number is written
    null_words: tuple[str, ...] | None = None  # what else than nothing means empty
    pattern: str = ""  # what a whole cell must look like
    least: float | None = None
    most: float | None = None
    earliest: str = ""  # YYYY-MM-DD; an earlier date is set aside, the usual 1970-01-01 and 1900-01-01 always
    latest: str = ""
    words: dict[str, tuple[str, ...]] = {}  # of text: what is read -> how it is written; anything else is set aside
    multiline: bool = False  # its cells may hold line ends
    apostrophe: bool = False  # one before a text is taken off, as some systems write it against spreadsheets
    trim: bool = False  # blanks around a cell are taken off
    plain: bool = (
        False  # of ids: full-width digits and letters become usual ones (NFKC), and blanks around are taken off
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        if isinstance(written, str):
            return {"header": (written,)}
        if isinstance(written, dict) and isinstance(written.get("header"), str):
            return {**written, "header": (written["header"],)}
        return written

    @model_validator(mode="after")
    def _says_enough(self) -> Column:
        if self.kind in DATED and self.format:
            formats.bounds(self.format, self.earliest, self.latest, column=self.header[0])
        if self.pattern:
            re.compile(self.pattern)
        return self
