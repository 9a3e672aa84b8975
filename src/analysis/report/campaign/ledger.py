"""The ledger of campaigns: one row each with the same columns, and why sales minus cost says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import figures, numbers, page, tables
from analysis.report.campaign import money
from analysis.report.campaign.few import of_few
from analysis.report.campaign.ledger_rows import COLUMNS, listed
from analysis.report.campaign.phrases import campaigns, estimated, named, one_reason, rounded
from analysis.report.campaign.phrases import money as amount
from analysis.report.campaign.refunds import refunds_note
from analysis.report.fragments import Fragment
from analysis.report.words import in_words, join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

KEY, LABEL = "ledger", "Sales, cost and worth"
ESTIMATES = (
    "campaign by lot, total",
    "campaign by lot, net value",
    "campaign by lot, return on investment",
    "campaign by lot, net value of both",
    "redeemers who would have bought anyway",
)
FREE = ("redeemers", "least_low", "most_high", "cost_least", "cost_most")
NET_MEANS = (
    ". Net value and return are for such a campaign among customers such as these; redeemers who would have bought are the least and the "
    "most of them, if the campaign kept nobody from buying"
)


def shown(table: pd.DataFrame | None, results: pd.DataFrame | None, *, smallest: int = 0) -> pd.DataFrame | None:
    """Return the ledger in its order with the blanks of `results` (after `few.campaigns`), whose columns it repeats.

    With `smallest`, bounds of redeemers are blank where they or the rest are fewer, or redemptions are blank themselves.
    """
    if table is None or results is None or table.empty:
        return None
    known = results.set_index("campaign_id")
    made = table[table["campaign_id"].isin(known.index)].sort_values("place", ignore_index=True)
    for column in [name for name in made if name in known]:
        made[column] = known[column].reindex(made["campaign_id"]).to_numpy()
    blank = made["sales"].isna() | made["total_effect"].isna()
    made = made.assign(**{name: made[name].mask(blank) for name in ("anyway", "anyway_low", "anyway_high")})
    if not smallest:
        return made
    few, of = made["redemptions"].isna(), made["redeemers"].astype("float64")
    for count in (of, made["least_low"], made["most_high"], of - made["least_low"], of - made["most_high"]):
        few |= of_few(count, smallest)
    weak = made["net_value"].isna()
    made = made.assign(**{name: made[name].astype("float64").mask(few) for name in FREE})
    return made.assign(**{name: made[name].mask(weak) for name in ("net_both", "both_low", "both_high")})


def title(table: pd.DataFrame) -> str:
    """Return the finding: how many campaigns surely paid, surely did not, and of how many nobody can tell."""
    known = table[table["net_value"].notna()]
    if known.empty:
        return f"What {campaigns(len(table))} {'was' if len(table) == 1 else 'were'} worth is not known"
    over = known["closed"].astype(bool)  # an interval that is read before the end decides nothing
    paid, lost = int((over & (known["net_low"] > 0)).sum()), int((over & (known["net_high"] < 0)).sum())
    said = [f"{in_words(n)} surely {word}" for n, word in ((paid, "paid"), (lost, "did not pay")) if n]
    unclear = len(known) - paid - lost
    if not said:
        if not over.any():
            return f"Whether {'it pays' if unclear == 1 else 'they pay'} is not known before the end of {campaigns(unclear)}"
        whose = f"All {in_words(unclear)} known net values" if unclear > 1 else "The one known net value"
        return f"{whose} may lie above or below zero"
    said += [f"of {in_words(unclear)} it cannot be told"] if unclear else []
    return f"Of {campaigns(len(known))} with a known net value, {join_and(said)}"


def leads(table: pd.DataFrame, *, currency: str) -> list[str]:
    """Return why sales minus cost and net value differ, with the numbers of the campaign on top, and what is left out."""
    known = table[table["anyway"].notna() & table["net_value"].notna()]
    lines = []
    if len(known):
        first = known.iloc[0]
        span = numbers.span(first["anyway_low"], first["anyway_high"], lambda value: numbers.count(rounded(value)))
        lines.append(
            f"Sales minus cost counts what would have come anyway: in {named(first['campaign_id'])} "
            f"{amount(rounded(first['anyway']), currency)} (95 % interval {span}) of {amount(rounded(first['sales']), currency)} sold. "
            "Net value is the margin of the rest alone, minus cost."
        )
    if without := int(table["net_value"].isna().sum()):
        verb = "has" if without == 1 else "have"
        why = one_reason(table)
        said = f": {why[:1].lower()}{why[1:]}" if why else "; the table says why."
        lines.append(f"{sentence_case(campaigns(without))} {verb} no net value{said}")
    return lines


def section(
    table: pd.DataFrame | None, results: pd.DataFrame | None, *, customer: str, customers: str, currency: str, period: str,
) -> Fragment:  # fmt: skip
    """Return the section: a figure of the biggest campaigns and a table of all; `results` has one row per campaign.

    What no campaign has is left out of the table, not of the file.
    """
    if table is None or table.empty or results is None or results.empty:
        needs = "With one, this section shows its sales and cost beside what it may have added."
        return page.absent(
            KEY, "What the campaigns sold is not known", "No campaign has begun in these data.", needs, label=LABEL
        )
    rows, compared = listed(table).dropna(axis="columns", how="all"), estimated(results)
    rows = rows.drop(columns=["net", "return"]) if one_reason(table) else rows
    who = {"customers": customers, "currency": currency}
    most = None if compared is None else compared.head(money.SHOWN)
    given = {} if most is None else {
        "figure": figures.svg(lambda ax: money.draw(most, ax, currency=currency), alt=money.told(results, **who)),
    }  # fmt: skip
    return page.section(
        KEY, title(table), [*money.leads(results, customer=customer, **who), *leads(table, currency=currency)], label=LABEL, folded=True,
        subtitle=(f"The {in_words(len(most))} biggest campaigns compared. " if given else "")
        + f"{currency} over the whole campaign, {period}; n = contacted {customers}, the estimated change is of those compared.",
        table=tables.table(
            rows,
            caption=f"Every campaign, most valuable first, those of unknown worth last; {currency}, 95 % intervals"
            + NET_MEANS * ("net" in rows),
            names={name: COLUMNS[name] for name in rows},
            formats={"marketing_effect": numbers.count} if "marketing_effect" in rows else None,
        ),
        csv=tables.csv_link(table, "ledger.csv"),
        how_to_read=("The diamond is what came in, the dot what may have come in addition, its line the 95 % interval. " if given else "")
        + f"A sale counts in every campaign that its {customer} was in, so campaigns do not add up.",
        note=refunds_note(table), estimates=ESTIMATES, source="order lines, contacts, coupons redeemed, list of campaigns", **given,
    )  # fmt: skip
