"""The page on conversion where the data has no campaigns: from a first order to a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables, validated
from analysis.report.conversion import few_times
from analysis.report.words import join_and
from analysis.small_groups import rule_in_words

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "second-order", "From a first order to a second"
ESTIMATES = ("time to redemption, the curve",)  # the same curve; its validation is that of redemptions
NAMES = {"kind": "First order seen", "days": "Day", "again_by": "Ordered again so far", "customers": "Customers",
         "at_risk": "Still followed, without a second", "rate": "Share", "low": "From", "high": "To"}  # fmt: skip
HALVES = {"earlier": "first order in the earlier half", "later": "first order in the later half"}


def answer(
    month: pd.Series | None, quarter: pd.Series | None, *, customers: str, days: tuple[int, int], period: str
) -> Fragment:
    """Return the opening: the share that orders again within the two spans, or that it cannot be told."""
    absent = "Nobody was contacted as far as this data knows, so what campaigns turn into orders is not known."
    if quarter is None or month is None:
        return page.answer(f"Too few new {customers} to tell how many order again", absent)
    shares = [
        f"{numbers.percent(row['rate'])} ({numbers.interval(row['low'], row['high'], numbers.percent)}) within {within} days"
        for row, within in zip((month, quarter), days, strict=True)
    ]
    said = f"Of {numbers.count(int(quarter['customers']))} {customers} newly seen, {period}, {join_and(shares)} ordered on another day."
    title = f"Of 100 new {customers}, {numbers.count(100 * quarter['rate'])} order again within {days[1]} days"
    return page.answer(title, said, absent)


def key_figures(rows: dict[int, pd.Series | None], *, customers: str) -> Fragment:
    """Return the share that ordered again within each number of days."""
    boxes = [
        page.KeyFigure(
            f"Ordered again within {days} days",
            numbers.percent(row["rate"]),
            numbers.interval(row["low"], row["high"], numbers.percent),
            n=f"{numbers.count(int(row['customers']))} {customers}",
        )  # fmt: skip
        for days, row in rows.items()
        if row is not None
    ]
    return page.key_figures(boxes)


def section(curve: pd.DataFrame, *, customers: str, period: str, smallest: int) -> Fragment:
    """Return the curves of both halves of the period with their bands, or why they are not shown."""
    shown = few_times.thinned(curve, smallest=smallest, reached="again_by", of="customers")
    shown = shown[shown["kind"] != "all"].assign(kind=lambda table: table["kind"].map(HALVES))
    if shown.empty:
        return blanks.too_few(KEY, "how soon they order again", smallest=smallest, customers=customers, label=LABEL)
    ends = shown.groupby("kind").tail(1)
    told = join_and([f"{row.kind}: {numbers.percent(row.rate)} by day {row.days}" for row in ends.itertuples()])
    return page.section(
        KEY, "How soon does a second order come?", _compared(ends), label=LABEL,
        subtitle=f"Share of newly seen {customers} that had ordered on another day, by day after the first order, {period}. "
                 f"n = {numbers.count(int(ends['customers'].sum()))} {customers}.",
        figure=figures.svg(
            lambda ax: charts.steps(shown, ax, x="days", y="rate", low="low", high="high", group="kind",
                                    fmt=lambda x: numbers.percent(x, 0), xlabel="Days after the first order"),
            alt=f"Share that ordered again by day after the first order. At the end of the curves: {told}."),
        how_to_read="A curve that still climbs at its end was cut off by the end of the data. Where the bands of two curves overlap, "
                    "they may not differ. Bands are 95 % intervals; a customer who has not ordered again counts as long as we saw them.",
        table=tables.table(
            shown[shown["days"] % 7 == 0] if not smallest else shown.drop(columns="at_risk"),
            caption="Share that ordered again, with 95 % interval", row_header="kind", max_rows=40,
            formats=dict.fromkeys(("rate", "low", "high"), lambda x: numbers.percent(x, 1)), names=NAMES),
        csv=tables.csv_link(shown.drop(columns="at_risk") if smallest else curve, "second_order.csv"),
        estimates=ESTIMATES, source="orders",
        note="Customers whose first order seen lies at the beginning of the data are left out: they may have ordered before.",
    )  # fmt: skip


def absent_contacts() -> Fragment:
    """Return what would stand here with contacts."""
    return page.absent(
        "funnel", "What contacts turn into orders is not known", "This data has no campaigns and no contacts: nobody is known to have "
        "been sent anything.",
        "With one row per campaign and one per contact, this page shows how many visit, order and redeem, and how soon.", label="Contacts",
    )  # fmt: skip


def trust(quality: pd.DataFrame, *, customers: str, window_days: int, smallest: int) -> Fragment:
    """Return how far to trust the page."""
    orders = quality.set_index("table").loc["orders"]
    said = [
        f"{numbers.count(int(orders['rows_kept']))} of {numbers.count(int(orders['rows_in']))} order lines are kept; the index "
        "says why the others are not.",
        rule_in_words(smallest, customers=customers),
    ]
    method = [
        (
            "Newly seen",
            f"First order seen {window_days} days or more after the data begins. A first order seen is not a first order ever.",
        ),
        ("Second order", "An order of goods on a later day; two orders on one day count as one."),
        (
            "Share by day",
            "1 minus the Kaplan-Meier estimate (1958), band by Greenwood's variance on the log-log scale.",
        ),
        ("Validation", validated.paragraph("conversion")),
    ]
    limits = ["What would make more of them order again: nothing was tried that this data knows."]
    return page.trust(quality=said, method=method, limits=limits)


def _compared(ends: pd.DataFrame) -> str:
    if len(ends) < 2:
        return "Only one half of the period has enough new customers for a curve."
    return "New customers of the earlier half were seen for longer, so their curve goes further; compare the two where both are drawn."
