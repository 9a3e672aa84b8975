"""What one estimate said in one world, beside the truth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# What an interval is of, where it is not a mean or a share; or that it counts more than chance, on purpose.
MIDDLE, WHOLE, WIDENED = "middle", "whole number", "widened"
NAIVE = "naive"  # how the method that is usually used instead is marked; ours has no mark
FAMILY = (0.0, 0.056)  # false alarms of a word that promises at most one in twenty; the same slack as for an interval


class Outcome(NamedTuple):
    """One interval, or one claim, in one world. What does not apply is NaN or empty."""

    estimate: str  #: name in `inventory`
    method: str  #: empty for the project's own, else the name of a naive one
    says: str  #: what is claimed, where a page says a word and no interval; empty for an interval
    value: float  #: the estimate
    truth: float  #: what it estimates, in the same unit
    low: float
    high: float
    refused: str  #: why there is no interval; empty where there is one
    nothing: bool  #: whether nothing happened in this world, so that an interval without the truth is a false alarm
    claimed: float  #: 1 where the claim was made, 0 where not
    goal_low: float  #: least share of worlds in which the claim should be made
    goal_high: float  #: largest
    of: str = ""  #: `MIDDLE`, `WHOLE` or `WIDENED`, which have goals of their own; else empty


def interval(
    estimate: str,
    value: float,
    limits,
    truth: float,
    *,
    nothing: bool = False,
    method: str = "",
    why: str = "",
    of: str = "",
) -> Outcome:
    """Return an interval beside the truth; limits that are not known count as refused, for the reason `why`."""
    low, high = (float(limit) for limit in limits)
    refused = (why or "no interval") if np.isnan(low) or np.isnan(high) else ""
    known = (np.nan, np.nan) if refused else (low, high)
    unclaimed = (np.nan, np.nan, np.nan)
    return Outcome(estimate, method, "", float(value), float(truth), *known, refused, nothing, *unclaimed, of)


def claim(
    estimate: str, says: str, made: bool | None, goal: tuple[float, float] = (np.nan, np.nan), *, method: str = ""
) -> Outcome:
    """Return whether a claim was made (None: the page refuses to say), and in which share of worlds it should be."""
    refused = "the page says that it cannot tell" if made is None else ""
    claimed = np.nan if made is None else float(made)
    return Outcome(estimate, method, says, *(np.nan,) * 4, refused, False, claimed, *goal)
