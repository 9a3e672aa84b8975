"""The checks of a comparison without a lot: on dates, spend and customers of which the answer is known, or against another way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.inference.interval import Interval, t_interval
from analysis.inference.observational import Estimate
from analysis.inference.sensitivity import Sensitivity

HOLDS, FAILS, COARSE, UNKNOWN = "holds", "fails", "too coarse", "not known"
BEFORE, EARLIER, UNTOUCHED, USED, ROBUST, OVERLAP, BALANCE, HIDDEN = CHECKS = (
    "weeks before", "earlier dates", "products not offered", "days of use", "doubly robust", "overlap", "balance", "hidden cause",
)  # fmt: skip
OF_THE_COMPARISON = (BEFORE, UNTOUCHED, OVERLAP, BALANCE)  # what fails here refutes it, whatever the campaign did
LEAST_COMPARED = 0.5  # share of the contacted with comparable customers
LEAST_EFFECTIVE = 20  # equally weighted comparable customers
MOST_APART = 0.25  # standard deviations of a trait, after weighting: Rubin (2001), Health Services 2, 169-188
LEAST_PSEUDO = 19  # with fewer, not even the farthest of all is one in twenty


class Evidence(NamedTuple):
    """What was checked of an estimate; what could not be is None or NaN."""

    before: Estimate | None = None  #: the same estimate one window earlier, when nothing can have happened
    untouched: Estimate | None = None  #: the same on spend that the campaign does not offer, scaled up to all spend
    beyond: Estimate | None = None  #: the estimate less `untouched`: what a cause of all spend would not bring
    elsewhere: Estimate | None = None  #: half of the estimate less spend on days on which an offer was used
    robust: Estimate | None = None  #: doubly robust
    as_far: float = np.nan  #: share of pseudo-campaigns that lie as far from 0
    pseudo: int = 0  #: number of pseudo-campaigns
    effective: float = np.nan  #: comparable customers, equally weighted
    imbalance: float = np.nan  #: largest difference of a trait after weighting, in standard deviations
    hidden: Sensitivity | None = None
    alike: Estimate | None = None  #: the estimate on those whom the doubly robust one keeps, if not all


class Check(NamedTuple):
    """One check of one estimate: its name, its state, and what it found as a clause."""

    name: str
    state: str
    said: str


def checks(
    estimate: Estimate, evidence: Evidence, *, confidence: float = 0.95, unit: str = "per customer and week"
) -> list[Check]:
    """Return every check of an estimate, in a fixed order; see `verdict` and `Evidence`."""
    return [
        _before(evidence.before, estimate, confidence, unit),
        _earlier(evidence, confidence),
        _untouched(evidence, estimate, confidence, unit),
        _used(evidence.elsewhere, estimate, confidence),
        _robust(evidence, estimate, confidence, unit),
        _overlap(estimate, evidence.effective),
        _balance(evidence.imbalance),
        _hidden(evidence.hidden, estimate, confidence),
    ]


def _before(found: Estimate | None, estimate: Estimate, confidence: float, unit: str) -> Check:
    """Says little where it could have missed a bias as large as the effect."""
    interval = None if found is None else at(found, confidence)
    if interval is None or np.isnan(interval.low):
        return Check(BEFORE, UNKNOWN, "no placebo estimate")
    if interval.excludes(0):
        return Check(BEFORE, FAILS, f"already changed differently, by {in_words(found, interval, confidence, unit)}")
    span = _span(interval, found.standard_error)
    if interval.low <= estimate.effect <= interval.high and at(estimate, confidence).excludes(0):
        return Check(BEFORE, COARSE, f"no clear difference ({span}), which could hide one of this size")
    return Check(BEFORE, HOLDS, f"no clear difference ({span})")


def _untouched(evidence: Evidence, estimate: Estimate, confidence: float, unit: str) -> Check:
    """A cause of all spend would move it as far as the whole: the whole must have moved for sure further."""
    found, beyond = evidence.untouched, evidence.beyond
    interval = None if found is None else at(found, confidence)
    if interval is None or beyond is None or np.isnan(interval.low):
        return Check(UNTOUCHED, UNKNOWN, "no spend is known that the campaign could not touch")
    if interval.excludes(0):
        return Check(
            UNTOUCHED, FAILS, f"spend on them changed as well, by {in_words(found, interval, confidence, unit)}"
        )
    said = f"no clear difference ({_span(interval, found.standard_error)})"
    same = beyond.effect * estimate.effect > 0 and at(beyond, confidence).excludes(0)
    if not same and at(estimate, confidence).excludes(0):
        return Check(UNTOUCHED, COARSE, f"{said}, but what was offered did not for sure change by more")
    return Check(UNTOUCHED, HOLDS, said)


def _used(elsewhere: Estimate | None, estimate: Estimate, confidence: float) -> Check:
    """Only what was bought on days of use can have come from the use: for sure more than half of the gain must have been.

    No amount is said: few may have used an offer.
    """
    interval = None if elsewhere is None else at(elsewhere, confidence)
    if interval is None or np.isnan(interval.low):
        return Check(USED, UNKNOWN, "no use of its offers is known")
    if not estimate.effect > 0:
        return Check(USED, COARSE, "a loss does not come from the use of an offer")
    if interval.low > 0:
        return Check(USED, FAILS, "most of the gain came on other days than those on which they used an offer")
    if interval.high < 0:
        return Check(USED, HOLDS, "enough was spent on days on which they used an offer to make up most of the gain")
    return Check(USED, COARSE, "it is not sure that most of the gain came on days on which they used an offer")


def _earlier(evidence: Evidence, confidence: float) -> Check:
    if evidence.pseudo < LEAST_PSEUDO or np.isnan(evidence.as_far):
        return Check(
            EARLIER, UNKNOWN, f"{evidence.pseudo} pseudo-campaigns on earlier dates; {LEAST_PSEUDO} are needed"
        )
    said = (
        f"{evidence.as_far * 100:.1f} % of {evidence.pseudo:,} pseudo-campaigns on earlier dates lie as far from zero"
    )
    return Check(EARLIER, HOLDS if evidence.as_far <= 1 - confidence else COARSE, said)


def _robust(evidence: Evidence, estimate: Estimate, confidence: float, unit: str) -> Check:
    """On the same customers their agreement counts and not a second test: at least half as large, and in reach."""
    robust = evidence.robust
    interval = None if robust is None else at(robust, confidence)
    if interval is None or np.isnan(interval.low):
        return Check(ROBUST, UNKNOWN, "no doubly robust estimate")
    said, same = in_words(robust, interval, confidence, unit), (evidence.alike or estimate).effect
    if not interval.low <= same <= interval.high:
        return Check(ROBUST, FAILS, f"it disagrees: {said}")
    if not robust.effect * np.sign(estimate.effect) > abs(same) / 2 and at(estimate, confidence).excludes(0):
        return Check(ROBUST, COARSE, f"it is less than half as large: {said}")
    return Check(ROBUST, HOLDS, said)


def _overlap(estimate: Estimate, effective: float) -> Check:
    contacted = estimate.contacted_used + estimate.contacted_left_out
    said = f"{estimate.contacted_used:,} of {contacted:,} contacted have comparable ones"
    if np.isnan(effective):
        return Check(OVERLAP, UNKNOWN, said)
    said += f", who are worth {effective:,.0f} of equal weight"
    enough = estimate.contacted_used >= LEAST_COMPARED * contacted and effective >= LEAST_EFFECTIVE
    return Check(OVERLAP, HOLDS if enough else FAILS, said)


def _balance(imbalance: float) -> Check:
    if np.isnan(imbalance):
        return Check(BALANCE, UNKNOWN, "no weights could be made")
    said = f"after weighting no known trait differs by more than {imbalance:.2f} standard deviations"
    return Check(BALANCE, HOLDS if imbalance <= MOST_APART else FAILS, said)


def _hidden(hidden: Sensitivity | None, estimate: Estimate, confidence: float) -> Check:
    if hidden is None:
        return Check(HIDDEN, UNKNOWN, "how strong it would have to be is not known")
    said = (f"one that explains {hidden.robustness_value * 100:.1f} % of what is left of contact and of the change would "
            "take the difference to zero")  # fmt: skip
    if not hidden.strongest:
        return Check(HIDDEN, UNKNOWN, f"{said}; no known trait to hold it against")
    takes = hidden.robustness_of_sign == 0 or not hidden.adjusted.excludes(0) or hidden.effect * estimate.effect < 0
    if takes:
        return Check(HIDDEN, COARSE, f"{said}; one as strong as {hidden.strongest} would leave it in doubt")
    return Check(HIDDEN, HOLDS, f"{said}; one as strong as {hidden.strongest} would not")


def at(estimate: Estimate, confidence: float) -> Interval:
    return t_interval(estimate.effect, estimate.standard_error, estimate.degrees_of_freedom, confidence=confidence)


def in_words(estimate: Estimate, interval: Interval, confidence: float, unit: str) -> str:
    effect = _number(estimate.effect, _digits(estimate.standard_error))
    low, high = (_number(end, _digits(estimate.standard_error)) for end in interval)
    return f"{effect} {unit} ({confidence * 100:g} % interval {low} to {high})"


def _span(interval: Interval, standard_error: float) -> str:
    low, high = (_number(end, _digits(standard_error)) for end in interval)
    return f"{low} to {high}"


def _digits(standard_error: float) -> int:
    """Decimal places that show two significant digits of the standard error, 0 to 6."""
    return int(np.clip(1 - np.floor(np.log10(standard_error)), 0, 6))


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}"
