"""A study in which nobody was contacted: its funnel has its steps, all of zero contacts, and no rate."""

from __future__ import annotations

import pandas as pd

from analysis.monitor import conversion


def funnel(outcomes: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return `conversion.funnel`; without a contact one row per step for all of none, where every rate is not known."""
    if len(outcomes):
        return conversion.funnel(outcomes, confidence=confidence)
    unknown = dict.fromkeys(("rate", "low", "high", "effective", "window_closed", "seen_from_start"), float("nan"))
    rows = [
        {"scope": "all", "name": "all", "step": step, "step_no": number, "reached": 0, "contacted": 0, **unknown}
        for number, step in enumerate(conversion.STEPS)
    ]
    return pd.DataFrame(rows)


def by(outcomes: pd.DataFrame, groups: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return `conversion.conversion_by`; without a contact no row, with its columns."""
    if len(outcomes):
        return conversion.conversion_by(outcomes, groups, by=by)
    columns = ["dimension", "group", "customers", "reached", "contacted", "rate", "low", "high", "effective"]
    return pd.DataFrame(columns=columns).astype({"customers": "int64", "reached": "int64", "contacted": "int64"})
