"""Whether refunds are taken off what campaigns sold, and whether all of them can have come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.campaign.phrases import named
from analysis.report.words import join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd


def refunds_note(table: pd.DataFrame) -> str:
    """Return whether refunds are taken off, how long they had to come in, and for which campaigns that is not over."""
    if not table["refunds_netted"].any():
        return "Refunds are not in the data, so sales are what was sold, not what was kept."
    days = table["refund_days"]
    told = f"Refunds are taken off on the day of the order; since the last day of a campaign {numbers.count(days.min())} to "
    told += f"{numbers.count(days.max())} days have passed for them to come in."
    usual = table["usual_days"].iloc[0]
    if not numbers.is_known(usual):
        return f"{told} How long refunds usually take is not known."
    early = table.loc[table["refunds_over"].eq(False).fillna(False).astype(bool), "campaign_id"]
    within = f"95 in 100 refunds took at most {numbers.count(usual)} days"
    if early.empty:
        return f"{told} {sentence_case(within)}."
    return f"{told} {sentence_case(within)}, so for {join_and([named(name) for name in early])} more may still come in."
