"""Two charts that add up weeks to find small changes, EWMA and CUSUM, and how long each waits for a signal.

For values that are independent and normal with a known mean and standard deviation, given in standard deviations from
that mean. Weeks of a shop are not; see `control_charts` for what the pages rest on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

STATES = 201  # cells into which the way to a signal is cut; odd, so that one is centred on no deviation


class Wait(NamedTuple):
    """How long a chart waits for its first signal."""

    mean: float  #: weeks on average (average run length)
    within: float  #: chance of a signal in the weeks asked for, 0 to 1


class Cusum(NamedTuple):
    """Sums of what weeks lie above and below by more than the slack, one entry per week, in standard deviations."""

    up: np.ndarray
    down: np.ndarray


def ewma(deviations: np.ndarray, *, weight: float) -> np.ndarray:
    """Return the exponentially weighted mean of the weeks so far, from 0; `weight` is that of the newest.

    Source: Roberts (1959), Technometrics 1, 239-250.
    """
    mean, found = 0.0, []
    for deviation in np.asarray(deviations, dtype=float):
        mean = (1 - weight) * mean + weight * deviation
        found.append(mean)
    return np.array(found)


def ewma_limit(weeks: int, *, weight: float, width: float) -> np.ndarray:
    """Return how far the mean may lie from 0 in each of the first weeks: `width` of its standard deviations then."""
    shrunk = (1 - weight) ** (2 * np.arange(1, weeks + 1))
    return width * np.sqrt(weight / (2 - weight) * (1 - shrunk))


def cusum(deviations: np.ndarray, *, slack: float) -> Cusum:
    """Return both sums of a tabular CUSUM, each at least 0, from 0. Source: Page (1954), Biometrika 41, 100-115."""
    up = down = 0.0
    ups, downs = [], []
    for deviation in np.asarray(deviations, dtype=float):
        up, down = max(0.0, up + deviation - slack), max(0.0, down - deviation - slack)
        ups.append(up)
        downs.append(down)
    return Cusum(np.array(ups), np.array(downs))


def ewma_wait(*, weight: float, width: float, shift: float = 0.0, weeks: int = 52) -> Wait:
    """Return the wait of an EWMA chart with its limit of late weeks, when the mean has moved by `shift` from the start.

    A Markov chain over the cells between the limits, as in Lucas and Saccucci (1990), Technometrics 32, 1-12.
    """
    from scipy.special import ndtr

    limit = width * np.sqrt(weight / (2 - weight))
    cell = 2 * limit / STATES
    centres = -limit + cell * (np.arange(STATES) + 0.5)
    stay = (1 - weight) * centres[:, None]
    high, low = ((centres + side * cell / 2 - stay) / weight - shift for side in (1, -1))
    return _wait(ndtr(high) - ndtr(low), start=STATES // 2, weeks=weeks)


def cusum_wait(*, slack: float, limit: float, shift: float = 0.0, weeks: int = 52) -> Wait:
    """Return the wait of a two-sided CUSUM chart when the mean has moved by `shift` from the start.

    A Markov chain for each side, as in Brook and Evans (1972), Biometrika 59, 539-549; both sides together by 1/mean =
    1/mean up + 1/mean down, which holds for sums that start at 0. The chance within the weeks takes the sides as
    independent, which makes it a little too large.
    """
    sides = [_one_sided(slack=slack, limit=limit, shift=s, weeks=weeks) for s in (shift, -shift)]
    return Wait(1 / sum(1 / side.mean for side in sides), 1 - np.prod([1 - side.within for side in sides]).item())


def _one_sided(*, slack: float, limit: float, shift: float, weeks: int) -> Wait:
    from scipy.special import ndtr

    cell = 2 * limit / (2 * STATES - 1)  # the first cell is half as wide and holds the sum 0
    centres = cell * np.arange(STATES)
    step = centres[None, :] - centres[:, None] + slack - shift
    moves = ndtr(step + cell / 2) - ndtr(step - cell / 2)
    moves[:, 0] = ndtr(step[:, 0] + cell / 2)
    return _wait(moves, start=0, weeks=weeks)


def _wait(moves: np.ndarray, *, start: int, weeks: int) -> Wait:
    """Return the wait of a chain; `moves` are chances from cell to cell without a signal."""
    mean = np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves)))[start]
    quiet = np.linalg.matrix_power(moves, weeks).sum(axis=1)[start]
    return Wait(float(mean), float(1 - quiet))
