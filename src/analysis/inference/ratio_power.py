"""What a lot can show of orders and of the value of an order, rehearsed: a formula for normal estimates promises too much.

Few orders in a small arm and a long tail make the test of a small holdout miss a rise more often than its spread says. So
both arms are drawn many times from customers as they were seen, the treated are raised, and what lots without any rise
seldom reach is the limit, as it is for the test that will judge. Each time the customers seen are first drawn again
themselves: they are one sample, and the power holds on average over what it could have been.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.inference.experiments import refuse_power
from analysis.inference.lot_power import LEAST_BUYERS, Smallest, enough_buyers, least_rise

LOTS = 1_000
MOST = 4_000  # customers with an outcome that are drawn from; of more, so many by lot


class Sums(NamedTuple):
    """Sums over the customers of one arm, one entry per lot: tops, bottoms and their products; and the customers."""

    n: np.ndarray
    y: np.ndarray
    x: np.ndarray
    yy: np.ndarray
    xy: np.ndarray
    xx: np.ndarray


def smallest_ratio_rise(
    tops, bottoms, *, weights=None, customers: float, n_treated: float, n_holdout: float, power: float, alpha: float,
    rng: np.random.Generator, lots: int = LOTS,
) -> Smallest:  # fmt: skip
    """The smallest relative rise of tops over bottoms, such as sales over orders, that lots show with `power`.

    One top and one bottom per customer of whom either is above zero; `customers` counts all of them, and `weights` say how
    many each stands for (their sum included in `customers`). `bottoms` None: tops per customer, such as orders. Refused where
    few of the smaller arm would have any, and where no rise up to 1,000 % is shown that often. Raises ValueError unless
    `alpha` < `power` < 1. Source: studentised by the linearised ratio (Cochran 1977, section 6.5), Bayesian bootstrap of
    the sample (Rubin 1981, Annals of Statistics 9, 130-134), arms as Poisson counts.
    """
    refuse_power(power, alpha=alpha)
    rows, weight = _seen(tops, bottoms, weights, rng=rng)
    needed = enough_buyers(min(n_treated, n_holdout) / (n_treated + n_holdout)) if n_treated and n_holdout else np.inf
    if not customers or weight.sum() / customers * min(n_treated, n_holdout) < needed:
        what = f"Too few customers with an outcome are expected in the smaller arm; the test needs {LEAST_BUYERS} there"
        return Smallest(np.nan, f"{what}, however chance falls.")
    treated, holdout = _drawn(rows, weight / customers, n_treated, n_holdout, rng=rng, lots=lots)
    per_customer = bottoms is None
    limit = np.quantile(_studentised(treated, holdout, 1.0, per_customer), 1 - alpha / 2, method="higher")

    def shown(rise: float) -> float:
        return float((_studentised(treated, holdout, 1 + rise, per_customer) > limit).mean())

    return least_rise(shown, power=power)


def _seen(tops, bottoms, weights, *, rng) -> tuple[np.ndarray, np.ndarray]:
    """Columns of tops, bottoms and their products of who has any, and how many each stands for, in an order of their own."""
    y = np.asarray(tops, dtype=float)
    x = np.ones(len(y)) if bottoms is None else np.asarray(bottoms, dtype=float)
    weight = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    has = (y > 0) | ((x > 0) if bottoms is not None else False)
    rows = np.stack([y, x, weight], axis=1)[has]
    rows = rows[np.lexsort(rows.T[::-1])]
    if len(rows) > MOST:
        whole = rows[:, 2].sum()
        rows = rows[np.sort(rng.choice(len(rows), MOST, replace=False))]
        rows[:, 2] *= whole / rows[:, 2].sum()
    y, x, weight = rows.T
    return np.stack([y, x, y * y, x * y, x * x], axis=1), weight


def _drawn(rows: np.ndarray, share: np.ndarray, n_treated: float, n_holdout: float, *, rng, lots: int) -> list[Sums]:
    """Both arms of every lot; `share` is that of all customers for whom a row stands."""
    again = rng.standard_exponential((lots, len(rows)))
    chance = share * again / (again @ share)[:, None] * share.sum()  # as many with an outcome as were seen
    arms = []
    for n in (n_treated, n_holdout):
        counts = rng.poisson(n * chance)
        without = rng.poisson(n * max(1 - share.sum(), 0.0), lots)  # customers with nothing are drawn as the others are
        arms.append(Sums(counts.sum(axis=1) + without, *(counts @ rows).T))
    return arms


def _studentised(treated: Sums, holdout: Sums, factor: float, per_customer: bool) -> np.ndarray:
    """The difference of both arms over its standard error, with the tops of the treated multiplied; minus infinite for none."""
    (a, va), (b, vb) = (_estimate(arm, per_customer) for arm in (treated, holdout))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (factor * a - b) / np.sqrt(factor**2 * va + vb)
    return np.where(np.isfinite(found), found, -np.inf)


def _estimate(arm: Sums, per_customer: bool) -> tuple[np.ndarray, np.ndarray]:
    if per_customer:
        mean = arm.y / arm.n
        return mean, (arm.yy / arm.n - mean**2) / arm.n
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = arm.y / arm.x
        return ratio, np.maximum(arm.yy - 2 * ratio * arm.xy + ratio**2 * arm.xx, 0) / arm.x**2
