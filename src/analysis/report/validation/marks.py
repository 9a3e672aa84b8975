"""A number with its Monte-Carlo error and a word where it misses its goal; the word carries what the colour says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.report import numbers
from analysis.report.fragments import Fragment, join, tag

OUTSIDE, UNTOLD = "outside", "too few worlds to tell"  # as in the tables of a run


def marked(check: Mapping[str, Any] | None) -> Fragment:
    """Return the value of a check, such as `88.1 ± 0.7 % outside`; nothing where there is none."""
    if check is None:
        return Fragment("")
    if check["measure"] == "bias":
        written = f"{numbers.signed(check['value'])} ± {numbers.decimal(check['error'])}"
    else:
        written = f"{numbers.decimal(100 * check['value'], 1)} ± {numbers.percent(check['error'])}"
    if check["method"] or check["state"] not in (OUTSIDE, UNTOLD):
        return Fragment(join([written]))
    word = "outside" if check["state"] == OUTSIDE else "too few worlds"
    name = "outside" if check["state"] == OUTSIDE else "untold"
    return tag("span", f"{written} ", tag("b", word), attributes={"class": name})


def goal(check: Mapping[str, Any]) -> str:
    """Return the goal in words: `94.0 to 96.0 %`, `at most 5.6 %`, `at least 80.0 %`, `none`."""
    low, high = check["goal_low"], check["goal_high"]
    if not numbers.is_known(low):
        return "none"
    if check["measure"] == "bias":
        return f"{numbers.signed(low)} to {numbers.signed(high)} standard errors"
    if low <= 0:
        return f"at most {numbers.percent(high)}"
    return f"at least {numbers.percent(low)}" if high >= 1 else numbers.interval(low, high)


def value(check: Mapping[str, Any]) -> str:
    """Return the value alone, as a sentence has it."""
    if check["measure"] == "bias":
        return f"{numbers.signed(check['value'])} standard errors"
    return numbers.percent(check["value"])
