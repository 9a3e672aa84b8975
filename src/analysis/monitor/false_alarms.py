"""How far a week must go to be a signal, so that a quiet year has one as rarely as the page says."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.monitor.moving_centre import Course, drifts, follow, reach
from analysis.randomness import generator

RATE = 0.10  # share of quiet years with a signal, for each rule of a chart
YEAR = 52  # weeks after the baseline
WORLDS = 5_000  # quiet years of each kind
KINDS = (
    {"alike": 0.0},
    {"alike": 0.6},
    {"alike": 0.0, "season": 3.0},
)  # each by itself, like the one before, with a season
FREEDOM = 6  # degrees of freedom of t: tails as of weekly sales with an odd week now and then


class Critical(NamedTuple):
    """How far is too far, in usual surprises: one week, and the mean of recent weeks beyond its largest in the baseline."""

    single: float
    lasting: float


@cache
def critical(*, baseline: int, weeks: int = YEAR, rate: float = RATE, worlds: int = WORLDS) -> Critical:
    """Return the limits at which each rule sets off in the share `rate` of quiet years of so many weeks.

    Quiet years are made, and go through `follow` and `reach` as real weeks do, so that the limits allow for an expected
    value and a width that come from a short baseline. Weeks have t tails with 6 degrees of freedom; they are each by itself,
    like the one before (correlation 0.6), or follow a season of three standard deviations up and down; the widest limit
    counts. The same call gives the same numbers.
    """
    rng = generator(0, "quiet years of control charts")
    found = [_critical(quiet(rng, (worlds, baseline + weeks), **kind), baseline, rate) for kind in KINDS]
    return Critical(*(max(parts) for parts in zip(*found, strict=True)))


def quiet(
    rng: np.random.Generator, shape: tuple[int, int], *, alike: float, season: float = 0.0, freedom: float = FREEDOM
) -> np.ndarray:
    """Return series of weeks in which nothing changes: one row per series, variance 1 about the season's sine wave."""
    made = rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2))
    for week in range(1, shape[1]):
        made[:, week] = alike * made[:, week - 1] + np.sqrt(1 - alike**2) * made[:, week]
    begins = rng.random((shape[0], 1))
    return made + season * np.sin(2 * np.pi * (np.arange(shape[1]) / YEAR + begins))


def most_with_extremes(*, baseline: int, weeks: int = YEAR, rate: float = RATE) -> float:
    """Return the largest share of quiet years with a single odd week, where weeks out of all proportion come by chance.

    No baseline rules such weeks out that holds none: with a chance q of an ordinary week that is q^baseline, and the weeks
    after it hold one with 1 - q^weeks. The product is largest at q^weeks = baseline / (baseline + weeks). The ordinary
    weeks add `rate`, and odd weeks larger than the largest of the baseline as much again.
    """
    share = baseline / (baseline + weeks)
    return 1 - (1 - rate) ** 2 * (1 - share ** (baseline / weeks) * (1 - share))


def sets_off(course: Course, limits: Critical, *, baseline: int) -> np.ndarray:
    """Whether each series has a signal after the baseline: one column for a single week, one for a lasting change."""
    far = reach(course, baseline=baseline, single=limits.single, lasting=limits.lasting)
    after, lean = course.surprise[:, baseline:], np.abs(course.lean[:, baseline:])
    single = (after > far.above[:, None]) | (after < -far.below[:, None])
    return np.column_stack([single.any(axis=1), (lean > far.lean[:, None]).any(axis=1)])


def _critical(values: np.ndarray, baseline: int, rate: float) -> list[float]:
    course = follow(values, baseline=baseline)
    moved = reach(course, baseline=baseline, single=0.0, lasting=0.0)
    far = np.maximum(_beyond(course.surprise, moved.above, baseline), _beyond(-course.surprise, moved.below, baseline))
    leaning = np.abs(course.lean[:, baseline:]).max(axis=1) - moved.lean
    told = ~drifts(course, baseline=baseline)  # the others get no limits
    return [float(np.quantile(sizes[told], 1 - rate)) for sizes in (far, leaning)]


def _beyond(sizes: np.ndarray, moved: np.ndarray, baseline: int) -> np.ndarray:
    """Return the largest size of the weeks after the baseline that is past the moved limit, 0 where none is."""
    after = sizes[:, baseline:]
    return np.where(after > moved[:, None], after, 0.0).max(axis=1)
