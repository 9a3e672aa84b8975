"""Weeks to look at: the short list of signals, each with its size, where most of it lies and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, control_words, numbers, page, signal_words, tables
from analysis.report.campaign.weeks import ACTIVE, NO_WEEKS, SALES, day_of, measured
from analysis.report.words import in_words, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "signals", "Weeks to look at"


def signals(control: pd.DataFrame | None) -> pd.DataFrame | None:
    """One row per week of sales or active customers that stands out, in order; None without full weeks."""
    if measured(control, SALES) is None:
        return None
    found = control[control["measure"].isin([SALES, ACTIVE]) & control["signal"].notna()]
    columns = ["week_starts_on", "measure", "value", "size", "signal", "look_at"]
    columns += [name for name in found if name.startswith("part")]
    return found.sort_values(["week_starts_on", "measure"], ignore_index=True)[columns]


def title(found: pd.DataFrame) -> str:
    """Return how many weeks ask for a look, and whether the last of them lies above or below what was expected."""
    weeks, last = found["week_starts_on"].nunique(), found.iloc[-1]
    side = "above" if last["size"] > 0 else "below"
    if weeks == 1:
        return f"One week asks for a look: that of {day_of(last)}, {side} the expected"
    return (
        f"{sentence_case(in_words(weeks))} weeks ask for a look, the last that of {day_of(last)}, {side} the expected"
    )


def section(control: pd.DataFrame | None, *, customers: str, currency: str, smallest: int = 0) -> Fragment:
    """Return the list of weeks that stand out, each with its size and what to look at first."""
    found = signals(control)
    if found is None and smallest:
        return blanks.too_few(KEY, "weeks to look at", smallest=smallest, customers=customers, label=LABEL)
    if found is None:
        needs = "With some, this section lists those that stand out."
        return page.absent(KEY, "There is no week to look at", NO_WEEKS, needs, label=LABEL)
    looked = control[control["measure"].isin([SALES, ACTIVE])]
    if not control_words.monitored(looked):
        why = control_words.refused(looked)
        return page.section(KEY, "No week can be called unusual yet", why, label=LABEL)
    if found.empty:
        calm = f"{furthest(looked, currency=currency)}".strip()
        return page.section(KEY, "No week asks for a look", calm, label=LABEL)
    names = {SALES: f"sales, {currency}", ACTIVE: f"active {customers}"}
    shown = found.assign(measure=found["measure"].map(names), signal=[_short(words) for words in found["signal"]])
    lies = [signal_words.where(row, currency=currency) for _, row in found.iterrows()]
    shown = shown[["week_starts_on", "measure", "value", "size", "signal"]].assign(lies=lies, look_at=found["look_at"])
    heads = {"week_starts_on": "Week of", "size": "Against expected", "look_at": "Look at"}
    if any(lies):
        heads["lies"] = signal_words.HEADING
    else:
        shown = shown.drop(columns="lies")
    formats = {"value": numbers.count, "size": lambda value: numbers.signed(value, 0)}
    return page.section(
        KEY,
        title(found),
        f"{sentence_case(in_words(len(found)))} signal{'s' * (len(found) > 1)} in sales and active {customers}, each with "
        f"where to look first. {_last(found, lies)}".strip(),
        label=LABEL,
        table=tables.table(shown, caption="Weeks that stand out", names=heads, formats=formats),
        csv=tables.csv_link(found, "signals.csv"),
        source="order lines, campaigns",
        note="Campaigns that began or ended about then are named because they are quickly checked, not as the reason."
        + (f" {signal_words.MEANING}" if any(lies) else ""),
    )


def furthest(control: pd.DataFrame, *, currency: str) -> str:
    """Return which week of sales came nearest to a limit, as a sentence; empty where sales have none."""
    told = control[(control["measure"] == SALES) & control["lower"].notna() & control["value"].notna()]
    gap = told["value"] - told["centre"]
    room = (told["upper"] - told["centre"]).where(gap > 0, told["centre"] - told["lower"])
    used = (gap.abs() / room)[room > 0]
    if used.empty:
        return ""
    row, size = told.loc[used.idxmax()], gap[used.idxmax()]
    side = "above" if size > 0 else "below"
    return (
        f"Sales came nearest to a limit in the week of {day_of(row)}: {numbers.money(abs(size), currency, 0)} {side} the expected, "
        f"{numbers.percent(used.max(), 0)} of the way. "
    )


def _last(found: pd.DataFrame, lies: list[str]) -> str:
    """Return where the change of the last week that has such parts lies, as a sentence; empty where none has."""
    known = [(row, words) for (_, row), words in zip(found.iterrows(), lies, strict=True) if words]
    if not known:
        return ""
    row, words = known[-1]
    return f"Of the week of {day_of(row)}: {words}. "


def _short(signal: str) -> str:
    """Return a signal in the words of this page: `one week above the limit; lasting rise`."""
    return signal.replace("single week", "one week")
