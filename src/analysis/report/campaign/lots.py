"""Which campaigns were drawn by lot, and whether the lots are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers, page, tables
from analysis.report.campaign import households
from analysis.report.campaign.phrases import CHECKS, NO_CONTROL, named, named_now, running, some, with_state
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "lots", "Drawn by lot"
UNEVEN = 4.0  # standard errors between the arms before a campaign; lots hardly ever make so much
COLUMNS = {
    "campaign_id": "Campaign", "kind": "Kind", "treated": "Treated", "holdout": "Held out", "share_meant": "Share meant",
    "share_found": "Share found", "split_p": "Chance of such a split", "before_difference": "Difference before",
    "leaked": "Held out who used it", "elsewhere": "In another campaign", "verdict": "Verdict",
}  # fmt: skip


def title(lots: pd.DataFrame, results: pd.DataFrame) -> str:
    """Return the finding: how many campaigns were drawn by lot, and how many of the lots can be read."""
    broken = int(lots["broken"].sum())
    first = f"{sentence_case(in_words(len(lots)))} of {plural(len(results), 'campaign')} {_was(len(lots))} drawn by lot"
    if not broken:
        return f"{first}, and every lot fits what was meant"
    return f"{first}; {in_words(broken)} of the lots {'is' if broken == 1 else 'are'} broken"


def leads(lots: pd.DataFrame, results: pd.DataFrame, *, customers: str) -> list[str]:
    """Return what each check found: broken lots with the place, leaks, campaigns that sent nothing or left nobody out."""
    lines = [
        f"In {named(row.campaign_id)} the lot is broken: {row.where_broken}. Its result is not read."
        for row in lots[lots["broken"]].itertuples()
    ]
    error = (1 / lots["treated"] + 1 / lots["holdout"]) ** 0.5
    for row in lots[~lots["broken"] & (lots["before_difference"].abs() > UNEVEN * error)].itertuples():
        lines.append(
            f"In {named(row.campaign_id)}, treated and held out spent differently before it, by "
            f"{numbers.decimal(abs(row.before_difference))} standard deviations: lots hardly ever do that. Do not rest a decision on it."
        )
    for row in lots[lots["leaked"].fillna(0) > 0].itertuples():
        had = (
            f", about {numbers.count(row.leaked_estimate)} may have had it" if row.leaked_estimate > row.leaked else ""
        )
        lines.append(
            f"In {named(row.campaign_id)}, {numbers.count(row.leaked)} of {numbers.count(row.holdout)} held out used the offer all "
            f"the same{had}: the comparison stands, but it shows less than what the offer does."
        )
    silent = results[results["verdict"].isin(CHECKS)]
    if len(silent):
        found = int((silent["verdict"] == CHECKS[1]).sum())
        lines.append(
            f"{sentence_case(join_and([named_now(row) for _, row in silent.iterrows()]))} sent nothing, as a check of the method: "
            f"a difference was found in {some(found)} of these."
        )
    if len(alone := results[results["verdict"] == NO_CONTROL]):
        names = sentence_case(join_and([named(name) for name in alone["campaign_id"]]))
        lines.append(f"{names} went to everyone who could be contacted: what it changed cannot be known.")
    return lines or [f"In each of them chance alone decided which {customers} were contacted."]


def section(
    lots: pd.DataFrame | None, results: pd.DataFrame | None, *, customers: str, currency: str,
    units: pd.DataFrame | None = None, rule: str = "",
) -> Fragment:  # fmt: skip
    """Return the section; one that says what it needs where nobody drew lots. `lots` has one row per campaign by lot.

    `units` has one row per campaign whose lot drew households (`households.shown`), None where none did.
    `rule` says in a sentence when its campaigns are decided, see `looks.undeclared`.
    """
    if lots is None or lots.empty or results is None or results.empty:
        what = f"No campaign in these data says which {customers} were held out by lot."
        needs = "With one, this section checks the lot."
        return page.absent(KEY, "Nobody drew lots for who was contacted", what, needs, label=LABEL)
    headline = households.title(title(lots, results), units)
    told = leads(lots, results, customers=customers)
    homes = [] if units is None else households.leads(units, customers=customers, currency=currency)
    if homes:  # first of all what was drawn; that chance decided is then said, too
        told = [*homes, *(line for line in told if not line.startswith("In each of them"))]
    told += filter(None, [rule])
    return page.section(
        KEY, headline, told, label=LABEL, folded=True,
        table=tables.table(
            listed(lots, results), caption="Every campaign drawn by lot", names=COLUMNS,
            formats=dict.fromkeys(("share_meant", "share_found"), numbers.percent)
            | {"split_p": _chance, "before_difference": lambda value: numbers.signed(value, 2)},
        ),
        csv=tables.csv_link(lots, "lots.csv"),
        how_to_read="A split less likely than one in a thousand is called broken. The difference before is that of spend in as many "
        "days before the start, in standard deviations. Use by those held out is seen in coupons alone: gifts and points leave no trace."
        + ("" if units is None else households.note(units)),
        estimates=() if units is None else households.ESTIMATES, source="contacts, order lines, coupons redeemed",
    )  # fmt: skip


def listed(lots: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign by lot with its checks and what was made of it."""
    table = lots.merge(results[["campaign_id", "verdict"]], on="campaign_id", how="left")
    return table.assign(campaign_id=with_state(table["campaign_id"], running(lots)))[list(COLUMNS)]


def _chance(p_value: Any) -> str:
    return "below 0.0001" if p_value < 0.0001 else numbers.decimal(p_value, 4)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
