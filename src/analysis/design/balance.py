"""Whether the two arms of a plan were alike before it began, as a random draw makes them but for chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.design.allocation import HOLDOUT, TREATED
from analysis.design.promise import TOTAL
from analysis.inference.permutation import compare

if TYPE_CHECKING:
    import numpy as np


def balance(
    plan: pd.DataFrame, measured: pd.DataFrame, *, measure: str, rng: np.random.Generator, draws: int = 1999
) -> pd.DataFrame:
    """One row per segment with planned customers, by name, then one row `all segments`: the arms before the plan.

    Parameters
    ----------
    plan
        One row per customer: customer_id, segment, arm.
    measured
        One row per customer: customer_id and `measure`, from before the plan. Customers without a row count as 0, as is
        right for spend. No value is below 0.
    rng, draws
        For lots drawn again, and how many of them.

    Returns
    -------
    segment, treated, holdout (counts), treated_mean, holdout_mean, difference (treated minus holdout), low, high (95 %,
    by lots drawn again, see `permutation.compare`; missing where fewer than 20 with a value are expected in the smaller arm),
    in the unit of `measure`. One in twenty intervals leaves out zero by chance alone; a plan is not drawn again for that.
    """
    planned = plan.loc[plan["arm"].isin([TREATED, HOLDOUT]), ["customer_id", "segment", "arm"]]
    table = planned.merge(measured[["customer_id", measure]], on="customer_id", how="left", validate="1:1")
    table = table.fillna({measure: 0.0}).sort_values("customer_id", kind="stable")
    groups = [*table.groupby("segment", sort=True), (TOTAL, table)]
    names = ["segment", "treated", "holdout", "treated_mean", "holdout_mean", "difference", "low", "high"]
    return pd.DataFrame(
        [_compared(name, group, measure, rng=rng, draws=draws) for name, group in groups], columns=names
    )


def _compared(name: str, group: pd.DataFrame, measure: str, *, rng: np.random.Generator, draws: int) -> tuple:
    arms = [group.loc[group["arm"] == arm, measure].to_numpy(float) for arm in (TREATED, HOLDOUT)]
    means = [arm.mean() if len(arm) else float("nan") for arm in arms]
    apart = compare(*arms, n_treated=len(arms[0]), n_holdout=len(arms[1]), rng=rng, draws=draws)
    return (name, len(arms[0]), len(arms[1]), *means, means[0] - means[1], *apart.interval)
