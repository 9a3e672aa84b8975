"""Sales and active customers by week: which weeks lie outside what the weeks before lead to expect, and where to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analysis.report import blanks, charts, control_words, figures, numbers, page, tables
from analysis.report.campaign.phrases import some
from analysis.report.words import in_words, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "weeks", "Sales week by week"
SALES, ACTIVE = "sales", "customers_active"
NO_WEEKS = "No full week from Monday to Sunday is in the data."
LAST = 8  # weeks of each measure in the table
VALUES = ("value", "centre", "lower", "upper")


def measured(control: pd.DataFrame | None, measure: str) -> pd.DataFrame | None:
    """One row per full week of one measure, in order, with `marked` true for a signal; None where there is none."""
    if control is None:
        return None
    table = control[control["measure"] == measure].sort_values("week_starts_on", ignore_index=True)
    return None if table.empty else table.assign(marked=table["signal"].notna())


def title(control: pd.DataFrame | None) -> str:
    """Return the finding on sales: it cannot be told, no week stands out, one does, or several do."""
    table = measured(control, SALES)
    if table is None:
        return "Sales by week are not known"
    if not (looked_at := control_words.monitored(table)):
        return "Which weeks of sales are unusual cannot be told"
    marked, weeks = table[table["marked"]], numbers.count(looked_at)
    if not len(marked):
        return f"Sales stay within the expected range in all {weeks} weeks looked at"
    if len(marked) == 1:
        return f"Sales stand out in one of {weeks} weeks: that of {day_of(marked.iloc[0])}, {_side(marked.iloc[0])} the expected"
    return f"Sales stand out in {in_words(len(marked))} of {weeks} weeks"


def lead(control: pd.DataFrame, *, customers: str) -> str:
    """Return how many weeks of active customers stand out, and which of the charts cannot tell; the last week is at the top."""
    said, active = [], measured(control, ACTIVE)
    if active is not None and (looked_at := control_words.monitored(active)):
        marked = int(active["marked"].sum())
        said = [f"Active {customers} stand out in {some(marked)} of {plural(looked_at, 'week')} looked at."]
    names = {SALES: "Sales", ACTIVE: f"Active {customers}"}
    return " ".join([*said, control_words.last_of(control[control["measure"].isin([*names])], names)]).strip()


def place(row: pd.Series, *, currency: str) -> str:
    """Return where a week lies: inside the expected range, above it or below it."""
    if not (numbers.is_known(row["lower"]) and numbers.is_known(row["upper"])):
        return "no limits to say what was to be expected"
    span = numbers.interval(row["lower"], row["upper"], lambda value: numbers.money(value, currency, 0))
    side = "above" if row["value"] > row["upper"] else "below" if row["value"] < row["lower"] else "inside"
    return f"{side} the expected {span}"


def section(control: pd.DataFrame | None, *, customers: str, currency: str, smallest: int = 0) -> Fragment:
    """Return the section with a chart of sales and one of active customers; `control` has one row per measure and week."""
    sales = measured(control, SALES)
    if sales is None and smallest:
        return blanks.too_few(KEY, "sales week by week", smallest=smallest, customers=customers, label=LABEL)
    if sales is None:
        return page.absent(KEY, title(control), NO_WEEKS, "With some, this section shows which stand out.", label=LABEL)
    baseline = int((sales["phase"] == "baseline").sum())
    span = numbers.period(sales["week_starts_on"].iloc[0], sales["week_starts_on"].iloc[-1])
    told = lead(control, customers=customers)
    shown = control[control["measure"].isin([SALES, ACTIVE])]
    shown = shown.sort_values(["measure", "week_starts_on"], ascending=[False, True])
    return page.section(
        KEY,
        title(control),
        told or (),
        label=LABEL,
        subtitle=f"Sales in {currency} and active {customers} per week, weeks beginning {span}. n = {plural(len(sales), 'full week')}.",
        figure=figures.svg(
            lambda ax: draw(control, ax, customers=customers, currency=currency), alt=f"{title(control)}. {told}"
        ),
        how_to_read="The expected value follows the weeks before, so a season or a slow drift moves it along. A diamond is a week beyond "
        f"the limits, or the first in which recent ones together lean too far. The first {plural(baseline, 'week')} have no limits.",
        table=tables.table(
            recent(shown)[["measure", "week_starts_on", *VALUES, "signal"]],
            caption=f"The last {LAST} full weeks, and those that stand out; the file has all",
            names={"week_starts_on": "Week of", "centre": "Expected", "lower": "Lower limit", "upper": "Upper limit"},
            formats=dict.fromkeys(VALUES, numbers.count),
        ),
        csv=tables.csv_link(shown, "weekly_control.csv"),
        estimates=("control chart, sales", "control chart, customers active"),
        source="order lines",
        note=f"A signal says that something differs, never what. {control_words.briefly(shown)} {control_words.season(shown)}"
        + blanks.note(sales["value"], what="week", smallest=smallest, customers=customers),
    )


def recent(shown: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last weeks of each measure and of weeks with a signal, in their order."""
    last = shown.groupby("measure")["week_starts_on"].rank(ascending=False) <= LAST
    return shown[last | shown["signal"].notna()]


def draw(control: pd.DataFrame, ax: Any, *, customers: str, currency: str) -> Any:
    """Draw sales above active customers, each against its limits."""
    names = {SALES: f"Sales, {currency}", ACTIVE: f"Active {customers}"}
    found = {name: measured(control, measure) for measure, name in names.items()}
    parts = [(name, _panel(table)) for name, table in found.items() if table is not None]
    return charts.panels(parts, ax, height=2.6, stacked=True, share=False)


def _panel(table: pd.DataFrame) -> Callable[[Any], Any]:
    lines = {"value": "value", "centre": "centre", "lower": "lower", "upper": "upper", "signal": "marked"}
    return lambda ax: charts.control_chart(table, ax, x="week_starts_on", fmt=numbers.count, **lines)


def day_of(row: pd.Series) -> str:
    """Return the Monday of a week."""
    return numbers.day(row["week_starts_on"])


def _side(row: pd.Series) -> str:
    return "above" if row["value"] > row["centre"] else "below"
