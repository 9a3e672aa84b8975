"""Two rates of a campaign drawn by lot, such as the shares who ordered: from counts alone, exact where these are small."""

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, upper_tail
from analysis.inference.proportions import newcombe_difference, wilson_interval

SMALL = 5  # expected in any of the four cells, both arms alike; below it the normal approximation is not used (Cochran 1954)
FINE = 1e-7  # slack for tails that differ from the limit by rounding only


class Rates(NamedTuple):
    """Share among the treated against share among the held out."""

    treated: float
    holdout: float
    difference: float  #: treated minus held out, -1 to 1
    interval: Interval
    #: Treated over held out, minus 1, without the excess that such a ratio has on average (with it where `exact`); NaN where
    #: nobody held out did it.
    lift: float
    lift_interval: Interval  #: upper limit infinite where the data give none
    p_value: float  #: two-sided, of "the campaign changed nothing"
    exact: bool  #: whether interval and p-value come from counting lots instead of from a normal approximation


def compare_rates(k_treated: int, n_treated: int, k_holdout: int, n_holdout: int, *, confidence: float = 0.95) -> Rates:
    """Compare how many of the treated and of the held out did something, each customer once.

    Where every cell has five expected customers or more: Newcombe's interval of the difference, the interval of the ratio
    that two Wilson intervals give in the same way, and the score test. Where not: all lots are counted. The p-value is then
    twice the smaller tail of the hypergeometric distribution, and the interval holds every number of treated whom the campaign
    can have moved, this way or that, without making the lot one of the rarest (`difference` then is of these treated alone).
    NaN where an arm is empty.

    Raises ValueError where counts are negative or exceed the customers.
    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Donner and Zou (2012), Statistical Methods in Medical
    Research 21, 347-359; exact: Fisher (1935), and attributable effects, Rosenbaum (2001), Biometrika 88, 219-231.
    """
    found = newcombe_difference(k_treated, n_treated, k_holdout, n_holdout, confidence=confidence)
    nothing = Interval(np.nan, np.nan)
    if not (n_treated and n_holdout):
        return Rates(np.nan, np.nan, np.nan, nothing, np.nan, nothing, np.nan, False)
    rates, n, k = (k_treated / n_treated, k_holdout / n_holdout), n_treated + n_holdout, k_treated + k_holdout
    least = min(k, n - k) * min(n_treated, n_holdout) / n
    lift = rates[0] / rates[1] - 1 if k_holdout else np.nan
    if least < SMALL:
        p_value, moved = _exact(k_treated, n_treated, k_holdout, n_holdout, tail=1 - upper_tail(confidence))
        interval = Interval(moved.low / n_treated, moved.high / n_treated)
        lifts = Interval(*(_over(k_treated, k_treated - end) for end in moved))
        return Rates(*rates, found.estimate, interval, lift, lifts, p_value, True)
    # A mean of n_holdout customers with this variance makes the ratio larger by so much on average.
    lift = (1 + lift) / (1 + (1 - k / n) / (n_holdout * k / n)) - 1
    lifts = _ratio_interval(k_treated, n_treated, k_holdout, n_holdout, confidence=confidence)
    return Rates(
        *rates, found.estimate, found.interval, lift, lifts, _score_p(rates, k / n, n_treated, n_holdout), False
    )


def _ratio_interval(k_a: int, n_a: int, k_b: int, n_b: int, *, confidence: float) -> Interval:
    """Limits of share a over share b, minus 1, from their Wilson intervals (Donner and Zou 2012, equation 8).

    The lower limit is written as its conjugate: where the upper limit of b is twice b, numerator and denominator of the published
    form are both 0, and beyond that both are below 0. The upper limit is infinite where the lower limit of b is 0.
    """
    a, b = k_a / n_a, k_b / n_b
    of_a, of_b = (wilson_interval(k, n, confidence=confidence) for k, n in ((k_a, n_a), (k_b, n_b)))

    def parts(end_a: float, end_b: float) -> tuple[float, float, float]:
        top, bottom = end_a * (2 * a - end_a), end_b * (2 * b - end_b)
        return top, bottom, a * b + max((a * b) ** 2 - top * bottom, 0.0) ** 0.5

    above, _, sum_low = parts(of_a.low, of_b.high)
    _, below, sum_high = parts(of_a.high, of_b.low)
    low = above / sum_low if sum_low > 0 else 0.0  # nobody treated did it
    return Interval(float(low - 1), float(sum_high / below - 1) if below > 0 else np.inf)


def _score_p(rates: tuple[float, float], pooled: float, n_a: int, n_b: int) -> float:
    from scipy.special import ndtr

    error = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return float(2 * ndtr(-abs(rates[0] - rates[1]) / error)) if error > 0 else np.nan


def _exact(k_a: int, n_a: int, k_b: int, n_b: int, *, tail: float) -> tuple[float, Interval]:
    """The p-value, and the least and largest number of treated moved (below 0: kept from it) that lots do not reject."""
    from scipy.stats import hypergeom

    def tails(moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        left = k_a - moved
        return (hypergeom.cdf(left, n_a + n_b, left + k_b, n_a), hypergeom.sf(left - 1, n_a + n_b, left + k_b, n_a))

    # The more were moved, the fewer are left to be treated by chance: each tail runs one way, so ends are found by halving.
    low = _last(lambda moved: tails(moved)[1] <= tail * (1 + FINE), k_a - n_a - 1, k_a) + 1
    high = -_last(lambda moved: tails(-moved)[0] <= tail * (1 + FINE), -k_a - 1, n_a - k_a) - 1
    below, above = tails(np.array(0))
    return float(min(1.0, 2 * min(below, above))), Interval(float(low), float(high))


def _last(rejected, below: int, above: int) -> int:
    """The largest whole number from `below` on that is rejected, or `below` itself; rejection ends once and for all."""
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if rejected(np.array(middle)) else (below, middle)
    return below


def _over(count: float, without: float) -> float:
    return count / without - 1 if without > 0 else np.inf if count else np.nan
