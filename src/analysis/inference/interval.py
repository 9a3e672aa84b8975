"""An interval, from an estimate and its standard error."""

from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """Lower and upper confidence limit, 95 % unless the caller says otherwise, in the unit of the estimate.

    Both limits are NaN where the data cannot tell. A function that is given arrays returns arrays in `low` and `high`.
    """

    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Whether `value` lies outside the interval. False where the limits are not known."""
        return bool(self.low > value or self.high < value)


def upper_tail(confidence: float) -> float:
    """The probability up to the upper limit: 0.975 for a confidence of 0.95.

    Raises ValueError unless `confidence` lies strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        hint = f"; did you mean {confidence / 100:g}?" if 1 < confidence < 100 else ""
        raise ValueError(f"confidence {confidence:g} must lie between 0 and 1, for example 0.95{hint}")
    return (1 + confidence) / 2


def t_interval(estimate, standard_error, degrees_of_freedom, *, confidence: float = 0.95) -> Interval:
    """`estimate` plus and minus Student's t times `standard_error`. NaN where there is no positive standard error.

    A standard error of 0 means that the data show no spread at all, not that the estimate is certain.
    """
    from scipy.special import stdtrit

    standard_error = np.where(np.asarray(standard_error) > 0, standard_error, np.nan)
    reach = stdtrit(degrees_of_freedom, upper_tail(confidence)) * standard_error
    return Interval(plain(estimate - reach), plain(estimate + reach))


def t_p_value(estimate, standard_error, degrees_of_freedom):
    """Two-sided p-value of "the true value is 0" by Student's t. NaN where there is no positive standard error."""
    from scipy.special import stdtr

    standard_error = np.where(np.asarray(standard_error) > 0, standard_error, np.nan)
    return plain(2 * stdtr(degrees_of_freedom, -np.abs(estimate) / standard_error))


def plain(values):
    """A Python float where `values` is a single number, else the array itself."""
    values = np.asarray(values, dtype=float)
    return values.item() if values.ndim == 0 else values
