"""One campaign without a lot, looked at in every way: three estimates in the same columns, and the checks that decide the word."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.comparison_checks import Check, Evidence, checks
from analysis.inference.doubly_robust import doubly_robust
from analysis.inference.interval import Interval
from analysis.inference.means import sums, welch_difference
from analysis.inference.observational import (
    Estimate,
    compared,
    difference_in_differences,
    effective_comparison,
    widened,
)
from analysis.inference.pseudo import share_as_far, systematic_spread
from analysis.inference.sensitivity import sensitivity
from analysis.inference.wording import Verdict, verdict

if TYPE_CHECKING:
    from analysis.monitor.comparison import Rules

NAIVE, DIFFERENCES, ROBUST = METHODS = "naive", "difference in differences", "doubly robust"
COLUMNS = ["campaign_id", "method", "effect_per_week", "low", "high", "standard_error", "p_value", "contacted", "comparable",
           "comparable_effective", "contacted_left_out"]  # fmt: skip


class Looked(NamedTuple):
    """What is known of one campaign without a lot."""

    estimate: Estimate  #: difference in differences, its error counting the spread of the pseudo-campaigns
    before: Estimate | None
    verdict: Verdict
    methods: pd.DataFrame  #: one row per method
    about: pd.DataFrame  #: one row per customer, one column per method: whether its number is about them
    checks: list[Check]
    effective: float
    balance: pd.DataFrame  #: one row per trait, see `doubly_robust`


def look(
    main: pd.DataFrame, before: pd.DataFrame | None, untouched: np.ndarray | None, traits: pd.DataFrame, spent: np.ndarray,
    others: np.ndarray, pseudo: pd.DataFrame, when_used: np.ndarray | None = None, *,
    rules: Rules, rng: np.random.Generator, unit: str, confidence: float = 0.95,
) -> Looked | None:  # fmt: skip
    """Look at a campaign; None where fewer than `rules.min_contacted` contacted customers can be compared.

    Each method is about the contacted whom it can compare, and blank where these are fewer. `main` and `before` have one row per
    customer (see `comparison.changes`), `before` one window earlier or None. `untouched` is the
    change of what was not offered (see `untouched`), `traits` is from `past`, `spent` sales per week during the campaign, `others`
    whether the naive method would compare with a customer, `pseudo` all pseudo-campaigns of the study, `when_used` the part of `spent`
    on days on which the customer used an offer of the campaign (None: no use is known).
    """
    plain = _differences(main, rules=rules, confidence=confidence)
    if plain is None:
        return None
    spread = systematic_spread(pseudo["effect"], pseudo["standard_error"])
    spread = 0.0 if np.isnan(spread) else spread
    contacted, change = main["contacted"].to_numpy(), main["change"].to_numpy()
    found = widened(plain, spread=spread, confidence=confidence)
    robust = doubly_robust(change, contacted, traits, rng=rng, confidence=confidence)
    both = _enough(widened(robust.estimate, spread=spread, confidence=confidence), rules=rules)
    placebo = None if before is None else _differences(before, rules=rules, confidence=confidence)

    # The two ways leave out different customers. Whether they agree is asked of those whom both keep, or else a
    # campaign that gives more to who is cut would look like a comparison that errs.
    alike = _differences(main[robust.kept], rules=rules, confidence=confidence)

    def differences(part: np.ndarray | None) -> Estimate | None:
        return None if part is None else _differences(main.assign(change=part), rules=rules, confidence=confidence)

    effective = effective_comparison(main, min_per_arm=rules.min_per_arm)
    after = robust.balance["after"].abs()
    known = Evidence(
        before=placebo, untouched=differences(untouched), beyond=differences(None if untouched is None else change - untouched),
        elsewhere=differences(None if when_used is None else change / 2 - when_used), robust=both if alike else None,
        alike=alike, pseudo=len(pseudo),
        as_far=share_as_far(plain.effect, plain.standard_error, pseudo["effect"], pseudo["standard_error"]),
        effective=min(effective, robust.effective), imbalance=float(after.max(skipna=False)) if len(after) else np.nan,
        hidden=sensitivity(change, contacted, traits, confidence=confidence),
    )  # fmt: skip
    used = compared(main["stratum"].to_numpy(), contacted, min_per_arm=rules.min_per_arm)
    about = pd.DataFrame(dict(zip(METHODS, (contacted, contacted & used, contacted & robust.kept), strict=True)))
    rows = [
        _naive(spent, contacted, others, confidence),
        _row(DIFFERENCES, found, effective),
        _row(ROBUST, both, robust.effective),
    ]
    return Looked(
        found, placebo, verdict(found, known, confidence=confidence, unit=unit), pd.DataFrame(rows, columns=COLUMNS[1:]), about,
        checks(found, known, confidence=confidence, unit=unit), effective, robust.balance,
    )  # fmt: skip


def _differences(table: pd.DataFrame, *, rules: Rules, confidence: float) -> Estimate | None:
    found = difference_in_differences(table, min_per_arm=rules.min_per_arm, confidence=confidence)
    return found if found.contacted_used >= rules.min_contacted else None


def _enough(found: Estimate, *, rules: Rules) -> Estimate:
    """The estimate, blank but for its counts where it would rest on fewer contacted customers than the rules ask for."""
    if found.contacted_used >= rules.min_contacted:
        return found
    return found._replace(effect=np.nan, standard_error=np.nan, p_value=np.nan, interval=Interval(np.nan, np.nan))


def _row(method: str, found: Estimate, effective: float) -> list:
    return [method, found.effect, *found.interval, found.standard_error, found.p_value, found.contacted_used, found.comparable_used,
            effective, found.contacted_left_out]  # fmt: skip


def _naive(spent: np.ndarray, contacted: np.ndarray, others: np.ndarray, confidence: float) -> list:
    """Plain mean of the contacted minus that of everyone else who could have been contacted, with Welch's interval."""
    if min(contacted.sum(), others.sum()) < 2:
        return [NAIVE, *[np.nan] * 5, int(contacted.sum()), int(others.sum()), np.nan, 0]
    found = welch_difference(sums(np.sort(spent[contacted])), sums(np.sort(spent[others])), confidence=confidence)
    return [NAIVE, found.difference, *found.interval, found.standard_error, found.p_value, int(contacted.sum()), int(others.sum()),
            float(others.sum()), 0]  # fmt: skip
