"""The promise, written down before the campaign: what it costs, when it pays, and what we shall be able to see."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design.sizing import ALPHA, pooled, visible

TOTAL = "all segments"
COUNTS = ["customers", "planned", "treated", "holdout"]
COSTS = ["expected_cost", "largest_cost"]


def promise(
    reach: pd.DataFrame, baseline: pd.DataFrame, *, effect: float, power: float, alpha: float = ALPHA
) -> pd.DataFrame:
    """One row per segment, by priority, then one row `all segments`: costs, and the smallest effect that we could see.

    Parameters
    ----------
    reach
        One row per segment, as `allocation.affordable` makes it: counts and costs.
    baseline
        One row per segment: mean, sd, residual_sd of a customer's spend in as many days (`baseline.baseline`).
    effect
        Relative change of mean spend that matters.
    power
        How often a true change of the size `smallest_effect` would be seen.

    Returns
    -------
    The columns of `reach`, and: mean, sd, residual_sd (per customer in the planned days, in currency), smallest_effect
    (relative to mean, by this row's customers alone), reached (smallest_effect <= effect) and break_even (relative
    change of mean spend at which the extra *sales* of the treated equal the expected cost; with a margin of m, divide
    by m). A row whose baseline, holdout or treatment is absent has these missing; `reached` is then False. The total
    takes planned segments without a baseline to be like the other planned ones.

    Raises ValueError for a segment that is called `all segments`.
    """
    if TOTAL in set(reach["segment"]):
        raise ValueError(f"a segment is called {TOTAL!r}, the name of the last row; call it something else")
    spread = ["segment", "mean", "sd", "residual_sd"]
    rows = reach.merge(baseline[spread], on="segment", how="left", validate="1:1")
    total = {"segment": TOTAL} | {name: int(reach[name].sum()) for name in COUNTS}
    total |= {name: round(float(reach[name].sum()), 2) for name in COSTS}
    total |= dict(zip(spread[1:], pooled(reach, baseline)[1:], strict=True))
    rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True)
    rows["smallest_effect"] = [
        visible(row.treated, row.holdout, mean=row.mean_, sd=row.residual_sd, power=power, alpha=alpha)
        for row in rows.rename(columns={"mean": "mean_"}).itertuples()
    ]
    rows["reached"] = rows["smallest_effect"] <= effect
    sales = (rows["treated"] * rows["mean"]).to_numpy(float)
    rows["break_even"] = np.divide(rows["expected_cost"], sales, out=np.full(len(rows), np.nan), where=sales > 0)
    return rows
