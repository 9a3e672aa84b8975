"""A number with its Monte-Carlo error and a word where it misses its goal; the word carries what the colour says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analysis.report import numbers
from analysis.report.fragments import Fragment, tag

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE, UNTOLD = "outside", "too few worlds to tell"  # the states of a check, as in the tables of a run
WORDS = {OUTSIDE: "outside", UNTOLD: "?"}  # what stands beside a number


def written(check: Mapping[str, Any] | None) -> str:
    """Return the value of a check with its error and its word, such as `88.1 ± 0.7 % outside`; empty where there is none."""
    if check is None:
        return ""
    if check["measure"] == "bias":
        said = f"{numbers.signed(check['value'])} ± {numbers.decimal(check['error'])}"
    else:
        said = f"{numbers.decimal(100 * check['value'], 1)} ± {numbers.percent(check['error'])}"
    return said if check["method"] else f"{said} {WORDS.get(check['state'], '')}".strip()


def shown(said: str) -> str | Fragment:
    """Return what `written` made as a piece of a page: red with its word, or grey where there are too few worlds."""
    for name, word in WORDS.items():
        if said.endswith(f" {word}"):
            number = said.removesuffix(f" {word}")
            css = "outside" if name == OUTSIDE else "untold"
            title = "too few worlds to tell" if name == UNTOLD else None
            return tag("span", f"{number} ", tag("b", word), attributes={"class": css, "title": title})
    return said


def goal(check: Mapping[str, Any]) -> str:
    """Return the goal in words: `94.0 to 96.0 %`, `at most 5.6 %`, `at least 80.0 %`, `none`."""
    low, high = check["goal_low"], check["goal_high"]
    if not numbers.is_known(low):
        return "none"
    if check["measure"] == "bias":
        return f"{numbers.signed(low)} to {numbers.signed(high)}"
    if low <= 0:
        return f"at most {numbers.percent(high)}"
    return f"at least {numbers.percent(low)}" if high >= 1 else numbers.interval(low, high)


def value(check: Mapping[str, Any]) -> str:
    """Return the value alone, as a sentence has it."""
    if check["measure"] == "bias":
        return f"{numbers.signed(check['value'])} standard errors"
    return numbers.percent(check["value"])


def worlds(counts: pd.Series) -> str:
    """Return how many worlds the settings have: one number where they are alike, else the least and the most."""
    least, most = int(counts.min()), int(counts.max())
    return numbers.count(most) if least == most else numbers.interval(least, most, numbers.count)
