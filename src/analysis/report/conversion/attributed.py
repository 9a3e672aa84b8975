"""To which channels orders are credited, by four rules side by side: descriptive, not causal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "attribution", "Attribution"
ESTIMATES = ("attribution, first touch", "attribution, last touch", "attribution, linear", "attribution, Markov")
COLORS = {"first touch": "navy", "last touch": "teal", "linear": "plum", "Markov": "orange"}
HEADING = "Descriptive, not causal"


def title(table: pd.DataFrame) -> str:
    """Return the finding: the channel that every rule credits most, or that the rules disagree on it."""
    most = table.loc[table.groupby("method")["share"].idxmax()]
    if most["channel"].nunique() == 1:
        return f"{HEADING}: {most['channel'].iloc[0]} is credited most by each rule"
    named = [f"{row.channel} by {row.method}" for row in most.itertuples()]
    return f"{HEADING}: the rules credit most {join_and(named)}"


def lead(base: pd.Series, *, customers: str, touch_days: int) -> list[str]:
    """Return what is shared out and what is not, and that none of it says what a contact caused."""
    counted = (
        f"{plural(base['conversions'], 'day')} with an order since {numbers.day(base['begins'])}: {numbers.count(base['credited'])} "
        f"are shared out, {numbers.count(base['without_touch'])} had no contact in the {touch_days} days before, or only such as an "
        "earlier order followed."
    )
    left = base["conversions"] - base["without_touch"] - base["credited"]
    if left:
        counted += f" {numbers.count(left)} are left out, because the beginning of their path may lie before the data."
    means = (
        f"Many {customers} would have ordered without any contact, and channels were not drawn by lot: what a channel is credited with is "
        "not what it brought. Only campaigns with a holdout can say that."
    )
    return [counted, means]


def section(
    table: pd.DataFrame, base: pd.Series, *, customers: str, period: str, touch_days: int, smallest: int = 0
) -> Fragment:
    """Return the part of the page, or why there is nothing to share out.

    `table` has one row per channel and method (`monitor.attribution`), `base` what `monitor.touch_paths` counted: channels,
    touches, unknown (contacts without a channel), paths, credited, customers, conversions, without_touch, undecided, begins.
    """
    if base["channels"] < 2 or table.empty:
        return page.absent(KEY, f"{HEADING}: there is nothing to share out among channels", _why(base),
                           "With contacts by several channels, this section credits orders to them by four rules.",
                           label=LABEL)  # fmt: skip
    if smallest and (table["people"].min() < smallest or 0 < base["undecided"] < smallest):
        return blanks.too_few(
            KEY, "to which channels orders are credited", smallest=smallest, customers=customers, label=LABEL
        )
    table = table.assign(place=table["method"].map({name: n for n, name in enumerate(COLORS)}))
    table = table.sort_values(["channel", "place"], ignore_index=True).drop(columns="place")
    drawn = table[table["low"].notna()]
    shown = table.drop(columns="people")
    listed = tables.table(
        shown, caption="Orders credited to each channel, with 95 % interval of the share",
        formats=dict.fromkeys(("share", "low", "high"), numbers.percent) | {"credited": lambda x: numbers.decimal(x, 1)},
        names={"method": "Rule", "touched": "Orders with a contact by it", "credited": "Credited orders", "share": "Share",
               "low": "From", "high": "To"})  # fmt: skip
    shared = {"label": LABEL, "csv": tables.csv_link(shown, "attribution.csv"), "estimates": ESTIMATES,
              "source": "contacts, campaigns and order lines", "note": _note(base)}  # fmt: skip
    subtitle = (
        f"Share of {plural(base['credited'], 'order')} with a contact in the {touch_days} days before, by rule, {period}. "
        f"n = {plural(base['customers'], customers, customers)}, {plural(base['paths'], 'path')}."
    )
    said = lead(base, customers=customers, touch_days=touch_days)
    if drawn.empty:
        few = "Too few ordered after a contact for an interval, so take the shares as counts."
        return page.section(KEY, title(table), [*said, few], subtitle=subtitle, table=listed, **shared)
    return page.section(
        KEY, title(table), said, subtitle=subtitle,
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(drawn, ax, category="channel", value="share", low="low", high="high", group="method",
                                                  colors=COLORS, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(table)}. {_alt(table)}"),
        how_to_read="Each mark is the share of the orders that a rule credits to a channel; the marks of a rule add up to all. Where the "
                    "marks of a channel lie together, the rule does not matter. Lines are 95 % intervals.",
        table=listed, **shared,
    )  # fmt: skip


def method(*, touch_days: int, customer: str) -> tuple[str, str]:
    """Return the paragraph on the method."""
    return (
        "Attribution",
        f"An order’s path are the contacts since the {customer}’s order before, at most {touch_days} days back. First and last touch "
        "credit one contact, linear all alike. Markov asks how much less often a walk along the observed steps from contact to contact "
        "ends in an order when a channel is struck out (Anderl and others, 2016). A rule shares out what happened; a holdout in which as "
        "many order would change our mind about all four.",
    )


def _alt(table: pd.DataFrame) -> str:
    last = table[table["method"] == "last touch"]
    return (
        "By last touch: " + join_and([f"{row.channel} {numbers.percent(row.share)}" for row in last.itertuples()]) + "."
    )


def _why(base: pd.Series) -> str:
    if base["touches"] == 0:
        return "Nobody was contacted, so no order has a contact before it."
    if base["unknown"] == base["touches"]:
        return "The data does not say by which channel a contact came."
    if base["channels"] == 1:
        return f"All contacts whose channel is known came by one channel, {base['channel']}, so each rule would credit it with everything."
    return "No order followed a contact."


def _note(base: pd.Series) -> str:
    said = "A contact on the day of an order counts as before it. "
    if base["unknown"]:
        said += f"{plural(base['unknown'], 'contact')} by no known channel {'is' if base['unknown'] == 1 else 'are'} left out. "
    if base["undecided"]:
        one = base["undecided"] == 1
        said += f"{plural(base['undecided'], 'contact')} {'is' if one else 'are'} too recent to know whether an order follows."
    return said.strip()
