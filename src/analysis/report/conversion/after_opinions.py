"""What customers do after an opinion: whether those who were not satisfied order again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion.differences import Difference, rate_difference
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "after-opinions", "After an opinion"
SATISFIED, NOT = "satisfied", "not satisfied"
ESTIMATES = ("ordered again after an opinion", "ordered again, by satisfaction")


def difference(followed: pd.DataFrame) -> Difference:
    """Return the share that orders again of opinions that say not satisfied, minus that of those that say satisfied.

    One row per opinion (`monitor.opinions.followed`); the units are customers, who may have given opinions of both kinds. No
    interval where either side has too few customers or orders to be expected (`differences.rate_difference`).
    """
    sides = [followed[followed["satisfied"] == satisfied] for satisfied in (False, True)]
    return rate_difference(*(side[column] for side in sides for column in ("ordered_again", "customer_id")))


def title(found: Difference) -> str:
    """Return the finding, in words that say what was seen and not why."""
    said = {
        "down": "Who was not satisfied orders again less often", "up": "Who was not satisfied orders again more often",
        "no clear change": "We see no clear difference in how often the satisfied and the others order again",
    }  # fmt: skip
    return said.get(found.word, "We cannot tell whether those who were not satisfied order again less often")


def lead(found: Difference, shares: pd.DataFrame, *, again_days: int) -> str:
    """Return both shares with their counts, the difference and what it is not."""
    rows = shares[shares["kind"] == "all"].set_index("answer")
    told = " and ".join(
        f"{numbers.count(rows.loc[name, 'again'])} of {numbers.count(rows.loc[name, 'opinions'])} opinions that say {name} "
        f"({numbers.percent(rows.loc[name, 'rate'])})" for name in (NOT, SATISFIED)
    )  # fmt: skip
    limits = (
        f", a difference of {numbers.interval(found.low, found.high, numbers.points)}"
        if numbers.is_known(found.low)
        else ""
    )
    return (
        f"Within {again_days} days an order followed {told}{limits}. This describes who stays; it does not say that an answer would "
        "have kept them, because those who are not satisfied also differ otherwise, and give other kinds of opinion: "
        "compare within a kind."
    )


def section(
    followed: pd.DataFrame | None,
    shares: pd.DataFrame | None,
    *,
    again_days: int,
    customers: str,
    period: str,
    smallest: int = 0,
) -> Fragment | None:
    """Return the part of the page; None where the data has no opinions, which the section before has said."""
    if followed is None or shares is None:
        return None
    shown = _told(followed, shares, smallest)
    rows = shown[shown["kind"] == "all"]
    if smallest and rows.empty:
        return blanks.too_few(KEY, "what they do after an opinion", smallest=smallest, customers=customers, label=LABEL)
    if rows["opinions"].min() == 0:
        return page.absent(
            KEY, "What follows an opinion is not known yet", f"There are too few opinions that say satisfied or not and were given "
            f"{again_days} days or more before the end of the data.", "With more, this section compares how many order again.", label=LABEL,
        )  # fmt: skip
    found = difference(followed)
    return page.section(
        KEY, title(found), lead(found, shown, again_days=again_days), label=LABEL,
        subtitle=f"Share of opinions followed by an order within {again_days} days, {period}. n = {plural(len(followed), 'opinion')} of "
                 f"{plural(followed['customer_id'].nunique(), customers, customers)}.",
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(
                shown[shown["opinions"] > 0], ax, category="kind", value="rate", low="low", high="high", group="answer",
                colors={SATISFIED: "navy", NOT: "orange"}, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(found)}: {numbers.percent(found.a)} against {numbers.percent(found.b)}."),
        how_to_read="Each pair is one kind of opinion; all is every opinion that says satisfied or not. Lines are 95 % intervals.",
        table=tables.table(
            shown.drop(columns="customers"), caption="Ordered again after an opinion, with 95 % interval",
            formats=dict.fromkeys(("rate", "low", "high"), numbers.percent),
            names={"kind": "Kind of opinion", "answer": "The customer was", "again": "Ordered again", "rate": "Share", "low": "From",
                   "high": "To"}),
        csv=tables.csv_link(shown.drop(columns="customers"), "after_opinions.csv"), estimates=ESTIMATES,
        note="An order on the day of the opinion does not count. Opinions whose days are not over are left out.",
        source="feedback and order lines",
    )  # fmt: skip


def _told(followed: pd.DataFrame, shares: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Return the shares that say too much of nobody: all kinds together alone where one kind is of few, else nothing."""
    if not smallest:
        return shares
    few = {kind for kind, part in [("all", followed), *followed.groupby("kind")] if _is_few(part, smallest)}
    if "all" in few:
        return shares.head(0)
    return shares[shares["kind"] == "all"].reset_index(drop=True) if few else shares


def _is_few(part: pd.DataFrame, smallest: int) -> bool:
    people = [part.loc[(part["satisfied"] == answer) & (part["ordered_again"] == again), "customer_id"].nunique()
              for answer in (True, False) for again in (True, False)]  # fmt: skip
    return any(0 < number < smallest for number in people)
