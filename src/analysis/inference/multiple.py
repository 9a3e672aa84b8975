"""P-values adjusted for having made many tests at once."""

import numpy as np


def holm(p_values) -> np.ndarray:
    """Adjusted p-values, in the order given: reject those below alpha, and any false alarm has at most that chance.

    A p-value that is not known (NaN) stays so and is not counted as a test.
    Raises ValueError for values outside 0 to 1. Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    return _adjusted(p_values, _step_down)


def benjamini_hochberg(p_values) -> np.ndarray:
    """Adjusted p-values, in the order given: reject those below q, and at most that share are false alarms on average.

    Holds for independent tests and for tests that err in the same direction together. NaN stays NaN and is not counted.
    Raises ValueError for values outside 0 to 1.
    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    return _adjusted(p_values, _step_up)


def _step_down(ascending: np.ndarray) -> np.ndarray:
    remaining = np.arange(ascending.size, 0, -1)
    return np.maximum.accumulate(ascending * remaining)


def _step_up(ascending: np.ndarray) -> np.ndarray:
    scaled = ascending * (ascending.size / np.arange(1, ascending.size + 1))
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _adjusted(p_values, rule) -> np.ndarray:
    p = np.asarray(p_values, dtype=float)
    outside = (p < 0) | (p > 1)
    if outside.any():
        raise ValueError(f"p-value {p[outside][0]:g} lies outside 0 to 1")
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(rule(p[order]), 1)
    return adjusted
