"""The short list of signals: when, how far from what was expected, and where to look first."""

from __future__ import annotations

import numpy as np
import pandas as pd

MEAN_OF = 4  # weeks over which the size of a lasting change is taken
_USUAL = {
    "sales": "holidays, prices and stock in that week, and whether every shop's data came in",
    "customers_active": "holidays and whether every shop's data came in",
    "redemption": "which campaigns were open and how many days were left on their coupons",
}


def signals(control: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """One row per signal, in order of date: measure, week, signal, value, centre, size, look_at.

    `size` is the value minus the centre: of the week, or for a lasting change the mean of the four weeks up to it.
    `look_at` says where to look first: the campaigns that began or ended in that week or the one before, else the usual
    suspects of the measure. It names no cause.
    """
    gap = (control["value"] - control["centre"]).groupby(control["measure"])
    several = gap.transform(lambda sizes: sizes.dropna().rolling(MEAN_OF, min_periods=1).mean())
    lasting = control["signal"].fillna("").str.contains("lasting")
    found = control.assign(size=np.where(lasting, several, control["value"] - control["centre"]))
    found = found[found["signal"].notna()].copy()
    found["look_at"] = [_look_at(row.measure, row.week_starts_on, campaigns) for row in found.itertuples()]
    columns = ["week_starts_on", "measure", "signal", "value", "centre", "size", "look_at"]
    return found[columns].sort_values(["week_starts_on", "measure"]).reset_index(drop=True)


def _look_at(measure: str, week: pd.Timestamp, campaigns: pd.DataFrame) -> str:
    first, last = week - pd.Timedelta(days=7), week + pd.Timedelta(days=6)
    parts = []
    for verb, column in (("began", "starts_on"), ("ended", "ends_on")):
        days = pd.to_datetime(campaigns[column])
        names = sorted(
            campaigns.loc[(days >= first) & (days <= last), "campaign_id"], key=lambda name: (len(name), name)
        )
        parts += [f"campaign{'s' * (len(names) > 1)} {', '.join(names)} {verb}"] if names else []
    return "; ".join([*parts, _USUAL[measure]])
