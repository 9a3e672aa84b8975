"""Campaigns by lot at looks that were declared before: what each allows to say, beside the interval of one decision at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers, page, tables
from analysis.report.campaign.phrases import CANNOT_TELL, CHECK_RUNS, NOTHING, OPEN, named
from analysis.report.fragments import Fragment
from analysis.report.words import in_words, join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

KEY, LABEL = "looks", "Looks before the end"
ESTIMATES = ("campaign by lot, looks before the end",)
OVER, AHEAD = "stopped before", "not reached"  # decisions of looks at which nothing was decided
UNSURE = (CANNOT_TELL, NOTHING, OPEN, CHECK_RUNS)  # verdicts that do not stand among all campaigns
FOUND = ("lift", "low", "high")
PEOPLE = ("treated", "holdout", "buyers_treated", "buyers_holdout")
COLUMNS = {
    "campaign_id": "Campaign", "kind": "Kind", "last": "Look", "lift": "Change so far", "low": "Under looks: 95 % from", "high": "to",
    "lift_low": "Decided once: 95 % from", "lift_high": "to ", "decision": "Decision", "next": "Next look",
}  # fmt: skip
STRICT = {
    "obrien-fleming": "hardly any is spent early (O'Brien and Fleming)",
    "pocock": "about as much is spent at each look (Pocock)",
}
ONCE = (
    "No looks before the end were declared: each campaign by lot is decided once, after its last day. An interval that is "
    "read while a campaign runs is no reason to stop it."
)


def rule(declared: Any) -> str:
    """Return in a sentence which decision rule the study has set: looks that it declares, or one decision at the end."""
    if declared is None:
        return ONCE
    when = [numbers.percent(share, 0) for share in declared.shares if share < 1] or declared.days
    unit = "of the days" if declared.shares else "days after the start"
    when = f"at the end and {'after ' * bool(declared.shares)}{join_and(when)} {unit}" if when else "at the end alone"
    return f"Campaigns by lot are judged {when}, as was declared. Of the error of one in twenty, {STRICT[declared.spending]}."


def undeclared(declared: Any) -> str:
    """Return the rule where the study declares no looks; nothing where it does, which the section on looks says."""
    return rule(None) if declared is None else ""


def shown(table: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the looks with blanks where few of an arm had ordered by then, or had not, and without counts of people."""
    if not smallest or table is None:
        return table
    enough = table["reached"].copy()
    for arm in ("treated", "holdout"):
        bought, of = table[f"buyers_{arm}"].fillna(0).astype(int), table[arm]
        enough &= (bought >= smallest) & (of - bought >= smallest)
    found = [*FOUND, "statistic", "lower", "upper"]
    made = table.assign(**{name: table[name].where(enough) for name in found}, why=table["why"].where(enough))
    enough_people = table[["treated", "holdout"]].min(axis=1) >= smallest
    return made[enough_people].drop(columns=list(PEOPLE)).reset_index(drop=True)


def latest(table: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign, by its first look: the look that stopped it, else the last one reached, else the first ahead."""
    import pandas as pd

    rows = []
    for _, own in table.sort_values(["campaign_id", "look"]).groupby("campaign_id"):
        decided, ahead = own[own["reached"] & (own["decision"] != OVER)], own[own["decision"] == AHEAD]
        row = (decided if len(decided) else own).iloc[-1 if len(decided) else 0].copy()
        row["next"] = ahead["on"].iloc[0] if len(ahead) else None
        row["kind"] += ", by household" * (row["unit"] == "household")
        row["first_on"] = own["on"].iloc[0]
        row["last"] = f"{row['look']} of {row['looks']}, {numbers.day(row['on'])}" if len(decided) else "none yet"
        rows.append(row)
    return pd.DataFrame(rows).sort_values(["first_on", "campaign_id"], ignore_index=True)


def title(last: pd.DataFrame) -> str:
    """Return the finding: how many of the campaigns a look before the end has decided."""
    of = f"{in_words(len(last))} campaign{'s' * (len(last) > 1)} by lot"
    early = int((last["decision"].str.startswith("stop") & (last["look"] < last["looks"])).sum())
    return f"A look before the end decides {in_words(early) if early else 'none'} of {of}"


def leads(last: pd.DataFrame, *, declared: Any) -> list[str]:
    """Return the rule, then which campaigns a look stops, and which still run with the day of their next look."""
    lines = []
    for row in last[last["decision"].str.startswith("stop")].itertuples():
        early = ": nothing that comes later is needed to say so" if row.look < row.looks else ""
        among = (
            f" Over all its days and counted among all campaigns, its verdict is {row.verdict}."
            if row.verdict in UNSURE
            else ""
        )
        said = row.decision.removeprefix("stop: ")
        lines.append(f"In {named(row.campaign_id)}, look {row.last} says {said}{early}.{among}")
    for row in last[last["next"].notna()].itertuples():
        so_far = f"look {row.last} says {row.decision}" if row.reached else "no look is reached yet"
        if row.decision.startswith("stop"):
            continue
        lines.append(
            f"{sentence_case(named(row.campaign_id))} still runs: {so_far}; the next look is on {numbers.day(row.next)}."
        )
    return [rule(declared), " ".join(lines)] if lines else [rule(declared)]


def section(table: pd.DataFrame | None, results: pd.DataFrame | None, *, declared: Any, customer: str) -> Fragment:
    """Return the section; nothing where no looks are declared, which the section on lots says, or no lot can be read.

    `table` has one row per campaign and look (monitor's lot_looks), `results` the interval of one decision at the end.
    """
    if declared is None or table is None or table.empty or results is None:
        return Fragment()
    last = latest(table).merge(
        results[["campaign_id", "lift_low", "lift_high", "verdict"]], on="campaign_id", how="left"
    )
    known = last["lift"].notna() & (last["look"] == last["looks"])  # before the end it would be another span of days
    last = last.assign(lift_low=last["lift_low"].where(known), lift_high=last["lift_high"].where(known))
    alone = last["decision"].str.startswith("stop") & last["verdict"].isin(UNSURE)
    last = last.assign(decision=last["decision"].mask(alone, last["decision"] + ", taken by itself"))
    return page.section(
        KEY, title(last), leads(last, declared=declared), label=LABEL, folded=True,
        subtitle=f"Change of spend per {customer} from the first day to the look, as a share of the held out's, with 95 % intervals: "
        "under looks, whichever of them stops it, and decided once, for one reading at the end.",
        table=tables.table(
            last[list(COLUMNS)], caption="Campaigns by lot at their looks", names=COLUMNS,
            formats=dict.fromkeys((*FOUND, "lift_low", "lift_high"), numbers.end(_change)) | {"next": numbers.day},
        ),
        csv=tables.csv_link(table, "lot_looks.csv"),
        how_to_read="A gain or loss is shown where the interval under looks leaves zero out. “Go on” does not say that it fails.",
        estimates=ESTIMATES, source="order lines, contacts",
    )  # fmt: skip


def _change(share: Any) -> str:
    return f"{numbers.signed(100 * share, 1)} %"
