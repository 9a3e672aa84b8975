"""Which word is printed of a campaign without a lot, and why: a function of the estimate and of what its checks found."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from analysis.inference.comparison_checks import (
    BEFORE,
    FAILS,
    HIDDEN,
    HOLDS,
    UNKNOWN,
    USED,
    Evidence,
    at,
    checks,
    in_words,
)
from analysis.inference.observational import Estimate

Word = Literal["not causal", "no check", "cannot tell", "consistent with a gain"]
ALIKE = "Who was contacted was not random: another cause of just what was offered, on just the days of use, would look alike."


class Verdict(NamedTuple):
    """A word from the fixed set and one plain sentence that says why."""

    word: Word
    why: str


def verdict(
    estimate: Estimate, evidence: Evidence, *, confidence: float = 0.95, unit: str = "per customer and week"
) -> Verdict:
    """What may be said of an estimate, given its checks.

    "not causal": the weeks before differ, so the two groups already changed differently. "no check": there are no weeks before.
    "cannot tell": the interval holds zero or is not known, or any check does not hold, cannot be made, or could have missed a bias
    as large as the effect. "consistent with a gain": the interval lies above zero and every check holds. Never more than that: contact
    was not random, and another cause of just what was offered, on just the days on which offers were used, would look alike. There
    is no such word for a loss, which no use of an offer could tie to the campaign. Intervals are taken at `confidence`; `unit` follows
    the first number.
    """
    made = {check.name: check for check in checks(estimate, evidence, confidence=confidence, unit=unit)}
    after = at(estimate, confidence)
    if made[BEFORE].state == UNKNOWN:
        return Verdict("no check", "The weeks before give no placebo estimate, so the comparison cannot be checked.")
    if made[BEFORE].state == FAILS:
        return Verdict("not causal", f"Before the campaign the two groups {made[BEFORE].said}.")
    if np.isnan(after.low):
        return Verdict("cannot tell", "Too few customers can be compared to give the effect an interval.")
    found = in_words(estimate, after, confidence, unit)
    if not after.excludes(0):
        return Verdict("cannot tell", f"The difference is {found}, so there may be none.")
    against = [f"{check.name}: {check.said}" for check in made.values() if check.state != HOLDS]
    if against:
        return Verdict("cannot tell", f"The difference is {found}, but not every check holds: {'; '.join(against)}.")
    return Verdict(
        "consistent with a gain",
        f"The contacted changed by {found} against comparable customers, and every check holds. {ALIKE} "
        f"Days of use: {made[USED].said}. Hidden cause: {made[HIDDEN].said}.",
    )
