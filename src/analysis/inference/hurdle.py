"""A second reading of a campaign drawn by lot: by which factor it moved how many buy times how much a buyer spends."""

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, upper_tail


class Hurdle(NamedTuple):
    """Buying rate times geometric mean of the buyers' spend, treated over held out, minus 1: a share.

    `lift` is without the excess that an exponential of something uncertain has on average.
    """

    lift: float
    interval: Interval


def log_hurdle(treated, holdout, *, n_treated: int, n_holdout: int, confidence: float = 0.95) -> Hurdle:
    """The lift of a campaign drawn by lot on the logarithm of spend; `treated` and `holdout` are the buyers' outcomes.

    A geometric mean is moved little by a few very large orders, so the interval is narrower than that of
    `permutation.compare`. It answers another question: it is the ratio of mean spend only if the campaign left the shape
    of the buyers' spend as it was. A campaign that moves only large orders moves it hardly. Choose before looking.

    NaN with fewer than two buyers in an arm. Raises ValueError for outcomes that are not above zero.
    Source: delta method on log(rate) + mean(log(spend)), with one variance of the logarithms for both arms.
    """
    arms = []
    for name, values, n in (("treated", treated, n_treated), ("holdout", holdout, n_holdout)):
        values = np.sort(np.asarray(values, dtype=float).ravel())
        if values.size and not values[0] > 0:
            raise ValueError(f"outcome {values[0]:g} of the {name} is not above zero; pass buyers only")
        arms.append((values.size, n, np.log(values)))
    (m_a, n_a, log_a), (m_b, n_b, log_b) = arms
    if min(m_a, m_b) < 2:
        return Hurdle(np.nan, Interval(np.nan, np.nan))
    from scipy.special import ndtri

    found = np.log(m_a / n_a) - np.log(m_b / n_b) + log_a.mean() - log_b.mean()
    spread = (np.square(log_a - log_a.mean()).sum() + np.square(log_b - log_b.mean()).sum()) / (m_a + m_b - 2)
    variance = (1 - m_a / n_a) / m_a + (1 - m_b / n_b) / m_b + spread * (1 / m_a + 1 / m_b)
    reach = ndtri(upper_tail(confidence)) * np.sqrt(variance)
    # The factor is lognormal about the truth, whose mean lies half a variance above it.
    return Hurdle(
        float(np.expm1(found - variance / 2)), Interval(float(np.expm1(found - reach)), float(np.expm1(found + reach)))
    )
