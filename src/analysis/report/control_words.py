"""What a control chart's signals are and how often a quiet year has one, in the words of every page that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    import pandas as pd

LASTING_CLAIM = "a lasting change in a year without one"
SINGLE_CLAIM = "a single odd week in a year without change"
RULES = (
    "The expected value follows the weeks before, so a season or a slow drift moves it along and is no signal. A diamond is a "
    "single week beyond the dashed limits, or the first week in which recent ones together lean too far to one side."
)


def refused(rows: pd.DataFrame) -> str:
    """Return why a chart has no limits, as a sentence; empty where it has them."""
    why = rows["refused"].dropna()
    return f"Cannot tell what is usual: {why.iloc[0]}." if len(why) else ""


def monitored(rows: pd.DataFrame) -> int:
    """Return how many weeks of a chart have limits and were looked at."""
    return int(rows["lower"].notna().sum())


def how_often(rows: pd.DataFrame) -> str:
    """Return how often these charts set off in a year without change; empty where none has limits. One row per chart and week."""
    told = rows[rows["lower"].notna()]
    if told.empty:
        return ""
    first, charts = told.iloc[0], told["measure"].nunique()
    lasting, single, extremes = (
        numbers.percent(first[f"quiet_{name}"], 0) for name in ("lasting", "single", "extremes")
    )
    if lasting == single:
        usual = f"a lasting change in at most {lasting} of such years, and a single odd week in at most as many"
    else:
        usual = f"a lasting change in at most {lasting} of such years, and a single odd week in at most {single}"
    per = "Each of these charts" if charts > 1 else "This chart"
    return (
        f"{per} looks at {plural(monitored(told) // charts, 'week')} by two rules. In 52 weeks without change it shows {usual}; "
        f"in up to {extremes} where weeks out of all proportion come by chance and the first weeks held none."
    )


def season(rows: pd.DataFrame) -> str:
    """Return whether the season is taken out, and what the chart can therefore not see."""
    if rows["season"].any():
        return "Each week is held against the same week of the year before."
    return (
        "With less than two years of weeks a change as slow as a season cannot be told from one, and is not looked for."
    )


def last_of(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """Return which charts have limits and which not: a sentence per reason, with the charts' names."""
    why = rows.dropna(subset=["refused"]).groupby("refused", sort=False)["measure"].unique()
    return " ".join(
        f"{join_and([names[m] for m in measures])}: cannot tell what is usual, {text}."
        for text, measures in why.items()
    )
