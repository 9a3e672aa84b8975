"""The difference of two rates of contacts, with customers as the units, because a customer is contacted many times."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import t_interval, t_p_value
from analysis.report.words import change

FEWEST = 20  # customers in each group; below that no interval is to be trusted
FEWEST_HITS = 5  # hits, and misses, expected in the smaller group, counted on both together
SKEWED = (
    20**-0.5
)  # skewness of the difference, were both rates alike; 10 hits against very many contacts miss in 7 of 100


class Difference(NamedTuple):
    """Rate a minus rate b (-1 to 1) with its 95 % interval and p-value, all NaN where the data cannot tell."""

    a: float
    b: float
    estimate: float
    low: float
    high: float
    p_value: float
    customers: int  #: in either group

    @property
    def word(self) -> str:
        """Return up, down, no clear change or cannot tell, of a against b."""
        return change(self.estimate, 0, (self.low, self.high))


def rate_difference(hit_a: Any, customers_a: Any, hit_b: Any, customers_b: Any) -> Difference:
    """Return the rate of group a minus that of group b; each group has one hit and one customer per contact.

    A customer may be in both groups and often in each. The variance is that of the customers' contributions to the
    difference, (hits - rate x contacts) / contacts of the group, so that it is right for pairs, for groups that share
    some customers and for groups that share none. Student's t with one degree of freedom less than customers.
    NaN for an empty group; no interval for a group of fewer than 20 customers, where fewer than 5 hits or misses are to
    be expected in the smaller group or the groups are so unequal that the difference is skewed, and where no customer differs.
    Source: Cochran (1977), Sampling Techniques, section 6.5 (linearised ratio estimates).
    """
    parts, rates, fewest = [], [], min(len(set(customers)) for customers in (customers_a, customers_b))
    for hit, customers, sign in ((hit_a, customers_a, 1), (hit_b, customers_b, -1)):
        hit = np.asarray(hit, dtype=float)
        rates.append(hit.mean() if len(hit) else np.nan)
        over = sign * (hit - rates[-1]) / max(len(hit), 1)
        parts.append(pd.DataFrame({"customer": np.asarray(customers), "over": over}))
    by_customer = pd.concat(parts).groupby("customer", sort=True)["over"].sum().to_numpy()
    n, estimate = len(by_customer), rates[0] - rates[1]
    if fewest < FEWEST or np.isnan(estimate) or _lopsided(hit_a, hit_b):
        return Difference(rates[0], rates[1], estimate, np.nan, np.nan, np.nan, n)
    error = np.sqrt(n / (n - 1) * np.sort(by_customer**2).sum())
    error = error if error > 1e-12 else np.nan  # nobody differs: nothing to judge the chance by
    low, high = t_interval(estimate, error, n - 1)
    return Difference(*rates, estimate, low, high, t_p_value(estimate, error, n - 1), n)


def _lopsided(hit_a: Any, hit_b: Any) -> bool:
    """Whether Student's t fails: few hits to be expected in the smaller group, or a difference of great skewness.

    With the rate p of both groups together, the skewness of a difference of means of n and m contacts is
    (1 - 2p) / sqrt(p (1 - p)) times (1/n^2 - 1/m^2) / (1/n + 1/m)^1.5: none for equal groups, 1 / sqrt(hits) for m without end.
    """
    n, m = len(hit_a), len(hit_b)
    p = (np.sum(hit_a) + np.sum(hit_b)) / (n + m)
    if min(n, m) * min(p, 1 - p) < FEWEST_HITS - 1e-9:
        return True
    skewness = (1 - 2 * p) / np.sqrt(p * (1 - p)) * abs(n**-2.0 - m**-2.0) / (1 / n + 1 / m) ** 1.5
    return bool(abs(skewness) > SKEWED)
