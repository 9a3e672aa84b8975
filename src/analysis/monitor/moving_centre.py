"""What each week leads to expect of the next, and how large a surprise is usual: no season and no slow drift in either.

The expected value follows the weeks before it (an exponentially weighted mean), as in the moving centre line of
Montgomery and Mastrangelo (1991), Journal of Quality Technology 23, 179-193. A season, a trend and weeks that resemble
their neighbours move it along and set nothing off; what is left is the abrupt. A change as slow as a season cannot be told
from one within a year, so it is not looked for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

STEP = 0.2  # how far the expected value moves towards each week: five weeks of memory
WARM = 6  # weeks whose median starts it
CLIP = 2.5  # usual surprises; what is beyond counts as this much, so that one odd week decides nothing
COUNTS = 3.0  # usual surprises; in the mean of recent weeks, too, what is beyond counts as this much
LEAN = 0.4  # weight of the newest week in the mean of surprises that finds a lasting change
LEAST = 18  # weeks of a baseline; 12 surprises are the least from which a usual size can be told
ODD_MARGIN = 1.5  # usual surprises by which an odd week has to be beyond any week of the baseline on its side
ODDEST = 4.0  # usual surprises; a larger one in the baseline moves the limit of single weeks on both sides no further
WANDER = 1.4  # by how much full likeness of neighbours moves the limit of a lasting change; see `reach`
APART = -0.3  # least likeness of neighbours that counts: weeks that go up and down in turn
WITHIN = 8  # weeks in which a lasting change should show
MOST_LEAN = COUNTS * (1 - (1 - LEAN) ** WITHIN)  # the mean after as many weeks of the largest surprise that counts
DRIFTS = 0.8  # mean surprise of the baseline, in usual ones, beyond which the expected value cannot keep up


class Course(NamedTuple):
    """Series of weeks as they came: one row per series, one column per week, NaN in the weeks that start it."""

    expected: np.ndarray  #: from the weeks before alone, in the unit of the values
    width: np.ndarray  #: one per series: usual size of a surprise, in units of chance; 0 where all weeks are equal
    surprise: np.ndarray  #: distance from the expected in usual surprises
    lean: np.ndarray  #: exponentially weighted mean of clipped surprises


class Reach(NamedTuple):
    """How far is still usual, one per series: see `reach`."""

    below: np.ndarray  #: usual surprises, positive
    above: np.ndarray
    lean: np.ndarray  #: mean of clipped surprises, either side; `MOST_LEAN` or more is never reached


def follow(values: np.ndarray, chance: np.ndarray | float = 1.0, *, baseline: int) -> Course:
    """Return the course of one or more series whose first `baseline` weeks say how large a surprise is usual.

    `chance` is the standard deviation that chance alone gives each week, where it is known; the width then says by how
    much weeks differ beyond it (Laney (2002), Quality Engineering 14, 531-537), and is 1 where they do not. The width is
    a root mean square of surprises clipped at 2.5 robust ones. No later week changes an earlier number, and none after
    the baseline changes the width. Raises ValueError for a baseline shorter than 18 or longer than the series.
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    series, weeks = values.shape
    if not LEAST <= baseline <= weeks:
        raise ValueError(f"baseline={baseline} of {weeks} weeks; the least is {LEAST}, the most {weeks}")
    chance = np.broadcast_to(np.asarray(chance, dtype=float), values.shape)
    first = np.abs(np.diff(values[:, :baseline], axis=1)) / np.hypot(chance[:, 1:baseline], chance[:, : baseline - 1])
    rough = _robust(first)  # of neighbours, so that a drift does not widen it
    expected = np.full_like(values, np.nan)
    level = np.median(values[:, :WARM], axis=1)
    for week in range(WARM, weeks):
        expected[:, week] = level
        most = CLIP * rough * chance[:, week]
        level = level + STEP * np.clip(values[:, week] - level, -most, most)
    plain = (values - expected) / chance
    seen = plain[:, WARM:baseline]
    most = CLIP * _robust(np.abs(seen))[:, None]
    width = np.sqrt((np.clip(seen, -most, most) ** 2).mean(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        surprise = plain / width[:, None]
    return Course(expected, width, surprise, _lean(surprise))


def reach(course: Course, *, baseline: int, single: float, lasting: float) -> Reach:
    """Return how far each series may go before that is a signal, from what its own baseline shows.

    One week: `single` usual surprises beyond the largest of the baseline (which counts as 4 at most), because 20 surprises
    say little of how heavy their tail is, and that is the most telling of them. A baseline with an odd week moves the limit
    on its side past it: what happened there is usual. The mean of recent weeks: `lasting`, and further the more neighbouring
    surprises of the baseline are alike, because a season, and weeks like the one before, let that mean wander without a
    change. The factors are those with which one limit serves all quiet years of `false_alarms` and finds most changes.
    """
    seen = course.surprise[:, WARM:baseline]
    far = single + np.minimum(np.abs(seen).max(axis=1), ODDEST)
    return Reach(
        np.maximum(far, -seen.min(axis=1) + ODD_MARGIN),
        np.maximum(far, seen.max(axis=1) + ODD_MARGIN),
        lasting + WANDER * np.maximum(likeness(course, baseline=baseline), APART),
    )


def likeness(course: Course, *, baseline: int) -> np.ndarray:
    """Return how alike neighbouring surprises of the baseline are, clipped as for the lean: from -1 over 0 (not) to 1.

    The sum of products of neighbours over the sum of squares, about 0 and not their mean: a mean far from 0 is likeness, too.
    """
    seen = np.clip(course.surprise[:, WARM:baseline], -COUNTS, COUNTS)
    return (seen[:, 1:] * seen[:, :-1]).sum(axis=1) / (seen**2).sum(axis=1)


def drifts(course: Course, *, baseline: int) -> np.ndarray:
    """Whether a series moved so steadily in its baseline that the expected value lags behind it."""
    return np.abs(course.surprise[:, WARM:baseline].mean(axis=1)) > DRIFTS


def _robust(sizes: np.ndarray) -> np.ndarray:
    """Return the standard deviation that the median of absolute values speaks for; of their squares where that is 0."""
    found = np.median(sizes, axis=1) / 0.6745
    return np.where(found > 0, found, np.sqrt((sizes**2).mean(axis=1)))


def _lean(surprise: np.ndarray) -> np.ndarray:
    lean, mean = np.full_like(surprise, np.nan), np.zeros(len(surprise))
    for week in range(WARM, surprise.shape[1]):
        mean = (1 - LEAN) * mean + LEAN * np.clip(surprise[:, week], -COUNTS, COUNTS)
        lean[:, week] = mean
    return lean
