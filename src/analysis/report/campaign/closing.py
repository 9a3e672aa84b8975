"""What to do next, tied to the plan, and how far to trust the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers, page
from analysis.report.campaign.phrases import Verdicts, campaigns, estimated, money, named_now, rounded, total, verdicts
from analysis.report.words import in_words, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

READ = {
    "orders": ("order line", "order lines"),
    "contacts": ("contact", "contacts"),
    "offers": ("coupon offer", "coupon offers"),
    "responses": ("response", "responses"),
}


def steps(
    results: pd.DataFrame | None, promise: pd.DataFrame | None, *,
    customer: str, customers: str, currency: str, budget: float, days: int, consent_known: bool,
) -> list[str]:  # fmt: skip
    """Return one to five things to do, each with the number it rests on; the plan's lines only where there is a plan."""
    whole, table, found = total(promise), estimated(results), verdicts(results)
    lines = [] if whole else [f"Set strategies and a budget that reach some {customers}: nobody is planned yet."]
    if whole:
        strike = "Strike from both groups who did not agree to be contacted (this data does not record it), then send"
        lines.append(
            f"{'Send' if consent_known else strike} the plan to its "
            f"{numbers.count(whole['treated'])} {customers}, for an expected {money(whole['expected_cost'], currency)} "
            f"of {money(budget, currency)}."
        )
    if whole and whole["holdout"]:
        lines.append(
            f"Send nothing of it to the {numbers.count(whole['holdout'])} held out, whoever asks. "
            f"Compare the two groups once, {days} days after the start."
        )
    if whole and whole["largest_cost"] > whole["expected_cost"]:
        lines.append(
            f"Count in the first week how many use what they got: were it every treated {customer}, the cost would be "
            f"{money(whole['largest_cost'], currency)}."
        )
    if found.campaigns:
        lines.append(_holdout(found))
    if table is not None:
        first = table.iloc[0]
        told = money(rounded(first["marketing_effect"]), currency)
        lines.append(
            f"Judge no campaign by its sales minus coupons ({told} for {named_now(first)}): ask for the estimate beside it."
        )
    return lines


def next_steps(results: pd.DataFrame | None, promise: pd.DataFrame | None, **values) -> Fragment:
    """Return the part of the page; see `steps`."""
    return page.next_steps(steps(results, promise, **values))


def quality_lines(quality: pd.DataFrame | None, results: pd.DataFrame | None, *, currency: str) -> list[str]:
    """Return what came in, is used and set aside, for the tables that this page rests on, and the costs from a list."""
    known = {} if quality is None else quality.set_index("table").to_dict("index")
    lines = [reconciled(known[table], *words, currency=currency) for table, words in READ.items() if table in known]
    if results is not None and (listed := int(results["cost_listed"].sum()) if "cost_listed" in results else 0):
        of = plural(int(results["redemptions"].sum()), "redemption")
        lines.append(
            f"The cost of {numbers.count(listed)} of {of} is the listed cost of one use: no order line shows it."
        )
    return lines or ["What came in and what was set aside is not recorded."]


def kept_line(quality: pd.DataFrame | None) -> str:
    """Return how many order lines are used, and nothing of rows set aside, which can be of few people."""
    kept = 0 if quality is None else quality.loc[quality["table"] == "orders", "rows_kept"].sum()
    return f"{plural(kept, 'order line')} are used; what was set aside can be of few and is not shown."


def reconciled(row: dict, one: str, many: str, *, currency: str) -> str:
    """Return in a sentence how many rows came in, are used, are set aside with what money, and lie after the date."""
    parts = [f"{plural(row['rows_in'], one, many)} came in", f"{numbers.count(row['rows_kept'])} are used"]
    if row.get("rows_set_aside"):
        aside = row.get("amount_set_aside")
        worth = f" ({numbers.money(aside, currency)} of sales)" if numbers.is_known(aside) else ""
        parts.append(f"{numbers.count(row['rows_set_aside'])} are set aside{worth}")
    if row.get("rows_not_yet_seen"):
        parts.append(f"{numbers.count(row['rows_not_yet_seen'])} lie after the date of this page")
    return ", ".join(parts) + "."


def _holdout(found: Verdicts) -> str:
    told = found.gain
    if found.by_lot:
        others = found.compared - found.by_lot
        rest = (
            f"; {in_words(others)} compared without can show at most that more spend went with them" if others else ""
        )
        return f"Hold some out by lot from every campaign, as was done in {in_words(found.by_lot)} of those compared{rest}."
    known = f"we can tell for {numbers.count(told) if told else 'none'}"
    if not found.compared:
        return "Hold some out by lot from every coupon campaign as well: without that none could be compared so far."
    return f"Hold some out by lot from every coupon campaign as well: of {campaigns(found.compared)} compared without, {known}."
