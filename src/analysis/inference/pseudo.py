"""What an estimate finds where nothing happened, and what that says of the one that counts.

Pseudo-campaigns are the same estimate on dates before a campaign. If contacted and comparable customers always changed alike, their
estimates would scatter as far as their standard errors say. What they scatter beyond that is a systematic spread: groups move apart
for reasons that no standard error of one estimate sees. Source: Schuemie et al. (2018), PNAS 115, 2571-2577.
"""

from __future__ import annotations

import numpy as np

STEPS = 200  # halvings of the range in which the spread is sought


def systematic_spread(effects, standard_errors) -> float:
    """Standard deviation of the systematic part of estimates whose truth is 0, in their unit; 0 where they scatter no more than chance.

    Solves sum(effect2 / (error2 + spread2)) = number of estimates. NaN without an estimate with a positive error.
    Source: Paule and Mandel (1982), Journal of Research of the National Bureau of Standards 87, 377-385, with the mean known to be 0.
    """
    effects, errors = _known(effects, standard_errors)
    if not len(effects):
        return np.nan

    def excess(spread: float) -> float:
        return float((effects**2 / (errors**2 + spread**2)).sum() - len(effects))

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(np.abs(effects).max() * np.sqrt(len(effects)))
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high


def share_as_far(effect: float, standard_error: float, effects, standard_errors) -> float:
    """Share of the pseudo-campaigns that lie as many of their standard errors from 0 as `effect` does, it among them.

    The estimate counts as one more, so that the share is a p-value where the dates are exchangeable: at least 1 / (number + 1).
    """
    effects, errors = _known(effects, standard_errors)
    if not standard_error > 0:
        return np.nan
    far = np.abs(effects) / errors >= abs(effect) / standard_error
    return float((1 + far.sum()) / (1 + len(effects)))


def _known(effects, standard_errors) -> tuple[np.ndarray, np.ndarray]:
    effects, errors = np.asarray(effects, dtype=float), np.asarray(standard_errors, dtype=float)
    known = np.isfinite(effects) & (errors > 0)
    return effects[known], errors[known]
