"""Channels, segments and departments: every step of the funnel for each, and which channel or segment redeems more often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion import few_funnels
from analysis.report.conversion.against_the_rest import COMPARED, compared
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.phrases import p_value, whole_percent
from analysis.report.fragments import join
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "across", "Channels, segments, products"
CAPTIONS = {
    "channel": "By channel of the contact", "segment": "By segment on the day before the campaign",
    "department": "By department of the products offered; a contact is in each that it was offered", "campaign": "By campaign",
}  # fmt: skip
HEADS = {
    "contacted": "Contacts",
    "opened": "Opened",
    "clicked": "Clicked",
    "ordered": "Ordered",
    "redeemed": "Redeemed",
}


def title(table: pd.DataFrame) -> str:
    """Return the finding: which channels and segments redeem more often, else less often, than the rest."""
    for verdict in ("more often", "less often"):
        names = table.loc[table["verdict"] == verdict, "group"].tolist()
        if names:
            return f"Redeemed {verdict} than the rest: {join_and(names)}"
    if table.empty:
        return "How far contacts come, by campaign and by what was offered"
    listed = {"channel": "channel", "segment": "segment"}
    kinds = [listed[name] for name in COMPARED if (table["dimension"] == name).any()]
    return f"We cannot tell any {' or '.join(kinds)} from the rest by how often its contacts redeem"


def lead(table: pd.DataFrame, grouped: pd.DataFrame, *, customers: str) -> list[str]:
    """Return the clear ones with their rates, how many were compared, what segments are, and what is not known."""
    said = []
    for verdict in ("more often", "less often"):
        rows = [f"{row.group} {whole_percent(row.rate)} (the rest {whole_percent(row.rest)})"
                for row in table[table["verdict"] == verdict].itertuples()]  # fmt: skip
        said += [f"{sentence_case(verdict)}: {join_and(rows)}."] if rows else []
    clear, judged = int((table["verdict"] != "cannot tell").sum()), int(table["difference_low"].notna().sum())
    few = len(table) - judged
    if judged:
        said.append(
            f"{plural(judged, 'comparison')}, each group with the rest of its list; corrected for that, "
            f"{in_words(clear) if clear else 'none'} {'is' if clear == 1 else 'are'} clear"
            + (", of the others we cannot tell." if judged > clear else ".")
        )
    if few:
        said.append(f"{sentence_case(plural(few, 'group'))} {'has' if few == 1 else 'have'} too few to be judged.")
    means = [_of_channels(grouped)]
    if grouped["segment"].notna().any():
        means.append("Segments are those of the day before each campaign, so nothing that a campaign did is in them.")
    means.append(
        f"Which {customers} were contacted, how and with what was chosen, so a difference is not the work of the channel."
    )
    return [*([" ".join(said)] if said else []), " ".join(means)]


def wide(funnels: pd.DataFrame, dimension: str, *, most: int | None = None) -> pd.DataFrame:
    """One row per group: its contacts, and per step how many came to it, the share and its 95 % interval, as text.

    The groups with most contacts first, campaigns by number. A step that is known for some of the contacts says of how many.
    """
    rows = funnels[funnels["dimension"] == dimension]
    size = rows[rows["step"] == "contacted"].set_index("group")["contacted"]
    order = (
        _by_number(size.index) if dimension == "campaign" else size.sort_values(ascending=False, kind="stable").index
    )
    cells = {
        (row.group, row.step): _cell(row, size.get(row.group)) for row in rows.itertuples() if row.step != "contacted"
    }
    steps = [step for step in HEADS if step != "contacted" and (rows["step"] == step).any()]
    import pandas as pd

    return pd.DataFrame([
        {"group": name, "contacted": int(size[name]), **{step: cells.get((name, step)) for step in steps}}
        for name in list(order)[:most]
    ], columns=["group", "contacted", *steps])  # fmt: skip


def section(
    funnels: pd.DataFrame,
    grouped: pd.DataFrame,
    *,
    customers: str,
    average: float,
    period: str,
    few: Few = ALL_SHOWN,
    many: str = HOLM,
) -> Fragment:
    """Return the part of the page: the groups that are compared, and behind it every step of every group."""
    funnels = few_funnels.shown(funnels, few)
    if funnels.empty or few.hides("kind", "all"):
        return blanks.too_few(
            KEY, "channels, segments and products", smallest=few.smallest, customers=customers, label=LABEL
        )
    table = compared(grouped, funnels, many=many)
    corrected = correction(many).told(comparisons(table["p_adjusted"]))
    table = table[table["rate"].notna()].reset_index(drop=True)
    parts = [
        tables.table(frame, caption=f"{CAPTIONS[dimension]}: came to the step, share of contacts and 95 % interval",
                     names={"group": sentence_case(dimension)} | {name: HEADS[name] for name in frame.columns[1:]})
        for dimension in CAPTIONS if len(frame := wide(funnels, dimension, most=40))
    ]  # fmt: skip
    shared = {
        "label": LABEL, "csv": tables.csv_link(funnels, "funnels.csv"), "estimates": ESTIMATES,
        "source": "contacts, responses, order lines, coupons and segments",
        "note": f"{corrected} "
        "Ordered: goods ordered in the campaign’s days, of a department: those that were offered there. Opened and clicked are "
                "known only where the sender counted them.",
    }  # fmt: skip
    subtitle = f"Share of contacts that redeemed, {period}. n = {plural(len(grouped), 'contact')}."
    if len(table) < 2:
        return page.section(KEY, title(table.head(0)), lead(table.head(0), grouped, customers=customers),
                            subtitle=f"Contacts that came to each step, {period}.", table=join(parts), **shared)  # fmt: skip
    clear = table.loc[table["verdict"] != "cannot tell", "group"].tolist()
    return page.section(
        KEY, title(table), lead(table, grouped, customers=customers), subtitle=subtitle,
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(table, ax, category="group", value="rate", low="low", high="high", highlight=clear,
                                                  reference=average, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(table)}. {plural(len(table), 'group')} compared, {len(clear)} clear."),
        how_to_read=f"Dark dots differ clearly from the rest of their list; pale ones may not. Lines are 95 % intervals, the upright line "
                    f"is all contacts, {numbers.percent(average)}.",
        table=join([_differences(table, many), *parts]), **shared,
    )  # fmt: skip


ESTIMATES = ("funnel, one step of a group", "channel or segment against the rest")


def _differences(table: pd.DataFrame, many: str) -> Fragment:
    frame = table.drop(columns=["reached", "low", "high"])
    points = dict.fromkeys(
        ("difference", "difference_low", "difference_high"), lambda x: numbers.points(x).removesuffix(" points")
    )
    return tables.table(
        frame, caption="Contacts that redeemed, each channel and segment against the rest, difference in points", row_header="group",
        formats=dict.fromkeys(("rate", "rest"), numbers.percent) | points | {"p_adjusted": p_value},
        names={"dimension": "By", "contacted": "Contacts", "rate": "Share", "rest": "Share of the rest", "difference_low": "From",
               "difference_high": "To", "p_adjusted": correction(many).heading},
    )  # fmt: skip


def _of_channels(grouped: pd.DataFrame) -> str:
    channels = sorted(grouped["channel"].dropna().unique())
    if len(channels) == 1:
        return f"All contacts came by one channel, {channels[0]}, so channels cannot be compared."
    return "" if channels else "The data does not say by which channel a contact came."


def _by_number(names) -> list[str]:
    return sorted(names, key=lambda name: (int(name), name) if all(one.isdigit() for one in names) else name)


def _cell(row, size: float) -> str:
    of = "" if row.contacted == size else f" of {numbers.count(row.contacted)}"
    return f"{numbers.count(row.reached)}{of}, {numbers.percent(row.rate)} ({numbers.interval(row.low, row.high, numbers.percent)})"
