"""The answer and the key figures: what the campaigns changed, what the next one does, and what it can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers, page
from analysis.report.campaign import standing, weeks
from analysis.report.campaign.phrases import (
    estimated,
    money,
    named,
    named_now,
    one_decimal,
    total,
)
from analysis.report.campaign.plan import segments_in_words
from analysis.report.words import change, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment


def title(results: pd.DataFrame | None, promise: pd.DataFrame | None, *, customers: str) -> str:
    """Return the page's title: which campaigns were worth it, and how the next one will show it."""
    first, whole = standing.title(standing.standing(results)), total(promise)
    if whole is None:
        return f"{first}; no next one is planned"
    if not whole["holdout"]:
        return f"{first}; the next one has nobody held out"
    return (
        f"{first}; the next one holds out {plural(whole['holdout'], '?', customers).replace('1 ?', 'one')} to find out"
    )


def sentences(promise: pd.DataFrame | None, *, customers: str, currency: str, budget: float, days: int) -> list[str]:
    """Return the plan with its budget in one sentence, and in another what its holdout can show."""
    whole = total(promise)
    if whole is None:
        return [f"Nothing is planned for the next {days} days."]
    lines = [
        f"The plan gives {numbers.count(whole['treated'])} {customers} in {segments_in_words(promise)} a gift or another "
        f"incentive, for an expected {money(whole['expected_cost'], currency)} of a budget of {money(budget, currency)}."
    ]
    if not whole["holdout"]:
        return [*lines, "Nobody is held out, so what that changes cannot be told from what would have come anyway."]
    held = f"Against {numbers.count(whole['holdout'])} held out by lot"
    if numbers.is_known(whole["smallest_effect"]):
        return [
            *lines,
            f"{held} a rise of spend of {numbers.percent(whole['smallest_effect'])} or more can be shown, {days} days after the start.",
        ]
    return [*lines, f"{held} no size of a rise of spend can be promised to show, {days} days after the start."]


def answer(
    results: pd.DataFrame | None, promise: pd.DataFrame | None, *, customers: str, currency: str, budget: float, days: int,
) -> Fragment:  # fmt: skip
    """Return the opening of the page: which campaigns were worth it, which not, of which we cannot tell, and what comes next."""
    told = sentences(promise, customers=customers, currency=currency, budget=budget, days=days)
    points = standing.points(standing.standing(results), currency=currency)
    return page.answer(title(results, promise, customers=customers), *told, points=points)


def key_figures(
    results: pd.DataFrame | None, control: pd.DataFrame | None, promise: pd.DataFrame | None, *,
    customer: str, customers: str, currency: str, budget: float, days: int, power: float, smallest: int = 0,
) -> Fragment:  # fmt: skip
    """Return the four numbers at the top: biggest campaign, last week, cost of the plan, and what its holdout shows."""
    return page.key_figures([
        biggest(results, customer=customer, currency=currency),
        last_week(control, customers=customers, currency=currency, smallest=smallest),
        cost(promise, currency=currency, budget=budget, days=days),
        shown(promise, days=days, power=power),
    ])  # fmt: skip


def biggest(results: pd.DataFrame | None, *, customer: str, currency: str) -> page.KeyFigure:
    """Return the estimate of the biggest campaign, and how it compares with the campaign of its kind before it."""
    label, table = f"Change of spend per {customer} and week", estimated(results)
    if table is None:
        begun = 0 if results is None else len(results)
        return page.KeyFigure(label, numbers.NOT_KNOWN, n=plural(begun, "campaign"), change="none can be compared")
    first = table.iloc[0]
    earlier = table[(table["kind"] == first["kind"]) & (table["starts_on"] < first["starts_on"])]
    said = "the first of its kind compared"
    if len(earlier):
        before = earlier.sort_values(["starts_on", "campaign_id"]).iloc[-1]
        word = change(first["effect_per_week"], before["effect_per_week"], (first["low"], first["high"]))
        said = f"{word} from {named(before['campaign_id'])}: {one_decimal(before['effect_per_week'])}"
    return page.KeyFigure(
        f"{label}, {named_now(first)}, {numbers.period(first['starts_on'], first['measured_until'])}",
        f"{one_decimal(first['effect_per_week'])} {currency}",
        numbers.span(first["low"], first["high"], one_decimal),
        int(first["contacted_used"]),
        said,
    )


def last_week(control: pd.DataFrame | None, *, customers: str, currency: str, smallest: int = 0) -> page.KeyFigure:
    """Return sales of the last full week with the range that was expected, and how they compare with the week before."""
    sales, active = weeks.measured(control, weeks.SALES), weeks.measured(control, weeks.ACTIVE)
    if sales is None:
        return page.KeyFigure(
            "Sales of the last full week",
            numbers.NOT_KNOWN,
            change="too few were active to show it" if smallest else "no full week in the data",
        )
    last = sales.iloc[-1]
    n = f"{numbers.count(active['value'].iloc[-1])} active {customers}" if active is not None else ""
    said = weeks.place(last, currency=currency).split(" expected ")[0].removesuffix(" the") + " the expected range"
    if not numbers.is_known(last["lower"]):
        said = "range not known"
    if len(sales) > 1 and numbers.is_known(sales["value"].iloc[-2]):
        said += f"; {numbers.count(sales['value'].iloc[-2])} the week before"
    span = numbers.interval(last["lower"], last["upper"], numbers.count)
    expected = f"expected {span}" if span != numbers.NOT_KNOWN else ""
    label = f"Sales, week of {numbers.day(last['week_starts_on'])}"
    return page.KeyFigure(label, money(last["value"], currency), expected, n, said)


def cost(promise: pd.DataFrame | None, *, currency: str, budget: float, days: int) -> page.KeyFigure:
    """Return the expected cost of the plan, at most what, for how many, and the budget."""
    label, whole = f"Expected cost of the plan, {days} days", total(promise)
    if whole is None:
        return page.KeyFigure(label, numbers.NOT_KNOWN, change="nobody is planned")
    largest, treated = money(whole["largest_cost"], currency), f"{numbers.count(whole['treated'])} treated"
    value = money(whole["expected_cost"], currency)
    return page.KeyFigure(label, value, f"at most {largest}", treated, f"budget {money(budget, currency)}")


def shown(promise: pd.DataFrame | None, *, days: int, power: float) -> page.KeyFigure:
    """Return the smallest rise of spend that the holdout shows, how often, and what would pay for the plan."""
    label, whole = f"Smallest rise of spend that the holdout shows, {days} days", total(promise)
    seen = whole["smallest_effect"] if whole and whole["holdout"] else None
    if not numbers.is_known(seen):
        return page.KeyFigure(label, numbers.NOT_KNOWN, n=f"{numbers.count(whole['holdout'] if whole else 0)} held out")
    n = f"{numbers.count(whole['treated'])} treated, {numbers.count(whole['holdout'])} held out"
    pays = (
        f"the plan pays in sales from {numbers.percent(whole['break_even'])}"
        if numbers.is_known(whole["break_even"])
        else ""
    )
    return page.KeyFigure(label, numbers.percent(seen), f"{numbers.count(power * 100)} times in 100", n, pays)
