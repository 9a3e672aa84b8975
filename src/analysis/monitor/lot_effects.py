"""What a campaign drawn by lot caused: intention to treat, the verdict in words, and what weakens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.inference.clusters import compare_units
from analysis.inference.permutation import Randomised, compare
from analysis.monitor.drawn_units import PEOPLE

if TYPE_CHECKING:
    import pandas as pd

GAIN, LOSS, CANNOT_TELL = "caused a gain", "caused a loss", "cannot tell"
NOTHING, FALSE_FIND = "nothing found", "found what is not there"  # of a campaign that sent nothing
NOT_VALID, TOO_FEW, NO_CONTROL = "not valid", "too few buyers", "no control group"
OPEN, OPEN_CHECK = "cannot tell yet", "check still runs"  # before the end; only a declared look says more


class Around(NamedTuple):
    """What must be said beside a result: how many comparisons it is one of, and what weakens it."""

    tested: int  #: campaigns with a p-value, this one among them
    p_adjusted: float  #: over all of them
    sent_nothing: bool = False
    leaked: int = 0  #: customers held out who used an offer all the same
    holdout: int = 0
    open_until: str = ""  #: the last day measured, where the campaign still runs
    by: str = "Holm"  #: who the adjustment is named after


def found_by_lot(part: pd.DataFrame, *, span: str, rng: np.random.Generator, confidence: float) -> Randomised:
    """Compare spend in a span ("after", "before") of the treated with that of the held out of one campaign.

    Of a lot of households (rows are units and say how many `people` they have) it is spend per person, by unit.
    """
    treated, values = part["treated"].to_numpy(dtype=bool), part[span].to_numpy(dtype=float)
    if PEOPLE in part and part[PEOPLE].notna().all():
        rows = np.stack([values, part[PEOPLE].to_numpy(dtype=float)], axis=1)
        return compare_units(rows[treated], rows[~treated], rng=rng, confidence=confidence)
    return compare(
        values[treated & (values > 0)], values[~treated & (values > 0)], n_treated=int(treated.sum()),
        n_holdout=int((~treated).sum()), rng=rng, confidence=confidence,
    )  # fmt: skip


def in_columns(found: Randomised, before: Randomised | None, *, weeks: float, n_treated: int, n_holdout: int) -> dict:
    """Return a result in the columns that `estimates` has, everyone treated used and nobody left out."""
    low, high = found.interval
    check = (before.difference, *before.interval) if before else (np.nan,) * 3
    return {
        "effect_per_week": found.difference / weeks, "low": low / weeks, "high": high / weeks, "p_value": found.p_value,
        "total_effect": found.total, "total_low": found.total_interval.low, "total_high": found.total_interval.high,
        "lift": np.nan if found.refused else found.lift, "lift_low": found.lift_interval.low, "lift_high": found.lift_interval.high,
        "contacted_used": n_treated, "contacted_left_out": 0, "comparable": n_holdout, "comparable_effective": n_holdout,
        "placebo_effect": check[0] / weeks, "placebo_low": check[1] / weeks, "placebo_high": check[2] / weeks,
    }  # fmt: skip


def verdict(found: Randomised, around: Around, *, weeks: float, unit: str, confidence: float = 0.95) -> tuple[str, str]:
    """Return a word of the fixed set and a plain sentence, for a campaign whose lot is sound.

    "caused a gain" or "a loss": the interval leaves zero out and the p-value stands among all campaigns looked at. Only
    a lot earns these words. A campaign that sent nothing is a check of the method: "nothing found", or "found what is not
    there". While a campaign runs it is "cannot tell yet" or "check still runs": who reads this interval again and again until
    it leaves zero out is wrong far more often than one time in twenty (see `decided` for declared looks). `unit` follows the
    number, per week.
    """
    if found.refused:
        return TOO_FEW, found.refused + _weakened(around)
    told, alone = _told(found, weeks, unit, confidence), found.p_value < 1 - confidence
    if around.open_until:
        word = OPEN_CHECK if around.sent_nothing else OPEN
        return word, f"{'Nothing was sent. ' * around.sent_nothing}So far the difference is {told}.{_weakened(around)}"
    stands = alone and around.p_adjusted < 1 - confidence
    among = (
        f" Looked at alone it would stand (p = {found.p_value:.3f}), but not as one of {around.tested} campaigns looked at "
        f"(p = {around.p_adjusted:.2f} by {around.by})."
    )
    if around.sent_nothing:
        if stands:
            return FALSE_FIND, f"Nothing was sent, and yet the arms differ by {told}: distrust the lots or the method."
        inside = among if alone else ""
        return NOTHING, f"Nothing was sent, so nothing should be found. The difference is {told}.{inside}"
    if stands:
        more = "more" if found.difference > 0 else "less"
        size = _told(found, weeks, unit, confidence, bare=True)
        word = GAIN if found.difference > 0 else LOSS
        return word, f"Drawn by lot, the treated spent {size} {more} than the held out.{_weakened(around)}"
    if alone:
        return CANNOT_TELL, f"The difference is {told}.{among}{_weakened(around)}"
    return CANNOT_TELL, f"The difference is {told}, so there may be none.{_weakened(around)}"


def _weakened(around: Around) -> str:
    said = ""
    if around.leaked:
        said += (f" Diluted: at least {around.leaked:,} of {around.holdout:,} held out used its offer all the same, so what "
                 "the offer does lies farther from zero.")  # fmt: skip
    if around.open_until:
        said += f" The campaign still runs; measured until {around.open_until}."
    return said


def _told(found: Randomised, weeks: float, unit: str, confidence: float, *, bare: bool = False) -> str:
    """The difference per week with its interval; `bare` for its size alone, where the sentence says the direction."""
    low, high = (limit / weeks for limit in found.interval)
    difference, span = found.difference / weeks, high - low
    digits = int(np.clip(1 - np.floor(np.log10(span / 4)), 0, 6)) if np.isfinite(span) and span > 0 else 2
    if bare:
        low, high, difference = (low, high, difference) if difference > 0 else (-high, -low, -difference)
    ends = [f"{round(end, digits) + 0.0:,.{digits}f}" if np.isfinite(end) else "no limit" for end in (low, high)]
    return (
        f"{round(difference, digits) + 0.0:,.{digits}f} {unit} ({confidence * 100:g} % interval {ends[0]} to {ends[1]})"
    )
