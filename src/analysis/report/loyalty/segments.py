"""The named segments: how many, what share of sales, what they are like, and whether the data draws them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.inference.interval import Interval
from analysis.inference.proportions import wilson_interval
from analysis.inference.totals import FEWEST, totals_interval
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.loyalty.medians import median_interval
from analysis.report.loyalty.phrases import whole_percent
from analysis.report.words import in_words, join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

STANDS_OUT = 1.2  # times its share of customers
EXPECTED = 76  # with sales in a segment and outside it, three roots above the 50 that `totals_interval` needs


def shares(
    behaviour: pd.DataFrame, segments: pd.DataFrame, *, about: Mapping[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    """One row per segment that has customers, biggest in sales first (then by name).

    Both tables have one row per customer; `about` says in words who is in a segment. Columns: segment, about,
    customers, share_of_customers with low and high (Wilson), sales (currency), share_of_sales with low and high
    (customers as units; missing where fewer than 50 with sales are in it or outside, or by its size fewer than 76 expected), and of the
    middle customer recency_days, order_frequency (orders per 30 days) with low and high, order_amount
    (sales per order); loyalty_score is the mean. Shares 0 to 1, intervals 95 %.
    """
    table = behaviour.merge(
        segments[["customer_id", "segment", "loyalty_score"]], on="customer_id", validate="one_to_one"
    )
    found = table.groupby("segment").agg(
        customers=("customer_id", "size"), sales=("monetary", "sum"), recency_days=("recency_days", "median"),
        order_frequency=("order_frequency", "median"), order_amount=("order_amount", "median"), loyalty_score=("loyalty_score", "mean"),
    )  # fmt: skip
    n, total = len(table), table["monetary"].sum()
    low, high = wilson_interval(found["customers"].to_numpy(dtype=float), n)
    often = [median_interval(table.loc[table["segment"] == name, "order_frequency"].dropna()) for name in found.index]
    sold = [_sales_interval(table["monetary"], table["segment"] == name, rng=rng) for name in found.index]
    found = found.assign(
        about=[about.get(name, "") for name in found.index],
        share_of_customers=found["customers"] / n, customers_low=low, customers_high=high,
        share_of_sales=found["sales"] / (total if total > 0 else np.nan),
        sales_low=[interval.low for interval in sold], sales_high=[interval.high for interval in sold],
        frequency_low=[interval.low for interval in often], frequency_high=[interval.high for interval in often],
    ).reset_index()  # fmt: skip
    return found[list(COLUMNS)].sort_values(["sales", "segment"], ascending=[False, True], ignore_index=True)


def leading(table: pd.DataFrame) -> pd.Series:
    """Return the row of the segment whose share of sales is furthest above its share of customers; never a blank one."""
    beyond = (table["share_of_sales"] - table["share_of_customers"]).fillna(-1).where(table["customers"].notna(), -2)
    return table.loc[beyond.idxmax()]


def title(table: pd.DataFrame, *, customers: str) -> str:
    """Return the finding: the segment that brings most beyond its number, or that none stands out."""
    top = leading(table)
    name = sentence_case(top["segment"])
    who = f"{name}, {whole_percent(top['share_of_customers'])} of {customers}, bring {whole_percent(top['share_of_sales'])} of sales"
    return who if _stands_out(top) else f"No segment stands out in sales: {who[:1].lower()}{who[1:]}"


def sentence(table: pd.DataFrame, *, customers: str, everyone: int | None = None) -> str:
    """Return who brings most beyond their number, in one sentence with counts and what the name means."""
    top = leading(table)
    n = numbers.count(table["customers"].sum() if everyone is None else everyone)
    meaning = f" ({top['about']})" if top["about"] else ""
    return (
        f"{sentence_case(top['segment'])}{meaning} are {numbers.count(top['customers'])} of "
        f"{n} {customers} and bring {whole_percent(top['share_of_sales'])} of sales."
    )


def balance(table: pd.DataFrame, *, customers: str) -> str:
    """Return which segments bring more than their number, together, and what is left for the others."""
    more = table[table["share_of_sales"] > table["share_of_customers"]]
    if table["customers"].isna().any() and len(more):
        return _brings(more, customers=customers) + "."
    if more.empty or len(more) == len(table):
        return f"Every segment brings about as much as its number of {customers} lets expect."
    rest = len(table) - len(more)
    return (
        f"{_brings(more, customers=customers)}; the other {in_words(rest)} {'segment brings' if rest == 1 else 'segments bring'} "
        f"{whole_percent(1 - more['share_of_sales'].sum())} with {whole_percent(1 - more['share_of_customers'].sum())}."
    )


def _brings(more: pd.DataFrame, *, customers: str) -> str:
    names = sentence_case(join_and(more["segment"].tolist()))
    sales, people = (whole_percent(more[name].sum()) for name in ("share_of_sales", "share_of_customers"))
    return f"{names} {'bring' if len(more) == 1 else 'together bring'} {sales} of sales with {people} of {customers}"


def section(
    table: pd.DataFrame, *, customers: str, currency: str, period: str, everyone: int | None = None, smallest: int = 0
) -> Fragment:
    """Return the section that sets each segment's share of customers beside its share of sales.

    `everyone` is the number of customers of all segments, blank ones included; the sum of the table unless said.
    """
    if table["customers"].isna().all():
        return blanks.too_few("segments", "segments", smallest=smallest, customers=customers, label="Segments")
    n = numbers.count(table["customers"].sum() if everyone is None else everyone)
    known = ["share_of_customers", "customers_low", "customers_high", "share_of_sales", "sales_low", "sales_high"]
    columns = ["segment", "customers", *known[:3], "sales", *known[3:]]
    return page.section(
        "segments", title(table, customers=customers), balance(table, customers=customers), label="Segments",
        subtitle=f"Share of all {customers} and of all sales that each segment has, {period}. "
        f"n = {n} {customers}. Lines are 95 % intervals.",
        figure=figures.svg(lambda ax: draw(table, ax, customers=customers), alt=_alt(table, customers=customers)),
        how_to_read=f"Where the share of sales (round) lies right of the share of {customers} (diamond), a segment brings more "
        "than its number. Everyone is in exactly one segment.",
        table=tables.table(
            table[columns], caption=f"{sentence_case(customers)} and sales by segment",
            formats=dict.fromkeys(known, numbers.percent) | {"sales": numbers.count},
            names={"customers": sentence_case(customers), "share_of_customers": f"Share of {customers}", "sales": f"Sales, {currency}"}
            | dict.fromkeys(("customers_low", "sales_low"), "95 % from") | dict.fromkeys(("customers_high", "sales_high"), "95 % to"),
            unknown=blanks.dash(smallest, customers=customers),
        ),
        csv=tables.csv_link(table, "segments.csv"),
        estimates=("segment, share of customers", "segment, share of sales"),
        note="The names come from the study's rules, first match wins; the next section says what each means."
        + _unsure(table, customers=customers)
        + blanks.note(table["customers"], what="segment", smallest=smallest, customers=customers),
        source="order lines, rules of the study",
    )  # fmt: skip


def _unsure(table: pd.DataFrame, *, customers: str) -> str:
    """Return why some shares of sales have no interval; empty where all have one."""
    without = table["share_of_sales"].notna() & table["sales_low"].isna()
    return (
        f" A share of sales has no interval where fewer than {EXPECTED} {customers} with sales are expected in the segment or outside "
        f"it, or fewer than {FEWEST} are: a few of them decide it." if without.any() else ""
    )  # fmt: skip


def draw(table: pd.DataFrame, ax: Any, *, customers: str) -> Any:
    """Draw two dots per segment: its share of sales and its share of customers."""
    kinds = {
        "sales": ("share_of_sales", "sales_low", "sales_high"),
        customers: ("share_of_customers", "customers_low", "customers_high"),
    }
    rows = [
        {"segment": row["segment"], "kind": kind, "value": row[value], "low": row[low], "high": row[high]}
        for row in table.dropna(subset=["customers"]).to_dict("records") for kind, (value, low, high) in kinds.items()
    ]  # fmt: skip
    import pandas as pd

    return charts.dots_with_intervals(
        pd.DataFrame(rows), ax, category="segment", value="value", low="low", high="high", fmt=whole_percent, group="kind",
        colors={"sales": "navy", customers: "orange"},
    )  # fmt: skip


def _sales_interval(sales: pd.Series, inside: pd.Series, *, rng: np.random.Generator) -> Interval:
    """Interval of a segment's share of sales, from that of its sales over those of all others.

    Not known where so few with sales are in it or outside, or are expected by its size, that chance would decide whether
    they are enough.
    """
    x, sold, part = sales.to_numpy(dtype=float), sales.to_numpy() > 0, inside.mean()
    seen = min((sold & inside.to_numpy()).sum(), (sold & ~inside.to_numpy()).sum())
    if min(part, 1 - part) * sold.sum() < EXPECTED or seen < FEWEST:
        return Interval(np.nan, np.nan)
    low, high = totals_interval(np.column_stack([np.where(inside, x, 0.0), np.where(inside, 0.0, x)]), (1, -1), rng=rng)
    return Interval(low / (1 + low), high / (1 + high))


def _stands_out(row: pd.Series) -> bool:
    return bool(row["share_of_sales"] > STANDS_OUT * row["share_of_customers"])


def _alt(table: pd.DataFrame, *, customers: str) -> str:
    said = [
        f"{row.segment} {whole_percent(row.share_of_customers)} and {whole_percent(row.share_of_sales)}"
        for row in table.dropna(subset=["customers"]).itertuples()
    ]
    return f"Share of {customers} and of sales by segment: {'; '.join(said)}."


COLUMNS = (
    "segment", "about", "customers", "share_of_customers", "customers_low", "customers_high", "sales", "share_of_sales",
    "sales_low", "sales_high", "recency_days", "order_frequency", "frequency_low",
    "frequency_high", "order_amount", "loyalty_score",
)  # fmt: skip
