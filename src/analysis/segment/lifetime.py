"""Simple customer lifetime value, with the churn it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.inference.interval import Interval
from analysis.inference.proportions import wilson_interval
from analysis.inference.totals import totals_interval

if TYPE_CHECKING:
    import pandas as pd


class Lifetime(NamedTuple):
    """Simple lifetime value and its two parts, money in currency, rates per period of window_days.

    `note` says why something is not defined; it is empty where all is. Intervals are 95 %.
    """

    revenue: float  # sales of the window per customer who ordered in it and in the window before
    revenue_interval: Interval
    churn: float  # share of the customers of the window before who did not order in the window
    churn_interval: Interval
    value: float  # revenue / churn
    value_interval: Interval
    customers: int  # who ordered in the window before
    churned: int
    note: str


def simple_lifetime_value(
    behaviour: pd.DataFrame, *, data_from: date, as_of: date, window_days: int, rng: np.random.Generator, draws: int
) -> Lifetime:
    """Average revenue per customer per period divided by the churn rate per period; a period is `window_days`.

    `behaviour` has one row per customer: before_orders, window_orders, window_sales. The customers are those who
    ordered in the window before the last: churn is the share of them without an order in the last window, and revenue
    the sales of the last window per customer of them who did order in it. New customers of the last window are in
    neither, since nobody knows yet who of them stays. Intervals resample customers (bootstrap-t on logarithms,
    `inference.totals`; none for fewer than 50 who stayed); that of churn is Wilson's.

    Read plainly it misleads: a customer without an order is not gone, they may be on holiday, and each return makes the
    value larger than it says; churn is taken as the same for everyone and for ever, though those who stay longest
    leave least; the value is sales, not margin, undiscounted; and it divides by a small number, so look at the
    interval first. It ranks periods and shops, it is not a price to pay for a customer.

    Churn of 0 has no value (NaN, with a note), and nothing is known where the data does not reach back two windows.
    Source: average revenue / churn rate of the conversion chapter that this study follows; it is the constant-retention
    case of Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1), 9-24, without margin and discounting and
    with the present period counted.
    """
    unknown = Interval(np.nan, np.nan)
    needed_from = as_of - timedelta(days=2 * window_days - 1)
    customers = behaviour[behaviour["before_orders"] > 0]
    if needed_from < data_from or customers.empty:
        note = (
            f"two windows of {window_days} days begin on {needed_from}, the data on {data_from}"
            if needed_from < data_from
            else f"nobody ordered in the {window_days} days before the last window"
        )
        return Lifetime(np.nan, unknown, np.nan, unknown, np.nan, unknown, 0, 0, note)
    rows = np.column_stack([customers["window_orders"] > 0, customers["window_sales"]]).astype(float)
    rows = rows[np.lexsort(rows.T)]  # sums of floats depend on their order
    revenue, churn = _parts(rows[np.newaxis])
    churned = int(len(rows) - rows[:, 0].sum())
    stayed, sales = rows.T
    intervals = [
        totals_interval(np.column_stack(columns), powers, rng=rng, draws=draws)
        for columns, powers in (((sales, stayed), (1, -1)), ((sales, stayed, 1 - stayed), (1, -1, -1)))
    ]
    return Lifetime(
        revenue=float(revenue[0]),
        revenue_interval=intervals[0],
        churn=float(churn[0]),
        churn_interval=wilson_interval(churned, len(rows)),
        value=float(_value(rows[np.newaxis])[0]),
        value_interval=intervals[1],
        customers=len(rows),
        churned=churned,
        note="" if churned else "nobody churned, so the value has no bound",
    )


def _parts(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Revenue per customer who stayed and churn, for each sample of rows (stayed, sales). NaN where nobody stayed."""
    stayed = samples[..., 0].sum(axis=1)
    revenue = samples[..., 1].sum(axis=1) / np.where(stayed > 0, stayed, np.nan)
    return revenue, (samples.shape[1] - stayed) / samples.shape[1]


def _value(samples: np.ndarray) -> np.ndarray:
    revenue, churn = _parts(samples)
    return revenue / np.where(churn > 0, churn, np.nan)
