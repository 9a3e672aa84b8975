"""A lot drawn for whole units, such as households: the effect per person, by drawing the units again and never the people.

People of one unit are alike, and they were not drawn apart. Taken as drawn one by one they seem to tell more than they do,
and a test on them finds what is not there far more often than it says.
"""

from typing import NamedTuple

import numpy as np

from analysis.inference.factors import edge
from analysis.inference.interval import Interval, upper_tail
from analysis.inference.linearised import RATIO, compare_linearised
from analysis.inference.permutation import UNKNOWN, Randomised
from analysis.inference.reassignment import sums_again, tails


class Arm(NamedTuple):
    """Sums over the units of one arm; arrays where lots were drawn again. `y` is the outcome, `x` the people."""

    n: int
    y: np.ndarray
    yy: np.ndarray
    xy: np.ndarray
    x: np.ndarray
    xx: np.ndarray

    @property
    def ratio(self):
        """Outcome per person."""
        return self.y / self.x

    @property
    def variance(self):
        """Variance of the ratio, from what units differ from it."""
        left = self.yy - 2 * self.ratio * self.xy + self.ratio**2 * self.xx
        return np.maximum(left, 0) / (self.n - 1) * self.n / self.x**2


def compare_units(
    treated, holdout, *, rng: np.random.Generator, draws: int = 1999, confidence: float = 0.95, min_buyers: float = 20.0
) -> Randomised:
    """Compare an outcome per person where whole units were drawn; each arm has a row per unit: its outcome, its people.

    `difference` is total over people of the treated minus that of the held out, and `total` that times the people treated; buyers
    are units with an outcome above zero. Units are drawn again as `permutation.compare` draws people, and the difference of
    two ratios is studentised by what units differ from their ratio; with one person in every unit it is the same test. Lift and
    total are those of `linearised.compare_linearised`, whose reasons to refuse hold here, too.

    Raises ValueError for a unit without people, outcomes below zero or unknown, and too few draws. Source: ratio of totals with
    clusters as units, Cochran (1977), Sampling Techniques, section 2.11; Su and Ding (2021), Journal of the Royal Statistical
    Society B 83, 994-1015; studentised randomisation test, Chung and Romano (2013).
    """
    tail = 1 - upper_tail(confidence)
    if (draws + 1) * tail < 1 - 1e-9:
        least = int(np.ceil(1 / tail - 1e-9)) - 1
        raise ValueError(f"{draws} draws are too few for confidence {confidence:g}; take {least}")
    arms = [_units(rows, name) for rows, name in ((treated, "treated"), (holdout, "holdout"))]
    sizes = {"n_treated": len(arms[0]), "n_holdout": len(arms[1])}
    lifted = compare_linearised(
        *arms, how=RATIO, **sizes, rng=rng, draws=draws, confidence=confidence, min_buyers=min_buyers
    )
    people, sold = arms[0][:, 1].sum(), arms[0][:, 0].sum()
    found = _described(arms, lifted, people)
    if found.refused:
        return found
    again, seen = _drawn_again(arms, rng=rng, draws=draws), [_arm(rows) for rows in arms]
    below, above = _tails(again, seen, np.zeros(1))
    return found._replace(
        interval=_interval(again, seen, tail=tail), p_value=min(1.0, 2 * float(min(below[0], above[0]))), lift=lifted.lift,
        lift_interval=lifted.lift_interval, total_interval=Interval(*(_added(sold, lift) for lift in lifted.lift_interval)),
    )  # fmt: skip


def _described(arms: list[np.ndarray], lifted, people: float) -> Randomised:
    """Everything that needs no lot drawn again."""
    values = np.sort(np.concatenate([rows[:, 0] for rows in arms]))
    share = min(len(rows) for rows in arms) / max(len(values), 1)
    difference, total = lifted.treated - lifted.holdout, values.sum()
    return Randomised(
        difference=difference, interval=UNKNOWN, p_value=np.nan, lift=np.nan, lift_interval=UNKNOWN,
        total=float(difference * people), total_interval=UNKNOWN, expected_buyers=lifted.expected_buyers, refused=lifted.refused,
        effective_buyers=float(share * total**2 / np.square(values).sum()) if total > 0 else 0.0,
        largest_share=float(values[-1] / total) if total > 0 else np.nan,
    )  # fmt: skip


def _added(sold: float, lift: float) -> float:
    """What of the treated's outcome a lift by this share has added: all of it where the lift has no limit."""
    return float(sold * (1 - 1 / (1 + lift))) if lift > -1 else -np.inf


def _interval(again: list, seen: list[Arm], *, tail: float) -> Interval:
    """The differences per person that the lots do not reject; infinite where even the largest that could be is not rejected."""
    total, estimate = seen[0].y + seen[1].y, seen[0].ratio - seen[1].ratio
    least, most = -total / seen[1].x, total / seen[0].x  # an arm's outcome per person would be below zero beyond
    to_least, to_most = (
        lambda steps, way=limit - estimate: estimate + steps * way * (1 - 1e-9) for limit in (least, most)
    )
    low = edge(lambda steps: _tails(again, seen, to_least(steps))[1] <= tail + 1e-12)
    high = edge(lambda steps: _tails(again, seen, to_most(steps))[0] <= tail + 1e-12)
    return Interval(-np.inf if low is None else float(to_least(low)), np.inf if high is None else float(to_most(high)))


def _tails(again: list, seen: list[Arm], candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tails of the studentised difference for each candidate, the treated's outcomes divided by what it would make of them."""
    people, total = seen[0].x + seen[1].x, seen[0].y + seen[1].y
    plain = (total - seen[0].x * candidates) / people  # outcome per person, had nobody been treated
    factor = ((plain + candidates) / plain)[:, None]
    whole = (seen[0].y / factor + seen[1].y) / people
    first, second = (_scaled(arm, factor) for arm in again)
    apart = factor * (first.ratio - whole) - (second.ratio - whole)
    error = np.sqrt(factor**2 * first.variance + second.variance)
    observed = (seen[0].ratio - seen[1].ratio - candidates) / np.sqrt(seen[0].variance + seen[1].variance)
    return tails(np.divide(apart, error, out=np.full(apart.shape, np.nan), where=error > 0), observed)


def _scaled(sums: tuple[int, np.ndarray], factor: np.ndarray) -> Arm:
    """The sums of an arm drawn again, had the outcomes of the truly treated been divided by the factor."""
    n, parts = sums
    y, yy, xy = (parts[:, i] / factor ** (2 if i == 1 else 1) + parts[:, 3 + i] for i in range(3))
    return Arm(n, y, yy, xy, parts[:, 6], parts[:, 7])


def _drawn_again(arms: list[np.ndarray], *, rng: np.random.Generator, draws: int) -> list:
    """For each lot the sums over both arms, whatever the order of rows: of the truly treated, of the truly held out, of people."""
    rows, own = np.concatenate(arms), np.repeat([1.0, 0.0], [len(rows) for rows in arms])
    order = np.lexsort((own, rows[:, 1], rows[:, 0]))
    (y, x), own = rows[order].T, own[order]
    three = np.stack([y, y**2, x * y])
    columns = np.concatenate([three * own, three * (1 - own), [x, x**2]])
    sizes = [len(rows) for rows in arms]
    small = sums_again(columns, n=sum(sizes), n_smaller=min(sizes), rng=rng, draws=draws)
    large = columns.sum(axis=1) - small
    parts = (small, large) if sizes[0] <= sizes[1] else (large, small)
    return list(zip(sizes, parts, strict=True))


def _arm(rows: np.ndarray) -> Arm:
    y, x = rows.T
    return Arm(len(rows), y.sum(), (y**2).sum(), (x * y).sum(), x.sum(), (x**2).sum())


def _units(values, arm: str) -> np.ndarray:
    """The rows of an arm, sorted, once every unit is known to have people."""
    rows = np.asarray(values, dtype=float).reshape(-1, 2)
    if (empty := ~(rows[:, 1] > 0)).any():
        raise ValueError(f"{empty.sum()} of {len(rows)} units of the {arm} have no people; each needs one or more")
    return rows[np.lexsort(rows.T)]
