"""Planning a randomised comparison: what it can see, and how many to hold out.

Every plan here assumes that the mean of an arm is close to normal. Spend with many zeros and a long tail needs more
customers in the smaller arm than these formulas say.
"""

from typing import NamedTuple

import numpy as np


class HoldoutShare(NamedTuple):
    """How many of a group to hold out: as a share and in customers, whether that gives the power, and what it can see.

    `smallest_effect` is the smallest absolute effect seen with the stated power at this share, in the unit of the
    outcome; NaN where none can be worked out.
    """

    share: float
    customers: int
    reached: bool
    smallest_effect: float


def power_two_means(n_a: float, n_b: float, *, effect: float, sd: float, alpha: float) -> float:
    """Probability that a two-sided t-test at `alpha` sees a difference in means of `effect`, both arms having `sd`.

    NaN where an arm has fewer than two customers or `sd` is not known or 0. Raises ValueError for a negative `sd`.
    Source: noncentral t, Cohen (1988), chapter 2.
    """
    from scipy.special import ncfdtr, stdtrit

    _check_share("alpha", alpha)
    if sd < 0:
        raise ValueError(f"sd {sd:g} is negative; the least is 0")
    if not (n_a >= 2 and n_b >= 2 and sd > 0) or np.isnan(effect):
        return np.nan
    degrees = n_a + n_b - 2
    shift = abs(effect) / (sd * np.sqrt(1 / n_a + 1 / n_b))
    # The square of a noncentral t is a noncentral F and holds both tails. It underflows to NaN where no test misses.
    missed = ncfdtr(1, degrees, shift**2, stdtrit(degrees, 1 - alpha / 2) ** 2)
    return 1.0 if np.isnan(missed) else float(1 - missed)


def power_two_proportions(
    n_a: float, n_b: float, *, rate_a: float, rate_b: float, alpha: float, one_sided: bool = False
) -> float:
    """Probability that a z-test at `alpha` tells `rate_a` from `rate_b` (each 0 to 1).

    One-sided asks whether a is greater than b. NaN where an arm is empty. Raises ValueError for rates outside 0 to 1.
    Source: arcsine transformation, Cohen (1988), chapter 6.
    """
    from scipy.special import ndtr, ndtri

    _check_share("alpha", alpha)
    for name, rate in (("rate_a", rate_a), ("rate_b", rate_b)):
        if not 0 <= rate <= 1:
            raise ValueError(f"{name} {rate:g} must lie between 0 and 1")
    if not (n_a > 0 and n_b > 0):
        return np.nan
    shift = 2 * (np.arcsin(np.sqrt(rate_a)) - np.arcsin(np.sqrt(rate_b))) / np.sqrt(1 / n_a + 1 / n_b)
    if one_sided:
        return float(ndtr(shift + ndtri(alpha)))
    return float(ndtr(shift + ndtri(alpha / 2)) + ndtr(-shift + ndtri(alpha / 2)))


def smallest_effect_mean(n_treated: float, n_holdout: float, sd: float, *, power: float, alpha: float) -> float:
    """The smallest absolute difference in means that a two-sided t-test sees with `power`, in the unit of `sd`.

    NaN where `power_two_means` is. Raises ValueError unless `alpha` < `power` < 1.
    """
    from scipy.optimize import brentq

    _check_share("alpha", alpha)
    refuse_power(power, alpha=alpha)
    if np.isnan(power_two_means(n_treated, n_holdout, effect=0.0, sd=sd, alpha=alpha)):
        return np.nan

    def short_of(effect: float) -> float:
        return power_two_means(n_treated, n_holdout, effect=effect, sd=sd, alpha=alpha) - power

    top = sd * np.sqrt(1 / n_treated + 1 / n_holdout)
    while short_of(top) < 0:
        top *= 2
    return float(brentq(short_of, 0.0, top, xtol=1e-12 * top))


def holdout_share(
    customers: int, *, effect: float, sd: float, power: float, alpha: float, max_share: float
) -> HoldoutShare:
    """The smallest share of a group of `customers` to hold out so that an absolute `effect` is seen with `power`.

    `effect` and `sd` are of one customer's outcome, in one unit. Holding out more than half never helps, so `max_share`
    is at most 0.5. Where `max_share` is not enough, or `sd` is 0 or not known, the plan is `max_share` with `reached`
    False. Raises ValueError for an `effect` of 0 or less, and for `max_share` outside 0 to 0.5.
    """
    if not 0 < max_share <= 0.5:
        raise ValueError(f"max_share {max_share:g} must lie above 0 and be at most 0.5")
    if not effect > 0:
        raise ValueError(f"effect {effect:g} must be above 0")
    if customers < 0:
        raise ValueError(f"{customers} customers; the least is 0")

    def reaches(held: int) -> bool:
        return power_two_means(customers - held, held, effect=effect, sd=sd, alpha=alpha) >= power

    most = int(np.floor(customers * max_share + 1e-9))
    reached = reaches(most)
    held = first_true(reaches, 2, most) if reached else most
    smallest = smallest_effect_mean(customers - held, held, sd, power=power, alpha=alpha)
    return HoldoutShare(held / customers if customers else np.nan, held, reached, smallest)


def first_true(holds, low: int, high: int) -> int:
    """The smallest whole number from `low` to `high` for which `holds`, given that it holds for `high` and onwards."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


def refuse_power(power: float, *, alpha: float) -> None:
    """Raise ValueError unless `alpha` < `power` < 1."""
    if not alpha < power < 1:
        raise ValueError(f"power {power:g} must lie between alpha {alpha:g} and 1, for example 0.8")


def _check_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} {value:g} must lie between 0 and 1")
