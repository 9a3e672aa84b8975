"""The answer of the validation report: which estimates miss their goal, all of them, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers, page
from analysis.report.validation import marks
from analysis.report.words import join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment


def answer(checks: pd.DataFrame, full: pd.DataFrame, *, quick: bool) -> Fragment:
    """Return the opening. `checks` has one row per measure beside its goal, `full` those of the committed full run."""
    own = checks[checks["method"] == ""]
    missed = worst(own)
    worlds, estimates = marks.worlds(own["worlds"]), own["estimate"].nunique()
    title = _title(len(missed), estimates)
    sentences = [_tried(worlds, own["cell"].nunique(), quick=quick, full=full), _named(missed)]
    if quick and len(full):
        named = worst(full[full["method"] == ""])["estimate"].tolist()
        sentences.append(f"The full run names {plural(len(named), 'estimate')}: {join_and(named)}." if named else
                         "In the full run none misses its goal.")  # fmt: skip
    return page.answer(title, *sentences)


def _title(missed: int, estimates: int) -> str:
    if not missed:
        return f"No estimate of {estimates} clearly misses its goal"
    return f"{plural(missed, 'estimate')} of {estimates} {'misses its' if missed == 1 else 'miss their'} goal"


def key_figures(results: pd.DataFrame, checks: pd.DataFrame) -> Fragment:
    """Return four numbers: estimates outside, coverage, false alarms, and what the naive methods say."""
    own, naive = results[results["method"] == ""], results[results["method"].str.startswith("naive")]
    covered = own[~own["nothing"] & own["coverage"].notna()]
    alarms, theirs = (part[part["nothing"] & part["coverage"].notna()] for part in (own, naive))
    outside = worst(checks[checks["method"] == ""])
    worlds = marks.worlds(own["worlds"])
    return page.key_figures([
        page.KeyFigure("Estimates outside their goal in some setting", numbers.count(len(outside)),
                       f"of {own['estimate'].nunique()}", f"{worlds} worlds a setting"),
        _middle("Coverage of a 95 % interval, middle setting", covered["coverage"], "94 to 96 %"),
        _middle("False alarms where nothing happened, middle setting", 1 - alarms["coverage"], "4.4 to 5.6 %"),
        _middle("The same by naive methods", 1 - theirs["coverage"], "4.4 to 5.6 %"),
    ])  # fmt: skip


def worst(own: pd.DataFrame) -> pd.DataFrame:
    """One row per estimate outside its goal in some setting, by name: the check that is furthest beyond, in its errors."""
    rows = own[own["state"] == marks.OUTSIDE]
    beyond = (rows["goal_low"] - rows["value"]).clip(lower=0) + (rows["value"] - rows["goal_high"]).clip(lower=0)
    rows = rows.assign(beyond=beyond / rows["error"]).sort_values(
        ["estimate", "beyond", "cell", "measure"], ascending=[True, False, True, True]
    )
    return rows.drop_duplicates("estimate").reset_index(drop=True)


def _tried(worlds: str, settings: int, *, quick: bool, full: pd.DataFrame) -> str:
    start = (
        f"Every number that a report prints with an interval, a verdict or a promise was tried on {worlds} "
        f"simulated worlds in each of {settings} settings, where the truth is known."
    )
    if not quick:
        return start
    beside = "the results of the full run stand beside" if len(full) else "no full run has been kept yet"
    return f"{start} This is a quick run, in fewer settings and too small to see small faults; {beside}."


def _named(missed: pd.DataFrame) -> str:
    if missed.empty:
        return "None lies outside its goal by more than two Monte-Carlo errors."
    said = [f"{row['estimate']} ({_what(row)})" for row in missed.to_dict("records")]
    return f"Outside their goal by more than two Monte-Carlo errors, each with its worst setting: {'; '.join(said)}."


def _what(row: dict[str, Any]) -> str:
    what = f"says “{row['says']}”" if row["says"] else row["measure"]
    return f"{what} {marks.value(row)}, goal {marks.goal(row)}"


def _middle(label: str, shares: pd.Series, goal: str) -> page.KeyFigure:
    if shares.empty:
        return page.KeyFigure(sentence_case(label), numbers.NOT_KNOWN)
    span = f"settings {numbers.interval(shares.min(), shares.max())}"
    return page.KeyFigure(
        sentence_case(label), numbers.percent(shares.median()), span, f"{len(shares)} rows", f"goal {goal}"
    )
