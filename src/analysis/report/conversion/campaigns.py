"""All campaigns beside each other: the share of contacts that redeemed, in blocks by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.inference.corrections import HOLM, correction
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion import kinds
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    from analysis.report.fragments import Fragment

KEY, LABEL = "kinds", "Kinds and campaigns"


def by_campaign(funnel: pd.DataFrame, campaigns: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign, kinds in the order of `ranked`, then by first day: its rate, and whether all of it was seen.

    `campaigns` has one row per campaign: campaign_id, kind, starts_on, ends_on. `seen` is whole, still open, or began
    before the data.
    """
    rows = funnel[(funnel["scope"] == "campaign") & (funnel["step"] == "redeemed")].rename(
        columns={"name": "campaign_id"}
    )
    table = rows.merge(campaigns[["campaign_id", "kind", "starts_on", "ends_on"]], on="campaign_id", how="left")
    table["seen"] = "whole"
    table.loc[table["window_closed"] < 1, "seen"] = "still open"
    table.loc[table["seen_from_start"] < 1, "seen"] = "began before the data"
    place = {kind: number for number, kind in enumerate(ranked["kind"])}
    table = table.assign(place=table["kind"].map(place)).sort_values(["place", "starts_on", "campaign_id"])
    columns = ["kind", "campaign_id", "starts_on", "ends_on", "reached", "contacted", "rate", "low", "high", "seen"]
    return table[columns].reset_index(drop=True)


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Add the `row` that a figure names: kind, campaign, and what was not seen of it."""
    mark = (
        table["seen"].map({"whole": "", "still open": ", open", "began before the data": ", began before"}).fillna("")
    )
    return table.assign(row=table["kind"].astype(str) + ", " + table["campaign_id"].astype(str) + mark)


def draw(rows: pd.DataFrame, ax: Any, *, average: float) -> Any:
    """Draw the campaigns close together, so that the figure fits a phone; those not wholly seen step back."""
    whole = rows.loc[rows["seen"] == "whole", "row"].tolist()
    charts.dots_with_intervals(
        rows, ax, category="row", value="rate", low="low", high="high", highlight=whole, reference=average,
        fmt=lambda x: numbers.percent(x, 0),
    )  # fmt: skip
    ax.figure.set_figheight(0.9 + len(rows) * (0.43 if figures.is_narrow(ax) else 0.3))
    ax.set_xlim(left=-0.012 * ax.get_xlim()[1])
    return ax


def section(
    funnel: pd.DataFrame, outcomes: pd.DataFrame, same: pd.DataFrame, promoted: pd.DataFrame, campaigns: pd.DataFrame,
    *, customers: str, period: str, few: Few = ALL_SHOWN, many: str = HOLM,
) -> Fragment:  # fmt: skip
    """Return the part of the page: title and sentences of `kinds`, the figure of all campaigns."""
    if few.hides("kind", "all"):
        return blanks.too_few(KEY, "kinds and campaigns", smallest=few.smallest, customers=customers, label=LABEL)
    ranked, found = kinds.by_kind(funnel, outcomes, promoted), kinds.told(kinds.leading(outcomes, same, many=many), few)
    moved = kinds.trend(outcomes, campaigns, kind=kinds.largest(ranked)) if len(ranked) else None
    moved = (
        None
        if moved is not None and (few.hides("campaign", moved.first) or few.hides("campaign", moved.last))
        else moved
    )
    frame = by_campaign(funnel, campaigns, ranked)
    if frame.empty:
        return blanks.too_few(KEY, "kinds and campaigns", smallest=few.smallest, customers=customers, label=LABEL)
    missing = pd.Series([float("nan")] * (outcomes["campaign_id"].nunique() - len(frame)))
    whole = funnel[(funnel["scope"] == "all") & (funnel["step"] == "redeemed")].iloc[0]
    said = kinds.title(found).format(customers=customers)
    if found is not None and few.hides("kind", found.kind):
        said = "How often contacts redeem, where enough stand behind it to say so"
    rates = [f"{row.kind} {numbers.percent(row.rate)}" for row in ranked.itertuples()]
    pale = sorted(set(frame["seen"]) - {"whole"})
    return page.section(
        KEY, said, kinds.lead(found, moved, ranked, customers=customers), label=LABEL,
        subtitle=(f"Share of contacts that redeemed, by campaign, {period}. n = {plural(len(frame), 'campaign')}, "
                  f"{plural(whole['contacted'], 'contact')}."),
        figure=figures.svg(lambda ax: draw(named(frame), ax, average=whole["rate"]),
                           alt=f"{said}. By kind: {join_and(rates)}."),
        how_to_read=(
            f"Each dot is a campaign (kind, number), in blocks by kind, earliest first. The line is its "
            "95 % interval: short for large campaigns. "
            f"The upright line is all contacts, {numbers.percent(whole['rate'])}."
            + (f" Pale: {join_and(pale)}, so not all was seen." if pale else "")
        ),
        table=tables.table(
            frame.drop(columns="ends_on"), caption="Contacts that redeemed, by campaign, with 95 % interval", row_header="campaign_id",
            formats=dict.fromkeys(("rate", "low", "high"), numbers.percent),
            names={"campaign_id": "Campaign", "reached": "Redeemed", "rate": "Share", "low": "From", "high": "To", "seen": "Seen"}),
        csv=tables.csv_link(frame, "redemption_by_campaign.csv"),
        estimates=("leading kind of campaign", "conversion rate, one campaign"),
        note="About one interval in twenty misses its true rate, so a single low or high campaign means little. "
        + (f"Each kind against the rest: {correction(many).told(found.compared)}" if found is not None else "There is one kind only.")
        + blanks.note(missing, what="campaign", smallest=few.smallest, customers=customers),
        source="contacts, redemptions and coupons",
    )  # fmt: skip
