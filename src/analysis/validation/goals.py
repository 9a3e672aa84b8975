"""The goals, which are never changed to fit a result, and whether a row of results meets them.

Coverage of a 95 % interval: 94 to 96 % of worlds. Where nothing happened: 4.4 to 5.6 % false alarms, 2.1 to 2.9 % on each
side. Bias: at most a tenth of the standard error, beyond which it begins to move the error rates (Cochran 1977, Sampling
Techniques, section 1.8). A claim has the goal that the page states for it, such as a power. No interval between whole
numbers can hold the truth in just 95 %, so it has to in 94 % or more, and its middle may be half of one off, by rounding.
A comparison without a lot counts how far it scatters on earlier dates, whatever the cause, so it has to hold the truth in 94 %
or more, too, and to be false no more often than others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.validation.outcomes import MIDDLE, WHOLE, WIDENED

COVERAGE = (0.94, 0.96)
FALSE_ALARMS = (0.044, 0.056)
TAIL = (0.021, 0.029)
BIAS = (-0.1, 0.1)  # in standard errors
AT_LEAST, HALF = (0.94, 1.0), (-0.5, 0.5)  # of whole numbers: coverage, and bias in their unit
AT_MOST, TAIL_AT_MOST = (0.0, FALSE_ALARMS[1]), (0.0, TAIL[1])  # of what is wider than chance alone asks for
MIDDLE_ERROR = (np.pi / 2) ** 0.5  # standard errors of a mean in one of a middle, of a normal distribution
OUTSIDE, INSIDE, UNTOLD, NO_GOAL = "outside", "inside", "too few worlds to tell", "no goal"
ERRORS = 2  # Monte-Carlo errors by which a value must lie beyond its goal to be called outside


class Check(NamedTuple):
    """One measure of one row beside its goal."""

    measure: str
    value: float
    error: float  #: Monte-Carlo standard error of `value`
    goal_low: float
    goal_high: float
    state: str  #: outside, inside, too few worlds to tell, or no goal


def checks(results: pd.DataFrame) -> pd.DataFrame:
    """One row per row of `results` (see `score`) and measure: cell, estimate, method, says, worlds and a `Check`."""
    keys = ["cell", "setting", "estimate", "method", "says", "nothing", "worlds", "refused"]
    rows = [
        {**{key: row[key] for key in keys}, **check._asdict()}
        for row in results.to_dict("records")
        for check in of_row(row)
    ]
    return pd.DataFrame(rows, columns=[*keys, *Check._fields])


def of_row(row: dict) -> list[Check]:
    """Return what can be checked of one row of results; nothing where every world was refused."""
    known = row["worlds"] - row["refused"]
    if known < 2:
        return []
    if row["says"]:
        return [_share("claims", row["claimed"], known, (row["goal_low"], row["goal_high"]))]
    if row["of"] == WHOLE:
        found = [] if np.isnan(row["bias"]) else [_check("bias", row["bias"], row["bias_error"], HALF)]
        return [*found, _share("coverage", row["coverage"], known, AT_LEAST)]
    error = known**-0.5 * (MIDDLE_ERROR if row["of"] == MIDDLE else 1)
    found = [] if np.isnan(row["bias_of_error"]) else [_check("bias", row["bias_of_error"], error, BIAS)]
    coverage, false_alarms, tail = (
        (AT_LEAST, AT_MOST, TAIL_AT_MOST) if row["of"] == WIDENED else (COVERAGE, FALSE_ALARMS, TAIL)
    )
    if row["nothing"]:
        found.append(_share("false alarms", 1 - row["coverage"], known, false_alarms))
        return found + [_share(f"{side} the truth", row[side], known, tail) for side in ("above", "below")]
    return [*found, _share("coverage", row["coverage"], known, coverage)]


def share_error(share: float, n: float) -> float:
    """Monte-Carlo standard error of a share of `n` worlds."""
    return float(np.sqrt(share * (1 - share) / n)) if n else np.nan


def _share(measure: str, value: float, n: int, goal: tuple[float, float]) -> Check:
    # A share of 0 or 1 seems to have no error; it has the one that a share at the edge of the goal would have.
    edge = min(max(value, goal[0]), goal[1]) if not np.isnan(goal[0]) else value
    return _check(measure, value, max(share_error(value, n), share_error(edge, n)), goal)


def _check(measure: str, value: float, error: float, goal: tuple[float, float]) -> Check:
    low, high = goal
    if np.isnan(low):
        return Check(measure, value, error, low, high, NO_GOAL)
    beyond = max(low - value, value - high)
    if beyond > ERRORS * error:
        return Check(measure, float(value), error, low, high, OUTSIDE)
    state = UNTOLD if beyond > 0 or ERRORS * error > high - low else INSIDE
    return Check(measure, float(value), error, low, high, state)
