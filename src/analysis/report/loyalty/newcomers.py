"""Do newly seen customers stay: cohorts by quarter of the first month seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.inference.proportions import newcombe_difference, wilson_interval
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.fragments import join
from analysis.report.loyalty import few_moves
from analysis.report.loyalty.phrases import about_in_ten, months_in_words, not_over, whole_percent
from analysis.report.words import change, in_words, sentence_case

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from analysis.report.fragments import Fragment

FEWEST = 20  # customers; a share of fewer is in the table only
COMPARED_AFTER = (3, 1)  # months; the first of these that an early and a later group have both reached
KEY, LABEL = "newly-seen", "Newly seen"


class Newcomers(NamedTuple):
    """The month after the month first seen, all cohorts but the first, and later cohorts against the earliest.

    Shares 0 to 1, intervals 95 %. What there is nothing to compare with is not known.
    """

    customers: int
    rate: float  # who order in the month after
    low: float
    high: float
    first_cohort_rate: float  # the same for the month in which the data begins; they were not new
    first_group: str
    compared_after: int  # months after the month first seen
    early_rate: float  # of the first group then
    late_rate: float  # of all later groups then
    difference: float  # late minus early
    difference_low: float
    difference_high: float
    word: str  # up, down, no clear change or cannot tell


def by_quarter(retention: pd.DataFrame) -> pd.DataFrame:
    """One row per quarter of first months and age in months from 1: group, age_months, customers, active, rate, low, high.

    `retention` has one row per cohort and age. The month in which the data begins is left out, because its customers
    were not new, and so are cohorts without a full month after their first. An age is there only when every cohort of
    the group has reached it, so that all points of a group rest on the same customers. Interval: Wilson, 95 %.
    """
    import pandas as pd

    columns = ["group", "first_month", "age_months", "customers", "active", "rate", "low", "high"]
    later = retention[~retention["first_cohort"].astype(bool) & (retention["age_months"] > 0)].dropna(subset=["active"])
    if later.empty:
        return pd.DataFrame(columns=columns)
    later = later.assign(quarter=later["cohort"].dt.year * 4 + later["cohort"].dt.quarter)
    parts = []
    for _, part in later.groupby("quarter"):
        months = sorted(part["cohort"].unique())
        sums = part.groupby("age_months").agg(
            customers=("customers", "sum"), active=("active", "sum"), cohorts=("cohort", "nunique")
        )
        whole = sums[sums["cohorts"] == len(months)].drop(columns="cohorts").reset_index()
        parts.append(
            whole.assign(group=months_in_words([pd.Timestamp(month) for month in months]), first_month=months[0])
        )
    table = pd.concat(parts, ignore_index=True)
    if table["first_month"].dt.year.nunique() > 1:
        table["group"] = table["group"] + " " + table["first_month"].dt.year.astype(str)
    low, high = wilson_interval(table["active"].to_numpy(dtype=float), table["customers"].to_numpy(dtype=float))
    table = table.assign(rate=table["active"] / table["customers"], low=low, high=high)
    return table[columns].sort_values(["first_month", "age_months"], ignore_index=True)


def newcomers(retention: pd.DataFrame) -> Newcomers | None:
    """Return what the months after the first say; None where no cohort but the first has a full month after its first."""
    next_month = retention[retention["age_months"] == 1].dropna(subset=["active"])
    first = next_month["first_cohort"].astype(bool)
    later, begin = next_month[~first], next_month[first]
    customers, active = int(later["customers"].sum()), int(later["active"].sum())
    if not customers:
        return None
    begin_rate = float(begin["rate"].iloc[0]) if len(begin) else np.nan
    return Newcomers(
        customers,
        active / customers,
        *wilson_interval(active, customers),
        begin_rate,
        *_early_and_late(by_quarter(retention)),
    )


def _early_and_late(groups: pd.DataFrame) -> tuple:
    """The fields of Newcomers from first_group on."""
    name = str(groups["group"].iloc[0])
    for age in COMPARED_AFTER:
        reached = groups[groups["age_months"] == age]
        early, late = reached[reached["group"] == name], reached[reached["group"] != name]
        if len(early) and late["customers"].sum() >= FEWEST:
            sides = [(float(side["active"].sum()), float(side["customers"].sum())) for side in (late, early)]
            found = newcombe_difference(*sides[0], *sides[1])
            rates = [active / customers for active, customers in reversed(sides)]
            return name, age, *rates, found.estimate, *found.interval, change(found.estimate, 0, found.interval)
    return name, 0, *[np.nan] * 5, "cannot tell"


def title(found: Newcomers, *, customers: str) -> str:
    """Return the finding: how many order again the month after, and whether later ones stay as much as earlier ones."""
    start = f"{sentence_case(about_in_ten(found.rate))} newly seen {customers} order again the month after"
    ends = {
        "up": "; later ones stay more",
        "down": "; later ones stay less",
        "no clear change": ", later ones about as often",
    }
    return start + ends.get(found.word, "")


def section(retention: pd.DataFrame, *, customers: str, smallest: int = 0, as_of: date | None = None) -> Fragment:
    """Return the section with its figure, or one that says why there is none yet. `as_of` is the last day of the data."""
    table, found = few_moves.newly_seen(by_quarter(retention), newcomers(retention), smallest=smallest)
    drawn = table[table["customers"] >= FEWEST].dropna(subset=["rate"])
    if found is None or drawn.empty:
        headline = f"Too few newly seen {customers} to say whether they stay"
        what = f"Few {customers} were first seen after the month in which the data begins, or too lately."
        needs = f"It needs {FEWEST} of them in one quarter, each with a full month since."
        return page.absent(KEY, headline, what, needs, label=LABEL)
    if table["rate"].isna().sum() > len(table) / 2:  # the few shares left are the large ones
        told = blanks.note(table["rate"], what="share", smallest=smallest, customers=customers).strip()
        return page.section(
            KEY, title(found, customers=customers), _lead(found, customers=customers), label=LABEL,
            note=f"{told} What is left would show the larger shares only, so there is no figure and no table.", source="order lines",
        )  # fmt: skip
    named = drawn.assign(
        group=[f"{g} (n = {numbers.count(n)})" for g, n in zip(drawn["group"], drawn["customers"], strict=True)]
    )
    shown = table[["group", "age_months", "customers", "active", "rate", "low", "high"]]
    shown = shown.dropna(subset=["rate"]) if smallest else shown
    return page.section(
        KEY, title(found, customers=customers), _lead(found, customers=customers), label=LABEL,
        subtitle=f"Share of {customers} that ordered in a month, by months since the first order seen and by when that was. "
        f"n in brackets. Bands: 95 % intervals.",
        figure=figures.svg(lambda ax: draw(named, ax), alt=_alt(drawn, found, customers=customers)),
        how_to_read="A flat line means that those who stay, stay. Where bands overlap widely we cannot tell the groups apart.",
        table=tables.table(
            shown, caption=f"{sentence_case(customers)} active again, by months first seen", row_header="group",
            formats=dict.fromkeys(("rate", "low", "high"), numbers.percent),
            names={"group": "First seen", "age_months": "Months after", "customers": sentence_case(customers),
                   "rate": "Share", "low": "95 % from", "high": "95 % to"},
            unknown=blanks.dash(smallest, customers=customers),
        ),
        csv=join([tables.csv_link(shown, "newly_seen.csv"), *([] if smallest else [tables.csv_link(retention, "cohorts_by_month.csv")])]),
        estimates=("retention of a cohort", "newly seen, back the next month", "newly seen, later against earlier"),
        note=f"The month in which the data begins is left out: its {customers} were not new. Newly seen is not new either: some "
        f"bought before the data began and stayed away at first. Groups of fewer than {FEWEST} are in the table only."
        + not_over(as_of)
        + blanks.note(table["rate"], what="share", smallest=smallest, customers=customers),
        source="order lines",
    )  # fmt: skip


def draw(drawn: pd.DataFrame, ax: Any) -> Any:
    """Draw one line per group of cohorts over the months since first seen."""
    return charts.lines(
        drawn, ax, x="age_months", y="rate", low="low", high="high", group="group", fmt=whole_percent,
        xlabel="Months since the first order seen",
    )  # fmt: skip


def _lead(found: Newcomers, *, customers: str) -> list[str]:
    much = numbers.of_every_100(found.low, found.high)
    lines = [
        f"Of {numbers.count(found.customers)} {customers} first seen after the data began, {much} order in the next month."
    ]
    if numbers.is_known(found.first_cohort_rate):
        lines[0] += f" Of those already there when it began, {whole_percent(found.first_cohort_rate)} do."
    if found.word == "cannot tell":
        return lines
    after = "the month after" if found.compared_after == 1 else f"{in_words(found.compared_after)} months after"
    span = numbers.interval(found.difference_low, found.difference_high, lambda share: numbers.signed(share * 100, 0))
    line = (
        f"{sentence_case(after)} they were first seen, {whole_percent(found.late_rate)} of the later groups order, against "
        f"{whole_percent(found.early_rate)} of {found.first_group} (difference {span} points)"
    )
    ends = {
        "no clear change": ": we cannot tell them apart.",
        "down": f". The earliest groups may hold more {customers} who had only been away, so newcomers need not have become less loyal.",
    }
    return [*lines, line + ends.get(found.word, ".")]


def _alt(drawn: pd.DataFrame, found: Newcomers, *, customers: str) -> str:
    ends = drawn.groupby("group", sort=False)["rate"].last()
    said = "; ".join(f"{group} {whole_percent(rate)}" for group, rate in ends.items())
    return f"{sentence_case(about_in_ten(found.rate))} newly seen {customers} order the month after. Share in the last month seen: {said}."
