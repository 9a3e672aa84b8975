"""What campaigns by lot did to those who redeemed: a second question, which only a lot can answer, and only under a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import engine
from analysis.inference.redeemers import compare_redeemers
from analysis.monitor import leaks
from analysis.monitor.campaigns import A_A
from analysis.monitor.comparison import spend_in_windows
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Collection

    import narwhals as nw

COLUMNS = [
    "campaign_id",
    "treated",
    "holdout",
    "redeemed_treated",
    "redeemed_holdout",
    "share",
    "effect",
    "low",
    "high",
    "why",
]
NOT_KNOWN = "Nobody treated is known to have redeemed."
HOUSEHOLDS = "Its lot drew households, and redemption is known of customers."


def lot_redeemers(
    contacts: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame, responses: pd.DataFrame, runs: pd.DataFrame,
    results: pd.DataFrame, *, seed: int, by_household: Collection[str] = (), confidence: float = 0.95, draws: int = 1999,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign with a result by lot that sent something: who redeemed in each arm, and what it did to a redeemer.

    `effect` is spend of a redeemer in the campaign's measured days beyond what it would have been (currency), with its interval
    (see `inference.redeemers`). Redeemed counts who used the offer at all (see `leaks.used`), the held out who did it all the same
    as well. `runs` are the campaigns begun, `results` those of `campaign_effects`, `by_household` campaigns whose lot drew
    households. `why` says what is missing. The condition: contact changed nothing for those who did not redeem.
    """
    known = results.loc[(results["method"] == "lot") & results["effect_per_week"].notna(), "campaign_id"]
    asked = runs[runs["campaign_id"].isin(known) & (runs["kind"] != A_A)].sort_values("campaign_id")
    if asked.empty:
        return _typed([])
    users = leaks.used(contacts, list(asked["campaign_id"]), responses, orders, offers, runs)
    spans = {row.campaign_id: (row.starts_on, row.measured_until) for row in asked.itertuples()}
    spend = engine.collect(spend_in_windows(orders, spans)).set_index("customer_id").astype(float)
    rows = []
    for name in asked["campaign_id"]:
        own = contacts[contacts["campaign_id"] == name].sort_values("customer_id")
        treated = own["arm"].eq("treated").to_numpy()
        redeemed = own["customer_id"].isin(users.loc[users["campaign_id"] == name, "customer_id"]).to_numpy()
        values = np.column_stack([spend[name].reindex(own["customer_id"]).fillna(0.0), redeemed])
        counts = [
            int(treated.sum()),
            int((~treated).sum()),
            int(redeemed[treated].sum()),
            int(redeemed[~treated].sum()),
        ]
        row = [name, *counts, counts[2] / counts[0]]
        if why := HOUSEHOLDS if name in by_household else None if counts[2] else NOT_KNOWN:
            rows.append([*row, np.nan, np.nan, np.nan, why])
            continue
        found = compare_redeemers(
            values[treated], values[~treated], n_treated=counts[0], n_holdout=counts[1], draws=draws, confidence=confidence,
            rng=generator(seed, f"lot {name} redeemers"),
        )  # fmt: skip
        rows.append([*row, found.effect, *found.interval, found.refused])
    return _typed(rows)


def _typed(rows: list[list]) -> pd.DataFrame:
    kinds = {"campaign_id": "str", "why": "str"} | dict.fromkeys(COLUMNS[1:5], "int64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds | dict.fromkeys(COLUMNS[5:9], "float64"))
