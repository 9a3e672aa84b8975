"""A promise that counts that the baseline is itself one sample: what customers spent once is not what they always spend.

A rise found on one sample is too small where that sample happened to be even, and too large where it was uneven. The two
do not cancel: the chance of showing a rise falls faster below it than it grows above. So the rise is made as much larger
as keeps the power on average over what the sample could have been (assurance, O'Hagan, Stevens and Campbell 2005,
Pharmaceutical Statistics 4, 187-201; here by bootstrap, not by a prior).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.inference.lot_power import Rehearsal, Stratum, shown

AGAIN = 200  # samples drawn from the sample
REACH, STEPS = 1.6, 33  # of the curve between a rise and the chance of showing it, in logarithms of the rise
MOST = 1.0  # the largest logarithm by which a rise is made larger


def assured(
    rehearsal: Rehearsal,
    strata: Sequence[Stratum],
    rise: float,
    *,
    power: float,
    alpha: float,
    rng: np.random.Generator,
) -> float:
    """Return the rise that is promised in place of `rise`, the smallest one shown with `power` on the sample itself.

    Another sample would have promised a rise as much larger or smaller as its relative spread is. Each of these is looked
    up on the curve of the rehearsed campaign, and the promise is the factor on all of them that is shown with `power` on
    average. Never less than `rise`: to promise more than the sample shows would need another reason. NaN where even a rise
    e times as large would not be: customers so few or so uneven tell too little of what they usually spend.
    """
    apart = spread_again(strata, rng=rng)
    steps = np.linspace(-REACH, REACH, STEPS)
    curve = np.array([shown(rehearsal, rise * np.exp(step), alpha=alpha) for step in steps])

    def enough(larger: float) -> bool:
        return bool(np.interp(larger + apart, steps, curve).mean() >= power)

    if not enough(MOST):
        return np.nan
    low, high = 0.0, MOST
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return float(rise * np.exp(low if low == 0 else high))


def spread_again(strata: Sequence[Stratum], *, rng: np.random.Generator) -> np.ndarray:
    """The logarithm of sd over mean of the planned customers' outcomes in samples drawn from the sample, less its own.

    Strata are drawn apart, as many customers as were seen, with putting back.
    """
    planned = sum(one.treated + one.holdout for one in strata)
    again, own = np.zeros((2, AGAIN)), np.zeros(2)
    for one in strata:
        seen = np.sort(np.asarray(one.outcomes, dtype=float))
        values, weight = seen[seen > 0], (one.treated + one.holdout) / planned / max(seen.size, 1)
        if not values.size:
            continue
        numbers = rng.binomial(seen.size, values.size / seen.size, AGAIN)
        drawn, sample = values[rng.integers(values.size, size=numbers.sum())], np.repeat(np.arange(AGAIN), numbers)
        for power in (1, 2):
            again[power - 1] += weight * np.bincount(sample, drawn**power, AGAIN)
            own[power - 1] += weight * (values**power).sum()
    relative = [moments[1] / moments[0] ** 2 - 1 for moments in (np.where(again > 0, again, np.nan), own)]
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = 0.5 * (np.log(relative[0]) - np.log(relative[1]))
    return np.where(np.isfinite(apart), apart, 0.0)  # without spread there is nothing that could differ
