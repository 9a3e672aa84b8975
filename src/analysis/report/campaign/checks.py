"""Which checks of the campaigns without a lot hold: they decide the word that is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import page, tables
from analysis.report.campaign.phrases import named, some
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
STATES = (HOLDS, FAILS, COARSE, UNKNOWN)


def title(checks: pd.DataFrame) -> str:
    """Return the finding: in how many of the campaigns every check holds, and whether any fails."""
    states = checks.groupby("campaign_id")["state"]
    n, every = checks["campaign_id"].nunique(), int(states.agg(lambda own: (own == HOLDS).all()).sum())
    failed = int(states.agg(lambda own: (own == FAILS).any()).sum())
    whole = f"All checks hold in {some(every)} of {in_words(n)} campaign{'s' * (n > 1)} without a lot"
    return f"{whole}; at least one fails in {in_words(failed)}" if failed else f"{whole}; none fails"


def leads(checks: pd.DataFrame) -> list[str]:
    """Return which checks fail where, and what a campaign needs to be called consistent with a gain."""
    failed = checks[checks["state"] == FAILS]
    lines = [
        f"Without a lot no check can show a cause, only take a claim away. A campaign is called consistent with a gain where its interval "
        f"lies above zero and all {in_words(len(MEANING))} hold; even then another cause of just what was offered, on just the days of "
        "use, cannot be excluded."
    ]
    if len(failed):
        said = [
            f"{check} in {join_and([named(name) for name in own['campaign_id']])}"
            for check, own in failed.groupby("check", sort=False)
        ]
        lines.append(f"What fails: {'; '.join(said)}.")
    return lines


def section(checks: pd.DataFrame | None) -> Fragment:
    """Return the section; `checks` has one row per campaign and check (monitor)."""
    if checks is None or checks.empty:
        what = "No campaign without a lot can be compared with others."
        return page.absent(
            KEY, "There is nothing to check", what, "With one, this section shows whether its checks hold.", label=LABEL
        )
    place = {name: at for at, name in enumerate(MEANING)}
    told = checks.assign(place=checks["check"].map(place)).sort_values("place")
    told = _by_number(told[["campaign_id", "check", "state", "said"]])
    return page.section(
        KEY, title(checks), leads(checks), label=LABEL, folded=True,
        table=tables.table(counted(checks), caption="In how many campaigns each check holds", names={"meaning": "Holds where"}),
        csv=tables.csv_link(told, "campaign_checks.csv"),
        how_to_read="A check is too coarse where it found nothing but could have missed a bias as large as the difference, or where the "
        "difference itself may be none. What each found in every campaign is in the file.",
        source="order lines, contacts, offers",
    )  # fmt: skip


def counted(checks: pd.DataFrame) -> pd.DataFrame:
    """One row per check in the order of `MEANING`: in how many campaigns it is in each state that occurs, and when it holds."""
    table = checks.groupby(["check", "state"]).size().unstack(fill_value=0)
    table = table.reindex(index=[name for name in MEANING if name in table.index])
    table = table[[name for name in STATES if name in table]].reset_index().rename_axis(columns=None)
    return table.assign(meaning=table["check"].map(MEANING))


def _by_number(table: pd.DataFrame) -> pd.DataFrame:
    """The table by campaign, 2 before 10, other order kept."""
    key = table["campaign_id"].map(lambda name: (len(name), name))
    return table.assign(key=key).sort_values("key", kind="stable", ignore_index=True).drop(columns="key")
