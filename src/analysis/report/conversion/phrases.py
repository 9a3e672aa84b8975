"""Words that several parts of the page share."""

from __future__ import annotations

from typing import Any

from analysis.report import numbers
from analysis.report.words import in_words, plural

STEPS = {"contacted": "Contacted", "visited": "Visited", "bought_promoted": "Bought promoted", "redeemed": "Redeemed"}


def one_in(share: Any, thing: str = "contact") -> str:
    """Return a share in plain words: `one contact in eight` for 0.12, `six contacts in ten`, `hardly any contact`."""
    if not numbers.is_known(share):
        return f"an unknown share of {thing}s"
    if share >= 0.985:
        return f"nearly every {thing}"
    if share >= 0.35:
        return f"{in_words(round(share * 10))} {thing}s in ten"
    return f"one {thing} in {in_words(round(1 / share))}" if share >= 0.005 else f"hardly any {thing}"


def whole_percent(share: Any) -> str:
    """Return `91 %`, or one decimal below 10 %, where a whole number would say too little."""
    return numbers.percent(share, 1 if numbers.is_known(share) and share < 0.0995 else 0)


def times(ratio: Any) -> str:
    """Return how many times as often, in words where it is simple: `twice`, `2.5 times`."""
    written = numbers.decimal(ratio, 1)
    return {"2.0": "twice", "3.0": "three times", "4.0": "four times"}.get(written, f"{written} times")


def p_value(value: Any) -> str:
    """Return `0.032`, and `< 0.001` where three decimals would say zero."""
    return "< 0.001" if numbers.is_known(value) and value < 0.0005 else numbers.decimal(value, 3)


def contacts_of(contacts: Any, of: Any, customer: str, customers: str) -> str:
    """Return `6,589 contacts with 1,559 households`."""
    return f"{plural(contacts, 'contact')} with {plural(of, customer, customers)}"


def short_day(day: Any) -> str:
    """Return `8 February`: the year stands in the subtitle."""
    return numbers.day(day).rsplit(" ", 1)[0] if numbers.is_known(day) else numbers.NOT_KNOWN
