"""The ledger of campaigns: one row each with the same columns, and why sales minus cost says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers, page, tables
from analysis.report.campaign.phrases import money, named, rounded
from analysis.report.fragments import Fragment
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

KEY, LABEL = "ledger", "The ledger"
ESTIMATES = ("campaign by lot, total",)
NO_CHECK, NOT_DEFINED = "none can be made", "not defined"
COLUMNS = {
    "campaign_id": "Campaign", "net": "Net value", "return": "Return on cost", "added": "Added sales", "spent": "Cost",
    "marketing_effect": "Sales minus cost", "came_anyway": "Sales that came anyway", "contacted": "Contacted", "how": "Method",
    "ran": "Ran", "verdict": "Verdict", "checked": "Checks",
}  # fmt: skip


def shown(table: pd.DataFrame | None, results: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the ledger in its order with the blanks of `results` (after `few.campaigns`), whose columns it repeats."""
    if table is None or results is None or table.empty:
        return None
    known = results.set_index("campaign_id")
    made = table[table["campaign_id"].isin(known.index)].sort_values("place", ignore_index=True)
    for column in [name for name in made if name in known]:
        made[column] = known[column].reindex(made["campaign_id"]).to_numpy()
    blank = made["sales"].isna() | made["total_effect"].isna()
    return made.assign(**{name: made[name].mask(blank) for name in ("anyway", "anyway_low", "anyway_high")})


def title(table: pd.DataFrame) -> str:
    """Return the finding: how many campaigns surely paid, surely did not, and of how many nobody can tell."""
    known = table[table["net_value"].notna()]
    if known.empty:
        return f"What {_campaigns(len(table))} {'was' if len(table) == 1 else 'were'} worth is not known"
    paid, lost = int((known["net_low"] > 0).sum()), int((known["net_high"] < 0).sum())
    said = [f"{in_words(n)} surely {word}" for n, word in ((paid, "paid"), (lost, "did not pay")) if n]
    unclear = len(known) - paid - lost
    if not said:
        whose = f"All {in_words(unclear)} known net values" if unclear > 1 else "The one known net value"
        return f"{whose} may lie above or below zero"
    said += [f"of {in_words(unclear)} it cannot be told"] if unclear else []
    return f"Of {_campaigns(len(known))} with a known net value, {join_and(said)}"


def leads(table: pd.DataFrame, *, currency: str) -> list[str]:
    """Return why sales minus cost and net value differ, with the numbers of the campaign on top, and what is left out."""
    known = table[table["anyway"].notna() & table["net_value"].notna()]
    lines = []
    if len(known):
        first = known.iloc[0]
        span = numbers.span(first["anyway_low"], first["anyway_high"], lambda value: numbers.count(rounded(value)))
        lines.append(
            f"Sales minus cost counts what would have come anyway: in {named(first['campaign_id'])} "
            f"{money(rounded(first['anyway']), currency)} (95 % interval {span}) of {money(rounded(first['sales']), currency)} sold. "
            "Net value takes the margin of the rest alone, and then the cost."
        )
    if without := int(table["net_value"].isna().sum()):
        verb = "has" if without == 1 else "have"
        lines.append(f"{sentence_case(_campaigns(without))} {verb} no net value; the table says why in its place.")
    return lines


def section(table: pd.DataFrame | None, *, customer: str, customers: str, currency: str, period: str) -> Fragment:
    """Return the section; nothing at all without campaigns, which the section on sales says already."""
    if table is None or table.empty:
        return Fragment()
    return page.section(
        KEY, title(table), leads(table, currency=currency), label=LABEL,
        subtitle=f"Every campaign of {period}, most valuable first, those of unknown worth last; amounts in {currency}, 95 % intervals.",
        table=tables.table(
            listed(table), caption="The ledger", names=COLUMNS,
            formats={"marketing_effect": numbers.count, "contacted": numbers.count},
        ),
        csv=tables.csv_link(table, "ledger.csv"),
        how_to_read=f"Cost is contact and redeemed incentives. A return of 50 % is half as much again as was put in. Sales that came "
        f"anyway are what the treated {customers} would have spent without the campaign; more than was sold means that it cost sales.",
        estimates=ESTIMATES, source="order lines, contacts, coupons redeemed, list of campaigns",
    )  # fmt: skip


def listed(table: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign as it is shown: a number and its interval in one cell, and words where there is none."""
    rows = [row._asdict() for row in table.itertuples(index=False)]
    made = table[["campaign_id", "contacted", "marketing_effect", "verdict"]].assign(
        how=[f"{row['kind']}, {_method(row['method'])}" for row in rows],
        ran=[numbers.period(row["starts_on"], row["measured_until"]) + ("" if row["closed"] else ", still runs") for row in rows],
        added=[_with_interval(row, "total_effect", "total_low", "total_high") for row in rows],
        spent=[_spent(row) for row in rows],
        net=[_with_interval(row, "net_value", "net_low", "net_high") or f"not known: {row['net_why']}" for row in rows],
        came_anyway=[_anyway(row) for row in rows],
        checked=[_checked(row) for row in rows],
        **{"return": [_return(row) for row in rows]},
    )  # fmt: skip
    return made[list(COLUMNS)]


def _with_interval(row: dict[str, Any], value: str, low: str, high: str) -> str | None:
    if not numbers.is_known(row[value]):
        return None
    return f"{numbers.count(row[value])} ({numbers.span(row[low], row[high], numbers.count)})"


def _return(row: dict[str, Any]) -> str | None:
    if not numbers.is_known(row["roi"]):  # the reason stands with the net value, or is that nothing was spent
        return NOT_DEFINED + ("" if numbers.is_known(row["net_why"]) else f": {row['roi_why']}")
    whole = lambda share: numbers.percent(share, 0)  # noqa: E731
    return f"{whole(row['roi'])} ({numbers.span(row['roi_low'], row['roi_high'], whole)})"


def _spent(row: dict[str, Any]) -> str | None:
    """Contact and incentives, each as far as it is known."""
    parts = [f"{numbers.count(row[name])} {word}" for name, word in (("cost", "contact"), ("cost_coupons", "incentives"))
             if numbers.is_known(row[name])]  # fmt: skip
    return " + ".join(parts) if len(parts) == 2 else f"{parts[0]}, the rest unknown" if parts else None


def _anyway(row: dict[str, Any]) -> str | None:
    told = _with_interval(row, "anyway", "anyway_low", "anyway_high")
    return told and f"{told} of {numbers.count(row['sales'])}"


def _checked(row: dict[str, Any]) -> str:
    if not row["checks"]:
        return NO_CHECK
    others = f"; {row['not_held']}" if numbers.is_known(row["not_held"]) else ""
    return f"{row['checks_held']} of {row['checks']} hold{others}"


def _method(method: str) -> str:
    return {"lot": "by lot", "none": "nobody to compare with"}.get(method, "by comparison")


def _campaigns(number: int) -> str:
    return plural(number, "campaign") if number > 12 else f"{in_words(number)} campaign{'s' * (number != 1)}"
