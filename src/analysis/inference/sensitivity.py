"""How strong a hidden cause would have to be to explain a difference away: one that drives both contact and outcome.

Strength is the share of variance, of contact and of outcome, that the hidden cause explains beyond what is known (partial R2).
Source: Cinelli and Hazlett (2020), Journal of the Royal Statistical Society B 82, 39-67, for linear regression.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval, t_interval, upper_tail


class Sensitivity(NamedTuple):
    """What a hidden cause would do to the coefficient of contact in a regression of the change on contact and traits."""

    effect: float
    standard_error: float
    degrees_of_freedom: int
    robustness_value: float  #: share of both variances that a hidden cause must explain to bring the effect to 0
    robustness_of_sign: float  #: to bring the interval to 0; 0 where it holds 0 already
    strongest: str  #: the known trait that would do most
    adjusted: Interval  #: the interval if a hidden cause were as strong as that trait


def robustness_value(t_value: float, degrees_of_freedom: float, *, confidence: float | None = None) -> float:
    """Share of the variance of contact and of outcome that a hidden cause must explain to bring the effect to 0.

    With `confidence`, to bring that interval to 0. Source: their equations 17 (section 4.2) and 21 (section 4.3).
    """
    f = abs(t_value) / np.sqrt(degrees_of_freedom)
    if confidence is not None:
        f -= _critical(degrees_of_freedom - 1, confidence) / np.sqrt(degrees_of_freedom - 1)
    if not f > 0:
        return np.nan if np.isnan(f) else 0.0
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


def moved(
    effect: float, standard_error: float, degrees_of_freedom: float, *, of_contact: float, of_outcome: float
) -> tuple[float, float]:
    """Effect, moved towards 0, and its error, if a hidden cause explained these shares of contact and of outcome.

    The effect that is left can have the other sign. Source: their equations 13 and 14 (section 4.1).
    """
    bias = standard_error * np.sqrt(degrees_of_freedom * of_outcome * of_contact / (1 - of_contact))
    error = standard_error * np.sqrt(
        (1 - of_outcome) / (1 - of_contact) * degrees_of_freedom / (degrees_of_freedom - 1)
    )
    return float(np.sign(effect) * (abs(effect) - bias)), float(error)


def as_strong_as(of_contact: float, of_outcome: float) -> tuple[float, float]:
    """Partial R2, with contact and with outcome, of a hidden cause as strong as a known trait with these partial R2.

    `of_contact` is given the other traits, `of_outcome` given these and contact. Source: their section 4.4, with k = 1; at most 1.
    """
    contact = min(of_contact / (1 - of_contact), 1.0)
    between = of_contact**2 / ((1 - of_contact) ** 2) if of_contact < 0.5 else 1.0
    between = min(between, 1 - 1e-12)
    outcome = ((1 + np.sqrt(between)) / np.sqrt(1 - between)) ** 2 * of_outcome / (1 - of_outcome)
    return contact, float(min(outcome, 1.0))


def sensitivity(
    change: np.ndarray, contacted: np.ndarray, traits: pd.DataFrame, *, confidence: float = 0.95
) -> Sensitivity | None:
    """Regress the change on contact and traits, one row per customer, and ask how strong a hidden cause would have to be.

    A trait that does not vary, or that others determine, is left out. None where fewer than 3 customers per column are there or
    contact does not vary beyond the traits.
    """
    y, d = np.asarray(change, dtype=float), np.asarray(contacted, dtype=float)
    names, x = _independent(traits)
    if len(y) < 3 * (x.shape[1] + 2) or not 0 < d.mean() < 1:
        return None
    base = np.column_stack([np.ones(len(y)), x])
    b, errors, degrees = _regression(np.column_stack([base, d]), y)
    if not errors[-1] > 0:
        return None
    own, own_errors, own_degrees = _regression(base, d)
    of_contact, of_outcome = _partial(own, own_errors, own_degrees)[1:], _partial(b, errors, degrees)[1:-1]
    strong = [as_strong_as(*pair) for pair in zip(of_contact, of_outcome, strict=True)]
    left = [
        moved(b[-1], errors[-1], degrees, of_contact=c, of_outcome=o) if c < 1 else (np.nan, np.nan) for c, o in strong
    ]
    worst = (
        int(np.argmin([np.sign(b[-1]) * effect if effect == effect else -np.inf for effect, _ in left]))
        if left
        else None
    )
    t_value = b[-1] / errors[-1]
    return Sensitivity(
        float(b[-1]), float(errors[-1]), degrees,
        robustness_value(t_value, degrees), robustness_value(t_value, degrees, confidence=confidence),
        "" if worst is None else names[worst],
        Interval(np.nan, np.nan) if worst is None else t_interval(*left[worst], degrees - 1, confidence=confidence),
    )  # fmt: skip


def _regression(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Coefficients, standard errors and degrees of freedom of least squares."""
    inverse = np.linalg.inv(np.einsum("ij,ik->jk", x, x))
    b = inverse @ np.einsum("ij,i->j", x, y)
    degrees = len(y) - x.shape[1]
    variance = ((y - np.einsum("ij,j->i", x, b)) ** 2).sum() / degrees
    return b, np.sqrt(variance * np.diag(inverse)), degrees


def _partial(b: np.ndarray, errors: np.ndarray, degrees: int) -> np.ndarray:
    """Partial R2 of each column: t2 / (t2 + degrees of freedom)."""
    t2 = np.divide(b**2, errors**2, out=np.zeros(len(b)), where=errors > 0)
    return t2 / (t2 + degrees)


def _independent(traits: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Names and values, in deviations of length 1, of the traits that vary and do not follow from the ones before them."""
    names, kept, basis = [], [], []
    for name in traits:
        values = traits[name].to_numpy(dtype=float)
        values = values - values.mean()
        size = np.sqrt((values**2).sum())
        if not size > 1e-9:
            continue
        values, rest = values / size, values / size
        for direction in basis:  # Gram and Schmidt
            rest = rest - direction * (direction * rest).sum()
        length = np.sqrt((rest**2).sum())
        if length > 1e-3:
            names.append(name)
            kept.append(values)
            basis.append(rest / length)
    return names, np.column_stack(kept) if kept else np.empty((len(traits), 0))


def _critical(degrees_of_freedom: float, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, upper_tail(confidence)))
