"""How large the holdout must be, so that the planned campaign can show the effect that would matter."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.design.allocation import affordable
from analysis.inference.experiments import smallest_effect_mean

ALPHA = 0.05  # two-sided: how often a campaign without any effect may look as if it had one
STEP = 0.001  # the share is chosen in steps of 0.1 %, because nobody can use a finer one


class Size(NamedTuple):
    """A holdout and what it can see. Amounts are per customer in the planned days, in currency; effects relative."""

    share: float  #: of the planned customers in every segment, held out
    reached: bool  #: whether `effect` is seen with the stated power; False when `max_holdout` is too small for that
    smallest_effect: float  #: smallest relative change of mean spend that this holdout sees with the stated power
    planned: int  #: customers whom the budget reaches at this share, treated and held out
    known: int  #: of them, customers whose segment has a baseline; the figures below rest on these
    mean: float  #: spend of one customer
    sd: float  #: spread of that spend inside segments
    residual_sd: float  #: what is left of it when spend in the days before is taken into account
    variance_saved: float  #: share of the variance that this takes away


def holdout_size(
    customers: pd.Series,
    strategies: pd.DataFrame,
    baseline: pd.DataFrame,
    *,
    budget: float,
    effect: float,
    power: float,
    max_holdout: float,
    alpha: float = ALPHA,
) -> Size:
    """Return the smallest share, up to `max_holdout`, at which a relative `effect` on mean spend is seen with `power`.

    Takes the number of customers by segment, one row per segment of strategies, and one row per segment of `baseline`.
    The budget matters: it decides who is planned, and a larger share lets it reach more. So each share is tried with
    the customers that it would plan. The comparison is planned as it should be made: inside segments, adjusted for
    spend in the days before, and so its spread is the residual spread pooled over the planned customers. Where the
    share has to stop at `max_holdout`, `reached` is False and `smallest_effect` says what remains visible; it is
    missing where no planned segment has a baseline. The share is found by halving.

    Source of the power: noncentral t (Cohen 1988, chapter 2).
    """

    def at(share: float) -> Size:
        reach = affordable(customers, strategies, budget=budget, share=share)
        known, mean, sd, residual = pooled(reach, baseline)
        treated, held = int(reach["treated"].sum()), int(reach["holdout"].sum())
        smallest = visible(treated, held, mean=mean, sd=residual, power=power, alpha=alpha)
        saved = 1 - (residual / sd) ** 2 if sd > 0 else np.nan
        return Size(share, smallest <= effect, smallest, treated + held, known, mean, sd, residual, saved)

    shares = [*np.arange(STEP, max_holdout, STEP).round(3).tolist(), max_holdout]
    found = bisect_left(shares, True, key=lambda share: at(share).reached)
    return at(shares[min(found, len(shares) - 1)])


def pooled(reach: pd.DataFrame, baseline: pd.DataFrame) -> tuple[int, float, float, float]:
    """Return over planned customers with a known baseline: their number, mean, sd and residual sd inside segments.

    Variances are averaged with the planned customers as weights: with the same share held out everywhere, that is the
    variance of one customer in a comparison made inside segments. Missing where nobody planned has a baseline.
    """
    both = reach.merge(baseline[["segment", "mean", "sd", "residual_sd"]], on="segment", how="left", validate="1:1")
    both = both[(both["planned"] > 0) & both["mean"].notna()]
    weights = both["planned"].to_numpy(float)
    if not weights.sum():
        return 0, np.nan, np.nan, np.nan
    mean, variance, residual = (
        float(np.average(values, weights=weights))
        for values in (both["mean"], both["sd"] ** 2, both["residual_sd"] ** 2)
    )
    return int(weights.sum()), mean, variance**0.5, residual**0.5


def visible(treated: int, held: int, *, mean: float, sd: float, power: float, alpha: float = ALPHA) -> float:
    """Return the smallest relative change of `mean` that these arms see with `power`; missing where `mean` is 0."""
    if not (mean > 0 and sd > 0):
        return np.nan
    return smallest_effect_mean(treated, held, sd, power=power, alpha=alpha) / mean
