"""The charts of the textbooks, for weeks that are independent and alike: individual values, shares, counts per exposure.

Weeks of a shop are neither, so the pages rest on `control_charts`; these stand beside it in the walk-through and in the
validation, as what the usual chart would have said.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

RUN = 8  # weeks in a row on one side of the centre that make a signal
BEYOND = 0.0026997960632601866  # chance that a normal value lies more than three standard deviations from its mean
D2 = 1.128  # mean difference of two normal values, in standard deviations


class Limits(NamedTuple):
    """Centre line and limits, one entry per week, in the unit of the measure."""

    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def individuals_limits(values: np.ndarray, *, baseline: int) -> Limits:
    """Limits of a chart of individual values (XmR): centre +- 2.66 times the mean moving range of the baseline.

    The centre is the mean of the first `baseline` values; later values change nothing. 2.66 is 3 / 1.128, three
    standard deviations estimated from the difference of neighbours, so that a slow drift does not widen the limits.
    The lower limit is at least 0, because sales and counts cannot be below. NaN for fewer than two baseline values.
    Source: Shewhart (1931); Wheeler (1993), Understanding Variation; 1.128 is d2 for pairs.
    """
    values = np.asarray(values, dtype=float)
    first = values[:baseline]
    centre = first.mean() if len(first) else np.nan
    reach = 2.66 * np.abs(np.diff(first)).mean() if len(first) > 1 else np.nan
    return Limits(*(np.full(len(values), line) for line in (centre, np.maximum(centre - reach, 0), centre + reach)))


def share_limits(hits: np.ndarray, trials: np.ndarray, *, baseline: int, beyond_chance: bool) -> Limits:
    """Limits of a p chart: hits over trials of the baseline +- three binomial standard deviations of each week.

    With `beyond_chance` (Laney's p' chart) the limits widen or narrow by how much weeks of the baseline differ more or
    less than binomial ones, from moving ranges of their standardised distances. Limits stay inside 0 to 1; a week
    without trials has none. Source: Shewhart (1931); Laney (2002), Quality Engineering 14, 531-537.
    """
    hits, known = np.asarray(hits, dtype=float), _known(trials)
    centre = _ratio(hits, known, baseline)
    chance = np.sqrt(centre * (1 - centre) / known)
    found = _limits(hits / known, centre, chance, baseline, beyond_chance=beyond_chance)
    return found._replace(upper=np.minimum(found.upper, 1))


def rate_limits(counts: np.ndarray, exposure: np.ndarray, *, baseline: int, beyond_chance: bool) -> Limits:
    """Limits of a u chart: counts per unit of exposure in the baseline +- three Poisson standard deviations of each week.

    `exposure` is what the counts come from, such as customers or days. `beyond_chance` makes it Laney's u' chart, see
    `share_limits`. The lower limit is at least 0; a week without exposure has no limits.
    """
    counts, known = np.asarray(counts, dtype=float), _known(exposure)
    centre = _ratio(counts, known, baseline)
    return _limits(counts / known, centre, np.sqrt(centre / known), baseline, beyond_chance=beyond_chance)


def weeks_beyond(values: np.ndarray, limits: Limits, *, run: int = RUN) -> np.ndarray:
    """Whether each week lies beyond a limit, or is the `run`-th in a row on one side of the centre."""
    values = np.asarray(values, dtype=float)
    side = np.nan_to_num(np.sign(values - limits.centre))
    found, length = np.zeros(len(values), dtype=bool), 0
    for i in range(len(values)):
        length = 0 if side[i] == 0 else length + 1 if i and side[i] == side[i - 1] else 1
        found[i] = length == run or values[i] > limits.upper[i] or values[i] < limits.lower[i]
    return found


def false_alarm_chance(*, weeks: int, run: int = RUN, beyond: float = BEYOND) -> float:
    """Chance of at least one signal in so many weeks when nothing changes, 0 to 1.

    For independent normal weeks and limits that are known; limits from a short baseline and weeks that resemble their
    neighbours raise it. Followed week by week through the length of the run on one side (a Markov chain, as in Champ
    and Woodall (1987), Technometrics 29, 393-399).
    """
    quiet = np.zeros(run)  # quiet[r]: no signal so far and the last r weeks lie on one side
    quiet[0] = 1.0
    for _ in range(weeks):
        inside = quiet * (1 - beyond)
        quiet = np.zeros(run)
        if run > 1:
            quiet[1] = inside[0] + inside[1:].sum() / 2
            quiet[2:] = inside[1:-1] / 2
    return float(1 - quiet.sum())


def _known(trials: np.ndarray) -> np.ndarray:
    trials = np.asarray(trials, dtype=float)
    return np.where(trials > 0, trials, np.nan)


def _ratio(part: np.ndarray, whole: np.ndarray, baseline: int) -> float:
    total = np.nansum(whole[:baseline])
    return float(part[:baseline].sum() / total) if total else np.nan


def _limits(values: np.ndarray, centre: float, chance: np.ndarray, baseline: int, *, beyond_chance: bool) -> Limits:
    spread = 1.0
    if beyond_chance:
        with np.errstate(invalid="ignore", divide="ignore"):  # a centre of 0 leaves no chance: no limits
            distance = ((values - centre) / chance)[:baseline]
        distance = distance[np.isfinite(distance)]
        spread = np.abs(np.diff(distance)).mean() / D2 if len(distance) > 1 else np.nan
    reach = 3 * spread * chance
    reach = np.where(reach > 0, reach, np.nan)
    return Limits(np.where(np.isnan(chance), np.nan, centre), np.maximum(centre - reach, 0), centre + reach)
