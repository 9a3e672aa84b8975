"""Phrases that several parts of the loyalty report share."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from analysis.report import numbers
from analysis.report.words import in_words


def about_in_ten(share: Any) -> str:
    """Return a share in plain words: `about nine in ten` for 0.907, `nearly all`, `hardly any`."""
    if not numbers.is_known(share):
        return "an unknown share of"
    tenths = round(float(share) * 10)
    if tenths == 0:
        return "hardly any"
    return "nearly all" if tenths >= 10 else f"about {in_words(tenths)} in ten"


def whole_percent(share: Any) -> str:
    """Return `91 %`, or `0.4 %` and `99.7 %` where a whole number would say none or all."""
    if numbers.is_known(share) and 0 < share < 0.0005:
        return "below 0.1 %"
    near_an_end = numbers.is_known(share) and (0 < share <= 0.005 or 0.995 <= share < 1)
    return numbers.percent(share, 1 if near_an_end else 0)


def amount(currency: str, *, like: Any) -> Callable[[Any], str]:
    """Return a function that writes money as precisely as the amount it belongs to: whole from a hundred up, else cents."""
    whole = not numbers.is_known(like) or abs(like) >= 100
    return lambda value: numbers.money(value, currency, 0 if whole else 2)


def months_in_words(months: Sequence[Any]) -> str:
    """Return `February`, `February and March` or `April to June` for consecutive months, with years that differ."""
    first, last = months[0], months[-1]
    if first.year != last.year:
        return f"{numbers.month(first)} to {numbers.month(last)}"
    names = [numbers.month(month).rsplit(" ", 1)[0] for month in (first, last)]
    if first == last:
        return names[0]
    return f"{names[0]} {'and' if len(months) == 2 else 'to'} {names[1]}"


def months_and_year(months: Sequence[Any]) -> str:
    """Return `April to June 2017` for consecutive months, and `December 2017 to January 2018`: no year stands twice."""
    words = months_in_words(months)
    return words if months[0].year != months[-1].year else f"{words} {months[-1].year}"


def one_decimal(value: Any) -> str:
    """Return `15.6`."""
    return numbers.decimal(value, 1)


def not_over(as_of: date | None) -> str:
    """Return which month the data holds in part only, with its days; nothing where the last day ends one, or is not said."""
    days = monthrange(as_of.year, as_of.month)[1] if as_of else 0
    if not as_of or as_of.day == days:
        return ""
    return (
        f" {numbers.month(as_of)} is not over in this data ({as_of.day} of {days} days) and is left out of every share."
    )
