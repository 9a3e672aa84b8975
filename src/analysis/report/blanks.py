"""What a page says where a number of few people stays blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report.numbers import NOT_KNOWN
from analysis.report.words import in_words

if TYPE_CHECKING:
    import pandas as pd


def dash(smallest: int, *, customers: str) -> str:
    """Return what a dash in a table means; with `smallest` 0 it is only what is not known."""
    if not smallest:
        return NOT_KNOWN
    return f"not known, or not shown: fewer than {smallest} {customers} stand behind it or would follow from it"


def note(values: pd.Series, *, what: str, smallest: int, customers: str) -> str:
    """Return how many blanks a column has and why, such as points that a chart leaves out; nothing with the rule off.

    `what` is the singular of what a row is: segment, month, pair of segments.
    """
    number = int(values.isna().sum()) if smallest else 0
    if not number:
        return ""
    many = f"{what}s" if " of " not in what else what.replace(" of ", "s of ", 1)
    return (
        f" {in_words(number).capitalize()} {what if number == 1 else many} {'is' if number == 1 else 'are'} left blank and out of any "
        f"figure: fewer than {smallest} {customers} stand behind a number there, or would follow from it by subtraction."
    )


def too_few(key: str, what: str, *, smallest: int, customers: str, label: str | None = None):
    """Return a section that is not shown, because everything in it rests on few; `what` names its subject."""
    from analysis.report import page

    why = f"Fewer than {smallest} {customers} stand behind its numbers, or would follow from them."
    return page.absent(
        key, f"Too few {customers} to show {what}", why if smallest else f"No {customers} stand behind its numbers.",
        "With more of them, this section appears.", label=label,
    )  # fmt: skip
