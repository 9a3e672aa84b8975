"""What the naive method would have said: the contacted against everyone else who could have been contacted, as they are."""

from __future__ import annotations

import pandas as pd


def audience(customers: pd.DataFrame, *, on: pd.Timestamp) -> pd.Series:
    """Whether each customer (index customer_id, sorted) could have been contacted on a day: had joined and agreed, as far as known.

    Where the data records no joining or no consent at all, nobody is left out for it; an unknown day of joining counts as
    joined, an unknown consent as not given where others gave theirs.
    """
    table = customers.sort_values("customer_id").set_index("customer_id")
    could = pd.Series(True, index=table.index)
    if "joined_on" in table and table["joined_on"].notna().any():
        joined = pd.to_datetime(table["joined_on"])
        could &= joined.isna() | (joined <= on)
    if "consent" in table and table["consent"].notna().any():
        could &= table["consent"].eq("yes")
    return could


def audiences(customers: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """One row per customer (index, sorted), one column per campaign: its `audience` on the day it began."""
    return pd.DataFrame({row.campaign_id: audience(customers, on=row.starts_on) for row in campaigns.itertuples()})


def not_contacted(reached: pd.Series, customers: pd.DataFrame, *, on: pd.Timestamp) -> pd.Series:
    """Whether each customer could have been contacted by a campaign and was not; held out counts as not contacted."""
    return audience(customers, on=on).reindex(reached.index, fill_value=False) & ~reached


def naive_effect(spend: pd.Series, reached: pd.Series, customers: pd.DataFrame, *, on: pd.Timestamp) -> float:
    """Mean spend of the contacted minus mean spend of everyone who could have been contacted and was not, in one window.

    No adjustment of any kind: it holds whatever made the contacted differ before. `spend` has one row per customer with an
    order. NaN where there is nobody on one side.
    """
    spent = spend.reindex(reached.index).fillna(0.0)
    others = not_contacted(reached, customers, on=on)
    return float(spent[reached].sort_values().mean() - spent[others].sort_values().mean())
