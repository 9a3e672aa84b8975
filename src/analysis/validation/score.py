"""From what was said in each world to bias, coverage, tails and claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.validation import goals
from analysis.validation.grid import Cell
from analysis.validation.outcomes import MIDDLE, Outcome

COLUMNS = [
    "family", "cell", "setting", "estimate", "method", "says", "nothing", "worlds", "refused", "reason", "truth", "bias", "bias_error",
    "bias_of_error", "coverage", "above", "below", "claimed", "goal_low", "goal_high", "of", "outside", "untold",
]  # fmt: skip


def score(cell: Cell, worlds: Sequence[Sequence[Outcome]]) -> pd.DataFrame:
    """One row per estimate, method and claim of a cell; `worlds` holds the outcomes of each world.

    worlds and refused are counts, reason the most frequent one. truth and bias are means in the unit of the estimate,
    bias_error the Monte-Carlo standard error of bias, bias_of_error the bias in standard deviations of the estimate about
    its truth, for a middle see `_bias_of_middle`. coverage, above (interval wholly above the truth), below and claimed are
    shares of the worlds not refused.
    outside and untold name the measures that miss their goal for sure and perhaps, see `goals`.
    """
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for outcomes in worlds:
        for outcome in outcomes:
            groups.setdefault((outcome.estimate, outcome.method, outcome.says), []).append(outcome)
    rows = [
        {"family": cell.family, "cell": cell.name, "setting": cell.setting, **_row(group)} for group in groups.values()
    ]
    for row in rows:
        found = goals.of_row(row)
        for name, state in (("outside", goals.OUTSIDE), ("untold", goals.UNTOLD)):
            row[name] = "; ".join(check.measure for check in found if check.state == state)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["estimate", "says", "method"], ignore_index=True)


def _row(group: list[Outcome]) -> dict[str, object]:
    first = group[0]
    reasons = Counter(outcome.refused for outcome in group if outcome.refused)
    reason = min(reasons, key=lambda name: (-reasons[name], name)) if reasons else ""
    numbers = np.array([(o.value, o.truth, o.low, o.high, o.claimed) for o in group])
    known = numbers[np.array([not outcome.refused for outcome in group])]
    row = {
        "estimate": first.estimate, "method": first.method, "says": first.says, "nothing": first.nothing,
        "worlds": len(group), "refused": len(group) - len(known), "reason": reason, "goal_low": first.goal_low,
        "goal_high": first.goal_high, "of": first.of,
    } | dict.fromkeys(("truth", "bias", "bias_error", "bias_of_error", "coverage", "above", "below", "claimed"), np.nan)  # fmt: skip
    if not len(known):
        return row
    if first.says:
        return row | {"claimed": float(known[:, 4].mean())}
    truth, low, high = known[:, 1], known[:, 2], known[:, 3]
    above, below = float((low > truth).mean()), float((high < truth).mean())
    row |= {"truth": float(truth.mean()), "coverage": float(((low <= truth) & (high >= truth)).mean())}
    row |= {"above": above, "below": below} | _bias(known[:, 0] - truth)
    return row | ({"bias_of_error": _bias_of_middle(known[:, 0] - truth)} if first.of == MIDDLE else {})


def _bias(misses: np.ndarray) -> dict[str, float]:
    misses = misses[np.isfinite(misses)]  # the lift has no value where nobody held out bought anything
    if len(misses) < 2:
        return {}
    bias, spread = float(misses.mean()), float(misses.std(ddof=1))
    if spread <= 1e-12 * max(1.0, abs(bias)):  # the same in every world, as the median of many zeros
        return {"bias": bias, "bias_error": 0.0, "bias_of_error": 0.0 if abs(bias) < 1e-9 else np.nan}
    return {"bias": bias, "bias_error": spread / len(misses) ** 0.5, "bias_of_error": bias / spread}


def _bias_of_middle(misses: np.ndarray) -> float:
    """How far the truth is from the middle of the estimates, in standard errors of a normal distribution.

    A middle need not be right on average where the tail is long; it should be too large as often as too small.
    """
    from scipy.special import ndtri

    larger = float(np.mean(misses > 0) + np.mean(misses == 0) / 2)
    least = 0.5 / len(misses)
    return float(ndtri(min(max(larger, least), 1 - least)))
