"""What a campaign may have changed when nobody drew lots for who was contacted.

The estimate compares the change of contacted customers with the change of comparable ones: same stratum, not contacted.
It is right only if both would have changed alike without the campaign. `wording` says what checks allow to be said of it. A
customer contacted because of a recent rise or fall tends back to the usual level anyway, and this method takes that for an
effect. With spend of which a few customers make the most, and one group much smaller than the other, the interval misses
more often than it says.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval, t_interval, t_p_value


class Estimate(NamedTuple):
    """Effect on the contacted who are used, in outcome per week and customer, and the customers that it rests on.

    `contacted_used` and `contacted_left_out` add up to all contacted customers, and so for the comparable ones.
    """

    effect: float
    standard_error: float
    degrees_of_freedom: float
    p_value: float
    interval: Interval
    contacted_used: int
    comparable_used: int
    contacted_left_out: int
    comparable_left_out: int


class Arms(NamedTuple):
    """One entry per stratum with enough customers in both arms; column 0 is comparable, column 1 contacted."""

    n: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def difference_in_differences(changes: pd.DataFrame, *, min_per_arm: int = 10, confidence: float = 0.95) -> Estimate:
    """Change of the contacted minus change of comparable customers, averaged over the contacted.

    `changes` has one row per customer: `stratum`, `contacted` (bool), `change` (outcome per week after minus before).
    Strata with fewer than `min_per_arm` contacted or not contacted customers are left out and counted, as are customers
    whose stratum or change is not known. The strata's differences are weighted by their contacted customers: the effect
    on the contacted who are left (see `compared`). All results are NaN where no stratum is left; all but the effect where nobody differs.

    Raises ValueError for a missing column, and for `min_per_arm` below 2; TypeError where `contacted` is not bool.
    Source: Imbens and Rubin (2015), chapter 9: the sum of squared weights times s2/n of each stratum and arm, at least
    as large as the true variance on average; degrees of freedom of Welch and Satterthwaite over these parts. A customer has one
    change, so that nothing of it depends on how much the weeks of one customer are alike: customers are the clusters.
    """
    arms = _strata(changes, min_per_arm=min_per_arm)
    everyone = int(changes["contacted"].sum())
    return estimate(arms, contacted=everyone, comparable=len(changes) - everyone, confidence=confidence)


def estimate(arms: Arms, *, contacted: int, comparable: int, confidence: float = 0.95) -> Estimate:
    """Return the estimate of `difference_in_differences` from its strata, and all customers that there are of each kind."""
    effect, error, degrees = _on_the_contacted(arms)
    comparable_used, contacted_used = (int(number) for number in arms.n.sum(axis=0))
    return Estimate(
        effect=effect,
        standard_error=error,
        degrees_of_freedom=degrees,
        p_value=t_p_value(effect, error, degrees),
        interval=t_interval(effect, error, degrees, confidence=confidence),
        contacted_used=contacted_used,
        comparable_used=comparable_used,
        contacted_left_out=contacted - contacted_used,
        comparable_left_out=comparable - comparable_used,
    )


def widened(found: Estimate, *, spread: float, confidence: float = 0.95) -> Estimate:
    """Return the estimate with an error that counts `spread`, too: the standard deviation of what is found where nothing happened.

    Source: Schuemie et al. (2018), Proceedings of the National Academy of Sciences 115, 2571-2577: the variance of the systematic
    error, as estimated on outcomes that are known to be untouched, is added to that of the sampling error.
    """
    error = float(np.hypot(found.standard_error, spread))
    return found._replace(
        standard_error=error,
        p_value=t_p_value(found.effect, error, found.degrees_of_freedom),
        interval=t_interval(found.effect, error, found.degrees_of_freedom, confidence=confidence),
    )


def effective_comparison(changes: pd.DataFrame, *, min_per_arm: int = 10) -> float:
    """How many equally weighted customers the comparison group is worth, once weighted to look like the contacted.

    Same table as `difference_in_differences`. A comparable customer weighs contacted over comparable of the stratum;
    the result is the square of the sum of weights over the sum of their squares, at most `comparable_used`. NaN where
    no stratum is left. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    comparable, contacted = _strata(changes, min_per_arm=min_per_arm).n.T
    if not len(contacted):
        return np.nan
    return float(contacted.sum() ** 2 / (contacted**2 / comparable).sum())


def compared(stratum: np.ndarray, contacted: np.ndarray, *, min_per_arm: int) -> np.ndarray:
    """Whether each customer is of a stratum with `min_per_arm` contacted and as many others; False where the stratum is not known.

    An estimate over strata is the effect on the contacted among them, and says nothing of the other contacted.
    """
    codes, names = pd.factorize(np.asarray(stratum))
    contacted, known = np.asarray(contacted, dtype=bool), codes >= 0
    n = [np.bincount(codes[known & (contacted == arm)], minlength=len(names)) for arm in (False, True)]
    return np.append(np.minimum(*n) >= min_per_arm, False)[codes]  # the last is for who has no stratum, code -1


def cells(codes: np.ndarray, contacted: np.ndarray, change: np.ndarray, *, min_per_arm: int) -> Arms:
    """Return customers, mean and variance of change by stratum and arm, of strata with `min_per_arm` in both.

    `codes` number the strata from 0. Sums run in an order by change, so that they do not depend on the order of the rows.
    """
    cell = 2 * codes + contacted  # comparable customers in the even cells
    order = np.lexsort((change, cell))
    cell, change = cell[order], change[order]
    n = np.bincount(cell, minlength=2 * (int(codes.max(initial=-1)) + 1))
    least = np.zeros(len(n))
    least[cell[::-1]] = change[::-1]  # sums run from the least value of a cell: equal values have no spread at all
    mean = least + np.bincount(cell, weights=change - least[cell], minlength=len(n)) / np.maximum(n, 1)
    variance = np.bincount(cell, weights=(change - mean[cell]) ** 2, minlength=len(n)) / np.maximum(n - 1, 1)
    both = Arms(*(column.reshape(-1, 2) for column in (n, mean, variance)))
    enough = (both.n >= min_per_arm).all(axis=1)
    return Arms(*(column[enough] for column in both))


def _on_the_contacted(arms: Arms) -> tuple[float, float, float]:
    """Effect, standard error and degrees of freedom over the strata, weighted by contacted customers."""
    if not len(arms.n):
        return np.nan, np.nan, np.nan
    weight = arms.n[:, 1] / arms.n[:, 1].sum()
    effect = (weight * (arms.mean[:, 1] - arms.mean[:, 0])).sum()
    parts = weight[:, None] ** 2 * arms.variance / arms.n
    variance, spread = parts.sum(), (parts**2 / (arms.n - 1)).sum()
    degrees = variance**2 / spread if spread > 0 else np.nan
    return float(effect), float(np.sqrt(variance)), float(degrees)


def _strata(changes: pd.DataFrame, *, min_per_arm: int) -> Arms:
    """Check the table and return its `cells`."""
    if min_per_arm < 2:
        raise ValueError(f"min_per_arm {min_per_arm} gives no variance; the least is 2")
    for column in ("stratum", "contacted", "change"):
        if column not in changes:
            raise ValueError(f"no column {column!r}; the table has {', '.join(map(str, changes.columns))}")
    if not pd.api.types.is_bool_dtype(changes["contacted"]) or changes["contacted"].isna().any():
        raise TypeError(f"contacted must be true or false for every customer, not {changes['contacted'].dtype}")
    known = changes[["stratum", "contacted", "change"]].dropna()
    codes, _ = pd.factorize(known["stratum"], sort=True)
    contacted, change = known["contacted"].to_numpy(bool), known["change"].to_numpy(float)
    return cells(codes, contacted, change, min_per_arm=min_per_arm)
