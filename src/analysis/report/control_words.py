"""What a control chart's signals are and how often a quiet year has one, in the words of every page that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.words import in_words, join_and, plural

if TYPE_CHECKING:
    import pandas as pd

LASTING_CLAIM = "a lasting change in a year without one"
SINGLE_CLAIM = "a single odd week in a year without change"
ORDINARY_CLAIM = "an ordinary week is called odd in a year in which some are twice as large by chance"
RULES = (
    "The expected value follows the weeks before, so a season or a slow drift moves it along and is no signal. A diamond is a "
    "single week beyond the dashed limits, or the first week in which recent ones together lean too far to one side."
)
SHARES = (
    "Shares are judged on angles (a p chart, closer where more contacts are open and wider by what weeks vary beyond chance), lasting "
    "changes by an EWMA; with less than one redemption a week there is no chart."
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
    lasting, single = (
        _between(told[f"quiet_{name}_least"].min(), told[f"quiet_{name}"].max()) for name in ("lasting", "single")
    )
    extremes = numbers.percent(first["quiet_extremes"], 0)
    which = "This chart looks at" if charts == 1 else f"Each of {in_words(charts)} charts looks at"
    together = (
        f" All rules of the {in_words(charts)} charts together: at most {numbers.percent(_sum(first) * charts, 0)}."
        * (charts > 1)
    )
    return (
        f"{which} {plural(monitored(told) // charts, 'week')} by two rules. In 52 weeks without change it shows a lasting change in "
        f"{lasting} of such years and a single odd week in {single}, the more the less even weeks are; in up to {extremes} where weeks "
        f"out of all proportion come by chance and the first weeks held none.{together} {_without_lasting(told)}"
    ).strip()


def briefly(rows: pd.DataFrame) -> str:
    """Return how often any of these charts sets off in a year without change; `how_often` tells it rule by rule."""
    told = rows[rows["lower"].notna()]
    if told.empty:
        return ""
    first, charts = told.iloc[0], told["measure"].nunique()
    which = "this chart shows" if charts == 1 else f"these {in_words(charts)} charts together show"
    said = f"In 52 weeks without change {which} a signal in at most {numbers.percent(_sum(first) * charts, 0)} of such years"
    extremes = numbers.percent(first["quiet_extremes"], 0)
    return f"{said}; each in up to {extremes} where weeks out of all proportion come by chance. {_without_lasting(told)}".strip()


def _sum(row: pd.Series) -> float:
    return row["quiet_lasting"] + row["quiet_single"]


def _between(least: float, most: float) -> str:
    """Return a span of shares in whole percent: `4 to 10 %`; `at most 10 %` from nearly nothing on."""
    if least < 0.005:
        return f"at most {numbers.percent(most, 0)}"
    return numbers.interval(least, most, lambda share: numbers.percent(share, 0))


def _without_lasting(told: pd.DataFrame) -> str:
    """Return that no lasting change can be told where weeks wander too much; empty where it can."""
    blind = told.loc[~told["lasting_told"].astype(bool), "measure"].nunique()
    if not blind:
        return ""
    which = "" if blind == told["measure"].nunique() else f" of {in_words(blind)} of the charts"
    return (
        f"The weeks{which} wander so much by themselves that no lasting change can be told from it within eight weeks."
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
