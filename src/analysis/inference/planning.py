"""Planning beyond one mean: rates, ratios such as the value of an order, clusters, and how many customers it takes.

The formulas take the estimate of an arm to be close to normal, as those of `experiments` do, which hold the power of means
and rates. Arms may be of any size.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.inference.experiments import first_true, power_two_proportions, refuse_power

MOST = 10**12  # customers; what needs more is not planned


def smallest_rate_rise(n_treated: float, n_holdout: float, rate: float, *, power: float, alpha: float) -> float:
    """The smallest rise of a rate above `rate` (0 to 1) that a two-sided z-test sees with `power`, absolute.

    NaN where even a rate of 1 would not be seen that often, for an empty arm and for an unknown rate. Raises ValueError
    unless `alpha` < `power` < 1. Source: as `experiments.power_two_proportions`, turned round.
    """
    from scipy.optimize import brentq

    refuse_power(power, alpha=alpha)
    if np.isnan(rate) or not (n_treated > 0 and n_holdout > 0):
        return np.nan

    def short_of(treated: float) -> float:
        return power_two_proportions(n_treated, n_holdout, rate_a=treated, rate_b=rate, alpha=alpha) - power

    return np.nan if short_of(1.0) < 0 else float(brentq(short_of, rate, 1.0, xtol=1e-12)) - rate


def ratio_spread(tops, bottoms, weights=None) -> tuple[float, float]:
    """Return a ratio of totals, such as sales over orders, and the spread of one customer that plans for it take as `sd`.

    One top and one bottom per customer, customers without either included. With R the ratio and B the mean of the bottoms, a
    customer contributes (top - R x bottom) / B to the ratio of an arm. `weights` say how many customers each stands for. NaN
    where nobody has a bottom. Source: delta method, Cochran (1977), Sampling Techniques, section 6.5.
    """
    tops, bottoms = np.asarray(tops, dtype=float), np.asarray(bottoms, dtype=float)
    share = np.full(len(tops), 1.0) if weights is None else np.asarray(weights, dtype=float)
    n, below = share.sum(), float(share @ bottoms)
    if len(tops) < 2 or not below > 0:
        return np.nan, np.nan
    ratio = float(share @ tops) / below
    spread = np.sqrt(share @ np.square(tops - ratio * bottoms) / n * len(tops) / (len(tops) - 1))
    return ratio, float(spread / (below / n))


def intraclass(outcomes, clusters) -> float:
    """How much alike outcomes of one cluster are, 0 to 1: the intraclass correlation by the analysis of variance.

    NaN with fewer than two clusters, without any cluster of two, and where no outcome differs. Below 0 it is taken as 0.
    Source: Donner (1986), International Statistical Review 54, 67-82.
    """
    values = np.asarray(outcomes, dtype=float)
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    sizes = np.bincount(place)
    n, k = len(values), len(sizes)
    if k < 2 or n == k:
        return np.nan
    means = np.bincount(place, weights=values) / sizes
    between = float(sizes @ np.square(means - values.mean())) / (k - 1)
    within = float(np.square(values - means[place]).sum()) / (n - k)
    usual = (n - np.square(sizes).sum() / n) / (k - 1)
    whole = between + (usual - 1) * within
    return max((between - within) / whole, 0.0) if whole > 0 else np.nan


def design_effect(sizes, correlation: float) -> float:
    """By how much clusters of these sizes widen a variance: as many customers one by one would do divided by it.

    1 + ((1 + cv^2) m - 1) x correlation, with m the mean size and cv its coefficient of variation; 1 for clusters of one.
    Raises ValueError for a correlation outside 0 to 1. Source: Eldridge, Ashby and Kerry (2006), International Journal of
    Epidemiology 35, 1292-1300.
    """
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation {correlation:g} must lie between 0 and 1")
    sizes = np.asarray(sizes, dtype=float)
    if not sizes.size or sizes.min() < 1:
        raise ValueError("a cluster has at least one customer, and there is at least one cluster")
    return float(1 + (np.square(sizes).mean() / sizes.mean() - 1) * correlation)


def customers_needed(
    power_at: Callable[[float, float], float], *, share: float, power: float, design_effect: float = 1.0
) -> float:
    """The fewest customers, both arms together with `share` held out, for which `power_at(treated, held)` is `power`.

    `design_effect` is that of clusters. NaN where a million millions are too few. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share {share:g} must lie between 0 and 1")

    def enough(customers: int) -> bool:
        effective = customers / design_effect
        return power_at((1 - share) * effective, share * effective) >= power

    high = 4
    while not enough(high):
        high *= 2
        if high > MOST:
            return np.nan
    return float(first_true(enough, high // 2 + 1, high))
