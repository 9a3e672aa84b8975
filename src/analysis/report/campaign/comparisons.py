"""Whom the contacted of the campaigns are compared with, in words: held out by lot, or comparable ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers
from analysis.report.campaign.phrases import OPEN, Verdicts, by_lot, named
from analysis.report.words import join_and

if TYPE_CHECKING:
    import pandas as pd


def than_whom(row: Any, *, customers: str) -> str:
    """Return whom the contacted of a campaign are compared with, and how many these are."""
    n = f"n = {numbers.count(row['contacted_used'])}"
    if row["method"] == "lot":
        return f"that of {customers} held out by lot ({n} treated, {numbers.count(row['comparable'])} held out)"
    return f"that of comparable {customers} ({n})"


def undecided(row: Any) -> str:
    """Return what the interval of a campaign leaves open, a sentence to follow it; nothing where it is decided."""
    if row["low"] <= 0 <= row["high"]:
        return " No change lies inside this range."
    return " It still runs, so that decides nothing yet." if row["verdict"] == OPEN else ""


def whom(found: Verdicts, customers: str) -> str:
    """Return whom those of all campaigns compared are held against."""
    if not found.by_lot:
        return f"comparable {customers}"
    held = f"{customers} held out by lot"
    return held if found.by_lot == found.compared else f"{held}, or comparable ones where nobody drew lots"


def running(results: pd.DataFrame) -> str:
    """Return which campaigns still run on the day of the study, and what that means; empty where none does."""
    if "closed" not in results or results["closed"].all():
        return ""
    names = list(results.loc[~results["closed"].astype(bool), "campaign_id"])
    runs = "still runs: its" if len(names) == 1 else "still run: their"
    return f"Campaign{'s' * (len(names) > 1)} {join_and(names)} {runs} numbers will change."


def note(results: pd.DataFrame, *, customers: str) -> str:
    """Return what to keep in mind of those compared without a lot, and of those that still run."""
    without = results.loc[
        (results["method"] == "comparable customers") & results["effect_per_week"].notna(), "campaign_id"
    ]
    differ = f"contacted and comparable {customers} can differ in what the data does not hold."
    told = [f"Nobody drew lots in {join_and([named(name) for name in without])}: {differ}"]
    if not by_lot(results).any():
        told = [f"Nobody drew lots: {differ}"]
    elif without.empty:
        told = []
    return " ".join(filter(None, [running(results), *told]))
