"""What a file is proposed to be: a known export with what differs in it, or an export of its own whose tables are still open."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from analysis.collect import known
from analysis.collect.describe.columns_seen import Seen
from analysis.collect.describe.evidence import OPEN, Stated
from analysis.collect.describe.naming import named
from analysis.collect.describe.sampling import Sample
from analysis.collect.describe.tables_open import tables
from analysis.collect.describe.trying import misfits
from analysis.collect.loading.contract import Export

OF_FILE = {
    "encoding": "utf-8",
    "separator": ",",
    "compressed": False,
    "skip_lines": 0,
    "sheet": "",
}  # setting -> usual value


class Proposal(NamedTuple):
    """An export to start from. `like` is empty where no known one fits, and has several names where they fit equally."""

    like: tuple[str, ...]
    stated: tuple[Stated, ...]
    first: date | None  # day in the data, None where it is open
    last: date | None
    time_zone: str = ""
    currency: str = ""


def proposal(sample: Sample, columns: list[Seen], *, fits: tuple[known.Fit, ...]) -> Proposal:
    """Propose an export for a file, from what was seen in it. Where the evidence settles nothing, a question stands."""
    if len(fits) != 1:
        return _own(sample, columns, tuple(fit.name for fit in fits))
    name = fits[0].name
    export = known.load(name)
    stated = _of_file(sample, export)
    at_fault = {column for column, _ in misfits(sample, export)}
    by_header = {seen.header: seen for seen in columns}
    for our_name, column in export.columns.items():
        there = next((by_header[header] for header in column.header if header in by_header), None)
        if there:
            stated += _differing(export, our_name, there, at_fault=our_name in at_fault, typed=sample.typed)
    answered = {".".join(one.place) for one in stated}
    stated += [
        Stated(tuple(place.split(".")), OPEN, (question,))
        for place, question in export.ask.items()
        if place not in answered
    ]
    if export.duplicates == "" and (copies := _copies(sample)):
        stated.append(copies)
    first, last = _span(export, by_header)
    zone = export.time_zone if "/" in export.time_zone else ""
    codes = {code for seen in columns for code in seen.currencies}
    return Proposal(
        (name,), tuple(stated), first, last, zone, export.currency or (codes.pop() if len(codes) == 1 else "")
    )


def _own(sample: Sample, columns: list[Seen], like: tuple[str, ...]) -> Proposal:
    """Propose an export of its own: its columns as they look, and the tables that it may fill with their columns open."""
    stated, names = _of_file(sample, None), {}
    if copies := _copies(sample):
        stated.append(copies)
    for seen in columns:
        name = names[seen.header] = named(seen.header, set(names.values()))
        why = tuple(one.words for one in seen.evidence)
        written = {"header": seen.header, "kind": seen.kind, **seen.settings}
        if seen.filled < len(sample.rows):
            why = (f"{len(sample.rows) - seen.filled:,} of {len(sample.rows):,} cells are empty", *why)
        stated.append(Stated(("columns", name), written, why))
    mixed = [one.words for seen in columns for one in seen.evidence if one.setting == "currency" and one.is_question]
    codes = [names[seen.header] for seen in columns if seen.currencies]
    if mixed:
        stated.insert(0, Stated(("currency",), OPEN, tuple(mixed)))
    elif len(codes) == 1:
        stated.append(Stated(("currency_column",), codes[0]))
    stated += tables(columns, names)
    dated = [seen for seen in columns if seen.kind in ("date", "moment")]
    known_days = all(seen.first for seen in dated)
    currencies = {code for seen in columns for code in seen.currencies}
    return Proposal(
        like, tuple(stated),
        min((seen.first for seen in dated), default=None) if known_days else None,
        max((seen.last for seen in dated), default=None) if known_days else None,
        currency=currencies.pop() if len(currencies) == 1 else "",
    )  # fmt: skip


def _of_file(sample: Sample, export: Export | None) -> list[Stated]:
    """Return the settings of the file as a whole that are not those of the export, or not the usual ones."""
    found = []
    for one in sample.evidence:
        if one.setting not in OF_FILE:
            continue
        usual = getattr(export, one.setting) if export else OF_FILE[one.setting]
        if one.setting == "encoding" and one.is_question and export and f"{usual}: " in " ".join(one.samples):
            continue  # the bytes fit what the known export is written in
        if one.value != usual:
            found.append(Stated((one.setting,), one.value, (one.words,)))
    return found


def _differing(export: Export, name: str, seen: Seen, *, at_fault: bool, typed: bool) -> list[Stated]:
    """Return what the values of a column contradict in a known export, and what they settle of what it asks."""
    column, found = export.columns[name], []
    for one in seen.evidence:
        place = ("columns", name, one.setting)
        asked = ".".join(place) in export.ask
        if one.setting == "format" and column.kind in ("date", "moment") and not typed:
            form = f"{one.value} %H:%M:%S" if column.time_from and not one.is_question else one.value
            if (at_fault and form != column.format) or asked:
                found.append(Stated(place, form, (one.words, *([export.ask[".".join(place)]] if asked else []))))
        if (
            one.setting == "decimal_mark"
            and column.kind in ("money", "number")
            and one.value != export.decimal_mark_of(column)
        ):
            found.append(Stated(place, one.value, (one.words,)))
        if (
            one.setting == "thousands"
            and column.kind in ("money", "number", "whole")
            and one.value != export.thousands_of(column)
        ):
            found.append(Stated(place, one.value, (one.words,)))
        if one.setting == "currency" and one.is_question:
            found.append(Stated(("currency",), OPEN, (one.words,)))
    return found


def _copies(sample: Sample) -> Stated | None:
    """Return the question whether rows that are equal in all columns are one or several, where there are some."""
    copies = len(sample.rows) - len({tuple(row) for row in sample.rows})
    if not copies:
        return None
    words = f"{copies:,} of {len(sample.rows):,} rows are copies of another one: drop (written twice) or keep (two equal ones)"
    return Stated(("duplicates",), OPEN, (words,))


def _span(export: Export, by_header: dict[str, Seen]) -> tuple[date | None, date | None]:
    """Return first and last day of what the export says happened, None where it says none or the order of the days is open."""
    names = {
        recipe.columns.get(name)
        for recipe in export.tables.values()
        for name in ("ordered_at", "refunded_at", "starts_on")
    }
    seen = [
        by_header[header]
        for name in names
        if name in export.columns
        for header in export.columns[name].header
        if header in by_header
    ]
    days = [day for one in seen for day in (one.first, one.last) if day]
    return (min(days), max(days)) if days else (None, None)


def open_questions(proposed: Proposal) -> list[str]:
    """Return what a proposal leaves open, each with its place and what was seen."""
    found = []
    for one in proposed.stated:
        nested = one.value.items() if isinstance(one.value, dict) else [("", one.value)]
        places = [".".join([*one.place, name] if name else one.place) for name, value in nested if value == OPEN]
        found += [f"{place}: {'; '.join(one.why)}" for place in places]
    return found
