"""Words and counts that several parts of the campaign report use alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.report import numbers
from analysis.report.words import in_words

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "all segments"  # the row of the promise that adds up the others
GAIN, LOSS = "consistent with a gain", "consistent with a loss"


class Verdicts(NamedTuple):
    """How many campaigns there are, how many can be compared, and what may be said of these."""

    campaigns: int
    compared: int  #: campaigns with an estimate
    gain: int
    loss: int
    unclear: int  #: the check on the weeks before found nothing, and the estimate may be zero
    failed: int  #: the check found a difference before the campaign
    unchecked: int  #: no weeks before to check on


def verdicts(results: pd.DataFrame | None) -> Verdicts:
    """Count the verdicts of `results`, one row per campaign; all zero without the table."""
    if results is None or results.empty:
        return Verdicts(0, 0, 0, 0, 0, 0, 0)
    said = results["verdict"].value_counts()
    words = (GAIN, LOSS, "cannot tell", "not causal", "no check")
    compared = int(results["effect_per_week"].notna().sum())
    return Verdicts(len(results), compared, *(int(said.get(word, 0)) for word in words))


def estimated(results: pd.DataFrame | None) -> pd.DataFrame | None:
    """One row per campaign with an estimate, most contacted with comparable customers first, ties by id; None if none."""
    if results is None:
        return None
    table = results[results["effect_per_week"].notna()]
    table = table.sort_values(["contacted_used", "campaign_id"], ascending=[False, True], ignore_index=True)
    return None if table.empty else table


def less_or_more(low: Any, high: Any, *, unit: str) -> str:
    """Return the interval of a change in words, one decimal: `between 3.4 USD less and 6.8 USD more`."""
    if not (numbers.is_known(low) and numbers.is_known(high)):
        return numbers.NOT_KNOWN
    least, most = (f"{numbers.decimal(abs(end), 1)} {unit}" for end in (low, high))
    if low < 0 < high:
        return f"between {least} less and {most} more"
    return f"between {least} and {most} more" if low >= 0 else f"between {most} and {least} less"


def named(campaign_id: object) -> str:
    """Return how the report speaks of a campaign: `campaign 18`."""
    return f"campaign {campaign_id}"


def money(value: Any, currency: str) -> str:
    """Return an amount of money without decimals, or with two below 100."""
    return numbers.money(value, currency, 0 if numbers.is_known(value) and abs(value) >= 99.995 else 2)


def rounded(value: Any) -> Any:
    """Return a number rounded to three digits, for titles: 532,890 becomes 533,000."""
    if not numbers.is_known(value) or value == 0:
        return value
    return round(float(value), 2 - math.floor(math.log10(abs(value))))


def total(promise: pd.DataFrame | None) -> dict[str, Any] | None:
    """Return the row of all segments together; None where there is no promise or nobody is planned."""
    if promise is None:
        return None
    row = promise[(promise["segment"] == TOTAL) & (promise["planned"] != 0)]
    return None if row.empty else row.iloc[0].to_dict()


def some(number: int) -> str:
    """Return how many of several: `none`, `one`, `three`, `1,200`."""
    return in_words(number) if number else "none"


def one_decimal(value: Any) -> str:
    """Return an amount per customer and week with its sign."""
    return numbers.signed(value, 1)
