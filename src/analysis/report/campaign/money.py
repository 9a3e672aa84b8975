"""Sales minus coupon cost, as campaigns are usually judged, beside what may have come in addition: a part of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import charts, numbers
from analysis.report.campaign.phrases import (
    drawable,
    estimated,
    money,
    named_now,
    rounded,
    running,
)
from analysis.report.words import plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

NEARLY_ALL = 0.9  # share of the contacted with comparable ones, from which an estimate is taken to be for all
SHOWN = 6  # campaigns in the figure, the most contacted; the table has all
TOLD, ADDED = "sales minus coupons", "estimated change"


def told(results: pd.DataFrame, *, customers: str, currency: str) -> str:
    """Return in a sentence sales minus coupons of the biggest campaign, and how much of it may be additional.

    Where fewer than nine in ten contacted can be compared, for how many that is known is said.
    """
    table = estimated(results)
    by_size = results.sort_values(["contacted", "campaign_id"], ascending=[False, True])
    first = by_size.iloc[0] if table is None else table.iloc[0]
    name = sentence_case(named_now(first))
    sold = f"{name} sold for {money(rounded(first['marketing_effect']), currency)} after coupons"
    if not numbers.is_known(first["marketing_effect"]):
        sold = f"{name} sold for {money(rounded(first['sales']), currency)} before coupons of unknown cost"
    if not numbers.is_known(first["sales"]):
        sold = f"What {named_now(first)} sold is not shown"
    if table is None:
        return f"{sold}; how much of it is additional is not known."
    low, high = (rounded(first[end]) for end in ("total_low", "total_high"))
    span = numbers.span(low, high, lambda value: f"{numbers.signed(value, 0)} {currency}")
    used, contacted = int(first["contacted_used"]), first["contacted"]
    if numbers.is_known(contacted) and used < NEARLY_ALL * contacted:
        of_them = f"{numbers.count(used)} of {numbers.count(contacted)} {customers} compared"
        return f"{sold}; for the {of_them}, {span} of theirs may be additional."
    return f"{sold}; {span} of it may be additional."


def leads(results: pd.DataFrame, *, customer: str, customers: str, currency: str) -> list[str]:
    """Return what the biggest campaign sold and added, that unseen is not none, and how much of the coupon cost is known."""
    lines = [told(results, customers=customers, currency=currency)]
    if (table := estimated(results)) is not None:
        first = table.iloc[0]
        cost, half = _cost_per_week(first), (first["high"] - first["low"]) / 2
        if cost < half and first["low"] <= 0 <= first["high"]:
            lines[0] += (
                f" Its known coupon cost is {numbers.money(cost, currency)} per {customer} and week, its estimate uncertain by "
                f"{numbers.money(half, currency)} either way: a change that pays for the coupons would stay unseen."
            )
    if redeemed := int(results["redemptions"].sum()):
        known = int(results["cost_matched"].sum())
        lines.append(
            f"The coupon cost is known for {numbers.count(known)} of {plural(redeemed, 'redemption')} "
            f"({numbers.percent(known / redeemed, 0)}), {money(results['cost_coupons'].sum(), currency)} in all"
            f"{_costs_missing(results, redeemed - known)}."
        )
    return lines


def draw(table: pd.DataFrame, ax: Any, *, currency: str) -> Any:
    """Draw two dots per campaign on one scale: the estimated change with its interval, and sales minus coupons."""
    import pandas as pd

    table = drawable(table, value="total_effect", low="total_low", high="total_high")
    label = [
        f"{row.campaign_id} · {row.kind}{' · still runs' if row.campaign_id in running(table) else ''}"
        + (f" · n = {numbers.count(row.contacted)}" if numbers.is_known(row.contacted) else "")
        for row in table.itertuples()
    ]
    columns = {"total_effect": "value", "total_low": "low", "total_high": "high"}
    added = table[list(columns)].rename(columns=columns).assign(label=label, what=ADDED)
    told = pd.DataFrame({"value": table["marketing_effect"], "low": float("nan"), "high": float("nan")})
    return charts.dots_with_intervals(
        pd.concat([added, told.assign(label=label, what=TOLD)], ignore_index=True), ax, category="label", value="value",
        low="low", high="high", group="what", colors={ADDED: "navy", TOLD: "orange"}, reference=0,
        fmt=lambda value: numbers.money_short(value, currency), xlabel=currency,
    )  # fmt: skip


def _costs_missing(results: pd.DataFrame, unknown: int) -> str:
    """What of the costs is not in the data, to follow the sum; nothing where all are."""
    missing = ["the others"] * (unknown > 0) + ["the mailing"] * bool(results["cost"].isna().any())
    return f"; what {' and '.join(missing)} cost is not in the data" if missing else ""


def _cost_per_week(row: pd.Series) -> float:
    """Known coupon cost per contacted customer and week; NaN where nothing is known of it."""
    if not (row["cost_matched"] and row["contacted"] and row["weeks"]):
        return float("nan")
    return float(row["cost_coupons"] / row["contacted"] / row["weeks"])
