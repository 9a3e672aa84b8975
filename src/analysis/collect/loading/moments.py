"""Dates and moments from text: by the declared format alone, real days of the calendar only, the wall clock turned into UTC."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading import date_parts, formats
from analysis.collect.loading.arrays import Cast, Faults, among, faults_among
from analysis.collect.loading.contract import Column, Export

USUAL_NOTHING = (date(1970, 1, 1), date(1900, 1, 1))  # what systems write where they have no date
SECOND, QUARTER = 1_000_000, 900  # microseconds; seconds, the unit in which clocks of our time change
EPOCH = date(1970, 1, 1).toordinal()


def day(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return date32: the day as written, whatever time stands behind it."""
    days, _, fits, faults = _read(cells, column, export)
    return Cast(among(pa.array(days.astype(np.int32), pa.int32()), fits).cast(pa.date32()), faults)


def moment(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return timestamp[us] in UTC, from the offset that a cell says or else from the clock of the export's time zone.

    A time that the clock skipped is set aside, and so is one that it showed twice, unless the contract says which it is.
    """
    days, seconds, fits, faults = _read(cells, column, export)
    micros = (days * 86_400 * SECOND + seconds).astype(np.int64)
    if not {"z", "s"} & formats.compiled(_format(column)).signs and export.time_zone != "UTC":
        micros, further = _from_clock(micros, export.time_zone, export.clock_change)
        faults += faults_among(further, fits)
    return Cast(among(pa.array(micros, pa.timestamp("us")), fits), faults)


def _format(column: Column) -> str:
    return column.format or formats.ISO[column.kind]


def _read(cells: pa.StringArray, column: Column, export: Export) -> tuple[np.ndarray, np.ndarray, np.ndarray, Faults]:
    """Return days since 1970 and microseconds of the day, in UTC where a cell says its offset, of the cells that fit; which fit; faults."""
    first, last = formats.bounds(_format(column), column.earliest, column.latest, column=column.header[0])
    found, fits = date_parts.parts(cells, formats.compiled(_format(column)))
    faults: Faults = [] if fits.all() else [(f"not like {_format(column)}", ~fits)]
    if "s" in found:
        days, seconds = np.divmod(found["s"], 86_400)
        problems: Faults = []
    else:
        days, problems = _days(found, first)
        seconds, on_clock = _seconds(found)
        problems.append(("no time of the day", ~on_clock))
    usual = [one.toordinal() - EPOCH for one in USUAL_NOTHING]
    problems += [
        ("the day that systems write for no date", np.isin(days, usual)),
        (f"before {first}", days < first.toordinal() - EPOCH),
        (f"after {last}", days > last.toordinal() - EPOCH),
    ]
    sound = np.ones(len(days), dtype=bool)
    for rule, wrong in problems:
        if (now := wrong & sound).any():
            faults += faults_among([(rule, now)], fits)
            sound = sound & ~now
    fits = fits.copy()
    fits[fits] = sound
    micros = seconds * SECOND + found.get("f", 0)
    if "z" in found:
        micros = micros - found["z"].astype(np.int64) * 60 * SECOND
    return days[sound].astype(np.int64), micros[sound], fits, faults


def _days(found: dict[str, np.ndarray], first: date) -> tuple[np.ndarray, Faults]:
    """Return days since 1970, and which are no days of the calendar."""
    year = found["Y"] if "Y" in found else first.year + (found["y"] - first.year) % 100
    month = found.get("m", found.get("b", found.get("B")))
    if "Y" not in found and first.toordinal() != date(first.year, 1, 1).toordinal():
        turned = np.asarray((year == first.year) & (month * 31 + found["d"] < first.month * 31 + first.day))
        year = np.where(turned, year + 100, year)
    in_year = (month >= 1) & (month <= 12) & (year >= 1)
    starts = _month_starts()
    place = np.where(in_year, year * 12 + month - 1, 12)
    real = in_year & (found["d"] >= 1) & (found["d"] <= starts[place + 1] - starts[place])
    problems = [("month above 12", month > 12), ("no day of the calendar", ~real)]
    return starts[place] + found["d"] - 1, problems


@cache
def _month_starts() -> np.ndarray:
    """Days since 1970 of the first of each month, by year * 12 + month - 1, for the years 0 to 10,000."""
    months = np.arange(-1970 * 12, (10_001 - 1970) * 12).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def _seconds(found: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return seconds of the day and whether the clock can show them; 24:00 and 23:59:60 it cannot."""
    hour, minute, second = found.get("H", 0), found.get("M", 0), found.get("S", 0)
    sound = np.ones(len(found["d"]), dtype=bool)
    if "I" in found:
        sound &= (found["I"] >= 1) & (found["I"] <= 12)
        hour = found["I"] % 12 + 12 * found["p"]
    sound &= np.asarray(hour < 24) & np.asarray(minute < 60) & np.asarray(second < 60)
    if "z" in found:
        sound &= np.abs(found["z"]) <= 14 * 60
    return np.zeros(len(sound), dtype=np.int64) + hour * 3600 + minute * 60 + second, sound


def _from_clock(micros: np.ndarray, zone: str, clock_change: str) -> tuple[np.ndarray, Faults]:
    """Return UTC for moments on the clock of a zone, and the faults: hours that did not exist or existed twice."""
    quarters, which = np.unique(micros // (QUARTER * SECOND), return_inverse=True)
    clock = pa.array(quarters * QUARTER * SECOND, pa.timestamp("us"))
    early, late = (
        pc.assume_timezone(clock, zone, ambiguous=side, nonexistent=side).cast(pa.timestamp("us"))
        for side in ("earliest", "latest")
    )
    early, late = (side.cast(pa.int64()).to_numpy(zero_copy_only=False) for side in (early, late))
    shown = pc.local_timestamp(pa.array(early, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us", tz=zone)))
    exists = pc.equal(shown, clock).to_numpy(zero_copy_only=False)
    skipped, twice = ~exists, exists & (early != late)
    utc = late if clock_change == "later" else early
    offset = utc - quarters * QUARTER * SECOND
    faults: Faults = [("a time that the clock skipped", skipped[which])] if skipped.any() else []
    if twice.any() and not clock_change:
        faults.append(("an hour that the clock showed twice (clock_change says which)", twice[which]))
    return micros + offset[which], faults
