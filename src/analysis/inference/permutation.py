"""What a campaign drawn by lot caused: the lots are drawn again, and the real difference is held against these.

Spend is mostly zero and seldom very large. With a small holdout the usual intervals then miss in one direction (see
`means`); drawing the lots again is exact where the campaign changed nothing or multiplied every outcome by one factor,
and close to it otherwise.
"""

from typing import NamedTuple

import numpy as np

from analysis.inference.factors import accepted, as_lift, edge, unbiased
from analysis.inference.interval import Interval, upper_tail
from analysis.inference.reassignment import (
    Lots,
    draw,
    drawn_again,
    ratios_again,
    scaled,
    standard_error,
    studentised,
    tails,
)  # fmt: skip

UNKNOWN = Interval(np.nan, np.nan)


class Randomised(NamedTuple):
    """Treated against held out, by lot. Everything but counts and `difference` is NaN where `refused` says why."""

    difference: float  #: mean per treated customer minus mean per customer held out, zeros included
    interval: Interval  #: of the difference; a limit may be infinite: the data give none
    p_value: float  #: two-sided, of "the campaign changed nothing"
    #: Difference over the mean of the held out, a share, with the excess taken out that a small arm gives to such a ratio
    #: (see `factors.unbiased`), so it lies a little below the plain ratio. NaN where the held out bought nothing.
    lift: float
    lift_interval: Interval  #: upper limit infinite where the data give none
    total: float  #: what the campaign added among the treated of this campaign: difference times treated
    total_interval: Interval
    expected_buyers: float  #: buyers of both arms together times the share of the smaller arm
    refused: str | None  #: why there is no interval
    effective_buyers: float  #: equal buyers that the smaller arm's share of the unequal ones is worth
    largest_share: float  #: share of the largest buyer in the total of both arms


def compare(
    treated, holdout, *, n_treated: int, n_holdout: int, rng: np.random.Generator,
    draws: int = 1999, confidence: float = 0.95, min_buyers: float = 20.0,
) -> Randomised:  # fmt: skip
    """Compare an outcome of the treated with that of customers held out by lot, by drawing the lots again.

    `treated` and `holdout` hold the outcomes of the buyers, one each; the other customers of `n_treated` and `n_holdout`
    have zero. The interval of the lift and of the total contain every factor that, taken out of the treated, leaves a
    difference such as lots make; that of the difference does so for an effect of the same sum. `refused` where fewer
    than `min_buyers` are expected in the smaller arm, counted on both arms together: counting one arm alone would
    pick the cases in which it came out high. The row order does not matter.

    Raises ValueError for negative or unknown outcomes, more buyers than customers, and too few draws.
    Source: studentised randomisation test, Janssen (1997), Statistics and Probability Letters 36, 9-21, and Chung and
    Romano (2013), Annals of Statistics 41, 484-507; totals as attributable effects, Rosenbaum (2001), Biometrika 88.
    """
    tail = 1 - upper_tail(confidence)
    if (draws + 1) * tail < 1 - 1e-9:
        least = int(np.ceil(1 / tail - 1e-9)) - 1
        raise ValueError(f"{draws} draws are too few for confidence {confidence:g}; take {least}")
    treated, holdout = _buyers(treated, n_treated, "treated"), _buyers(holdout, n_holdout, "holdout")
    found = _described(treated, holdout, n_treated=n_treated, n_holdout=n_holdout, min_buyers=min_buyers)
    if found.refused:
        return found
    lots = draw(treated, holdout, n_treated=n_treated, n_holdout=n_holdout, rng=rng, draws=draws)
    below, above = tails(drawn_again(lots), float(studentised(lots.treated, lots.holdout)))
    interval = _difference_interval(lots, found.difference, tail=tail)
    found = found._replace(
        p_value=min(1.0, 2 * float(min(below, above))), interval=interval,
        total_interval=Interval(interval.low * n_treated, interval.high * n_treated),
    )  # fmt: skip
    if not (treated.size and holdout.size):  # there is no factor between the arms
        return found
    ratio = (lots.treated.total / n_treated) / (lots.holdout.total / n_holdout)
    low, high = accepted(lambda factors: _at(lots, factors), alike=1 / ratio, tail=tail)
    total = Interval(float(lots.treated.total * (1 - high)), float(lots.treated.total * (1 - low)))
    lift = unbiased(ratio, ratios_again(lots, scale=1 / ratio))
    return found._replace(lift=lift, lift_interval=as_lift(low, high), total_interval=total)


def _described(
    treated: np.ndarray, holdout: np.ndarray, *, n_treated: int, n_holdout: int, min_buyers: float
) -> Randomised:
    """Everything that needs no lot drawn again, and whether intervals are refused."""
    both, share = np.sort(np.r_[treated, holdout]), min(n_treated, n_holdout) / max(n_treated + n_holdout, 1)
    expected = both.size * share
    mean_a, mean_b = (values.sum() / n if n else np.nan for values, n in ((treated, n_treated), (holdout, n_holdout)))
    refused = None
    if min(n_treated, n_holdout) < 2 or both.size == 0:
        refused = "Fewer than two customers in a group, or no buyer in either: there is nothing to compare."
    elif expected < min_buyers:
        refused = f"Too few buyers: {expected:.1f} are expected in the smaller group, an interval needs {min_buyers:g}."
    difference = float(mean_a - mean_b)
    return Randomised(
        difference=difference,
        interval=UNKNOWN,
        p_value=np.nan,
        lift=float(mean_a / mean_b - 1) if mean_b > 0 else np.nan,
        lift_interval=UNKNOWN,
        total=difference * n_treated,
        total_interval=UNKNOWN,
        expected_buyers=round(float(expected), 9),
        refused=refused,
        effective_buyers=float(share * both.sum() ** 2 / np.square(both).sum()) if both.size else 0.0,
        largest_share=float(both[-1] / both.sum()) if both.size else np.nan,
    )


def _at(lots: Lots, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tails of the studentised difference, were the outcomes of the treated multiplied by each factor."""
    again = drawn_again(lots, scale=factors[:, None])
    return tails(again, studentised(scaled(lots.treated, factors), lots.holdout))


def _difference_interval(lots: Lots, difference: float, *, tail: float) -> Interval:
    """The differences that the lots do not reject; infinite where even the largest that could be is not rejected."""
    n, total = lots.treated.n + lots.holdout.n, lots.treated.total + lots.holdout.total
    least, most = -total / lots.holdout.n, total / lots.treated.n  # a mean of an arm would be below zero beyond
    error, span = float(standard_error(lots.treated, lots.holdout)), most - least

    def at(candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = (total - lots.treated.n * candidates) / n  # of all customers, had nobody been treated
        factors = ((mean + candidates) / mean)[:, None]
        return tails(drawn_again(lots, scale=1 / factors, stretch=factors), (difference - candidates) / error)

    # Without spend in one arm the estimate is itself the largest, or the least, that could be.
    start = min(max(difference, least + 1e-9 * span), most - 1e-9 * span)
    to_least, to_most = (lambda steps, way=limit - start: start + steps * way * (1 - 1e-9) for limit in (least, most))
    low = edge(lambda steps: at(to_least(steps))[1] <= tail + 1e-12) if lots.treated.total else None
    high = edge(lambda steps: at(to_most(steps))[0] <= tail + 1e-12) if lots.holdout.total else None
    return Interval(-np.inf if low is None else float(to_least(low)), np.inf if high is None else float(to_most(high)))


def _buyers(values, customers: int, arm: str) -> np.ndarray:
    """The positive outcomes of an arm, sorted, once they are known to be possible."""
    values = np.sort(np.asarray(values, dtype=float).ravel())
    if not np.isfinite(values).all():
        raise ValueError(f"{(~np.isfinite(values)).sum()} of {values.size} outcomes of the {arm} are not known")
    if values.size and values[0] < 0:
        raise ValueError(f"outcome {values[0]:g} of the {arm} is negative; the least is 0")
    buyers = values[values > 0]
    if buyers.size > customers:
        raise ValueError(f"{buyers.size} buyers among {customers} customers of the {arm}; there can be no more buyers")
    return buyers
