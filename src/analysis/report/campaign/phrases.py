"""Words and counts that several parts of the campaign report use alike."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.report import numbers
from analysis.report.words import in_words, sentence_case

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "all segments"  # the row of the promise that adds up the others
# Of a loss nothing is said without a lot: no use of an offer could tie it to the campaign.
GAIN = "consistent with a gain"
CAUSED_GAIN, CAUSED_LOSS = "caused a gain", "caused a loss"  # only where lots were drawn
# Verdicts of campaigns that sent nothing: checks of the method.
CHECKS = NOTHING, _, CHECK_RUNS = "nothing found", "found what is not there", "check still runs"
CANNOT_TELL = "cannot tell"
OPEN = "cannot tell yet"  # of a campaign that still runs, unless a declared look has decided
NOT_VALID, TOO_FEW, NO_CONTROL = "not valid", "too few buyers", "no control group"

# How the sentences of monitor begin that give a number.
SAID = re.compile(r"^The difference is [^()]*\([^()]*\)(?:, (so )|\. |,? )")


class Verdicts(NamedTuple):
    """How many campaigns there are, how many can be compared, and what may be said of these."""

    campaigns: int
    compared: int  #: campaigns with an estimate, those that sent nothing not among them
    gain: int
    unclear: int  #: the check on the weeks before found nothing, and the estimate may be zero
    failed: int  #: the check found a difference before the campaign
    unchecked: int  #: no weeks before to check on
    caused_gain: int = 0
    caused_loss: int = 0
    by_lot: int = 0  #: of those compared
    checks: int = 0  #: campaigns that sent nothing
    tested: int = 0  #: all that were looked at together

    @property
    def clear(self) -> int:
        """How many have a word that says more or less spend."""
        return self.gain + self.caused_gain + self.caused_loss


def verdicts(results: pd.DataFrame | None) -> Verdicts:
    """Count the verdicts of `results`, one row per campaign; all zero without the table."""
    if results is None or results.empty:
        return Verdicts(*(0,) * 6)
    said = results["verdict"].value_counts()
    words = (GAIN, "cannot tell", "not causal", "no check")
    shown = _compared(results)
    tested = int(results["tested"].max()) if "tested" in results else int(shown.sum())
    return Verdicts(
        len(results), int(shown.sum()), *(int(said.get(word, 0)) for word in (*words, CAUSED_GAIN, CAUSED_LOSS)),
        by_lot=int((shown & by_lot(results)).sum()), checks=int(results["verdict"].isin(CHECKS).sum()), tested=tested,
    )  # fmt: skip


def by_lot(results: pd.DataFrame) -> pd.Series:
    """Return whether each campaign was drawn by lot."""
    return results["method"] == "lot"


def estimated(results: pd.DataFrame | None) -> pd.DataFrame | None:
    """One row per campaign with an estimate that sent something, most contacted compared first, ties by id; None if none."""
    if results is None:
        return None
    table = results[_compared(results)]
    table = table.sort_values(["contacted_used", "campaign_id"], ascending=[False, True], ignore_index=True)
    return None if table.empty else table


def less_or_more(low: Any, high: Any, *, unit: str) -> str:
    """Return the interval of a change in words, one decimal: `between 3.4 USD less and 6.8 USD more`."""
    if not all(numbers.is_known(end) or numbers.is_endless(end) for end in (low, high)):
        return numbers.NOT_KNOWN
    least, most = (f"{numbers.end(lambda value: numbers.decimal(value, 1))(abs(end))} {unit}" for end in (low, high))
    if numbers.is_endless(low) or numbers.is_endless(high):
        return _without_limit(low, high, least, most)
    if low < 0 < high:
        return f"between {least} less and {most} more"
    return f"between {least} and {most} more" if low >= 0 else f"between {most} and {least} less"


def drawable(table: pd.DataFrame, *, value: str, low: str, high: str) -> pd.DataFrame:
    """Return the rows with infinite ends of intervals cut a little beyond what all others reach, so that a figure can show them."""
    finite = table[[value, low, high]].replace([float("inf"), float("-inf")], float("nan"))
    least, most = finite.min().min(), finite.max().max()
    more = 0.15 * (most - least)
    return table.assign(**{low: table[low].clip(lower=least - more), high: table[high].clip(upper=most + more)})


def named(campaign_id: object) -> str:
    """Return how the report speaks of a campaign: `campaign 18`."""
    return f"campaign {campaign_id}"


def running(results: pd.DataFrame | None) -> frozenset[str]:
    """Return the campaigns that still run on the day of the study, by id."""
    if results is None or "closed" not in results:
        return frozenset()
    return frozenset(results.loc[~results["closed"].astype(bool), "campaign_id"])


def with_state(campaign_ids: pd.Series, still: frozenset[str]) -> list[str]:
    """Return each id as a table or figure shows it: `11 · still runs` where its campaign does."""
    return [f"{name} · still runs" if name in still else str(name) for name in campaign_ids]


def named_now(row: Any) -> str:
    """Return how the report speaks of the campaign of a row, and that it still runs where it does."""
    still = not row.get("closed", True)
    return f"{named(row['campaign_id'])} (which still runs)" if still else named(row["campaign_id"])


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


def _compared(results: pd.DataFrame) -> pd.Series:
    return results["effect_per_week"].notna() & ~results["verdict"].isin([*CHECKS, TOO_FEW])


def _without_limit(low: float, high: float, least: str, most: str) -> str:
    """The change in words where one end, or both, have no limit."""
    if numbers.is_endless(low):
        return (
            "anything" if numbers.is_endless(high) else f"at most {most} more" if high > 0 else f"at least {most} less"
        )
    return f"at least {least} more" if low >= 0 else f"at most {least} less, or more without limit,"


def campaigns(number: int) -> str:
    """Return `no campaign`, `one campaign`, `four campaigns`, `27 campaigns`."""
    return f"{in_words(number)} campaign{'s' * (number > 1)}"


def one_reason(table: pd.DataFrame) -> str | None:
    """The one reason why no campaign of the table has a net value; None where one has or they differ."""
    reasons = table["net_why"].unique()
    alone = len(reasons) == 1 and table["net_value"].isna().all() and numbers.is_known(reasons[0])
    return reasons[0] if alone else None


def some(number: int) -> str:
    """Return how many of several: `none`, `one`, `three`, `1,200`."""
    return in_words(number) if number else "none"


def one_decimal(value: Any) -> str:
    """Return an amount per customer and week with its sign."""
    return numbers.signed(value, 1)


def with_interval(value: Any, low: Any, high: Any, fmt: Callable[[Any], str] = one_decimal) -> str | None:
    """Return `+2.6 (−0.2 to +3.7)`, and None where the number or its interval is not known: one without the other says nothing."""
    span = numbers.span(low, high, fmt)
    return f"{fmt(value)} ({span})" if numbers.is_known(value) and span != numbers.NOT_KNOWN else None


def reason(why: str) -> str:
    """Return why a verdict was given without the number that stands beside it: `There may be none.`"""
    rest = SAID.sub("", why)
    return why if rest == why else sentence_case(rest)
