"""Which word is printed of a campaign without a lot, and why: a function of the estimate and of what its checks found."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from analysis.inference.interval import Interval, t_interval
from analysis.inference.observational import Estimate
from analysis.inference.sensitivity import Sensitivity

Word = Literal["not causal", "no check", "cannot tell", "consistent with a gain", "consistent with a loss"]
HOLDS, FAILS, COARSE, UNKNOWN = "holds", "fails", "too coarse", "not known"
BEFORE, EARLIER, UNTOUCHED, ROBUST, OVERLAP, BALANCE, HIDDEN = CHECKS = (
    "weeks before", "earlier dates", "products not offered", "doubly robust", "overlap", "balance", "hidden cause",
)  # fmt: skip
OF_THE_COMPARISON = (BEFORE, UNTOUCHED, OVERLAP, BALANCE)  # what fails here refutes it, whatever the campaign did
LEAST_COMPARED = 0.5  # share of the contacted with comparable customers
LEAST_EFFECTIVE = 20  # equally weighted comparable customers
MOST_APART = 0.25  # standard deviations of a trait, after weighting: Rubin (2001), Health Services 2, 169-188
LEAST_PSEUDO = 19  # with fewer, not even the farthest of all is one in twenty


class Verdict(NamedTuple):
    """A word from the fixed set and one plain sentence that says why."""

    word: Word
    why: str


class Evidence(NamedTuple):
    """What was checked of an estimate; what could not be is None or NaN."""

    before: Estimate | None = None  #: the same estimate one window earlier, when nothing can have happened
    untouched: Estimate | None = None  #: the same on spend that the campaign does not offer, scaled up to all spend
    robust: Estimate | None = None  #: doubly robust
    as_far: float = np.nan  #: share of pseudo-campaigns that lie as far from 0
    pseudo: int = 0  #: number of pseudo-campaigns
    effective: float = np.nan  #: comparable customers, equally weighted
    imbalance: float = np.nan  #: largest difference of a trait after weighting, in standard deviations
    hidden: Sensitivity | None = None


class Check(NamedTuple):
    """One check of one estimate: its name, its state, and what it found as a clause."""

    name: str
    state: str
    said: str


def verdict(
    estimate: Estimate, evidence: Evidence, *, confidence: float = 0.95, unit: str = "per customer and week"
) -> Verdict:
    """What may be said of an estimate, given its checks.

    "not causal": the weeks before differ, so the two groups already changed differently. "no check": there are no weeks before.
    "cannot tell": the interval holds zero or is not known, or any check does not hold, cannot be made, or could have missed a bias
    as large as the effect. "consistent with a gain" or "a loss": the interval leaves zero out and every check holds. Never more than
    that: contact was not random. Intervals are taken at `confidence`; `unit` follows the first number.
    """
    made = {check.name: check for check in checks(estimate, evidence, confidence=confidence, unit=unit)}
    after = _at(estimate, confidence)
    if made[BEFORE].state == UNKNOWN:
        return Verdict("no check", "The weeks before give no placebo estimate, so the comparison cannot be checked.")
    if made[BEFORE].state == FAILS:
        return Verdict("not causal", f"Before the campaign the two groups {made[BEFORE].said}.")
    if np.isnan(after.low):
        return Verdict("cannot tell", "Too few customers can be compared to give the effect an interval.")
    found = _effect(estimate, after, confidence, unit)
    if not after.excludes(0):
        return Verdict("cannot tell", f"The difference is {found}, so there may be none.")
    against = [f"{check.name}: {check.said}" for check in made.values() if check.state != HOLDS]
    if against:
        return Verdict("cannot tell", f"The difference is {found}, but not every check holds: {'; '.join(against)}.")
    direction = "gain" if estimate.effect > 0 else "loss"
    return Verdict(
        f"consistent with a {direction}",
        f"The contacted changed by {found} against comparable customers, and every check holds; "
        f"who was contacted was not random. Hidden cause: {made[HIDDEN].said}.",
    )


def checks(
    estimate: Estimate, evidence: Evidence, *, confidence: float = 0.95, unit: str = "per customer and week"
) -> list[Check]:
    """Return every check of an estimate, in a fixed order; see `verdict` and `Evidence`."""
    return [
        _nothing_found(BEFORE, evidence.before, estimate, confidence, unit, "already changed differently"),
        _earlier(evidence, confidence),
        _nothing_found(UNTOUCHED, evidence.untouched, estimate, confidence, unit, "spend on them changed as well"),
        _robust(evidence.robust, estimate, confidence, unit),
        _overlap(estimate, evidence.effective),
        _balance(evidence.imbalance),
        _hidden(evidence.hidden, estimate, confidence),
    ]


def _nothing_found(
    name: str, found: Estimate | None, estimate: Estimate, confidence: float, unit: str, wrong: str
) -> Check:
    """A check that should find nothing, and that says little where it could have missed a bias as large as the effect."""
    interval = None if found is None else _at(found, confidence)
    if interval is None or np.isnan(interval.low):
        missing = "no placebo estimate" if name == BEFORE else "no spend is known that the campaign could not touch"
        return Check(name, UNKNOWN, missing)
    if interval.excludes(0):
        return Check(name, FAILS, f"{wrong}, by {_effect(found, interval, confidence, unit)}")
    span = _span(interval, found.standard_error)
    if interval.low <= estimate.effect <= interval.high and _at(estimate, confidence).excludes(0):
        return Check(name, COARSE, f"no clear difference ({span}), which could hide one of this size")
    return Check(name, HOLDS, f"no clear difference ({span})")


def _earlier(evidence: Evidence, confidence: float) -> Check:
    if evidence.pseudo < LEAST_PSEUDO or np.isnan(evidence.as_far):
        return Check(
            EARLIER, UNKNOWN, f"{evidence.pseudo} pseudo-campaigns on earlier dates; {LEAST_PSEUDO} are needed"
        )
    said = (
        f"{evidence.as_far * 100:.1f} % of {evidence.pseudo:,} pseudo-campaigns on earlier dates lie as far from zero"
    )
    return Check(EARLIER, HOLDS if evidence.as_far <= 1 - confidence else COARSE, said)


def _robust(robust: Estimate | None, estimate: Estimate, confidence: float, unit: str) -> Check:
    interval = None if robust is None else _at(robust, confidence)
    if interval is None or np.isnan(interval.low):
        return Check(ROBUST, UNKNOWN, "no doubly robust estimate")
    said = _effect(robust, interval, confidence, unit)
    if not interval.low <= estimate.effect <= interval.high:
        return Check(ROBUST, FAILS, f"it disagrees: {said}")
    if not interval.excludes(0):
        return Check(ROBUST, COARSE, f"it may be none: {said}")
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


def _at(estimate: Estimate, confidence: float) -> Interval:
    return t_interval(estimate.effect, estimate.standard_error, estimate.degrees_of_freedom, confidence=confidence)


def _effect(estimate: Estimate, interval: Interval, confidence: float, unit: str) -> str:
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
