"""The difference of two rates of contacts, with customers as the units, because a customer is contacted many times."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import t_interval, t_p_value
from analysis.report.words import change

FEWEST = 20  # customers in each group; below that no interval is to be trusted


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
    NaN for an empty group; no interval for a group of fewer than 20 customers and where no customer differs.
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
    if fewest < FEWEST or np.isnan(estimate):
        return Difference(rates[0], rates[1], estimate, np.nan, np.nan, np.nan, n)
    error = np.sqrt(n / (n - 1) * np.sort(by_customer**2).sum())
    error = error if error > 1e-12 else np.nan  # nobody differs: nothing to judge the chance by
    low, high = t_interval(estimate, error, n - 1)
    return Difference(*rates, estimate, low, high, t_p_value(estimate, error, n - 1), n)
