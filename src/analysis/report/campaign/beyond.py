"""Beyond the days and the products of a campaign by lot: the weeks after it, and the rest of the range."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.report import numbers, page, tables
from analysis.report.campaign.few import of_few
from analysis.report.campaign.phrases import named, some, with_interval
from analysis.report.fragments import Fragment
from analysis.report.words import in_words, join_and, plural

KEY, LABEL = "beyond", "Beyond the campaign"
ESTIMATES = (
    "campaign by lot, weeks after", "campaign by lot, both together", "campaign by lot, offered products",
    "campaign by lot, same categories", "campaign by lot, other categories",
)  # fmt: skip
DURING, AFTER, BOTH = "campaign", "weeks after", "both together"
EMPTY, NOT_SAID = (
    "There is no such product.",
    "The data does not say what it offered.",
)  # of a part, and of a whole campaign
COLUMNS = {
    "campaign_id": "Campaign", "what": "What", "per_customer": "Change", "in_all": "In all", "customers": "n", "note": "Note",
}  # fmt: skip
_NUMBERS = ["effect", "low", "high", "p_value", "total", "total_low", "total_high"]


def shown(
    later: pd.DataFrame | None, parts: pd.DataFrame | None, results: pd.DataFrame | None, *, smallest: int
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return both tables for the campaigns whose estimate `results` shows (after `few.campaigns`); None without the tables.

    With `smallest`, a campaign has all its numbers or none: spans and parts add up, so one that rests on few would follow.
    """
    if later is None or parts is None or results is None:
        return None
    known = results.loc[results["effect_per_week"].notna(), "campaign_id"]
    made = [table[table["campaign_id"].isin(known)].reset_index(drop=True) for table in (later, parts)]
    if not smallest:
        return made[0], made[1]
    kept = []
    for table in made:
        weak = table["low"].isna() & table["effect"].notna()
        blank = table["campaign_id"].isin(table.loc[weak, "campaign_id"])
        kept.append(table.assign(**{name: table[name].mask(blank) for name in _NUMBERS if name in table}))
    elsewhere = kept[0]["elsewhere"].astype("float64")
    return kept[0].assign(elsewhere=elsewhere.mask(of_few(elsewhere, smallest))), kept[1]


def title(later: pd.DataFrame, parts: pd.DataFrame) -> str:
    """Return the finding: after how many campaigns spend was clearly lower, and how many parts of the range clearly moved."""
    after = later[(later["span"] == AFTER) & later["low"].notna()]
    moved = int((parts["p_adjusted"] < 0.05).sum())
    tested = int(parts["p_value"].notna().sum())
    halo = f"{some(moved)} of {plural(tested, 'part')} of the range clearly moved"
    if not tested:
        halo = "where in the range spend moved is not known"
    if after.empty:
        return f"No weeks after a campaign are over; {halo}"
    lower = int((after["high"] < 0).sum())
    if len(after) == 1:
        return f"After the one campaign by lot spend was {'' if lower else 'not '}clearly lower; {halo}"
    return f"After {some(lower)} of {in_words(len(after))} campaigns spend was clearly lower; {halo}"


def leads(later: pd.DataFrame, parts: pd.DataFrame, *, customer: str, currency: str) -> list[str]:
    """Return what the weeks after the biggest campaign say of it, and in which part of the range spend clearly moved."""
    lines, after = [], later[(later["span"] == AFTER) & later["low"].notna()]
    if len(after):
        first = after.sort_values(["customers", "campaign_id"], ascending=[False, True]).iloc[0]
        own = later[later["campaign_id"] == first["campaign_id"]].set_index("span")
        said = [with_interval(*own.loc[span, ["effect", "low", "high"]]) for span in (DURING, AFTER, BOTH)]
        lines.append(
            f"In {named(first['campaign_id'])}, the biggest, one treated {customer} spent {said[0]} {currency} more in its days, "
            f"{said[1]} in as many days after, and {said[2]} in both together: what was only pulled forward cancels there."
        )
    clear = parts[parts["p_adjusted"] < 0.05].sort_values(["campaign_id", "place"])
    tested = int(parts["p_value"].notna().sum())
    if len(clear):
        told = [f"{row.part} in {named(row.campaign_id)}" for row in clear.itertuples()]
        lines.append(
            f"Among {numbers.count(tested)} numbers on parts of the range these stand ({clear['by'].iloc[0]}): {join_and(told)}."
        )
    elif tested:
        lines.append(
            f"None of {plural(tested, 'number')} on parts of the range stands among all of them ({parts['by'].iloc[0]})."
        )
    return lines


def section(
    tables_: tuple[pd.DataFrame, pd.DataFrame] | None, *, customer: str, customers: str, currency: str
) -> Fragment:
    """Return the section; nothing at all where no campaign by lot can be read, which the section on lots says already."""
    if tables_ is None or tables_[0].empty:
        return Fragment()
    later, parts = tables_
    rows = listed(later, parts)
    return page.section(
        KEY, title(later, parts), leads(later, parts, customer=customer, currency=currency), label=LABEL, folded=True,
        subtitle=f"Treated minus held out, {currency} per treated {customer} over the whole span, and in all, with 95 % intervals; "
        f"n = {customers} of both arms.",
        table=tables.table(rows, caption="Every campaign by lot, by span and by part of the range", names=COLUMNS),
        csv=tables.csv_link(pd.concat([later, parts], ignore_index=True), "beyond.csv"),
        how_to_read="Below zero in the weeks after: pulled forward. Beside what was offered: below zero taken from neighbours, above zero "
        "a halo. Parts add up to the change in the campaign's days.",
        estimates=ESTIMATES, source="order lines, contacts, offers",
    )  # fmt: skip


def listed(later: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign and span after it, then per campaign and part of the range, as it is shown."""
    spans = later[later["span"] != DURING].assign(what=later["span"], order=later["place"])
    unsaid, why = parts["why"].eq(NOT_SAID).fillna(False), parts["why"].fillna("")
    of_range = parts.assign(what=parts["part"].mask(unsaid, "parts of the range"), order=parts["place"] + 10)
    of_range = of_range[(why != EMPTY) & ~(unsaid & (parts["place"] > 0))]
    rows = pd.concat([spans, of_range], ignore_index=True).sort_values(["campaign_id", "order"], ignore_index=True)
    made = rows.assign(
        per_customer=[with_interval(row.effect, row.low, row.high) for row in rows.itertuples()],
        in_all=[with_interval(row.total, row.total_low, row.total_high, numbers.count) for row in rows.itertuples()],
        note=[_note(row) for row in rows.to_dict("records")],
    )  # fmt: skip
    return made[list(COLUMNS)]


def _note(row: dict[str, Any]) -> str:
    if numbers.is_known(row["why"]):
        return str(row["why"])
    if numbers.is_known(row.get("p_adjusted")):
        return f"p = {numbers.decimal(row['p_adjusted'], 3)} among {numbers.count(row['tested'])} ({row['by']})"
    elsewhere = row.get("elsewhere")
    if row["what"] == AFTER and numbers.is_known(elsewhere) and elsewhere:
        return f"{numbers.count(elsewhere)} of them were in another campaign in these weeks"
    return ""
