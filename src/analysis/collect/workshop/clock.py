"""Season, trend and weekday as a clock that runs faster on busy days.

BG/NBD knows no seasons. Here its clock does: a day on which twice as much is bought counts as two days of the model. On that
clock the model holds exactly, so its formulas give the truth for any span of calendar days (a time change of the Poisson
process: Cox and Isham 1980, Point Processes, section 4.2).
"""

from __future__ import annotations

import numpy as np

from analysis.collect.workshop.scenario import KNOWN_BEFORE_DAYS, STARTS_ON, Scenario

LAST_DAY = 731 + 10 * 366  # the clock runs ten years past the data
_HOURS = np.array([0, 6, 8, 10, 12, 14, 17, 19, 21, 23, 24]) / 24
_SHARE_BY_THEN = np.array([0, 0.01, 0.05, 0.16, 0.31, 0.43, 0.62, 0.78, 0.93, 0.99, 1])


class Clock:
    """Model time of a calendar day (`at`) and the calendar day of a model time (`day_of`), both as fractions of days."""

    def __init__(self, scenario: Scenario) -> None:
        days = np.arange(-KNOWN_BEFORE_DAYS, LAST_DAY)
        wave = 1 + scenario.season * np.cos(2 * np.pi * (days - 340) / 365.25)  # highest in early December
        growth = (1 + scenario.trend) ** (days / 365.25)
        weekday = np.array(scenario.weekdays)[(days + STARTS_ON.weekday()) % 7]
        self._days = np.append(days, LAST_DAY).astype(float)
        self._model = np.concatenate([[0.0], np.cumsum(wave * growth * weekday)])

    def at(self, day: np.ndarray | float) -> np.ndarray:
        """Return the model time at a calendar day."""
        return np.interp(day, self._days, self._model)

    def day_of(self, model: np.ndarray) -> np.ndarray:
        """Return the calendar day at a model time."""
        return np.interp(model, self._model, self._days)

    def between(self, begins: np.ndarray | float, ends: np.ndarray | float) -> np.ndarray:
        """Return the model time from one calendar day to another, 0 where the second is not later."""
        return np.maximum(self.at(ends) - self.at(begins), 0.0)


def moments(days: np.ndarray, *, utc_offset_hours: float) -> np.ndarray:
    """Return UTC moments, to the second, of calendar days with fractions.

    The fraction of the day places the moment on the shops' day, quiet at night; the offset then leads to UTC.
    """
    whole = np.floor(days)
    fraction = np.interp(days - whole, _SHARE_BY_THEN, _HOURS)
    seconds = np.minimum(np.floor(fraction * 86_400), 86_399) + whole * 86_400 - utc_offset_hours * 3_600
    return np.datetime64(STARTS_ON, "s") + seconds.astype("timedelta64[s]")


def dates(days: np.ndarray) -> np.ndarray:
    """Return calendar days as dates, as NumPy moments of whole days to the second, which is the unit pandas reads."""
    return (np.datetime64(STARTS_ON, "D") + np.floor(days).astype("timedelta64[D]")).astype("datetime64[s]")
