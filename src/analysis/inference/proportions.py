"""Intervals for proportions: one share, and the difference of two."""

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, plain, upper_tail


class ProportionDifference(NamedTuple):
    """Share a minus share b (-1 to 1) and its interval."""

    estimate: float
    interval: Interval


def wilson_interval(successes, trials, *, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of the share `successes / trials`, each 0 to 1.

    Numbers or arrays of counts; with arrays, the limits are arrays of the same length. Both limits are NaN where there
    are no trials or a count is not known. It assumes independent trials: customers, not the orders of one customer.

    Raises ValueError where successes are negative or exceed the trials.
    Source: Wilson (1927); Newcombe (1998), Statistics in Medicine 17, 857-872, method 3.
    """
    from scipy.special import ndtri

    successes, trials = _counts(successes, trials)
    z = ndtri(upper_tail(confidence))
    known = np.where(trials > 0, trials, np.nan)
    centre = (successes + z**2 / 2) / (known + z**2)
    reach = z / (known + z**2) * np.sqrt(successes * (known - successes) / known + z**2 / 4)
    # At the ends the limit is exactly 0 or 1; the subtraction would leave a rounding error of either sign.
    low = np.where((successes == 0) & (trials > 0), 0.0, centre - reach)
    high = np.where((successes == trials) & (trials > 0), 1.0, centre + reach)
    return Interval(plain(low), plain(high))


def newcombe_difference(
    successes_a, trials_a, successes_b, trials_b, *, confidence: float = 0.95
) -> ProportionDifference:
    """Share a minus share b, for two separate groups, with an interval built from the two Wilson intervals.

    It stays inside -1 to 1 and holds for small groups and for shares of 0 and 1. Numbers or arrays, as in
    `wilson_interval`; NaN where either group has no trials.

    Raises ValueError where successes are negative or exceed the trials.
    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    a, b = _share(successes_a, trials_a), _share(successes_b, trials_b)
    interval_a = wilson_interval(successes_a, trials_a, confidence=confidence)
    interval_b = wilson_interval(successes_b, trials_b, confidence=confidence)
    estimate = a - b
    low = estimate - np.hypot(a - interval_a.low, interval_b.high - b)
    high = estimate + np.hypot(interval_a.high - a, b - interval_b.low)
    return ProportionDifference(plain(estimate), Interval(plain(low), plain(high)))


def _share(successes, trials) -> np.ndarray:
    successes, trials = _counts(successes, trials)
    return successes / np.where(trials > 0, trials, np.nan)


def _counts(successes, trials) -> tuple[np.ndarray, np.ndarray]:
    """Both counts as float arrays of one shape, checked."""
    successes, trials = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    impossible = (successes < 0) | (trials < 0) | (successes > trials)
    if impossible.any():
        s, n = successes[impossible].flat[0], trials[impossible].flat[0]
        if n < 0:
            raise ValueError(f"{n:g} trials; the least is 0")
        raise ValueError(f"{s:g} successes in {n:g} trials; successes run from 0 to {n:g}")
    return successes, trials
