"""The execution list: who is sent what, as files that a mailing tool reads and a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.design.allocation import NOT_PLANNED, TREATED
from analysis.places import replacing

COLUMNS = ["customer_id", "segment", "gift", "incentive", "forms", "arm"]
_STARTS_A_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠'")  # the apostrophe itself, so that `restored` can tell it from ours
_KEPT_AS_IT_IS = re.compile("0|[1-9][0-9]{0,14}")  # a spreadsheet keeps fifteen digits and writes them as they came
_TAKEN_FOR_ANOTHER = re.compile(
    r"[.,]?[0-9].*|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]?[0-9]+|true|false", re.I | re.S
)


def assignment(plan: pd.DataFrame, strategies: pd.DataFrame) -> pd.DataFrame:
    """One row per planned customer, by customer_id: customer_id, segment, gift, incentive, forms, arm.

    Takes the plan (one row per customer) and the strategies (one row per segment). Keep it: who was treated and who was
    held out cannot be known later from what was sent. Those held out have no gift, incentive and forms.
    """
    forms = strategies.set_index("segment")["forms"]
    planned = plan[plan["arm"] != NOT_PLANNED].sort_values("customer_id", ignore_index=True)
    listed = planned["segment"].map(forms).where(planned["arm"] == TREATED)
    return planned.assign(forms=listed)[COLUMNS]


def send(assigned: pd.DataFrame) -> pd.DataFrame:
    """One row per treated customer of the assignment: the only list that leaves the house."""
    return assigned[assigned["arm"] == TREATED].reset_index(drop=True)


def write_csv(table: pd.DataFrame, path: Path, *, ids: Iterable[str] = ("customer_id",)) -> None:
    """Write a table as CSV, whole or not at all: UTF-8 with byte order mark, CRLF, a header line, missing cells empty.

    Every text cell goes through `spreadsheet_safe`, those in the columns `ids` as identifiers. Numbers stay numbers.
    The same table gives the same bytes.
    """
    keys = set(ids)
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([spreadsheet_safe(str(name)) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(value, name in keys) for name, value in zip(table.columns, row, strict=True)])
    with replacing(path) as unfinished:
        unfinished.write_bytes(lines.getvalue().encode("utf-8-sig"))


def spreadsheet_safe(text: str, *, is_id: bool = False) -> str:
    """Return text that a spreadsheet shows and never runs: a leading ' where it would begin a formula.

    An identifier also gets the ' where a spreadsheet would turn it into something else: leading zeros, more than
    fifteen digits, and what looks like a number with an exponent, a date or a truth value. Whole numbers of up to
    fifteen digits stay bare: a spreadsheet writes them back as they were. `restored` takes the ' off again.
    """
    at_risk = is_id and not _KEPT_AS_IT_IS.fullmatch(text) and _TAKEN_FOR_ANOTHER.fullmatch(text)
    return f"'{text}" if at_risk or text.startswith(_STARTS_A_FORMULA) else text


def restored(cell: str) -> str:
    """Return the text that `spreadsheet_safe` was given, for the program that reads the file."""
    return cell.removeprefix("'")


def _cell(value: object, is_id: bool) -> object:
    if value is None or pd.isna(value):
        return ""
    return spreadsheet_safe(str(value), is_id=is_id) if is_id or isinstance(value, str) else value
