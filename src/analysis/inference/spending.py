"""How much of its error a test may spend by each look, when results are looked at before the end.

Who looks five times and decides at the first p-value below 0.05 is wrong in one of seven campaigns that did nothing.
A spending function says beforehand how much of the whole error may be used up by each share of the window, so that all
looks together keep it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

OBRIEN_FLEMING, POCOCK = KINDS = "obrien-fleming", "pocock"


def spent(shares: Sequence[float], *, error: float, kind: str) -> np.ndarray:
    """Return the error of one side that may be spent by each look, in sum up to it; all of it where a share is 1.

    `shares` of the window lie behind each look, rising, above 0 and at most 1. "obrien-fleming" is strict early and leaves
    the end almost as it would be without looks; "pocock" is about as strict at each look. Raises ValueError for shares that do
    not rise, an error outside 0 to 1, and another kind.
    Source: Lan and DeMets (1983), Biometrika 70, 659-663, functions alpha*_1 and alpha*_2.
    """
    from scipy.special import ndtr, ndtri

    behind = np.asarray(shares, dtype=float)
    if behind.ndim != 1 or not behind.size or not (np.diff(behind, prepend=0.0) > 0).all() or behind[-1] > 1:
        raise ValueError(f"shares {[float(one) for one in behind.ravel()]} must rise from above 0 to at most 1")
    if not 0 < error < 1:
        raise ValueError(f"error {error:g} must lie between 0 and 1, for example 0.025")
    if kind == OBRIEN_FLEMING:
        return 2 * ndtr(ndtri(error / 2) / np.sqrt(behind))
    if kind == POCOCK:
        return error * np.log1p((np.e - 1) * behind)
    raise ValueError(f"no spending {kind!r}; there are {' and '.join(KINDS)}")
