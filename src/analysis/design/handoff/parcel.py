"""What leaves the house: the list to send in every system that the study names, and who is in no file and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.design import formats
from analysis.design.handoff import csv_file, lists, reader, workbook
from analysis.design.handoff.layout import laid_out
from analysis.places import replacing

EVERY = "every list"


class Parcel(NamedTuple):
    """What was written, and who is missing from it."""

    files: pd.DataFrame  # one row per file: file, system, rows
    left_out: pd.DataFrame  # one row per list and reason: list, reason, customers


def packed(assigned: pd.DataFrame, folder: Path, *, wanted: Iterable[str], campaign: str, planned_on: date) -> Parcel:
    """Write the files of the systems `wanted` (names of `formats`) and say what is in them.

    Takes the screened assignment, one row per planned customer. Each file is read as its system would before it gets its
    name, and only its owner can read it. Raises ValueError when a file is not what its system takes.
    """
    listed = lists.send(assigned)
    files, missing = [], _screened_out(assigned)
    for name in wanted:
        form = formats.load(name)
        if not form.holds_people:
            continue
        rows = laid_out(listed, form, campaign=campaign, planned_on=planned_on)
        missing += [(form.title, reason, count) for reason, count in rows.left_out.items()]
        if form.kind == "xlsx":
            step = form.max_rows or len(rows.table)
            cuts = [rows.table.iloc[at : at + step] for at in range(0, max(len(rows.table), 1), step)]
            written = ((len(cut), workbook.workbook(cut)) for cut in cuts)
        else:
            written = csv_file.parts(rows.table, form, rows.columns)
        for number, (count, data) in enumerate(written, 1):
            if form.kind == "csv" and (wrong := reader.faults(data, form)):
                raise ValueError(
                    f"{form.part(number)}: {wrong[0]}" + (f", and {len(wrong) - 1} more" if wrong[1:] else "")
                )
            _write(folder / form.part(number), data)
            files.append((form.part(number), form.title, count))
    return Parcel(
        pd.DataFrame(files, columns=["file", "system", "rows"]),
        pd.DataFrame(missing, columns=["list", "reason", "customers"]),
    )


def _screened_out(assigned: pd.DataFrame) -> list[tuple[str, str, int]]:
    counts = assigned["left_out"].value_counts()
    return [(EVERY, reason, int(counts[reason])) for reason in lists.WHY_NOT.values() if reason in counts]


def _write(path: Path, data: bytes) -> None:
    with replacing(path, private=True) as unfinished:
        unfinished.write_bytes(data)
