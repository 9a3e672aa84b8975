"""The second question on campaigns by lot: what the offer did to those who redeemed it. Never the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers, page, tables
from analysis.report.campaign.few import of_few
from analysis.report.campaign.phrases import named, one_decimal, some, with_interval, with_state
from analysis.report.fragments import Fragment
from analysis.report.words import in_words

if TYPE_CHECKING:
    import pandas as pd

KEY, LABEL = "redeemers", "Those who redeemed"
ESTIMATES = ("campaign by lot, on those who redeemed",)
EFFECT = ("effect", "low", "high")
COLUMNS = {
    "campaign_id": "Campaign", "treated": "Treated", "redeemed_treated": "Redeemed", "share": "Share", "redeemed_holdout":
    "Held out who redeemed", "effect": "Effect on a redeemer", "low": "95 % from", "high": "95 % to", "why": "Note",
}  # fmt: skip
ENDLESS = "So few redeemed that the data give no limit on a side."
CONDITION = "if being contacted changed nothing for those who did not redeem"


def shown(table: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the campaigns of which `smallest` treated redeemed and `smallest` did not; few held out who did are blank."""
    if not smallest or table is None:
        return table
    rest = table["treated"] - table["redeemed_treated"]
    enough = (table["redeemed_treated"] >= smallest) & (rest >= smallest) & (table["holdout"] >= smallest)
    made = table[enough].reset_index(drop=True)
    leaked = made["redeemed_holdout"]
    few = of_few(leaked, smallest) | (made["holdout"] - leaked < smallest)
    return made.assign(redeemed_holdout=leaked.astype("Int64").mask(few))


def title(table: pd.DataFrame) -> str:
    """Return the finding: in how many campaigns the effect on a redeemer is clear of nothing."""
    known = table[table["low"].notna()]
    clear = int(((known["low"] > 0) | (known["high"] < 0)).sum())
    if known.empty:
        return "What the offers did to those who redeemed is not known"
    one = f"of {in_words(len(known))} campaign{'s' * (len(known) > 1)}"
    return f"Taken by itself, an effect on those who redeemed is clear in {some(clear)} {one} by lot"


def leads(table: pd.DataFrame, *, customers: str, currency: str) -> list[str]:
    """Return why this is another question, and the answer of the campaign with most redeemers, with its condition."""
    lines = [
        f"A decision to send a campaign rests on what it changed for all {customers} drawn, above. This is what the offer did to those who "
        f"used it, {CONDITION}."
    ]
    known = table[table["low"].notna()].sort_values(["redeemed_treated", "campaign_id"], ascending=[False, True])
    if len(known):
        first = known.iloc[0]
        lines.append(
            f"In {named(first['campaign_id'])}, {numbers.count(first['redeemed_treated'])} of {numbers.count(first['treated'])} treated "
            f"redeemed; each spent {with_interval(first['effect'], first['low'], first['high'])} {currency} beyond what they would have."
        )
    return lines


def section(
    table: pd.DataFrame | None, *, customers: str, currency: str, still: frozenset[str] = frozenset()
) -> Fragment:
    """Return the section; nothing without a campaign by lot that sent something and can be read.

    `table` has one row per such campaign (monitor's lot_redeemers); `still` are campaigns that still run.
    """
    if table is None or table.empty:
        return Fragment()
    return page.section(
        KEY, title(table), leads(table, customers=customers, currency=currency), label=LABEL, folded=True,
        subtitle=f"Spend of one who redeemed in the days of the campaign beyond what it would have been, {currency}: the difference of "
        "all treated and all held out, over the difference of their shares of redeemers.",
        table=tables.table(
            listed(table, still=still), caption="Campaigns by lot, those who redeemed", names=COLUMNS,
            formats=dict.fromkeys(EFFECT, numbers.end(one_decimal)) | {"share": numbers.percent},
        ),
        csv=tables.csv_link(table, "lot_redeemers.csv"),
        how_to_read="If a message alone moved those who did not redeem, this number is too large. "
        "Each is read at 95 % by itself; no verdict rests on it. Without a lot none is given: those who redeem chose to.",
        estimates=ESTIMATES, source="order lines, contacts, coupons redeemed",
    )  # fmt: skip


def listed(table: pd.DataFrame, *, still: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row per campaign as it is shown, with the reason where there is no number or no limit."""
    endless = table[["low", "high"]].map(numbers.is_endless).any(axis=1)
    note = table["why"].fillna("").mask(endless, ENDLESS)
    return table.assign(campaign_id=with_state(table["campaign_id"], still), why=note)[list(COLUMNS)]
