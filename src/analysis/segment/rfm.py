"""Scores for recency, frequency and monetary value, by quantile cut points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# Column of the behaviour table, name of its score, and whether more of it is better.
SCORED = (
    ("recency_days", "recency_score", False),
    ("frequency", "frequency_score", True),
    ("monetary", "monetary_score", True),
)


def quantile_cuts(values, *, bins: int) -> np.ndarray:
    """The `bins` - 1 cut points that part the known values into groups as equal as ties allow, in ascending order.

    Each cut is one of the values: the least that at least 1/bins, 2/bins, ... of the values do not exceed. Empty where
    no value is known. Raises ValueError for fewer than two bins.
    Source: Hyndman and Fan (1996), definition 1 (quantile_disc in SQL).
    """
    if bins < 2:
        raise ValueError(f"{bins} bins; the least is 2")
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size:
        return np.empty(0)
    return np.quantile(known, np.arange(1, bins) / bins, method="inverted_cdf")


def scores(behaviour: pd.DataFrame, *, bins: int) -> pd.DataFrame:
    """One row per customer, from the behaviour table: recency_score, frequency_score, monetary_score, 1 to `bins`.

    `bins` is best: the latest, most frequent, largest. A score is one more than the cut points that the value lies
    beyond, so equal values have equal scores, and groups are unequal where many customers are alike. Customers without
    an order have no scores (missing), and count in no cut point.
    """
    ordered = behaviour["frequency"] > 0
    found = {
        score: _score(behaviour[column].where(ordered), bins=bins, more_is_better=more)
        for column, score, more in SCORED
    }
    return behaviour[["customer_id"]].assign(**found).sort_values("customer_id", ignore_index=True)


def _score(values: pd.Series, *, bins: int, more_is_better: bool) -> pd.Series:
    good = values.astype(float) * (1 if more_is_better else -1)
    beyond = np.searchsorted(quantile_cuts(good, bins=bins), good, side="left")
    return (good * 0 + 1 + beyond).astype("Int64")  # NaN stays missing
