"""The difference of two rates of contacts, with customers as the units, because a customer is contacted many times."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.overlapping import Rate, interval, p_value
from analysis.report.words import change

FEWEST = 20  # customers in each group; below that no interval is to be trusted
FEWEST_HITS = 5  # customers with a hit, and without, to be expected in the smaller group, at the rate of both together


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

    A customer may be in both groups and often in each. Variances and covariance are those of the customers' contributions to
    either rate, (hits - rate x contacts) / contacts of the group, so that they are right for pairs, for groups that share
    some customers and for groups that share none; interval and p-value are those of `inference.overlapping`.
    NaN for an empty group; no interval for a group of fewer than 20 customers, where fewer than 5 hits or misses are to
    be expected of the customers of the smaller group, each counted once, and where no customer differs. What is to be expected
    is asked at the rate of both together: to ask what was found in one would keep just the groups that redeem more.
    Source: Cochran (1977), Sampling Techniques, section 6.5 (linearised ratio estimates).
    """
    sides = [_by_customer(hit_a, customers_a), _by_customer(hit_b, customers_b)]
    both = pd.concat([over for _, over in sides], axis=1).fillna(0.0).sort_index()
    n, rates = len(both), [rate for rate, _ in sides]
    unknown = Difference(*rates, rates[0] - rates[1], np.nan, np.nan, np.nan, n)
    customers = [len(over) for _, over in sides]
    if min(customers) < FEWEST or _few_hits(hit_a, hit_b, min(customers)):
        return unknown
    one, other = (both.iloc[:, side].to_numpy() for side in (0, 1))
    variance, variance_b, covariance = (
        n / (n - 1) * float(np.sort(x * y).sum()) for x, y in ((one, one), (other, other), (one, other))
    )
    if variance + variance_b - 2 * covariance < 1e-24:
        return unknown  # nobody differs: nothing to judge the chance by
    a = Rate(rates[0], variance, len(hit_a), customers[0])
    b = Rate(rates[1], variance_b, len(hit_b), customers[1])
    return unknown._replace(**interval(a, b, covariance)._asdict(), p_value=p_value(a, b, covariance))


def _by_customer(hit: Any, customers: Any) -> tuple[float, pd.Series]:
    """The rate of a group, and what each of its customers adds to the error of that rate."""
    hit = np.asarray(hit, dtype=float)
    rate = float(hit.mean()) if len(hit) else np.nan
    over = pd.Series((hit - rate) / max(len(hit), 1), dtype=float)
    return rate, over.groupby(np.asarray(customers), sort=True).sum()


def _few_hits(hit_a: Any, hit_b: Any, customers: int) -> bool:
    """Whether few hits or misses are to be expected of so many customers, at the rate of both groups together."""
    p = (np.sum(hit_a) + np.sum(hit_b)) / (len(hit_a) + len(hit_b))
    return bool(customers * min(p, 1 - p) < FEWEST_HITS - 1e-9)
