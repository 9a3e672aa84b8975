"""Customers whose truth is known in formulas: orders by a gamma-Poisson process, spend with a long tail."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SHAPE = 0.6  # of the gamma distribution of order rates: most order seldom, a few often
ORDER = 20.0  # median of a customer's value per order, in currency


class Orders(NamedTuple):
    """Two windows of equal length: orders of each customer in the first and the second, and the value of an order."""

    before: np.ndarray
    now: np.ndarray
    value: np.ndarray  # of each order of this customer, in currency


class Truth(NamedTuple):
    """What `orders` with these settings are on average over all worlds. Derived from the gamma-Poisson distribution."""

    repeats: float  # orders after the first of who ordered now
    repeat_rate: float  # two orders or more, of who ordered now
    churn: float  # no order now, of who ordered before
    revenue: float  # sales now of who ordered in both, in currency
    now: float  # sales now of who ordered in either window
    change: float  # sales now minus before of who ordered in either
    orders_change: float
    score: float  # mean share of the others who did less, over orders and sales now with equal weight


def mean_orders(silent: float) -> float:
    """Mean orders in a window in which the share `silent` of customers has none: P(N = 0) = (1 + m/r)^-r."""
    return SHAPE * (silent ** (-1 / SHAPE) - 1)


def orders(rng: np.random.Generator, customers: int, *, silent: float, sigma: float, growth: float = 0.0) -> Orders:
    """Draw two windows; the mean of the second is 1 + `growth` times that of the first. Values are lognormal."""
    rate = rng.gamma(SHAPE, mean_orders(silent) / SHAPE, customers)
    value = ORDER * rng.lognormal(0, sigma, customers)
    return Orders(rng.poisson(rate), rng.poisson(rate * (1 + growth)), value)


def truth(*, silent: float, sigma: float, growth: float = 0.0) -> Truth:
    """Return the expectations: with m the mean and r the shape, E(z^N) = (1 + m (1 - z)/r)^-r."""
    m, mean_value = mean_orders(silent), ORDER * np.exp(sigma**2 / 2)
    m2 = m * (1 + growth)
    none, none2, neither = _none(m), _none(m2), _none(m + m2)
    both = 1 - none - none2 + neither
    one = m2 * (1 + m2 / SHAPE) ** -(SHAPE + 1)
    of_who_came = m2 - m2 * (1 + m / SHAPE) ** -(SHAPE + 1)  # E(N2; N1 > 0) = m2 - E(rate2 exp(-rate1))
    counts = _ties(m2)
    return Truth(
        repeats=m2 / (1 - none2) - 1, repeat_rate=(1 - none2 - one) / (1 - none2), churn=(none2 - neither) / (1 - none),
        revenue=mean_value * of_who_came / both, now=mean_value * m2 / (1 - neither),
        change=mean_value * (m2 - m) / (1 - neither), orders_change=(m2 - m) / (1 - neither),
        score=(0.5 * (1 - counts) + 0.5 * (1 - none2**2)) / 2,
    )  # fmt: skip


def spend(rng: np.random.Generator, customers: int, *, buying: float, sigma: float, mean: float = 40.0) -> np.ndarray:
    """Draw one sum per customer: zero but for a share `buying`, lognormal with this mean for buyers."""
    amount = rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, customers)
    return np.where(rng.random(customers) < buying, amount, 0.0)


def _none(mean: float) -> float:
    return (1 + mean / SHAPE) ** -SHAPE


def _ties(mean: float) -> float:
    """Chance that two customers have equally many orders."""
    from scipy.stats import nbinom

    pmf = nbinom.pmf(np.arange(2000), SHAPE, SHAPE / (SHAPE + mean))
    return float((pmf**2).sum())
