"""Which departments bring purchases and where the coupon money goes; opinions where there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import charts, figures, numbers, page, tables
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "products", "Products and coupons"
SHOWN = 8  # departments in the figure; the table has all
BOUGHT, GIVEN = "of sales", "of coupon discounts"
NAMES = {
    "department": "Department", "purchase_amount": "Purchases", "purchase_amount_rank": "Rank",
    "incentive_amount": "Coupon discounts", "incentive_amount_rank": "Rank by coupons",
    "feedback_score": "Feedback score", "feedback_score_rank": "Rank by feedback",
}  # fmt: skip


def ranked(rankings: pd.DataFrame) -> pd.DataFrame:
    """One row per department, most purchases first, ties by name, with its share of purchases and of coupon discounts (0 to 1).

    A share of nothing is missing.
    """
    table = rankings.sort_values(["purchase_amount", "department"], ascending=[False, True], ignore_index=True)
    for column, share in (("purchase_amount", "sales_share"), ("incentive_amount", "coupon_share")):
        whole = table[column].sum()
        table[share] = table[column] / whole if whole > 0 else float("nan")
    return table


def title(table: pd.DataFrame) -> str:
    """Return the finding: the share of the first department in sales and in coupon discounts."""
    first = table.iloc[0]
    name = first["department"].capitalize() if first["department"].isupper() else first["department"]
    sales = f"{name} brings {numbers.percent(first['sales_share'], 0)} of sales"
    if not numbers.is_known(first["coupon_share"]):
        return f"{sales}; no product had a coupon discount"
    return f"{sales} and takes {numbers.percent(first['coupon_share'], 0)} of the coupon discounts on products"


def lead(table: pd.DataFrame, *, coupon_total: float | None, currency: str) -> str:
    """Return how many departments have no coupon, and how much coupon money belongs to no department."""
    given, parts = table["incentive_amount"].sum(), []
    without = int((table["incentive_amount"] == 0).sum())
    if without and given:
        parts.append(f"{plural(without, 'department')} of {numbers.count(len(table))} had no coupon discount.")
    if numbers.is_known(coupon_total) and coupon_total - given >= 0.005:
        parts.append(
            f"Of {numbers.money(coupon_total, currency, 0)} coupon discounts, {numbers.percent((coupon_total - given) / coupon_total, 0)} "
            "belong to no department, such as coupons on a whole order."
        )
    return " ".join(parts)


def section(
    rankings: pd.DataFrame | None, quality: pd.DataFrame | None, *, currency: str, period: str, smallest: int = 0
) -> Fragment:
    """Return the section; `rankings` has one row per department, `quality` one per table with the coupon money of the orders."""
    if smallest:
        what = "How many people stand behind the sales and coupons of a department is not counted."
        needs = "Where the data is public, this section ranks departments."
        return page.absent(KEY, "How products rank is not shown", what, needs, label=LABEL)
    if rankings is None or rankings.empty or not rankings["purchase_amount"].sum() > 0:
        what = "No purchase of a product in a department is in the data."
        needs = "With some, this section ranks departments by purchases, coupon discounts and feedback."
        return page.absent(KEY, "How products rank is not known", what, needs, label=LABEL)
    table = ranked(rankings)
    scored = table["feedback_score"].notna().any()
    shown = table[list(NAMES) if scored else [name for name in NAMES if "feedback" not in name]]
    absent = "" if scored else "This data has no feedback, so there is no feedback score. "
    told = lead(table, coupon_total=coupon_total(quality), currency=currency)
    bought, given = table["purchase_amount"].sum(), table["incentive_amount"].sum()
    return page.section(
        KEY,
        title(table),
        told or (),
        label=LABEL,
        subtitle=f"Share of purchases and of coupon discounts by department, most purchases first, {period}. "
        f"n = {numbers.money_short(bought, currency)} of purchases, {numbers.money(given, currency, 0)} of discounts.",
        figure=figures.svg(
            lambda ax: draw(table.head(SHOWN), ax),
            alt=f"{title(table)}. Shown are the first {min(SHOWN, len(table))} of {plural(len(table), 'department')}.",
        ),
        how_to_read="Where the dot and the diamond lie apart, coupons go elsewhere than purchases do.",
        table=tables.table(
            shown,
            caption=f"Departments, amounts in {currency}",
            names={name: NAMES[name] for name in shown},
            formats=dict.fromkeys(["purchase_amount", "incentive_amount"], numbers.count),
        ),
        csv=tables.csv_link(rankings, "product_rankings.csv"),
        note=absent.strip(),
        source="order lines, products",
    )


def coupon_total(quality: pd.DataFrame | None) -> float | None:
    """Return all coupon discounts of the kept order lines, or None where that is not said."""
    if quality is None or "coupon_discount_kept" not in quality:
        return None
    kept = quality.loc[quality["table"] == "orders", "coupon_discount_kept"]
    return float(kept.iloc[0]) if len(kept) else None


def draw(table: pd.DataFrame, ax: Any) -> Any:
    """Draw two dots per department: its share of sales and of coupon discounts."""
    tidy = table.rename(columns={"sales_share": BOUGHT, "coupon_share": GIVEN})
    tidy = tidy.melt("department", [BOUGHT, GIVEN], var_name="what", value_name="share")
    tidy = tidy.assign(low=float("nan"), high=float("nan"))
    return charts.dots_with_intervals(
        tidy, ax, category="department", value="share", low="low", high="high", group="what", reference=0,
        colors={BOUGHT: "navy", GIVEN: "orange"}, fmt=lambda value: numbers.percent(value, 0), xlabel="Share",
    )  # fmt: skip
