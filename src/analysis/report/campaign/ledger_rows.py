"""The rows of the ledger as they are shown: a number and its interval in one cell, and words where there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.report import numbers
from analysis.report.campaign.phrases import with_interval

if TYPE_CHECKING:
    import pandas as pd

NO_CHECK, NOT_DEFINED = "none can be made", "not defined"
NOT_CAUSAL = "not causal"  # the verdict where the groups differed before the campaign
COLUMNS = {
    "campaign_id": "Campaign", "net": "Net value", "both": "With the weeks after", "return": "Return on cost", "added": "Estimated change",
    "spent": "Cost", "marketing_effect": "Sales minus cost", "came_anyway": "Sales that came anyway",
    "free": "Redeemers who would have bought", "ran": "Ran", "how": "Method", "checked": "Checks that hold", "verdict": "Verdict",
}  # fmt: skip


def listed(table: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign as it is shown: a number and its interval in one cell, and words where there is none."""
    rows = [row._asdict() for row in table.itertuples(index=False)]
    made = table[["campaign_id", "marketing_effect", "verdict"]].assign(
        how=[f"{row['kind']}, {_method(row['method'])}" for row in rows],
        ran=[numbers.period(row["starts_on"], row["measured_until"]) + ("" if row["closed"] else ", still runs") for row in rows],
        added=[_changed(row) for row in rows],
        spent=[_spent(row) for row in rows],
        net=[_cell(row, "net_value", "net_low", "net_high") or f"not known: {row['net_why']}" for row in rows],
        both=[_cell(row, "net_both", "both_low", "both_high") or row["both_why"] for row in rows],
        came_anyway=[_anyway(row) for row in rows],
        free=[_free(row) for row in rows],
        checked=[_checked(row) for row in rows],
        **{"return": [_return(row) for row in rows]},
    )  # fmt: skip
    return made[list(COLUMNS)]


def _cell(row: dict[str, Any], value: str, low: str, high: str) -> str | None:
    return with_interval(row[value], row[low], row[high], numbers.count)


def _changed(row: dict[str, Any]) -> str | None:
    """What the campaign changed, by lot or estimated; nothing where its own check says that the difference is not its work."""
    return None if row["verdict"] == NOT_CAUSAL else _cell(row, "total_effect", "total_low", "total_high")


def _return(row: dict[str, Any]) -> str | None:
    if not numbers.is_known(row["roi"]):  # the reason stands with the net value, or is that nothing was spent
        return NOT_DEFINED + ("" if numbers.is_known(row["net_why"]) else f": {row['roi_why']}")
    whole = lambda share: numbers.percent(share, 0)  # noqa: E731
    return with_interval(row["roi"], row["roi_low"], row["roi_high"], whole)


def _spent(row: dict[str, Any]) -> str | None:
    """Contact and incentives, each as far as it is known."""
    parts = [f"{numbers.count(row[name])} {word}" for name, word in (("cost", "for contact"), ("cost_coupons", "for incentives"))
             if numbers.is_known(row[name])]  # fmt: skip
    return " + ".join(parts) if len(parts) == 2 else f"{parts[0]}, the rest unknown" if parts else None


def _anyway(row: dict[str, Any]) -> str | None:
    told = _cell(row, "anyway", "anyway_low", "anyway_high")
    return told and f"{told} of {numbers.count(row['sales'])}"


def _free(row: dict[str, Any]) -> str | None:
    """The bounds outwards, so that they hold."""
    if not numbers.is_known(row["least_low"]):
        return None
    least, most = math.floor(row["least_low"] + 1e-9), math.ceil(row["most_high"] - 1e-9)
    return f"{numbers.count(least)} to {numbers.count(most)} of {numbers.count(row['redeemers'])}"


def _checked(row: dict[str, Any]) -> str:
    if not row["checks"]:
        return NO_CHECK
    fails = (
        [part for part in str(row["not_held"]).split("; ") if part.startswith("fails")]
        if numbers.is_known(row["not_held"])
        else []
    )
    return "; ".join([f"{row['checks_held']} of {row['checks']}", *fails])


def _method(method: str) -> str:
    return {"lot": "by lot", "none": "nobody to compare with"}.get(method, "by comparison")
