"""Where the change of an unusual week lies, in one sentence per signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers

if TYPE_CHECKING:
    import pandas as pd

HEADING = "Where most of it lies"
MEANING = (
    "Where most of it lies: the part of sales, by department, channel or segment, whose share of the change is furthest beyond its "
    "share of sales in the eight weeks before. Segments are those of the day before these weeks. It says where, not why."
)


def where(row: pd.Series, *, currency: str) -> str:
    """Return `72 % of the fall is in department GROCERY: 412 of 590 USD a week; it usually has 50 % of sales`; missing: empty.

    `row` is one of the control table with the columns of `monitor.signal_parts.with_parts`; `size` is the whole change.
    """
    if "part" not in row or not numbers.is_known(row["part_share"]):
        return ""
    side = "rise" if row["part_gap"] > 0 else "fall"
    if not bool(row["part_stands_out"]):
        return "spread about as sales usually are"
    share, usual = numbers.percent(row["part_share"], 0), numbers.percent(row["part_usual"], 0)
    name, gap = f"{row['part_of']} {row['part']}", numbers.count(abs(row["part_gap"]))
    if row["part_share"] > 1:  # the others went the other way
        return f"{name} moved by {gap} {currency} a week, more than the whole {side}; it usually has {usual} of sales"
    whole = numbers.count(abs(row["part_gap"] / row["part_share"]))
    return f"{share} of the {side} is in {name}: {gap} of {whole} {currency} a week; it usually has {usual} of sales"
