"""Whether the two arms of a plan were alike before it began, as a random draw makes them but for chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design.allocation import HOLDOUT, TREATED
from analysis.design.promise import TOTAL
from analysis.inference.lot_power import Stratum, rehearse

DRAWS = 1_999  # lots drawn again
NAMES = ["segment", "treated", "holdout", "treated_mean", "holdout_mean", "difference", "low", "high"]


def balance(plan: pd.DataFrame, measured: pd.DataFrame, *, measure: str, rng: np.random.Generator) -> pd.DataFrame:
    """One row per segment with planned customers, by name, then one row `all segments`: the arms before the plan.

    Parameters
    ----------
    plan
        One row per customer: customer_id, segment, arm.
    measured
        One row per customer: customer_id and `measure` (0 or above), from before the plan. Customers without a row count
        as 0, as is right for spend.

    Returns
    -------
    segment, treated, holdout (counts), treated_mean, holdout_mean, difference (treated minus holdout), low, high (95 %;
    missing where an arm has fewer than two customers), in the unit of `measure`. The limits are the difference less what
    lots drawn again in the same segments give in 95 of 100 draws: exact however the measure is spread, because nothing
    but the lot can have made the difference. So one in twenty intervals leaves out zero by chance alone; a plan is not
    drawn again for that.
    """
    planned = plan.loc[plan["arm"].isin([TREATED, HOLDOUT]), ["customer_id", "segment", "arm"]]
    table = planned.merge(measured[["customer_id", measure]], on="customer_id", how="left", validate="1:1")
    table = table.fillna({measure: 0.0}).sort_values("customer_id", kind="stable")
    groups = [*table.groupby("segment", sort=True), (TOTAL, table)]
    return pd.DataFrame([_compared(name, group, measure, rng=rng) for name, group in groups], columns=NAMES)


def _compared(name: str, group: pd.DataFrame, measure: str, *, rng: np.random.Generator) -> tuple:
    arms = [group.loc[group["arm"] == arm, measure].to_numpy(float) for arm in (TREATED, HOLDOUT)]
    means = [arm.mean() if len(arm) else np.nan for arm in arms]
    apart = means[0] - means[1]
    return (name, len(arms[0]), len(arms[1]), *means, apart, *_limits(group, measure, apart, rng=rng))


def _limits(group: pd.DataFrame, measure: str, apart: float, *, rng: np.random.Generator) -> tuple[float, float]:
    """The difference less the largest and the least of the middle 95 % of what lots drawn again give."""
    strata = [
        Stratum(part[measure].to_numpy(float), int((part["arm"] == TREATED).sum()), int((part["arm"] == HOLDOUT).sum()))
        for _, part in group.groupby("segment", sort=True)
    ]
    if min(sum(one.treated for one in strata), sum(one.holdout for one in strata)) < 2:
        return np.nan, np.nan
    again = rehearse(strata, rng=rng, lots=DRAWS, judged=0)
    by_chance = again.treated.total / again.treated.n - again.holdout.total / again.holdout.n
    least, most = np.quantile(by_chance, [0.025, 0.975])
    return apart - most, apart - least
