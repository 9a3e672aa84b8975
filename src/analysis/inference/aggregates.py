"""An experiment from sums alone: rates, means, ratios and adjusted means of each arm, however many customers it has.

One row per arm holds all that is needed: customers, totals, and totals of squares and products. Each measure is turned
into the `Sums` of one number per customer, so that the comparisons in `means` hold for all of them, relative or absolute.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.inference.means import Sums


class Aggregates(NamedTuple):
    """Of one arm, or one stratum of it: customers, total of each measure, total of each product of two measures."""

    n: float
    totals: Mapping[str, float]
    products: Mapping[tuple[str, str], float]  #: (a, b) or (b, a), zeros included; (a, a) for squares

    def sums(self, name: str) -> Sums:
        """Return what a mean needs. Raises KeyError for a measure without its square."""
        return Sums(self.n, self.totals[name], self.product(name, name))

    def product(self, one: str, other: str) -> float:
        """Return the total of one measure times another, in either order."""
        return self.products[one, other] if (one, other) in self.products else self.products[other, one]


class Adjusted(NamedTuple):
    """Both arms with a measure's part that an earlier one foretells taken out, and what that is worth."""

    treated: Sums
    holdout: Sums
    slope: float  #: by which a unit of the earlier measure moves the outcome, over both arms together
    #: Share by which the variance of the difference falls when lots are drawn again: squared correlation over both arms
    #: together, less what chance alone gives; about 0 or just below where nothing is saved. NaN where nobody differs.
    variance_saved: float


def together(*parts: Aggregates) -> Aggregates:
    """Add up strata, or arms. Raises ValueError unless all have the same measures and products."""
    first = parts[0]
    for other in parts[1:]:
        if other.totals.keys() != first.totals.keys() or other.products.keys() != first.products.keys():
            odd = sorted({*map(str, (*first.totals, *first.products))} ^ {*map(str, (*other.totals, *other.products))})
            raise ValueError(f"strata have different measures: {odd[0]} is not in each")
    return Aggregates(
        sum(part.n for part in parts),
        {name: sum(part.totals[name] for part in parts) for name in first.totals},
        {pair: sum(part.products[pair] for part in parts) for pair in first.products},
    )


def ratio_sums(arm: Aggregates, numerator: str, denominator: str) -> Sums:
    """The sums of one number per customer whose mean is total over total, and whose spread is that of this ratio.

    The number is R + (y - R x) / mean(x), with R the ratio: what is left of y when its expected share is taken out. So
    `means.welch_difference` and `means.relative_difference` of two such sums are the delta method for ratios such as spend
    per order, with customers as the units. NaN where the denominator's total is 0.
    Source: Deng, Knoblich and Lu (2018), KDD, section 3.2; Cochran (1977), Sampling Techniques, section 2.11.
    """
    n, y, x = arm.n, arm.totals[numerator], arm.totals[denominator]
    if not x:
        return Sums(n, np.nan, np.nan)
    ratio, mean = y / x, x / n
    left = arm.product(numerator, numerator) - 2 * ratio * arm.product(numerator, denominator)
    left = max(left + ratio**2 * arm.product(denominator, denominator), 0.0)  # below 0 by rounding alone
    return Sums(n, n * ratio, n * ratio**2 + left / mean**2)


def adjusted_sums(treated: Aggregates, holdout: Aggregates, outcome: str, before: str) -> Adjusted:
    """The sums of outcome minus slope times (before minus its mean over both arms), for both arms (CUPED).

    `before` is a measure from before the lot, so that its difference between arms is chance. The slope is that of both
    arms thrown together, without regard to treatment: it does not change when lots are drawn again. Where `before` does not
    vary the slope is 0 and nothing is saved.
    Source: Deng, Xu, Kohavi and Walker (2013), WSDM, equations 4 and 5.
    """
    both = together(treated, holdout)
    mean = both.totals[before] / both.n
    spread = both.product(before, before) - both.totals[before] * mean
    common = both.product(outcome, before) - both.totals[outcome] * mean
    slope = common / spread if spread > 1e-12 * both.product(before, before) else 0.0
    made = [_minus(arm, outcome, before, slope, mean) for arm in (treated, holdout)]
    raw = both.product(outcome, outcome) - both.totals[outcome] ** 2 / both.n
    left = (1 - slope * common / raw) * (both.n - 1) / (both.n - 2) if raw > 0 and both.n > 2 else np.nan
    return Adjusted(*made, float(slope), float(1 - left))


def _minus(arm: Aggregates, outcome: str, before: str, slope: float, mean: float) -> Sums:
    """The sums of outcome - slope (before - mean)."""
    y, x = arm.totals[outcome], arm.totals[before]
    xx, xy, yy = arm.product(before, before), arm.product(outcome, before), arm.product(outcome, outcome)
    moved = xx - 2 * mean * x + arm.n * mean**2
    return Sums(arm.n, y - slope * (x - arm.n * mean), yy - 2 * slope * (xy - mean * y) + slope**2 * moved)
