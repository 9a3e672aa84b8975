"""How far a week must go to be a signal, so that a quiet year has one as rarely as the page says."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.monitor.moving_centre import ODD_MARGIN, ODDEST, WARM, Course, drifts, follow, reach
from analysis.randomness import generator

RATE = 0.10  # share of quiet years with a signal, at most, for each rule of a chart: what is printed
AIM = 0.09  # what the limits are set for: they come from finitely many years, and no shop's are like any of the kinds
YEAR = 52  # weeks after the baseline
WORLDS = 4_000  # quiet years of each kind
NORMAL = 1_000  # degrees of freedom of t that are as good as normal
ALIKE = (
    {"alike": 0.0, "freedom": NORMAL},  # each by itself
    {"alike": 0.0, "freedom": 4},  # with heavy tails
    {"alike": 0.6, "freedom": 4},  # like the one before, with heavy tails
    {"alike": 0.8, "freedom": NORMAL},
    {"alike": 0.4, "freedom": NORMAL, "season": 1.0, "growth": 2.0},  # what is left of a season that is taken out
)
SEASONAL = (
    {"alike": 0.0, "freedom": NORMAL, "season": 2.0, "growth": 4.0},
    {"alike": 0.0, "freedom": NORMAL, "season": 2.5, "growth": 4.0},
    {"alike": 0.0, "freedom": NORMAL, "season": 5.0},
    {"alike": 0.4, "freedom": 6, "season": 3.0},
    {"alike": 0.6, "freedom": 6, "season": 2.0},
    {"alike": 0.4, "freedom": NORMAL, "season": 2.0, "growth": 3.0},
)


class Critical(NamedTuple):
    """How far is too far, for `reach`, and in which share of quiet years that happens where weeks are kindest."""

    single: float
    lasting: float
    single_least: float  #: share of quiet years, of the kind that has fewest
    lasting_least: float


@cache
def critical(
    *, baseline: int, season: bool = True, weeks: int = YEAR, rate: float = AIM, worlds: int = WORLDS
) -> Critical:
    """Return the limits at which each rule sets off in at most the share `rate` of quiet years of so many weeks.

    Quiet years are made, and go through `follow` and `reach` as real weeks do, so that the limits allow for an expected
    value, a width, a tail and a likeness that come from a short baseline. In the kinds of years (`ALIKE`) weeks are each by
    itself or like the one before (correlation up to 0.8), with tails from normal to t with 4 degrees of freedom. With
    `season` there are `SEASONAL` ones, too: up to five standard deviations up and down, or half as much and a growth by four
    in a year, which half a year of weeks can hide. The kind that needs the widest limit counts. The same call gives the same
    numbers.
    """
    rng = generator(0, "quiet years of control charts")
    kinds = (*ALIKE, *SEASONAL) if season else ALIKE
    courses = [follow(quiet(rng, (worlds, baseline + weeks), **kind), baseline=baseline) for kind in kinds]
    courses = [Course(*(part[~drifts(course, baseline=baseline)] for part in course)) for course in courses]
    found = [_critical(course, baseline, rate) for course in courses]  # those that drift get no limits
    single, lasting = (max(parts) for parts in zip(*found, strict=True))
    limits = Critical(single, lasting, np.nan, np.nan)
    shares = [sets_off(course, limits, baseline=baseline).mean(axis=0) for course in courses]
    return Critical(single, lasting, *(float(least) for least in np.min(shares, axis=0)))


def quiet(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    alike: float,
    season: float = 0.0,
    growth: float = 0.0,
    freedom: float = NORMAL,
) -> np.ndarray:
    """Return series of weeks in which nothing changes: one row per series, variance 1 about the season's sine wave.

    `alike` is the correlation of neighbours, `season` half of what summer and winter differ by and `growth` what a year
    adds, both in standard deviations, and `freedom` the degrees of freedom of the t distribution that the weeks come from
    (before they are made alike).
    """
    made = rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2))
    for week in range(1, shape[1]):
        made[:, week] = alike * made[:, week - 1] + np.sqrt(1 - alike**2) * made[:, week]
    begins = rng.random((shape[0], 1))
    time = np.arange(shape[1]) / YEAR
    return made + season * np.sin(2 * np.pi * (time + begins)) + growth * time


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


def _critical(course: Course, baseline: int, rate: float) -> list[float]:
    """Return the least `single` and `lasting` of `reach` at which each rule sets off in the share `rate` of the series."""
    moved = reach(course, baseline=baseline, single=0.0, lasting=0.0)
    largest = np.abs(course.surprise[:, WARM:baseline]).max(axis=1)
    past = [
        side.max(axis=1) + ODD_MARGIN
        for side in (-course.surprise[:, WARM:baseline], course.surprise[:, WARM:baseline])
    ]
    far = [_beyond(sign * course.surprise, side, baseline) for sign, side in zip((-1, 1), past, strict=True)]
    need = np.maximum(*far) - np.minimum(largest, ODDEST)
    leaning = np.abs(course.lean[:, baseline:]).max(axis=1) - moved.lean
    return [float(np.quantile(sizes, 1 - rate)) for sizes in (need, leaning)]


def _beyond(sizes: np.ndarray, moved: np.ndarray, baseline: int) -> np.ndarray:
    """Return the largest size of the weeks after the baseline that is past the moved limit, 0 where none is."""
    after = sizes[:, baseline:]
    return np.where(after > moved[:, None], after, 0.0).max(axis=1)
