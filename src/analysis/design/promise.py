"""The promise, written down before the campaign: what it costs, when it pays, and what we shall be able to see."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.design.sizing import ALPHA, strata, visible

TOTAL = "all segments"
COUNTS = ["customers", "planned", "treated", "holdout"]
COSTS = ["expected_cost", "largest_cost"]


def promise(
    reach: pd.DataFrame,
    outcomes: Mapping[str, np.ndarray],
    *,
    effect: float,
    power: float,
    rng: np.random.Generator,
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """One row per segment, by priority, then one row `all segments`: costs, and the smallest effect that we could see.

    Parameters
    ----------
    reach
        One row per segment, as `allocation.affordable` makes it: counts and costs.
    outcomes
        By segment what each of its customers spent in as many days (`baseline.outcomes`).
    effect
        Relative rise of mean spend that matters.
    power
        How often a true rise of the size `smallest_effect` would be shown.

    Returns
    -------
    The columns of `reach`, and: mean (per customer in the planned days, in currency), smallest_effect (relative rise, shown
    by this row's customers alone; see `inference.lot_power`), reached (smallest_effect <= effect), why_not (why
    there is no smallest_effect, else empty) and break_even (relative change of mean spend at which the extra *sales* of
    the treated equal the expected cost; with a margin of m, divide by m). A row whose baseline, holdout or treatment is
    absent has these missing; `reached` is then False. The total takes planned segments without a baseline to be like
    the other planned ones, and the rows are rehearsed apart: single ones may be refused where all together are not.

    Raises ValueError for a segment that is called `all segments`.
    """
    if TOTAL in set(reach["segment"]):
        raise ValueError(f"a segment is called {TOTAL!r}, the name of the last row; call it something else")
    total = {"segment": TOTAL} | {name: int(reach[name].sum()) for name in COUNTS}
    total |= {name: round(float(reach[name].sum()), 2) for name in COSTS}
    total |= {"mean": usual(reach, outcomes)}
    means = {name: float(values.mean()) for name, values in outcomes.items()}
    rows = pd.concat([reach.assign(mean=reach["segment"].map(means)), pd.DataFrame([total])], ignore_index=True)
    parts = [reach.iloc[[place]] for place in range(len(reach))]
    seen = [visible(strata(part, outcomes), power=power, rng=rng, alpha=alpha) for part in [*parts, reach]]
    rows["smallest_effect"] = [found.effect for found in seen]
    rows["reached"] = rows["smallest_effect"] <= effect
    rows["why_not"] = pd.array([found.refused or "" for found in seen], dtype="str")
    sales = (rows["treated"] * rows["mean"]).to_numpy(float)
    rows["break_even"] = np.divide(rows["expected_cost"], sales, out=np.full(len(rows), np.nan), where=sales > 0)
    return rows


def usual(reach: pd.DataFrame, outcomes: Mapping[str, np.ndarray]) -> float:
    """Return the mean spend of the planned customers whose segment has a baseline; missing where none has."""
    planned = reach[(reach["planned"] > 0) & reach["segment"].isin(outcomes)]
    if planned.empty:
        return np.nan
    return float(np.average([outcomes[name].mean() for name in planned["segment"]], weights=planned["planned"]))
