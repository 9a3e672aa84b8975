"""Means, their differences and their ratios, from sums alone.

A warning holds for every comparison here. With arms of unequal size, and spend that is mostly zero and seldom very
large, the interval misses too often, and on one side: the small arm rarely holds its share of big spenders, so its mean
and its variance come out low together. With a holdout of 5 to 10 % the interval that promises 95 % can lie wholly above
the truth in 10 of 100 samples instead of 2.5. Arms of equal size are nearly free of this.
"""

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, plain, t_interval, t_p_value

ROUNDING = 1e-10  # share of the total of squares; a spread below it is rounding of the sums, not spread


class Sums(NamedTuple):
    """What a mean and its error need of a group: customers, total and total of squares of one outcome per customer."""

    n: float
    total: float
    total_of_squares: float


class MeanDifference(NamedTuple):
    """Treated minus comparison, in the unit of the outcome, or as a share from `relative_difference`."""

    difference: float
    standard_error: float
    degrees_of_freedom: float
    p_value: float
    interval: Interval


def sums(values) -> Sums:
    """The sums of an array with one value per customer. Not known (NaN) values raise ValueError with their count."""
    values = np.sort(np.asarray(values, dtype=float), axis=None)
    if np.isnan(values).any():
        raise ValueError(f"{np.isnan(values).sum()} of {values.size} values are not known; leave them out first")
    return Sums(values.size, values.sum().item(), np.square(values).sum().item())


def mean_interval(group: Sums, *, confidence: float = 0.95) -> Interval:
    """Student's t interval of the mean, in the unit of the outcome. NaN for fewer than two customers or no spread.

    The fields of `group` may be arrays, one entry per group. Raises ValueError where the sums contradict each other.
    """
    n, mean, variance = _moments(group)
    return t_interval(mean, np.sqrt(variance / n), n - 1, confidence=confidence)


def welch_difference(treated: Sums, comparison: Sums, *, confidence: float = 0.95) -> MeanDifference:
    """Mean of the treated minus mean of the comparison, in the unit of the outcome, without assuming equal variances.

    With a small holdout and heavy tails the interval misses too often, see the head of this module. All but the
    difference is NaN where an arm has fewer than two customers or nobody differs. Fields may be arrays.
    Raises ValueError where the sums contradict each other.
    Source: Welch (1947), Biometrika 34, 28-35.
    """
    n_a, mean_a, variance_a = _moments(treated)
    n_b, mean_b, variance_b = _moments(comparison)
    degrees = _welch_degrees(variance_a / n_a, n_a, variance_b / n_b, n_b)
    return _difference(mean_a - mean_b, variance_a / n_a + variance_b / n_b, degrees, confidence=confidence)


def relative_difference(treated: Sums, comparison: Sums, *, confidence: float = 0.95) -> MeanDifference:
    """The lift: mean of the treated over mean of the comparison, minus 1, as a share, by the delta method.

    NaN throughout where the comparison's mean is 0 or less: nothing can be a multiple of that. The interval relies on
    a well-known comparison mean, and misses as `welch_difference` does. Fields may be arrays.
    Raises ValueError where the sums contradict each other.
    Source: delta method, Deng, Knoblich and Lu (2018), KDD; degrees of freedom as in `welch_difference`.
    """
    n_a, mean_a, variance_a = _moments(treated)
    n_b, mean_b, variance_b = _moments(comparison)
    base = np.where(mean_b > 0, mean_b, np.nan)
    degrees = _welch_degrees(variance_a / n_a, n_a, variance_b / n_b, n_b)
    variance = variance_a / n_a / base**2 + variance_b / n_b * mean_a**2 / base**4
    return _difference(mean_a / base - 1, variance, degrees, confidence=confidence)


def ratio_interval(numerator: Sums, denominator: Sums, *, cross_product, confidence: float = 0.95) -> Interval:
    """Interval of total over total when customers are the units, for example revenue per order, by the delta method.

    Both sums run over the same customers; `cross_product` is the sum over customers of numerator times denominator.
    Orders of one customer are alike, so an interval that counts orders as independent is too narrow. NaN for fewer
    than two customers, a denominator of 0 or no spread. It leans to one side when few customers make the total.
    Raises ValueError where the two differ in customers or the sums contradict each other.
    Source: Cochran (1977), Sampling Techniques, section 2.11; Student's t with n - 1 degrees of freedom.
    """
    if not np.array_equal(numerator.n, denominator.n, equal_nan=True):
        raise ValueError(f"numerator has {numerator.n} customers, denominator {denominator.n}; they must be the same")
    n, mean_y, variance_y = _moments(numerator)
    _, mean_x, variance_x = _moments(denominator)
    pairs = np.where(n > 1, n, np.nan)
    covariance = (np.asarray(cross_product, dtype=float) - n * mean_x * mean_y) / (pairs - 1)
    base = np.where(mean_x != 0, mean_x, np.nan)
    ratio = mean_y / base
    residual = variance_y - 2 * ratio * covariance + ratio**2 * variance_x
    scale = variance_y + ratio**2 * variance_x
    if (residual < -ROUNDING * scale).any():
        raise ValueError(f"cross product {cross_product} is beyond what the two totals of squares allow")
    residual = np.where(residual > ROUNDING * scale, residual, 0.0)
    return t_interval(ratio, np.sqrt(residual / n) / np.abs(base), n - 1, confidence=confidence)


def _difference(difference, variance, degrees, *, confidence: float) -> MeanDifference:
    error = np.sqrt(variance)
    interval = t_interval(difference, error, degrees, confidence=confidence)
    p_value = t_p_value(difference, error, degrees)
    return MeanDifference(plain(difference), plain(error), plain(degrees), p_value, interval)


def _welch_degrees(share_a, n_a, share_b, n_b) -> np.ndarray:
    """Degrees of freedom of Welch and Satterthwaite. NaN where nobody differs."""
    spread = share_a**2 / (n_a - 1) + share_b**2 / (n_b - 1)
    return (share_a + share_b) ** 2 / np.where(spread > 0, spread, np.nan)


def _moments(group: Sums) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, mean and variance (divisor n - 1); n below 1 makes all three NaN, n below 2 the variance."""
    n, total, squares = np.broadcast_arrays(*(np.asarray(field, dtype=float) for field in group))
    if (n < 0).any():
        raise ValueError(f"{n[n < 0].flat[0]:g} customers; the least is 0")
    n = np.where(n > 0, n, np.nan)
    spread = squares - total**2 / n
    if (spread < -ROUNDING * np.abs(squares)).any():
        i = np.flatnonzero(spread < -ROUNDING * np.abs(squares))[0]
        least = total.flat[i] ** 2 / n.flat[i]
        raise ValueError(
            f"total of squares {squares.flat[i]:g} cannot belong to a total of {total.flat[i]:g} over "
            f"{n.flat[i]:g} customers; the least is {least:g}"
        )
    spread = np.where(np.abs(spread) <= ROUNDING * np.abs(squares), 0.0, spread)
    return n, total / n, spread / (np.where(n > 1, n, np.nan) - 1)
