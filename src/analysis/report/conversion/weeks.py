"""Redemption week by week: which weeks stand out, and how far they are from the start of a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.report import blanks, charts, control_words, figures, numbers, page, tables
from analysis.report.conversion import few_times
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.words import in_words, plural, sentence_case

if TYPE_CHECKING:
    from analysis.report.fragments import Fragment

KEY, LABEL = "weeks", "Week by week"
NEAR = pd.Timedelta(days=21)  # a campaign's first three weeks


class Signals(NamedTuple):
    """Weeks that stand out, and how many of them are among the first three of a large campaign."""

    weeks: int  #: full weeks with limits, which were looked at
    found: int
    above: int
    near: int
    kind: str  #: of the large campaign


def redemption(control: pd.DataFrame) -> pd.DataFrame:
    """Return the weeks of the measure redemption that have a value, in order."""
    rows = control[control["measure"] == "redemption"].dropna(subset=["value"])
    return rows.sort_values("week_starts_on").reset_index(drop=True)


def signals(weeks: pd.DataFrame, campaigns: pd.DataFrame, *, kind: str) -> Signals:
    """Return how many weeks stand out, and how many of them are among the first three of a campaign of this kind."""
    marked = weeks[weeks["signal"].notna()]
    starts = pd.to_datetime(campaigns.loc[campaigns["kind"] == kind, "starts_on"])
    monday = pd.to_datetime(marked["week_starts_on"])
    near = [bool(((starts < day + pd.Timedelta(days=7)) & (starts > day - NEAR)).any()) for day in monday]
    above = int((marked["value"] > marked["centre"]).sum())
    return Signals(control_words.monitored(weeks), len(marked), above, sum(near), kind)


def title(found: Signals) -> str:
    """Return the finding: how many weeks stand out, and whether they lie at the start of a large campaign."""
    if not found.weeks:
        return "Which weeks of redemption are unusual cannot be told"
    if not found.found:
        return "No week stands out in redemption"
    number = sentence_case(in_words(found.found))
    weeks = f"{number} week{'s' * (found.found > 1)} stand{'s' * (found.found == 1)} out"
    early = f"early in a {found.kind} campaign"
    if found.near == found.found:
        where = {1: "", 2: "both "}.get(found.found, "all ")
        return f"{weeks}, {where}{early}"
    return weeks if not found.near else f"{weeks}, {in_words(found.near)} of them {early}"


def lead(found: Signals, weeks: pd.DataFrame) -> str:
    """Return where the last full week lies, and what a signal is and is not."""
    last = weeks.iloc[-1]
    said = f"In the last full week (from {numbers.day(last['week_starts_on'])}) {numbers.percent(last['value'])} of open contacts redeemed"
    if numbers.is_known(last["upper"]):
        inside = "inside" if last["lower"] <= last["value"] <= last["upper"] else "outside"
        said += f", {inside} the limits of {numbers.interval(last['lower'], last['upper'])}"
    usual = "Early means its first three weeks, when its coupons are new: such a signal describes the calendar of campaigns."
    if not found.weeks:
        return f"{said}. {control_words.refused(weeks)}"
    return f"{said}. {usual if found.near else 'A signal says that a week differs from those before it, not why.'}"


def section(
    control: pd.DataFrame, campaigns: pd.DataFrame, *, kind: str, baseline_weeks: int, few: Few = ALL_SHOWN
) -> Fragment:
    """Return the part of the page; `campaigns` has one row per campaign with kind and starts_on."""
    every, weeks = redemption(control), redemption(few_times.weeks(control, smallest=few.smallest))
    missing = pd.Series([float("nan")] * (len(every) - len(weeks)))
    if few.smallest and (
        len(weeks) < 2 or len(weeks) < 0.75 * len(every)
    ):  # the few left are those without a redemption
        return blanks.too_few(KEY, "redemption by week", smallest=few.smallest, customers="contacts", label=LABEL)
    if len(weeks) < 2:
        return page.absent(KEY, "Too few full weeks to see what is usual", "There are fewer than two full weeks with open contacts.",
                           "With more weeks, this section shows which stand out.", label=LABEL)  # fmt: skip
    found = signals(weeks, campaigns, kind=kind)
    weeks = weeks.assign(marked=weeks["signal"].notna())
    first, last = weeks["week_starts_on"].iloc[0], weeks["week_starts_on"].iloc[-1] + pd.Timedelta(days=6)
    baseline = min(baseline_weeks, int((weeks["phase"] == "baseline").sum()))
    listed = weeks[["week_starts_on", "value", "centre", "lower", "upper", "phase", "signal", "look_at"]]
    return page.section(
        KEY, title(found), lead(found, weeks), label=LABEL,
        subtitle=("Contacts that redeemed in the week, as a share of contacts whose campaign runs, "
                  f"{numbers.period(first, last)}. n = {plural(len(weeks), 'full week')}, {found.weeks} looked at."),
        figure=figures.svg(
            lambda ax: charts.control_chart(weeks, ax, x="week_starts_on", value="value", centre="centre", lower="lower", upper="upper",
                                            signal="marked", fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(found)}. {found.above} of them lie above the expected value."),
        how_to_read=(
            f"{control_words.RULES} The first {baseline} weeks set the width of the limits. {control_words.SHARES}"
        ),
        table=tables.table(
            listed, caption="Weeks, limits and signals", formats=dict.fromkeys(("value", "centre", "lower", "upper"), numbers.percent),
            names={"week_starts_on": "Week from", "value": "Redeemed of open contacts", "centre": "Expected", "lower": "Lower limit",
                   "upper": "Upper limit", "look_at": "Where to look"}),
        csv=tables.csv_link(listed, "redemption_by_week.csv"),
        estimates=["control chart, redemption"],
        note=f"{control_words.how_often(weeks)} Weeks without an open contact have no share.".strip()
        + blanks.note(missing, what="week", smallest=few.smallest, customers="contacts"), source="contacts and redemptions",
    )  # fmt: skip
