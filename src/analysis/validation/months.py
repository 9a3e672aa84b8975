"""Worlds of customers month by month: who comes back, in which cohort, and whether the page sees a change that is none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.report.loyalty import newcomers, opening, returns
from analysis.segment import cohorts
from analysis.validation.outcomes import FAMILY, Outcome, claim, interval

MONTHS = pd.date_range("2023-01-01", periods=12, freq="MS", unit="us")
DATES = {"data_from": date(2023, 1, 1), "as_of": date(2023, 12, 31)}
AGE = 3  # months; the age at which a cohort is looked at


def trial(
    rng: np.random.Generator, *, customers: int, active: float, alike: float = 4.0, few: bool = False
) -> list[Outcome]:
    """Make one company without any change and one whose customers join over the year; return what is said of both.

    A customer orders in a month with an own chance, beta distributed with mean `active`; `alike` is the sum of the two
    shapes: the larger, the more alike customers are. An eighth of `customers` joins in each month. With `few` all were there.
    """
    a, b = active * alike, (1 - active) * alike
    return [*_steady(rng, customers, a, b), *([] if few else _joining(rng, customers // 8, a, b))]


def _steady(rng, customers: int, a: float, b: float) -> list[Outcome]:
    came = rng.random((customers, 12)) < rng.beta(a, b, customers)[:, None]
    monthly = cohorts.monthly(_activity(came), **DATES)
    found = returns.returns(monthly)
    again = (a + 1) / (a + b + 1)  # E(p^2) / E(p)
    _, moved = returns.active_change(monthly)
    return [
        interval("back the next month", found.rate, (found.low, found.high), again),
        claim("back the next month", "up or down, where nothing changed", _said(found.word), FAMILY),
        claim("customers active", "up or down, where nothing changed", _said(moved), (0.044, 0.056)),
        *_seen(monthly, came, a, b),
    ]


def _seen(monthly: pd.DataFrame, came: np.ndarray, a: float, b: float) -> list[Outcome]:
    """Return the share of those seen at all who are active in the last month, as the first key figure prints it."""
    from scipy.special import betaln

    never = float(np.exp(betaln(a, b + 12) - betaln(a, b)))
    seen, active = int(came.any(axis=1).sum()), int(monthly["customers_active"].iloc[-1])
    low, high = opening.wilson_interval(active, seen)
    return [interval("customers active", active / seen, (low, high), a / (a + b) / (1 - never))]


def _joining(rng, each: int, a: float, b: float) -> list[Outcome]:
    joined = np.repeat(np.arange(12), each)
    month = np.arange(12)[None, :]
    came = (rng.random((len(joined), 12)) < rng.beta(a, b, len(joined))[:, None]) & (month > joined[:, None])
    came |= month == joined[:, None]  # the first order is what makes a customer
    table = cohorts.retention(_activity(came), **DATES)
    one = table[(table["cohort"] == MONTHS[2]) & (table["age_months"] == AGE)].iloc[0]
    new = newcomers.newcomers(table)
    mean = a / (a + b)
    return [
        interval("retention of a cohort", one["rate"], (one["low"], one["high"]), mean),
        interval("newly seen, back the next month", new.rate, (new.low, new.high), mean),
        interval("newly seen, later against earlier", new.difference, (new.difference_low, new.difference_high), 0.0,
                 nothing=True),
    ]  # fmt: skip


def _activity(came: np.ndarray) -> pd.DataFrame:
    who, month = np.nonzero(came)
    return pd.DataFrame({"customer_id": who, "month": MONTHS[month], "orders": 1, "sales": 20.0})


def _said(word: str) -> bool | None:
    return None if word == "cannot tell" else word in ("up", "down")
