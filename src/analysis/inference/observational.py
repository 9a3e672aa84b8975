"""What a campaign may have changed when nobody drew lots for who was contacted.

The estimate compares the change of contacted customers with the change of comparable ones: same stratum, not contacted.
It is right only if both would have changed alike without the campaign. A placebo, the same estimate on weeks before the
campaign, can refute that but never prove it. A customer contacted because of a recent rise or fall tends back to the
usual level anyway, and this method takes that for an effect. With spend of which a few customers make the most, and one
group much smaller than the other, the interval misses more often than it says.
"""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval, t_interval, t_p_value


class Estimate(NamedTuple):
    """Effect on the contacted, in outcome per week and customer, and the customers that it rests on.

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


Word = Literal["not causal", "no check", "cannot tell", "consistent with a gain", "consistent with a loss"]


class Verdict(NamedTuple):
    """A word from the fixed set and one plain sentence that says why."""

    word: Word
    why: str


def difference_in_differences(changes: pd.DataFrame, *, min_per_arm: int = 10, confidence: float = 0.95) -> Estimate:
    """Change of the contacted minus change of comparable customers, averaged over the contacted.

    `changes` has one row per customer: `stratum`, `contacted` (bool), `change` (outcome per week after minus before).
    Strata with fewer than `min_per_arm` contacted or not contacted customers are left out and counted, as are customers
    whose stratum or change is not known. The strata's differences are weighted by their contacted customers: the effect
    on the contacted. All results are NaN where no stratum is left; all but the effect where nobody differs.

    Raises ValueError for a missing column, and for `min_per_arm` below 2; TypeError where `contacted` is not bool.
    Source: Imbens and Rubin (2015), chapter 9: the sum of squared weights times s2/n of each stratum and arm, at least
    as large as the true variance on average; degrees of freedom of Welch and Satterthwaite over these parts.
    """
    strata = _strata(changes, min_per_arm=min_per_arm)
    effect, error, degrees = _on_the_contacted(strata)
    contacted, comparable = int(strata["n_contacted"].sum()), int(strata["n_comparable"].sum())
    everyone = int(changes["contacted"].sum())
    return Estimate(
        effect=effect,
        standard_error=error,
        degrees_of_freedom=degrees,
        p_value=t_p_value(effect, error, degrees),
        interval=t_interval(effect, error, degrees, confidence=confidence),
        contacted_used=contacted,
        comparable_used=comparable,
        contacted_left_out=everyone - contacted,
        comparable_left_out=len(changes) - everyone - comparable,
    )


def effective_comparison(changes: pd.DataFrame, *, min_per_arm: int = 10) -> float:
    """How many equally weighted customers the comparison group is worth, once weighted to look like the contacted.

    Same table as `difference_in_differences`. A comparable customer weighs contacted over comparable of the stratum;
    the result is the square of the sum of weights over the sum of their squares, at most `comparable_used`. NaN where
    no stratum is left. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    strata = _strata(changes, min_per_arm=min_per_arm)
    if strata.empty:
        return np.nan
    return float(strata["n_contacted"].sum() ** 2 / (strata["n_contacted"] ** 2 / strata["n_comparable"]).sum())


def verdict(
    estimate: Estimate,
    placebo: Estimate | None,
    *,
    confidence: float = 0.95,
    unit: str = "per customer and week",
) -> Verdict:
    """What may be said of an estimate, given its placebo: the same estimate on weeks before the campaign.

    "not causal": the placebo's interval excludes zero, so the two groups already changed differently before.
    "no check": the placebo cannot be computed. "cannot tell": the estimate's interval includes zero or is not known.
    "consistent with a gain" or "a loss": the interval excludes zero and the placebo's does not. Never more than that,
    because contact was not random, and a placebo with a wide interval refutes little; the sentence says when it could
    have missed a bias as large as the effect. Intervals are taken at `confidence`; `unit` follows the first number.
    """
    before = None if placebo is None else _at(placebo, confidence)
    after = _at(estimate, confidence)
    if before is None or np.isnan(before.low):
        return Verdict("no check", "The weeks before give no placebo estimate, so the comparison cannot be checked.")
    if before.excludes(0):
        found = _effect(placebo, before, confidence, unit)
        return Verdict("not causal", f"Before the campaign the two groups already changed differently, by {found}.")
    if np.isnan(after.low):
        return Verdict("cannot tell", "Too few customers can be compared to give the effect an interval.")
    found = _effect(estimate, after, confidence, unit)
    if not after.excludes(0):
        return Verdict("cannot tell", f"The difference is {found}, so there may be none.")
    direction = "gain" if estimate.effect > 0 else "loss"
    return Verdict(
        f"consistent with a {direction}",
        f"The contacted changed by {found} against comparable customers; {_check(estimate, placebo, before)}, "
        "and who was contacted was not random.",
    )


def _on_the_contacted(strata: pd.DataFrame) -> tuple[float, float, float]:
    """Effect, standard error and degrees of freedom over the strata, weighted by contacted customers."""
    if strata.empty:
        return np.nan, np.nan, np.nan
    n = strata[["n_contacted", "n_comparable"]].to_numpy()
    weight = n[:, 0] / n[:, 0].sum()
    effect = (weight * (strata["mean_contacted"] - strata["mean_comparable"]).to_numpy()).sum()
    parts = weight[:, None] ** 2 * strata[["variance_contacted", "variance_comparable"]].to_numpy() / n
    variance, spread = parts.sum(), (parts**2 / (n - 1)).sum()
    degrees = variance**2 / spread if spread > 0 else np.nan
    return float(effect), float(np.sqrt(variance)), float(degrees)


def _strata(changes: pd.DataFrame, *, min_per_arm: int) -> pd.DataFrame:
    """One row per stratum with enough customers in both arms: customers, mean and variance of change by arm."""
    if min_per_arm < 2:
        raise ValueError(f"min_per_arm {min_per_arm} gives no variance; the least is 2")
    for column in ("stratum", "contacted", "change"):
        if column not in changes:
            raise ValueError(f"no column {column!r}; the table has {', '.join(map(str, changes.columns))}")
    if not pd.api.types.is_bool_dtype(changes["contacted"]) or changes["contacted"].isna().any():
        raise TypeError(f"contacted must be true or false for every customer, not {changes['contacted'].dtype}")
    known = changes[["stratum", "contacted", "change"]].dropna()
    codes, names = pd.factorize(known["stratum"], sort=True)
    contacted, change = known["contacted"].to_numpy(bool), known["change"].to_numpy(float)
    # Sorted by change too, so that sums run in one order and do not depend on the order of the rows.
    order = np.lexsort((change, contacted, codes))
    cell, change = (2 * codes + contacted)[order], change[order]  # comparable customers in the even cells
    n = np.bincount(cell, minlength=2 * len(names))
    least = np.zeros(len(n))
    least[cell[::-1]] = change[
        ::-1
    ]  # sums run from the least value of a cell, so that equal values have no spread at all
    mean = least + np.bincount(cell, weights=change - least[cell], minlength=len(n)) / np.maximum(n, 1)
    variance = np.bincount(cell, weights=(change - mean[cell]) ** 2, minlength=len(n)) / np.maximum(n - 1, 1)
    sums = {"n": n, "mean": mean, "variance": variance}
    arms = {
        f"{name}_{arm}": column[at::2]
        for name, column in sums.items()
        for at, arm in enumerate(("comparable", "contacted"))
    }
    both = pd.DataFrame(arms, index=names)
    return both[(both["n_contacted"] >= min_per_arm) & (both["n_comparable"] >= min_per_arm)]


def _at(estimate: Estimate, confidence: float) -> Interval:
    return t_interval(estimate.effect, estimate.standard_error, estimate.degrees_of_freedom, confidence=confidence)


def _check(estimate: Estimate, placebo: Estimate, before: Interval) -> str:
    """What the placebo says, and whether it could have seen a bias as large as the effect."""
    digits = _digits(placebo.standard_error)
    found = (
        f"the weeks before show no clear difference ({_number(before.low, digits)} to {_number(before.high, digits)})"
    )
    if before.low <= estimate.effect <= before.high:
        return f"{found} but could hide one of this size"
    return found


def _effect(estimate: Estimate, interval: Interval, confidence: float, unit: str) -> str:
    digits = _digits(estimate.standard_error)
    effect, low, high = (_number(value, digits) for value in (estimate.effect, *interval))
    return f"{effect} {unit} ({confidence * 100:g} % interval {low} to {high})"


def _digits(standard_error: float) -> int:
    """Decimal places that show two significant digits of the standard error, 0 to 6."""
    return int(np.clip(1 - np.floor(np.log10(standard_error)), 0, 6))


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}"
