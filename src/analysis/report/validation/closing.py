"""How far the validation itself can be trusted: how worlds are made, what is counted, and what no world can show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.report import numbers, page, tables
from analysis.report.validation import marks
from analysis.report.words import join_and

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

METHOD = [
    ("Worlds", "Small companies whose truth is known in a formula: orders by a gamma-Poisson process, spend lognormal with a long "
     "tail, contacts with an own chance to redeem; and some of the simulated company. Each world has a seed of its own, made from "
     "the setting and its number, so that results do not depend on how many processes share the work."),
    ("Estimates", "The project's own functions, as the notebooks call them. Campaigns by lot draw 399 lots again instead of 1,999: "
     "as exact, a little wider. What the engine sums is given as summed; other tests hold the engine to account."),
    ("Goals", "A 95 % interval holds the truth in 94 to 96 % of worlds. Where nothing happened it leaves out zero in 4.4 to 5.6 %, "
     "2.1 to 2.9 % on each side. Bias is at most a tenth of a standard error (Cochran 1977, section 1.8). A test that promises at "
     "most one false alarm in twenty over several looks keeps below 5.6 %. A promised power is a least share. Settings and goals "
     "were written down before any result was seen, but for two: between whole numbers (orders, days) no interval holds the truth in "
     "just 95 %, and a comparison without a lot is widened on purpose by how far it scatters on earlier dates; both have to hold it in "
     "94 % or more, and a whole number has to be right when rounded. A median is unbiased where it is "
     "too large as often as too small."),
    ("Outside", "Beyond the goal by more than two Monte-Carlo errors. Beyond by less, or where two errors are wider than the goal "
     "itself, there are too few worlds to tell. Several hundred cells are looked at, so a few just beyond two errors are expected "
     "even where all is well."),
    ("Naive methods", "What is usually done instead, on the same worlds. They have no goal to miss; they show what the care buys. "
     "Welch: the t-test of customers with unequal variances. Orders as customers: the same test of order values, each order by "
     "itself. As the plan assumes: Welch inside segments, less what spend before explains."),
]  # fmt: skip

LIMITS = [
    "Whether real customers are like these. A world has the faults that somebody thought of.",
    "Whether a comparison by rule is right in life: in these worlds the groups differ in how often they order, in what was picked, "
    "or in a hidden cause, and in nothing else.",
    "Holm's adjustment over many campaigns together, and what the engine does to order lines.",
    "Estimates of one company under two names count twice: a share of customers is Wilson's interval wherever it stands.",
]


def trust() -> Fragment:
    """Return the closing part of the page."""
    return page.trust(quality=[], method=METHOD, limits=LIMITS)


def inventory(estimates: pd.DataFrame, results: pd.DataFrame, *, older: Sequence[str]) -> Fragment:
    """Return the section that lists every estimate: where it is printed, of what, in how many settings it is outside.

    `older` names the estimates whose code has changed since the full run that is kept.
    """
    own = results[results["method"] == ""]
    tried = own.groupby("estimate").agg(settings=("cell", "nunique"))
    tried["outside_in"] = own[own["outside"] != ""].groupby("estimate")["cell"].nunique()
    table = estimates.merge(tried.fillna(0).astype(int).reset_index().rename(columns={"estimate": "name"}), on="name")
    shown = table[["name", "page", "where", "of", "settings", "outside_in"]]
    said = tables.table(shown.assign(outside_in=[_of(n) for n in shown["outside_in"]]), caption="What is printed where",
                        formats={"outside_in": marks.shown}, names={"of": "What it estimates", "name": "Estimate"})  # fmt: skip
    return page.section(
        "inventory", f"{numbers.count(len(table))} estimates were tried: every one that a page prints",
        ["A test reads the code and fails where a module makes an interval that no row names.", *_older(older)], label="Every estimate",
        table=said, csv=tables.csv_link(table, "estimates.csv"),
    )  # fmt: skip


def _of(settings: int) -> str:
    return f"{numbers.count(settings)} {marks.OUTSIDE}" if settings else "0"


def _older(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [
        f"The code of {join_and(names)} has changed since the full run that is kept; its results may no longer hold."
    ]
