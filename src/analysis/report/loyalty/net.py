"""Gross sales, what went back, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, numbers, page, tables

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "net-sales", "After refunds"
WHOLE = "whole period"  # as `segment.net_sales` names it
MOST_OF_ONE = 0.85  # a sum of which one person has more says what that person got
NAMES = {"period": "Month", "gross": "Gross sales", "refunds": "Went back", "net": "Net sales", "refund_share": "Share that went back",
         "refund_lines": "Lines that went back", "note": ""}  # fmt: skip


def shown(net: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Return the rows that may be shown: all, or with `smallest` the whole period alone and only if many stand behind it.

    Months are left out then: the sum of the others would give one that is blank.
    """
    if not smallest:
        return net
    whole = net[net["period"] == WHOLE]
    return whole[((whole["refunded"] >= smallest) & (whole["largest"] <= MOST_OF_ONE)) | whole["refunded"].isin([0])]


def section(net: pd.DataFrame, *, customers: str, currency: str, period: str, smallest: int = 0) -> Fragment:
    """Return the table of gross and net sales by month, or what is missing."""
    if net["refunds"].isna().all():
        return page.absent(
            KEY, "What went back is not known", "This data has no refunds, so all sales here are gross.",
            "With one row per refund this section shows gross and net sales side by side.", label=LABEL,
        )  # fmt: skip
    rows = shown(net, smallest=smallest)
    if rows.empty:
        return blanks.too_few(KEY, "what went back", smallest=smallest, customers=customers, label=LABEL)
    whole = rows[rows["period"] == WHOLE].iloc[0]
    note = [
        f"{int(days)} days of it" if not full else "" for days, full in zip(rows["days"], rows["full"], strict=True)
    ]
    table = rows.drop(columns=["days", "full", "refunded", "largest"]).assign(note=note)
    money = dict.fromkeys(("gross", "refunds", "net"), lambda value: numbers.decimal(value, 2))
    return page.section(
        KEY, title(whole), lead(whole, currency=currency, customers=customers), label=LABEL,
        subtitle=f"Sales before and after refunds, {currency}, {period}. n = {numbers.count(int(whole['refund_lines']))} lines that went "
                 f"back, of {numbers.count(int(whole['refunded']))} {customers}.",
        table=tables.table(table, caption=f"Gross and net sales, {currency}", row_header="period", max_rows=40,
                           formats={**money, "refund_share": numbers.percent, "refund_lines": numbers.count}, names=NAMES),
        csv=tables.csv_link(table, "net_sales.csv"), source="orders and refunds",
        note="A refund stands in the month in which money went back, which may be later than the sale. All other numbers of this "
             "page are of gross sales.",
    )  # fmt: skip


def title(whole: pd.Series) -> str:
    """Return the finding: how much of each hundred went back."""
    return f"Of every 100 sold, {numbers.decimal(100 * whole['refund_share'], 1)} went back"


def lead(whole: pd.Series, *, currency: str, customers: str) -> str:
    """Return gross, what went back and net in one sentence."""
    gross, back, net = (numbers.money(whole[name], currency) for name in ("gross", "refunds", "net"))
    return (
        f"{gross} were sold, {back} went back to {numbers.count(int(whole['refunded']))} {customers}, {net} are left."
    )
