"""Which checks of the campaigns without a lot hold: they decide the word that is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers, page, tables
from analysis.report.campaign.phrases import named, with_state
from analysis.report.fragments import join
from analysis.report.words import in_words, join_and

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "checks", "Checks of the comparisons"
HOLDS, FAILS, COARSE, UNKNOWN = "holds", "fails", "too coarse", "not known"
MEANING = {
    "weeks before": "the same comparison one campaign length earlier finds nothing",
    "earlier dates": "fewer than one in twenty pseudo-campaigns on earlier dates, of all campaigns, lie as far from zero",
    "products not offered": "spend in categories of which the campaign offered nothing did not change, scaled up to all spend, and what "
    "was offered changed by more",
    "days of use": "for sure more than half of the gain was spent on days on which they used an offer of the campaign",
    "doubly robust": "the other way of weighting, on the same contacted, finds no less than half of the difference, and the difference "
    "in its interval",
    "overlap": "at least half of the contacted have comparable ones, who are worth 20 of equal weight or more",
    "balance": "after weighting no known trait differs by more than a quarter of a standard deviation",
    "hidden cause": "one as strong as the strongest known trait would not take the difference to zero",
}  # the keys are those of inference.comparison_checks
BALANCE = {"campaign_id": "Campaign", "trait": "Trait from before", "before": "As they are", "after": "Weighted"}


def title(checks: pd.DataFrame) -> str:
    """Return the finding: in how many of the campaigns every check holds, and whether any fails."""
    states = checks.groupby("campaign_id")["state"]
    n, every = checks["campaign_id"].nunique(), int(states.agg(lambda own: (own == HOLDS).all()).sum())
    failed = int(states.agg(lambda own: (own == FAILS).any()).sum())
    whole = f"All checks hold in {in_words(every) if every else 'none'} of {in_words(n)} campaign{'s' * (n > 1)} without a lot"
    return f"{whole}; one fails in {in_words(failed)}" if failed else f"{whole}; none fails"


def leads(checks: pd.DataFrame) -> list[str]:
    """Return which checks fail where, and what a campaign needs to be called consistent with a gain."""
    failed = checks[checks["state"] == FAILS]
    lines = [
        f"Nobody drew lots here, so no check can show a cause; each can only take a claim away. A campaign is called consistent with a "
        f"gain where its interval lies above zero and all {in_words(len(MEANING))} hold. What cannot be excluded even then: another cause "
        "of just what was offered, on just the days on which offers were used. A check is too coarse where it found nothing but "
        "could have missed a bias as large as the difference, or where the difference itself may be none."
    ]
    if len(failed):
        said = [
            f"{check} in {join_and([named(name) for name in own['campaign_id']])}"
            for check, own in failed.groupby("check", sort=False)
        ]
        lines.append(f"What fails: {'; '.join(said)}.")
    return lines


def section(
    checks: pd.DataFrame | None, balance: pd.DataFrame | None, *, still: frozenset[str] = frozenset()
) -> Fragment:
    """Return the section; `checks` has one row per campaign and check, `balance` one per campaign and trait (monitor).

    `still` are campaigns that still run.
    """
    if checks is None or checks.empty:
        what = "No campaign without a lot can be compared with others."
        return page.absent(
            KEY, "There is nothing to check", what, "With one, this section shows whether its checks hold.", label=LABEL
        )
    order = [name for name in MEANING if name in set(checks["check"])]
    wide = checks.pivot(index="campaign_id", columns="check", values="state")[order].reset_index()
    wide = _by_number(wide.rename_axis(columns=None))
    wide["campaign_id"] = with_state(wide["campaign_id"], still)
    pieces = [tables.table(wide, caption="Every check, by campaign", names={"campaign_id": "Campaign"})]
    placed = checks.assign(place=checks["check"].map({name: place for place, name in enumerate(MEANING)})).sort_values(
        "place"
    )
    told = _by_number(placed[["campaign_id", "check", "state", "said"]])
    names = {"campaign_id": "Campaign", "check": "Check", "state": "State", "said": "What it found"}
    pieces.append(tables.csv_link(told, "campaign_checks.csv"))
    if balance is not None and len(balance):
        worst = _worst(balance)
        worst["campaign_id"] = with_state(worst["campaign_id"], still)
        caption = "The trait that differs most after weighting, contacted minus comparable in standard deviations"
        formats = dict.fromkeys(("before", "after"), lambda value: numbers.signed(value, 2))
        pieces.append(tables.table(worst, caption=caption, names=BALANCE, formats=formats))
    return page.section(
        KEY,
        title(checks),
        leads(checks),
        label=LABEL,
        table=join(pieces, " "),
        how_to_read=" ".join(f"“{check.capitalize()}” holds where {MEANING[check]}." for check in order),
        note=_findings(told, names),
        source="order lines, contacts, offers",
    )


def _worst(balance: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign: its trait with the largest difference after weighting, ties by name."""
    table = balance.assign(size=balance["after"].abs())
    table = table.sort_values(["campaign_id", "size", "trait"], ascending=[True, False, True]).drop_duplicates(
        "campaign_id"
    )
    return _by_number(table[list(BALANCE)])


def _by_number(table: pd.DataFrame) -> pd.DataFrame:
    """The table by campaign, 2 before 10, other order kept."""
    key = table["campaign_id"].map(lambda name: (len(name), name))
    return table.assign(key=key).sort_values("key", kind="stable", ignore_index=True).drop(columns="key")


def _findings(told: pd.DataFrame, names: dict[str, str]) -> str:
    return f"What each check found is in the file: {', '.join(names.values()).lower()}."
