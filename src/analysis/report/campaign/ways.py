"""Campaigns without a lot in three ways, side by side: the naive figure, difference in differences, doubly robust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import charts, figures, numbers, page, tables
from analysis.report.campaign.phrases import named, with_interval, with_state
from analysis.report.words import in_words, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "ways", "Three ways of looking"
NAIVE, DIFFERENCES, ROBUST = METHODS = "naive", "difference in differences", "doubly robust"
COLORS = {NAIVE: "orange", DIFFERENCES: "navy", ROBUST: "teal"}
SHOWN = 6  # campaigns in the figure, the most contacted; the table has all
ESTIMATE = ("effect_per_week", "low", "high")
ESTIMATES = ("campaign by rule, per week", "campaign by rule, doubly robust")
COLUMNS = {
    "campaign_id": "Campaign", "method": "Method", "change": "Change per week",
    "contacted": "n contacted", "contacted_left_out": "Left out", "comparable": "n comparable",
    "comparable_effective": "Worth of equal weight",
}  # fmt: skip
FORMATS = {"comparable_effective": numbers.count}


def clear(methods: pd.DataFrame, method: str) -> tuple[int, int]:
    """Return in how many campaigns the interval of a method lies above zero, and in how many below."""
    own = methods[methods["method"] == method]
    return int((own["low"] > 0).sum()), int((own["high"] < 0).sum())


def title(methods: pd.DataFrame) -> str:
    """Return the finding: how many campaigns each way would call a gain."""
    compared = methods["campaign_id"].nunique()
    naive, ours, robust = (clear(methods, method)[0] for method in METHODS)
    if compared == 1:
        said = "looks like a gain" if naive else "does not look like a gain"
        rest = "does against comparable ones, too" if ours else "does not against comparable ones"
        return f"Plainly compared, {named(methods['campaign_id'].iloc[0])} {said}; it {rest}"
    both = f"{in_words(ours)} by differences, {in_words(robust)} doubly robust" if ours or robust else "none"
    plain, look = in_words(naive) if naive else "none", "looks" if naive == 1 else "look"
    return f"Plainly compared, {plain} of {in_words(compared)} campaigns {look} like a gain; against comparable ones, {both}"


def leads(methods: pd.DataFrame, *, customer: str, customers: str, currency: str) -> list[str]:
    """Return what the three ways say of the biggest campaign, of how many of its contacted, and whom they leave out."""
    table = in_order(methods)
    first = table["campaign_id"].iloc[0]
    own = table[table["campaign_id"] == first].set_index("method")
    known = [
        method for method in METHODS if method in own.index and numbers.is_known(own.at[method, "effect_per_week"])
    ]
    said = [f"{method} {with_interval(*own.loc[method, list(ESTIMATE)])}" for method in known]
    lines = [
        f"In {named(first)}, the biggest, the change of weekly spend per contacted {customer} is, in {currency}: {'; '.join(said)}. The "
        "naive figure holds whatever made the contacted differ before."
    ]
    return lines + _of_whom(own, known, customers=customers)


def _of_whom(own: pd.DataFrame, known: list[str], *, customers: str) -> list[str]:
    """Return of how many contacted each number of a campaign speaks, and why the others are left out; nothing where none are."""
    left = own["contacted_left_out"]
    if not left.map(numbers.is_known).all() or not left.gt(0).any():
        return []
    everyone = numbers.count((own["contacted"] + left).max())
    reasons = {DIFFERENCES: f"without comparable {customers}", ROBUST: "nearly sure to be contacted"}
    told = [
        f"{name} is about {numbers.count(own.at[name, 'contacted'])} and leaves out {numbers.count(left[name])} {why}"
        for name, why in reasons.items()
        if name in known and left[name] > 0
    ]
    if ROBUST not in known:
        told.append(f"so many were nearly sure to be contacted that too few are left for a {ROBUST} estimate")
    said = (
        f"Each way is about the contacted whom it can compare. Of {everyone} contacted {customers}, {'; '.join(told)}."
    )
    if ROBUST in known:
        worth = numbers.count(own.at[ROBUST, "comparable_effective"])
        said += f" The comparable ones that remain for the last are worth {worth} of equal weight."
    return [said]


def section(
    methods: pd.DataFrame | None, *, customer: str, customers: str, currency: str, still: frozenset[str] = frozenset()
) -> Fragment:
    """Return the section with a figure of the biggest campaigns; `methods` has one row per campaign and method (monitor).

    `still` are campaigns that still run.
    """
    if methods is None or methods.empty:
        what = "No campaign without a lot can be compared with others."
        needs = "With one, this section shows what three ways of looking say of it."
        return page.absent(KEY, "There is nothing to look at in three ways", what, needs, label=LABEL)
    headline, table = title(methods), in_order(methods)
    unit, most = f"{currency} per contacted {customer} and week", min(SHOWN, table["campaign_id"].nunique())
    lines = leads(methods, customer=customer, customers=customers, currency=currency)
    return page.section(
        KEY,
        headline,
        lines,
        label=LABEL,
        subtitle=f"Change of spend, {unit}, campaigns without a lot: the {in_words(most)} that contacted most. n = contacted {customers}. "
        "Lines are 95 % intervals.",
        figure=figures.svg(
            lambda ax: draw(table, ax, currency=currency, still=still), alt=" ".join([f"{headline}.", lines[0]])
        ),
        how_to_read="The naive dot compares everyone, the other two those alike; their lines count how far the same comparison scatters on "
        "earlier dates, when nothing had happened.",
        table=tables.table(
            listed(table, still=still),
            caption=f"The campaigns of the figure, {unit} with 95 % intervals; the file has all",
            names=COLUMNS,
            formats=FORMATS,
        ),
        csv=tables.csv_link(table, "campaign_methods.csv"),
        estimates=ESTIMATES[1:],  # of the first, the section before says it
        source="order lines, contacts",
    )


def listed(table: pd.DataFrame, *, still: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row per campaign of the figure and method; `table` is `in_order`."""
    rows = table[table["campaign_id"].isin(table["campaign_id"].unique()[:SHOWN])]
    change = [with_interval(*row) for row in rows[list(ESTIMATE)].itertuples(index=False)]
    return rows.assign(campaign_id=with_state(rows["campaign_id"], still), change=change)[list(COLUMNS)]


def in_order(methods: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign and method, the campaign with the most contacted first, ties by id, methods in the order of the text."""
    place = {method: number for number, method in enumerate(METHODS)}
    most = methods.groupby("campaign_id")["contacted"].transform("max")
    table = methods.assign(most=most, place=methods["method"].map(place))
    return table.sort_values(["most", "campaign_id", "place"], ascending=[False, True, True], ignore_index=True).drop(
        columns=["most", "place"]
    )


def draw(table: pd.DataFrame, ax: Any, *, currency: str, still: frozenset[str] = frozenset()) -> Any:
    """Draw the biggest campaigns, a row each with a dot per method; `table` is `in_order`."""
    rows = table[table["campaign_id"].isin(table["campaign_id"].unique()[:SHOWN])]
    counted = rows.groupby("campaign_id", sort=False)["contacted"].transform("max")
    labels = [
        sentence_case(named(name))
        + " · still runs" * (name in still)
        + (f" · n = {numbers.count(n)}" if numbers.is_known(n) else "")
        for name, n in zip(rows["campaign_id"], counted, strict=True)
    ]
    return charts.dots_with_intervals(
        rows.assign(label=labels), ax, category="label", value="effect_per_week", low="low", high="high", group="method", colors=COLORS,
        reference=0, fmt=lambda value: numbers.signed(value, 0), xlabel=f"Change of spend per week, {currency}",
    )  # fmt: skip
