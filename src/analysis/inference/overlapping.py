"""The difference of two rates whose groups may have units in common: an interval that is as often too high as too low.

A rate of few hits is skewed, and its standard error falls and rises with it: Student's t then misses on one side, up to ten
times in a hundred for six hits, and hardly ever on the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, upper_tail

SMALLEST = 1e-15  # a tail; p-values end at twice this
LARGEST = 0.49  # beyond it, the interval is a point and p is 1


class Rate(NamedTuple):
    """A rate, 0 to 1, of trials that come in units: its variance with the units as what varies, and how many there are."""

    rate: float
    variance: float
    trials: int
    units: int

    @property
    def worth(self) -> float:
        """How many independent trials they are worth: at most the trials; the units, where all or none are hits."""
        binomial = self.rate * (1 - self.rate)
        if binomial <= 0:
            return float(self.units)  # the spread says nothing
        return self.trials / max(1.0, self.variance * self.trials / binomial)


def interval(a: Rate, b: Rate, covariance: float, *, confidence: float = 0.95) -> Interval:
    """Return the interval of rate a minus rate b; `covariance` is that of the two rates, 0 where no unit is in both.

    The distances from each rate to its own limits are added as errors are, with their correlation: with l and u the limits of a
    rate and r the correlation, the lower limit of a - b lies sqrt(x^2 + y^2 - 2 r x y) below it, x = a - l_a and y = u_b - b, and
    likewise above. The limits are Jeffreys's on the number of trials that each group is worth, which err equally on both sides;
    Wilson's do not. That number is reduced by (z / t)^2, t with one degree of freedom less than units, because it is estimated.

    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 (MOVER, correlated estimates); with Jeffreys's limits
    Laud (2017), Pharmaceutical Statistics 16, 334-348; Jeffreys's limits, Brown, Cai and DasGupta (2001), Statistical Science
    16, 101-133, and one-sided Cai (2005), Journal of Statistical Planning and Inference 131, 63-88; trials in units, Korn and
    Graubard (1998), Survey Methodology 24, 193-201. Raises ValueError unless `confidence` lies between 0 and 1.
    """
    down, up = _reach(a, b, covariance, tail=1 - upper_tail(confidence))
    return Interval(a.rate - b.rate - down, a.rate - b.rate + up)


def p_value(a: Rate, b: Rate, covariance: float) -> float:
    """Two-sided p-value of "the rates are alike": 1 minus the confidence at which the interval just reaches 0."""
    from scipy.optimize import brentq

    difference = a.rate - b.rate

    def left(log_tail: float) -> float:
        down, up = _reach(a, b, covariance, tail=float(np.exp(log_tail)))
        return (down if difference > 0 else up) - abs(difference)

    if left(np.log(LARGEST)) >= 0:
        return 1.0
    if left(np.log(SMALLEST)) <= 0:
        return 2 * SMALLEST
    return float(2 * np.exp(brentq(left, np.log(SMALLEST), np.log(LARGEST), xtol=1e-10)))


def jeffreys(rate: float, trials: float, *, tail: float) -> Interval:
    """Return the limits that a rate exceeds with chance `tail` each; 0 where nothing is a hit, and 1 where all are.

    Quantiles of the beta distribution with shapes hits + 1/2 and misses + 1/2; `trials` need not be whole.
    """
    from scipy.special import betaincinv

    hits, misses = rate * trials + 0.5, (1 - rate) * trials + 0.5
    low = 0.0 if rate <= 0 else float(betaincinv(hits, misses, tail))
    high = 1.0 if rate >= 1 else 1 - float(betaincinv(misses, hits, tail))
    return Interval(low, high)


def _reach(a: Rate, b: Rate, covariance: float, *, tail: float) -> tuple[float, float]:
    """How far below and above the difference the interval goes."""
    (down_a, up_a), (down_b, up_b) = (_distances(rate, tail) for rate in (a, b))
    known = a.variance > 0 and b.variance > 0
    alike = float(np.clip(covariance / np.sqrt(a.variance * b.variance), -1, 1)) if known else 0.0
    together = [x**2 + y**2 - 2 * alike * x * y for x, y in ((down_a, up_b), (up_a, down_b))]
    return tuple(max(square, 0.0) ** 0.5 for square in together)


def _distances(rate: Rate, tail: float) -> tuple[float, float]:
    """From the rate down and up to its own limits; never below 0, where the limits of so small a confidence pass it."""
    from scipy.special import ndtri, stdtrit

    shrunk = (ndtri(tail) / stdtrit(rate.units - 1, tail)) ** 2
    low, high = jeffreys(rate.rate, rate.worth * shrunk, tail=tail)
    return max(rate.rate - low, 0.0), max(high - rate.rate, 0.0)
