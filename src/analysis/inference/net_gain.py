"""What is left of a gain when a cost that is itself uncertain is paid, and its ratio to the cost, each with an interval.

Both come from two intervals that may be lopsided and two estimates that may move together: a customer who redeems an
incentive also bought, so cost is high in the samples in which sales are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval
from analysis.inference.permutation import UNKNOWN

NO_COST = "There is no cost to divide by."
NOT_CLEAR = "The cost is not clear of zero, so nothing can be divided by it."


class Known(NamedTuple):
    """An estimate and its interval, in currency; the ends are the estimate itself where it is certain."""

    value: float
    interval: Interval


class Ratio(NamedTuple):
    """Gain over cost, minus 1: 0.5 is half as much again as was put in. NaN where `refused` says why."""

    value: float
    interval: Interval
    refused: str | None


def net_gain(gain: Known, cost: Known, *, correlation: float) -> Interval:
    """Return the interval of gain minus cost; `correlation` is that of the two estimates, -1 to 1.

    An end without limit stays so. With a certain cost it is the interval of the gain, moved. Source: Zou and Donner (2008),
    Statistics in Medicine 27, 1693-1702; with correlation Zou (2007), Psychological Methods 12, 399-413, equation 15.
    """
    _checked(gain, cost, correlation)
    net = gain.value - cost.value
    below, above = _reach(gain)
    less, more = _reach(cost)
    return Interval(float(net - _together(below, more, correlation)), float(net + _together(above, less, correlation)))


def return_on_cost(gain: Known, cost: Known, *, correlation: float) -> Ratio:
    """Return gain / cost - 1 and every value of it that `net_gain` does not rule out: those r for which the interval of gain
    minus (1 + r) times cost holds zero.

    Where both estimates have symmetrical intervals that is Fieller's interval. Refused where the cost is zero, and where its
    interval reaches so far down that no end can be given. Source: Fieller (1954), Journal of the Royal Statistical
    Society B 16, 175-185; for lopsided intervals Donner and Zou (2012), Statistical Methods in Medical Research 21, 347-359.
    """
    _checked(gain, cost, correlation)
    below, above = _reach(gain)
    less, more = _reach(cost)
    if cost.value <= 0:
        return Ratio(np.nan, UNKNOWN, NO_COST)
    if max(less, more) >= cost.value:
        return Ratio(np.nan, UNKNOWN, NOT_CLEAR)

    def end(reach: float, sign: int, at_gain: float, at_loss: float) -> float:
        """The end to one side; which side of the cost matters depends on the sign of the ratio itself."""
        if np.isinf(reach):
            return sign * np.inf
        found = _root(gain.value, cost.value, reach, at_gain, correlation, sign)
        return found if found >= 0 else _root(gain.value, cost.value, reach, at_loss, correlation, sign)

    limits = Interval(end(below, -1, more, less) - 1, end(above, 1, less, more) - 1)
    return Ratio(gain.value / cost.value - 1, limits, None)


def _root(gain: float, cost: float, of_gain: float, of_cost: float, correlation: float, sign: int) -> float:
    """The factor R at which (gain - R cost)^2 = a^2 + (R b)^2 - 2 r R a b, a and b being the reaches of gain and cost."""
    middle, lead = gain * cost - correlation * of_gain * of_cost, cost**2 - of_cost**2
    inside = max(middle**2 - lead * (gain**2 - of_gain**2), 0.0)  # below zero by rounding only
    return float((middle + sign * inside**0.5) / lead)


def _reach(known: Known) -> tuple[float, float]:
    """How far the interval goes below and above its estimate."""
    return float(known.value - known.interval.low), float(known.interval.high - known.value)


def _together(one: float, other: float, correlation: float) -> float:
    if np.isinf(one) or np.isinf(other):
        return np.inf
    return max(one**2 + other**2 - 2 * correlation * one * other, 0.0) ** 0.5


def _checked(gain: Known, cost: Known, correlation: float) -> None:
    """Raises ValueError for a correlation beyond -1 to 1 and an estimate outside its own interval."""
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation {correlation:g} must lie between -1 and 1")
    for name, known in (("gain", gain), ("cost", cost)):
        if min(_reach(known)) < 0:
            low, high = known.interval
            raise ValueError(f"the {name} {known.value:g} lies outside its interval {low:g} to {high:g}")
