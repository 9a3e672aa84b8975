"""The last days of the study against as many before them, the same customers in both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.inference.means import mean_interval, sums
from analysis.inference.totals import totals_interval
from analysis.report import numbers
from analysis.report.words import change

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


class WindowChange(NamedTuple):
    """A mean per customer in the window, and how it differs from the window before; intervals are 95 %."""

    now: float
    now_low: float
    now_high: float
    before: float  # not known where the data does not reach back two windows
    difference: float
    low: float
    high: float
    customers: int
    word: str  # up, down, no clear change or cannot tell


def reaches_back(*, data_from: date, as_of: date, window_days: int) -> bool:
    """Return whether the data covers the last window and the one before it, day by day."""
    return as_of - timedelta(days=2 * window_days - 1) >= data_from


def covered_days(*, data_from: date, as_of: date, window_days: int) -> int:
    """Return how many days of the window the data covers: fewer than `window_days` where it begins inside."""
    return min(window_days, (as_of - data_from).days + 1)


def window_change(behaviour: pd.DataFrame, *, what: str, comparable: bool, rng: np.random.Generator) -> WindowChange:
    """Compare `window_<what>` with `before_<what>`, per customer with any order seen, one row each in `behaviour`.

    The difference is paired: each customer is compared with themselves, so that it does not matter how much they
    differ from one another. Customers who ordered in neither window count with 0. Interval of the difference: Student's t;
    of the mean now: bootstrap-t (`inference.totals`), none for fewer than 50 customers with an order now. Where the two
    windows are not `comparable`, the one before is not known.
    """
    seen = behaviour[behaviour["frequency"] > 0]
    now = seen[f"window_{what}"].astype(float)
    interval = totals_interval(now, (1,), rng=rng)
    mean = float(now.mean()) if len(seen) else np.nan
    if not comparable or seen.empty:
        return WindowChange(mean, *interval, np.nan, np.nan, np.nan, np.nan, len(seen), "cannot tell")
    before = seen[f"before_{what}"].astype(float)
    difference = float((now - before).mean())
    low, high = mean_interval(sums(now - before))
    word = change(difference, 0, (low, high))
    return WindowChange(mean, *interval, float(before.mean()), difference, low, high, len(seen), word)


def against_before(found: WindowChange, *, window_days: int, fmt: Callable[[Any], str]) -> str:
    """Return the change in words: `up from 459 USD in the 91 days before (by 7 to 29 USD)`."""
    if found.word == "cannot tell":
        return "cannot tell the change: the data has no such period before"
    was = f"from {fmt(found.before)} in the {window_days} days before"
    if found.word == "no clear change":
        return f"no clear change {was}"
    size = sorted([abs(found.low), abs(found.high)])
    return f"{found.word} {was} (by {numbers.interval(*size, fmt)})"
