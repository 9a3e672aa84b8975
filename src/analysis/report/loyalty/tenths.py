"""Who brings the sales: customers in tenths by spend, and what the biggest spenders bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.loyalty.phrases import whole_percent
from analysis.report.words import in_words, sentence_case
from analysis.small_groups import dominated

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

FEWEST = 20  # customers, two per tenth
TOP = 3  # tenths that the title speaks of
KEY, LABEL = "who-brings-sales", "Who brings the sales"


class TopShare(NamedTuple):
    """What the biggest spenders bring of all sales (0 to 1): counted, without an interval."""

    share: float
    customers: int  # who have ordered at all
    sales: float


def tenths(behaviour: pd.DataFrame) -> pd.DataFrame:
    """One row per tenth of the customers with an order, biggest spenders first: tenth, customers, sales, share.

    `behaviour` has one row per customer. Sales in currency, share of all sales 0 to 1. Of equal spenders the one with
    the smaller id comes first. Empty where nobody has spent.
    """
    spenders = behaviour[behaviour["frequency"] > 0].sort_values(["monetary", "customer_id"], ascending=[False, True])
    place = np.arange(len(spenders)) * 10 // max(len(spenders), 1) + 1
    table = spenders.assign(tenth=place).groupby("tenth").agg(customers=("monetary", "size"), sales=("monetary", "sum"))
    total = table["sales"].sum()
    return table.assign(share=table["sales"] / (total if total > 0 else np.nan)).reset_index()


def top_share(behaviour: pd.DataFrame, *, part: float = TOP / 10) -> TopShare:
    """Return the share of sales of the `part` of customers that spends most, among those with an order.

    Not known for no sales. It has no interval: a few big spenders decide it, of whom a sample shows too few. In worlds
    whose truth is known Student's t with the error of a Lorenz curve's point (Beach and Davidson 1983, Review of Economic
    Studies 50, 723-735) held it in 92 to 93 of 100 instead of 95, a bootstrap-t in 93 to 94, and both too low.
    """
    spend = np.sort(behaviour.loc[behaviour["frequency"] > 0, "monetary"].to_numpy(dtype=float))[::-1]
    n, total = len(spend), float(spend.sum())
    if n < 2 or total <= 0:
        return TopShare(np.nan, n, total)
    return TopShare(float(spend[: max(round(part * n), 1)].sum()) / total, n, total)


def enough(behaviour: pd.DataFrame, *, smallest: int) -> bool:
    """Return whether every tenth has `smallest` customers or more, and none of them most of its sales."""
    if not smallest:
        return True
    spend = behaviour.loc[behaviour["frequency"] > 0, "monetary"].sort_values(ascending=False).tolist()
    least = len(spend) // 10
    return least >= smallest and not any(dominated(spend[i * len(spend) // 10 :][:least]) for i in range(10))


def short_title(found: TopShare) -> str:
    """Return the finding without its subject: `three in ten bring 68 % of sales`."""
    return f"{in_words(TOP)} in ten bring {whole_percent(found.share)} of sales"


def title(found: TopShare, *, customers: str) -> str:
    """Return the finding; where spend is nearly even it says that."""
    if found.share < 0.45:
        return f"Sales are spread wide: the top three {customers} in ten bring only {whole_percent(found.share)}"
    return f"{sentence_case(in_words(TOP))} {customers} in ten bring {whole_percent(found.share)} of sales"


def section(behaviour: pd.DataFrame, *, customers: str, currency: str, period: str, smallest: int = 0) -> Fragment:
    """Return the section with its figure, or one that says that too few have ordered."""
    if not enough(behaviour, smallest=smallest):
        return blanks.too_few(KEY, "who brings the sales", smallest=smallest, customers=customers, label=LABEL)
    table, found = tenths(behaviour), top_share(behaviour)
    if found.customers < FEWEST or not numbers.is_known(found.share):
        what = f"{numbers.count(found.customers)} {customers} have ordered so far."
        return page.absent(KEY, "Too few to say who brings the sales", what, f"It needs {FEWEST}.", label=LABEL)
    last = whole_percent(table["share"].iloc[-5:].sum())
    lead = [
        f"If all spent alike, three in ten would bring 30 %. The half that spends least brings {last}. These shares are counted, not "
        "estimated: how far chance moves them is not known, because a few big spenders decide it."
    ]  # fmt: skip
    return page.section(
        KEY, title(found, customers=customers), lead, label=LABEL,
        subtitle=f"Share of sales by tenth of {customers}, biggest spenders first, {period}. "
        f"n = {numbers.count(found.customers)} {customers}, {numbers.money_short(found.sales, currency)}.",
        figure=figures.svg(lambda ax: draw(table, ax, customers=customers), alt=_alt(table, found, customers=customers)),
        how_to_read=f"Each bar is a tenth of the {customers}, about {numbers.count(table['customers'].iloc[0])}; "
        "equal spenders would make all bars 10 % high.",
        table=tables.table(table, caption=f"Sales by tenth of {customers}", formats={"share": numbers.percent, "sales": numbers.count},
                           names={"customers": sentence_case(customers), "sales": f"Sales, {currency}", "share": "Share of sales"}),
        csv=tables.csv_link(table, "sales_by_tenth.csv"),
        note="Sales, not margin.", source="order lines",
    )  # fmt: skip


def draw(table: pd.DataFrame, ax: Any, *, customers: str) -> Any:
    """Draw one bar per tenth, those of the title marked."""
    return charts.bars(
        table, ax, category="tenth", value="share", fmt=whole_percent, highlight=list(range(1, TOP + 1)), vertical=True,
        xlabel=f"Tenth of {customers}, biggest spenders first",
    )  # fmt: skip


def _alt(table: pd.DataFrame, found: TopShare, *, customers: str) -> str:
    first, last = table["share"].iloc[0], table["share"].iloc[-1]
    return (
        f"Bars falling from {numbers.percent(first)} of sales for the first tenth of {customers} to {numbers.percent(last)} "
        f"for the last; the first {in_words(TOP)} together bring {numbers.percent(found.share)}."
    )
