"""The answer and the key figures of the loyalty report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.inference.proportions import wilson_interval
from analysis.report import numbers, page
from analysis.report.loyalty import returns as coming_back
from analysis.report.loyalty import segments as named
from analysis.report.loyalty import tenths
from analysis.report.loyalty.phrases import about_in_ten, amount, one_decimal, whole_percent
from analysis.report.loyalty.window import WindowChange, against_before
from analysis.report.words import sentence_case

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.report.fragments import Fragment


def title(found: coming_back.Returns | None, top: tenths.TopShare, *, customers: str) -> str:
    """Return the page's title: whether customers come back, whether that changes, and who brings the sales."""
    if found is None:
        start = "Too early to say whether they come back"
    elif found.word == "cannot tell":
        start = f"{sentence_case(about_in_ten(found.rate))} {customers} came back in {coming_back.name_of(found.month)}"
    elif found.word == "no clear change":
        start = f"{sentence_case(about_in_ten(found.rate))} {customers} come back each month, as before"
    else:
        more = "More" if found.word == "up" else "Fewer"
        rates = f"{whole_percent(found.rate)}, before {whole_percent(found.earlier)}"
        start = f"{more} {customers} come back ({rates})"
    return f"{start}; {tenths.short_title(top)}" if numbers.is_known(top.share) else start


def changes(sales: WindowChange, orders: WindowChange, *, customer: str, currency: str, window_days: int) -> str:
    """Return in one sentence what changed per customer against the window before, season unknown."""
    if "cannot tell" in (sales.word, orders.word):
        return f"Whether sales or orders per {customer} change we cannot tell yet: the data has no such period before the last one."
    parts = [_moved("sales", sales, amount(currency, like=sales.now)), _moved("orders", orders, one_decimal)]
    if sales.word == orders.word == "no clear change":
        said = "neither sales nor orders clearly changed"
    elif sales.word == "no clear change":
        said = f"{parts[1]} and {parts[0]}"
    else:
        said = f"{parts[0]} and {parts[1]}"
    return (
        f"Per {customer}, {said} against the {window_days} days before; one such step does not tell season from trend."
    )


def answer(
    monthly: pd.DataFrame, behaviour: pd.DataFrame, shares: pd.DataFrame, sales: WindowChange, orders: WindowChange,
    *, customer: str, customers: str, currency: str, window_days: int, smallest: int = 0,
) -> Fragment:  # fmt: skip
    """Return the opening of the page from the tables of months, customers and segments, and the changes in the window."""
    found, top = coming_back.returns(monthly), tenths.top_share(behaviour)
    if not tenths.enough(behaviour, smallest=smallest):
        top = top._replace(share=float("nan"))
    sentences = [coming_back.sentence(found, customers=customers)] if found else []
    if shares["customers"].notna().any():
        sentences.append(named.sentence(shares, customers=customers, everyone=len(behaviour)))
    sentences.append(changes(sales, orders, customer=customer, currency=currency, window_days=window_days))
    return page.answer(title(found, top, customers=customers), *sentences)


def key_figures(
    monthly: pd.DataFrame, behaviour: pd.DataFrame, sales: WindowChange, orders: WindowChange,
    *, customer: str, customers: str, currency: str, window_days: int,
) -> Fragment:  # fmt: skip
    """Return the four numbers under the answer: active, back the next month, orders and sales per customer."""
    seen = int((behaviour["frequency"] > 0).sum())
    return page.key_figures([
        _active(monthly, seen=seen, customers=customers),
        _back(monthly, customers=customers),
        _per_customer(f"Orders per {customer}, last {window_days} days", orders, one_decimal, window_days),
        _per_customer(f"Sales per {customer}, last {window_days} days", sales, amount(currency, like=sales.now), window_days),
    ])  # fmt: skip


def _active(monthly: pd.DataFrame, *, seen: int, customers: str) -> page.KeyFigure:
    if monthly["customers_active"].isna().all():
        return page.KeyFigure(
            f"{sentence_case(customers)} with an order in a full month",
            numbers.NOT_KNOWN,
            change="no month is full yet" if monthly.empty else "too few to show",
        )
    monthly = monthly.dropna(subset=["customers_active"])
    last = monthly.sort_values("month").iloc[-1]
    active = int(last["customers_active"])
    _, word = coming_back.active_change(monthly)
    low, high = wilson_interval(min(active, seen), seen)
    change = "no full month before to compare"
    if word != "cannot tell":
        change = f"{word} from {numbers.count(last['previous_active'])} the month before"
    return page.KeyFigure(
        f"{sentence_case(customers)} with an order in {numbers.month(last['month'])}", numbers.count(active),
        f"{numbers.interval(low, high, whole_percent)} of those seen", seen, change,
    )  # fmt: skip


def _back(monthly: pd.DataFrame, *, customers: str) -> page.KeyFigure:
    found = coming_back.returns(monthly)
    if found is None:
        return page.KeyFigure("Back the next month", numbers.NOT_KNOWN, change="two full months have not passed")
    change = f"{found.word} from {numbers.percent(found.earlier)} in the {found.months} months before"
    if found.word == "cannot tell":
        change = "cannot tell the change: too few months before"
    label = f"Of {coming_back.name_of(found.month_before)}’s {customers}, back in {coming_back.name_of(found.month)}"
    return page.KeyFigure(label, numbers.percent(found.rate), numbers.interval(found.low, found.high), found.of, change)


def _per_customer(label: str, found: WindowChange, fmt: Callable[[Any], str], window_days: int) -> page.KeyFigure:
    interval = numbers.interval(found.now_low, found.now_high, fmt)
    change = against_before(found, window_days=window_days, fmt=fmt)
    return page.KeyFigure(label, fmt(found.now), interval, found.customers, change)


def _moved(what: str, found: WindowChange, fmt: Callable[[Any], str]) -> str:
    if found.word == "no clear change":
        return f"{what} did not clearly change"
    size = sorted([abs(found.low), abs(found.high)])
    verb = "rose" if found.word == "up" else "fell"
    return f"{what} {verb} by {numbers.interval(*size, fmt)}"
