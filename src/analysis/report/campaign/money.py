"""Sales minus coupon cost, as campaigns are usually judged, beside what may have come in addition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import charts, figures, numbers, page, tables
from analysis.report.campaign.phrases import (
    by_lot,
    drawable,
    estimated,
    money,
    named_now,
    rounded,
    running,
    whether_it_paid,
    with_state,
)
from analysis.report.words import in_words, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "money", "Sales, cost and what is left"
NEARLY_ALL = 0.9  # share of the contacted with comparable ones, from which an estimate is taken to be for all
SHOWN = 6  # campaigns in the figure, the most contacted; the table has all
TOLD, ADDED = "sales minus coupons", "estimated change"
COLUMNS = {
    "campaign_id": "Campaign", "kind": "Kind", "starts_on": "Start", "measured_until": "Measured until",
    "contacted": "Contacted", "sales": "Sales", "cost_coupons": "Coupon cost", "cost_matched": "Cost known for",
    "redemptions": "Redemptions", "marketing_effect": "Sales minus cost", "total_effect": "Estimated change",
    "total_low": "95 % from", "total_high": "95 % to", "verdict": "Verdict", "cost": "Contact cost",
    "net_value": "Net value", "net_low": "from", "net_high": "to", "roi": "Return on investment", "net_why": "No net value because",
}  # fmt: skip
WHOLE = (
    "sales", "marketing_effect", "total_effect", "total_low", "total_high", "cost", "net_value", "net_low", "net_high",
)  # fmt: skip
FORMATS = dict.fromkeys(WHOLE, numbers.end(numbers.count)) | {"roi": lambda share: numbers.percent(share, 0)}


def title(results: pd.DataFrame, *, customers: str, currency: str) -> str:
    """Return the finding: sales minus coupons of the biggest campaign, and how much of it may be additional.

    Where fewer than nine in ten contacted can be compared, for how many that is known is part of the finding.
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
        return f"{sold}; how much of it is additional is not known"
    low, high = (rounded(first[end]) for end in ("total_low", "total_high"))
    span = numbers.span(low, high, lambda value: f"{numbers.signed(value, 0)} {currency}")
    used, contacted = int(first["contacted_used"]), first["contacted"]
    if numbers.is_known(contacted) and used < NEARLY_ALL * contacted:
        of_them = f"{numbers.count(used)} of {numbers.count(contacted)} {customers} compared"
        return f"{sold}; for the {of_them}, {span} of theirs may be additional"
    return f"{sold}; {span} of it may be additional"


def leads(results: pd.DataFrame, *, customer: str, customers: str, currency: str) -> list[str]:
    """Return why the two numbers differ so much, why that is not "no effect", and how much of the cost is known."""
    lines = [
        f"Sales minus cost counts all that the contacted {customers} bought while the campaign ran, most of which they "
        f"would have bought anyway. The estimate keeps only what they spent beyond {_others(results)}, so it is far smaller."
    ]
    if (table := estimated(results)) is not None:
        first = table.iloc[0]
        cost, half = _cost_per_week(first), (first["high"] - first["low"]) / 2
        if cost < half and first["low"] <= 0 <= first["high"]:
            lines.append(
                f"That we cannot tell does not mean no effect. The known coupon cost of {named_now(first)} "
                f"comes to {numbers.money(cost, currency)} per {customer} and week, its estimate is uncertain by "
                f"{numbers.money(half, currency)} either way: a change that pays for the coupons would stay unseen."
            )
    lines += net(results, currency=currency)
    if redeemed := int(results["redemptions"].sum()):
        known = int(results["cost_matched"].sum())
        lines.append(
            f"The coupon cost is known for {numbers.count(known)} of {plural(redeemed, 'redemption')} "
            f"({numbers.percent(known / redeemed, 0)}), {money(results['cost_coupons'].sum(), currency)} in all"
            f"{_costs_missing(results, redeemed - known)}."
        )
    return lines


def net(results: pd.DataFrame, *, currency: str) -> list[str]:
    """Return what net value is beside sales minus cost, with that of the biggest campaign that has one; nothing without a margin."""
    table = results[results["net_value"].notna()].sort_values(["contacted", "campaign_id"], ascending=[False, True])
    if table.empty:
        return []
    first = table.iloc[0]
    span = numbers.span(first["net_low"], first["net_high"], lambda value: numbers.money(rounded(value), currency, 0))
    return [
        "Net value is what is left: margin × additional sales − redeemed incentives − contact cost. Sales minus cost takes all "
        f"sales as the campaign's and all of them as gain. {sentence_case(named_now(first))} has a net value of "
        f"{money(rounded(first['net_value']), currency)} (95 % interval {span}): {whether_it_paid(first)}."
    ]


def section(results: pd.DataFrame | None, *, customer: str, customers: str, currency: str, period: str) -> Fragment:
    """Return the section: a figure of the biggest campaigns and a table of all; the table alone where none is estimated."""
    if results is None or results.empty:
        needs = "With one, this section shows its sales and coupon cost beside what it may have added."
        return page.absent(
            KEY, "What the campaigns sold is not known", "No campaign has begun in these data.", needs, label=LABEL
        )
    table, shown = estimated(results), listed(results)
    headline = title(results, customers=customers, currency=currency)
    told = leads(results, customer=customer, customers=customers, currency=currency)
    caption = f"Every campaign, amounts in {currency}, by start"
    given: dict[str, Any] = {
        "label": LABEL,
        "table": tables.table(shown, caption=caption, names=COLUMNS, formats=FORMATS),
        "csv": tables.csv_link(shown, "campaign_money.csv"),
        "source": "order lines, contacts, coupons redeemed",
        "note": _note(results, customer=customer),
    }
    if table is None:
        return page.section(KEY, headline, told, subtitle=f"{currency}, {period}. n = contacted {customers}.", **given)
    most = table.head(SHOWN)
    return page.section(
        KEY,
        headline,
        told,
        subtitle=f"{currency} over the whole campaign, the {in_words(len(most))} biggest compared, {period}. n = contacted "
        f"{customers}; the estimated change is for those compared.",
        figure=figures.svg(lambda ax: draw(most, ax, currency=currency), alt=f"{headline}. Others are alike."),
        how_to_read="The diamond is what came in, the dot what may have come in addition, its line the 95 % interval.",
        **given,
    )


def listed(results: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign by start: sales, cost and marketing effect beside the estimated change, same columns for all."""
    table = results.sort_values(["starts_on", "campaign_id"], ignore_index=True)
    return table.assign(campaign_id=with_state(table["campaign_id"], running(results)))[list(COLUMNS)]


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


def _others(results: pd.DataFrame) -> str:
    """Whom the estimates compare with, in words."""
    return "those held out by lot or comparable ones" if by_lot(results).any() else "comparable ones"


def _costs_missing(results: pd.DataFrame, unknown: int) -> str:
    """What of the costs is not in the data, to follow the sum; nothing where all are."""
    missing = ["the others"] * (unknown > 0) + ["the mailing"] * bool(results["cost"].isna().any())
    return f"; what {' and '.join(missing)} cost is not in the data" if missing else ""


def _note(results: pd.DataFrame, *, customer: str) -> str:
    known = results["cost_matched"].sum() == results["redemptions"].sum() and results["cost"].notna().all()
    costs = (
        ""
        if known
        else " Makers may pay coupons back and many costs are unknown, so the true cost may be lower or higher."
    )
    return (
        f"Where campaigns overlap, their sales do not add up: a sale counts in every campaign that its {customer} was in.{costs} "
        "Sales are not profit."
    )


def _cost_per_week(row: pd.Series) -> float:
    """Known coupon cost per contacted customer and week; NaN where nothing is known of it."""
    if not (row["cost_matched"] and row["contacted"] and row["weeks"]):
        return float("nan")
    return float(row["cost_coupons"] / row["contacted"] / row["weeks"])
