"""The loyalty measures of the whole house in one table: value, interval, n, unit and period of each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from analysis.inference.interval import Interval
from analysis.inference.proportions import wilson_interval
from analysis.inference.resampling import bootstrap_interval
from analysis.inference.totals import FEWEST, totals_interval
from analysis.segment.lifetime import simple_lifetime_value

if TYPE_CHECKING:
    import pandas as pd

# Customers with a second order; of fewer a resample may hold none, and the luckier samples would be told.
FEWEST_AGAIN = 20


def loyalty_measures(
    behaviour: pd.DataFrame,
    *,
    data_from: date,
    as_of: date,
    window_days: int,
    currency: str,
    rng: np.random.Generator,
    draws: int,
) -> pd.DataFrame:
    """One row per measure, from the behaviour table: measure, value, low, high, n, unit, period, note.

    n is the number of customers beneath the value; low and high are 95 % intervals. What cannot be known is missing and
    its note says why. Sorted by measure.
    """
    window = f"{window_days} days to {as_of}"
    rows = [
        *_repeat_measures(behaviour, period=window, rng=rng.spawn(1)[0], draws=draws),
        *_lifetime_measures(
            behaviour,
            currency=currency,
            data_from=data_from,
            as_of=as_of,
            window_days=window_days,
            rng=rng,
            draws=draws,
        ),  # fmt: skip
        *_value_measures(behaviour, period=f"{data_from} to {as_of}", currency=currency, rng=rng, draws=draws),
    ]
    import pandas as pd

    return pd.DataFrame(rows).astype({"n": "int64"}).sort_values("measure", ignore_index=True)


def repeat_purchases(behaviour: pd.DataFrame) -> pd.Series:
    """Orders of each customer after their first inside the window, for the customers who ordered in it at all."""
    orders = behaviour.loc[behaviour["window_orders"] > 0, "window_orders"]
    return orders - 1


def _repeat_measures(behaviour: pd.DataFrame, *, period: str, rng: np.random.Generator, draws: int) -> list[dict]:
    repeats = repeat_purchases(behaviour)
    n, again = len(repeats), int((repeats > 0).sum())
    # Orders are never negative and some order very often: the interval is that of their mean, less the first order.
    low = high = np.nan
    if again >= FEWEST_AGAIN:
        low, high = totals_interval(repeats.to_numpy(dtype=float) + 1, (1,), rng=rng, draws=draws)
    formula = "orders after the first inside the window / customers who ordered in it"
    if n and np.isnan(low):
        formula += f"; no interval: it needs {FEWEST} customers with an order, {FEWEST_AGAIN} of them with another, and not all alike"
    return [
        _row(
            "customer loyalty", repeats.mean(), Interval(low - 1, high - 1), n, "repeat purchases per customer",
            period, formula,
        ),
        _row(
            "repeat rate", again / n if n else np.nan, wilson_interval(again, n), n, "share of customers", period,
            "customers with two orders or more in the window / customers who ordered in it",
        ),
    ]  # fmt: skip


def _lifetime_measures(behaviour: pd.DataFrame, *, currency: str, **options) -> list[dict]:
    found = simple_lifetime_value(behaviour, **options)
    period = f"per {options['window_days']} days to {options['as_of']}"
    return [
        _row(
            "revenue per customer", found.revenue, found.revenue_interval, found.customers - found.churned, currency,
            period, found.note or "sales per customer who ordered in this window and the one before",
        ),
        _row(
            "churn rate", found.churn, found.churn_interval, found.customers, "share of customers", period,
            found.note or "customers of the window before without an order in this one; not all of them are gone",
        ),
        _row(
            "simple lifetime value", found.value, found.value_interval, found.customers, currency, period,
            found.note or "revenue per customer / churn rate; sales, not margin, if churn stayed as it is",
        ),
    ]  # fmt: skip


def _value_measures(behaviour: pd.DataFrame, *, period: str, currency: str, rng: np.random.Generator, draws: int):
    value = np.sort(behaviour["customer_value"].dropna().to_numpy(dtype=float))
    middle = bootstrap_interval(value, lambda samples: np.median(samples, axis=1), rng=rng, draws=draws)
    average = totals_interval(value, (1,), rng=rng, draws=draws)
    n = len(value)
    note = "order amount x order frequency: sales per 30 days since the first order seen"
    return [
        _row("customer value, mean", _known(np.mean, value), average, n, currency, period, note),
        _row("customer value, median", _known(np.median, value), middle, n, currency, period, note),
    ]


def _known(statistic, values: np.ndarray) -> float:
    return float(statistic(values)) if values.size else np.nan


def _row(measure: str, value: float, interval: Interval, n: int, unit: str, period: str, note: str) -> dict:
    return {
        "measure": measure, "value": float(value), "low": interval.low, "high": interval.high,
        "n": n, "unit": unit, "period": period, "note": note,
    }  # fmt: skip
