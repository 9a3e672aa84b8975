"""Lots drawn again for what is not one sum per customer: value per order, spend adjusted by spend before, groups of people.

Each compares y - b x between arms. For a ratio, such as spend (y) per order (x), b is total over total of both arms, and
y - b x is what is left of a customer's spend when their orders' share is taken out. For an adjustment by an earlier
measure x (CUPED), b is the slope of both arms together. Neither b looks at the arms, so lots can be drawn again.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.inference.factors import accepted, as_lift, unbiased
from analysis.inference.interval import Interval, upper_tail
from analysis.inference.reassignment import Outcomes, studentised, sums_again, tails

RATIO, ADJUSTED = "ratio", "adjusted"


class Linearised(NamedTuple):
    """Treated against held out, by lot. All but values and counts is NaN where `refused` says why."""

    treated: float  #: total over total, or the adjusted mean per customer
    holdout: float
    lift: float  #: treated over held out, minus 1, without the excess of a ratio (see `factors.unbiased`)
    lift_interval: Interval  #: upper limit infinite where the data give none
    p_value: float  #: two-sided, of "the campaign changed nothing"
    expected_buyers: float  #: with an outcome above zero, of both arms together, times the share of the smaller arm
    refused: str | None


class _Sums(NamedTuple):
    """Sums over one arm: of the outcome y, its square and its product with x, by the arm a customer was truly in."""

    treated: np.ndarray  # y, y^2 and x y of the truly treated, last axis
    holdout: np.ndarray
    other: np.ndarray  # x and x^2

    def scaled(self, factor) -> tuple:
        """Return y, y^2, x y, x, x^2 had the outcome of the truly treated been multiplied."""
        y, yy, xy = (self.treated[..., i] * factor ** (2 if i == 1 else 1) + self.holdout[..., i] for i in range(3))
        return y, yy, xy, self.other[..., 0], self.other[..., 1]


def compare_linearised(
    treated, holdout, *, how: str, n_treated: int, n_holdout: int, rng: np.random.Generator,
    draws: int = 1999, confidence: float = 0.95, min_buyers: float = 20.0,
) -> Linearised:  # fmt: skip
    """Compare an outcome per unit of another (`how` "ratio"), or adjusted by another ("adjusted"), by drawing lots again.

    `treated` and `holdout` have two columns, outcome and other, and a row for each customer of whom one is not zero; the
    other customers of `n_treated` and `n_holdout` have zero in both. The interval of the lift holds every factor that, taken
    out of the treated's outcomes, leaves a difference such as lots make. `refused` as in `permutation.compare`, and where
    an arm has no outcome or nothing to divide by.

    Raises ValueError for values that are not known, negative outcomes, and more rows than customers. Source: studentised
    randomisation tests of residuals, Zhao and Ding (2021), Journal of Econometrics 225, 278-294, here with one b for both
    arms; the slope as in Deng et al. (2013), WSDM.
    """
    slope = {RATIO: _ratio, ADJUSTED: _regression}[how]
    arms = [
        _rows(rows, n, name) for rows, n, name in ((treated, n_treated, "treated"), (holdout, n_holdout, "holdout"))
    ]
    sizes = np.array([n_treated, n_holdout])
    own = (
        _Sums(_three(arms[0]), np.zeros(3), _three(arms[0][:, ::-1])[:2]),
        _Sums(np.zeros(3), _three(arms[1]), _three(arms[1][:, ::-1])[:2]),
    )
    whole = _Sums(own[0].treated, own[1].holdout, own[0].other + own[1].other)
    expected = sum((rows[:, 0] > 0).sum() for rows in arms) * min(sizes) / max(sizes.sum(), 1)
    found = _described(own, whole, sizes, slope=slope, expected=expected, min_buyers=min_buyers)
    if found.refused:
        return found
    small = _again(arms, sizes, rng=rng, draws=draws)
    large = _Sums(*(of_all - of_small for of_all, of_small in zip(whole, small, strict=True)))
    drawn = (small, large) if _first_is_smaller(arms, sizes) else (large, small)

    def at(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        b = slope(*whole.scaled(factors), n=sizes.sum())
        again = _statistic([arm.scaled(factors[:, None]) for arm in drawn], b[:, None], sizes)
        return tails(again, _statistic([arm.scaled(factors) for arm in own], b, sizes))

    tail = 1 - upper_tail(confidence)
    below, above = at(np.ones(1))
    alike = float(_alike(*own, whole, sizes, how=how))
    with np.errstate(divide="ignore", invalid="ignore"):  # a lot can leave an arm without an order
        ratios = 1 / _alike(*[_made_one(arm, alike) for arm in drawn], _made_one(whole, alike), sizes, how=how)
    return found._replace(
        p_value=min(1.0, 2 * float(min(below[0], above[0]))), lift=unbiased(1 / alike, ratios),
        lift_interval=as_lift(*accepted(at, alike=alike, tail=tail)),
    )  # fmt: skip


def per_unit(values, unit, treated) -> tuple[np.ndarray, np.ndarray]:
    """Add up rows of people to the unit that lots were drawn for, such as households; one array per arm, a row per unit.

    `values` has one row per person and one or more columns; `unit` and `treated` one entry per person. People of one unit are
    alike and were not drawn apart, so people must never be drawn again: an outcome per person is a "ratio" of two of the
    columns given back, one of them the number of people. Raises ValueError where a unit stands in both arms.
    """
    values, treated = np.asarray(values, dtype=float).reshape(len(unit), -1), np.asarray(treated, dtype=bool)
    names, place = np.unique(np.asarray(unit), return_inverse=True)
    people, in_treated = np.bincount(place), np.bincount(place, weights=treated)
    if (torn := (in_treated > 0) & (in_treated < people)).any():
        raise ValueError(f"unit {names[torn][0]} has people in both arms; a lot is drawn for whole units")
    totals = np.stack([np.bincount(place, weights=column) for column in values.T], axis=1)
    return totals[in_treated > 0], totals[in_treated == 0]


def _described(own, whole, sizes, *, slope: Callable, expected: float, min_buyers: float) -> Linearised:
    refused, values = None, (np.nan, np.nan)
    empty = min(own[0].treated[0], own[1].holdout[0]) <= 0 or (
        slope is _ratio and min(arm.other[0] for arm in own) <= 0
    )
    if min(sizes) < 2 or empty:
        refused = "Fewer than two customers in a group, or no buyer in one: there is nothing to compare."
    elif expected < min_buyers:
        refused = f"Too few buyers: {expected:.1f} are expected in the smaller group, an interval needs {min_buyers:g}."
    if not empty and min(sizes):
        y, x = (np.array([arm.scaled(1.0)[i] for arm in own]) for i in (0, 3))
        b = slope(*whole.scaled(1.0), n=sizes.sum())
        values = y / x if slope is _ratio else (y - b * (x - sizes * whole.other[0] / sizes.sum())) / sizes
        if refused is None and min(values) <= 0:
            refused = "The adjusted mean of a group is not above zero: there is no share of it to give."
    return Linearised(
        *(float(v) for v in values), np.nan, Interval(np.nan, np.nan), np.nan, round(float(expected), 9), refused
    )


def _again(arms: list[np.ndarray], sizes: np.ndarray, *, rng: np.random.Generator, draws: int) -> _Sums:
    """The sums over who fell into the smaller arm, one row per lot, whatever the order of rows."""
    rows, own = np.concatenate(arms), np.repeat([1.0, 0.0], [len(arm) for arm in arms])
    order = np.lexsort((own if _first_is_smaller(arms, sizes) else 1 - own, rows[:, 1], rows[:, 0]))
    rows, own = rows[order], own[order]
    x, three = rows[:, 1], np.stack([rows[:, 0], rows[:, 0] ** 2, rows.prod(axis=1)])
    found = sums_again(np.concatenate([three * own, three * (1 - own), [x, x**2]]), n=sizes.sum(), n_smaller=sizes.min(),
                       rng=rng, draws=draws)  # fmt: skip
    return _Sums(found[:, :3], found[:, 3:6], found[:, 6:])


def _first_is_smaller(arms: list[np.ndarray], sizes: np.ndarray) -> bool:
    return bool((sizes[0], arms[0][:, 0].sum()) < (sizes[1], arms[1][:, 0].sum()))


def _made_one(arm: _Sums, factor: float) -> _Sums:
    """The arm with the treated's outcomes scaled, and no longer apart from the others'."""
    y, yy, xy, *_ = arm.scaled(factor)
    both = np.stack([y, yy, xy], axis=-1)
    return _Sums(both, np.zeros_like(both), arm.other)


def _alike(treated: _Sums, holdout: _Sums, whole: _Sums, sizes: np.ndarray, *, how: str) -> np.ndarray:
    """The factor on the treated's outcomes that leaves no difference between the arms; the sums of each arm are its own."""
    y, x = (treated.treated + treated.holdout)[..., 0], treated.other[..., 0]
    y_held, x_held = (holdout.treated + holdout.holdout)[..., 0], holdout.other[..., 0]
    if how == RATIO:
        return (y_held / x_held) / (y / x)
    n, apart = sizes.sum(), x / sizes[0] - x_held / sizes[1]
    spread = whole.other[..., 1] - whole.other[..., 0] ** 2 / n
    worth = apart / spread if spread > 0 else 0.0 * apart
    common, common_held = (
        (arm.treated + arm.holdout)[..., 2] - (arm.treated + arm.holdout)[..., 0] * whole.other[..., 0] / n
        for arm in (treated, holdout)
    )
    return (y_held / sizes[1] + common_held * worth) / (y / sizes[0] - common * worth)


def _statistic(arms: list[tuple], b: np.ndarray, sizes: np.ndarray):
    outcomes = [
        Outcomes(int(n), y - b * x, yy - 2 * b * xy + b**2 * xx)
        for n, (y, yy, xy, x, xx) in zip(sizes, arms, strict=True)
    ]
    return studentised(*outcomes)


def _ratio(y, yy, xy, x, xx, *, n):
    return y / x


def _regression(y, yy, xy, x, xx, *, n):
    spread = xx - x**2 / n
    return np.where(spread > 1e-12 * xx, (xy - y * x / n) / np.where(spread > 0, spread, 1.0), 0.0)


def _three(rows: np.ndarray) -> np.ndarray:
    y, x = rows.T
    return np.array([y.sum(), (y**2).sum(), (x * y).sum()])


def _rows(values, customers: int, arm: str) -> np.ndarray:
    """The rows of an arm with a value that is not zero, sorted, once they are known to be possible."""
    rows = np.asarray(values, dtype=float).reshape(-1, 2)
    if not np.isfinite(rows).all():
        raise ValueError(f"{(~np.isfinite(rows)).any(axis=1).sum()} of {len(rows)} rows of the {arm} are not known")
    if (rows[:, 0] < 0).any():
        raise ValueError(f"outcome {rows[:, 0].min():g} of the {arm} is negative; the least is 0")
    rows = rows[(rows != 0).any(axis=1)]
    if len(rows) > customers:
        raise ValueError(f"{len(rows)} rows among {customers} customers of the {arm}; there can be no more rows")
    return rows[np.lexsort(rows.T[::-1])]
