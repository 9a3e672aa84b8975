"""What an offer did to those who used it, where lots decided who got it: a second question beside intention to treat.

Who redeems chose to, so redeemers are not compared with anyone. But if being contacted changed nothing for those who did not
redeem, all that the lot changed is theirs, and dividing it by their share says what it was for each (complier average causal
effect). Lots drawn again give its interval: an effect is held possible if, taken out of every redeemer, it leaves a
difference between the arms such as lots make.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.inference.factors import FAR, edge
from analysis.inference.interval import Interval, upper_tail
from analysis.inference.reassignment import Outcomes, standard_error, studentised, sums_again, tails


class Redeemed(NamedTuple):
    """The effect on those who redeemed. Effect and interval are NaN where `refused` says why."""

    effect: float  #: on spend of a redeemer, on average
    interval: Interval  #: a limit is infinite where the data give none: too few redeem
    share: float  #: of the treated who redeemed
    share_holdout: float  #: of the held out who did all the same
    expected_buyers: float  #: of both arms together, times the share of the smaller arm
    refused: str | None


def compare_redeemers(
    treated, holdout, *, n_treated: int, n_holdout: int, rng: np.random.Generator,
    draws: int = 1999, confidence: float = 0.95, min_buyers: float = 20.0,
) -> Redeemed:  # fmt: skip
    """Return the effect on redeemers: difference of the arms' mean spend over the difference of their shares of redeemers.

    `treated` and `holdout` have two columns, spend and redeemed (0 or 1), and a row for each customer of whom one is not zero;
    the other customers of `n_treated` and `n_holdout` have zero in both. `refused` with fewer than `min_buyers` expected in the
    smaller arm, counted on both arms, and where no more of the treated redeemed than of the held out. The row order does not matter.

    Right only if contact changed nothing for those who did not redeem, and nobody redeems because they were held out.
    Raises ValueError for spend that is unknown or negative, redemption other than 0 or 1, and more rows than customers.
    Source: Imbens and Angrist (1994), Econometrica 62; Angrist, Imbens and Rubin (1996), JASA 91; the interval by inversion of
    a randomisation test that holds with few redeemers, too: Anderson and Rubin (1949); Imbens and Rosenbaum (2005), JRSS A 168.
    """
    arms = [_rows(rows, n, name) for rows, n, name in ((treated, n_treated, "treated"), (holdout, n_holdout, "holdout"))]  # fmt: skip
    sizes, own = np.array([n_treated, n_holdout]), [_sums(rows) for rows in arms]
    shares = [sums[3] / max(n, 1) for sums, n in zip(own, sizes, strict=True)]
    buyers = sum(int((rows[:, 0] > 0).sum()) for rows in arms)
    expected = round(float(buyers * sizes.min() / max(sizes.sum(), 1)), 9)
    if refused := _refused(sizes, buyers, shares, expected, min_buyers):
        return Redeemed(np.nan, Interval(np.nan, np.nan), *map(float, shares), expected, refused)
    effect = float((own[0][0] / n_treated - own[1][0] / n_holdout) / (shares[0] - shares[1]))
    small = _again(arms, sizes, rng=rng, draws=draws)
    large = own[0] + own[1] - small
    treated_is_smaller = _treated_is_smaller(own, sizes)
    again, tail = (small, large) if treated_is_smaller else (large, small), 1 - upper_tail(confidence)
    error = float(standard_error(*_left(own, effect, sizes))) / (shares[0] - shares[1])
    if not error > 0:
        return Redeemed(effect, Interval(-np.inf, np.inf), *map(float, shares), expected, None)

    def rejected(steps: np.ndarray, *, side: int) -> np.ndarray:
        # Where the effect taken out is too small, the treated are left with more: the upper tail is small, and vice versa.
        effects = (effect + side * error * (FAR**steps - 1))[:, None]
        drawn = studentised(*_left(again, effects, sizes))
        return tails(drawn, studentised(*_left(own, effects[:, 0], sizes)))[side < 0] <= tail + 1e-12

    steps = [edge(lambda steps, side=side: rejected(steps, side=side)) for side in (-1, 1)]
    low, high = (side * np.inf if step is None else effect + side * error * (FAR**step - 1)
                 for side, step in zip((-1, 1), steps, strict=True))  # fmt: skip
    return Redeemed(effect, Interval(float(low), float(high)), *map(float, shares), expected, None)


def _left(arms, effect, sizes: np.ndarray) -> list[Outcomes]:
    """Sums over each arm of what is left of spend when the effect is taken out of every redeemer."""
    found = []
    for n, arm in zip(sizes, arms, strict=True):
        y, yy, xy, x = np.moveaxis(arm, -1, 0)
        found.append(Outcomes(int(n), y - effect * x, yy - 2 * effect * xy + effect**2 * x))
    return found


def _again(arms: list[np.ndarray], sizes: np.ndarray, *, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Spend, its square, spend of redeemers and redeemers, summed over who fell into the smaller arm: one row per lot."""
    rows = np.concatenate(arms)
    rows = rows[np.lexsort(rows.T[::-1])]
    columns = np.stack([rows[:, 0], rows[:, 0] ** 2, rows[:, 0] * rows[:, 1], rows[:, 1]])
    return sums_again(columns, n=int(sizes.sum()), n_smaller=int(sizes.min()), rng=rng, draws=draws)


def _treated_is_smaller(own: list[np.ndarray], sizes: np.ndarray) -> bool:
    return bool((sizes[0], *own[0]) < (sizes[1], *own[1]))


def _sums(rows: np.ndarray) -> np.ndarray:
    spend, redeemed = rows.T
    return np.array([spend.sum(), (spend**2).sum(), (spend * redeemed).sum(), redeemed.sum()])


def _refused(sizes: np.ndarray, buyers: int, shares: list[float], expected: float, min_buyers: float) -> str | None:
    if sizes.min() < 2 or not buyers:
        return "Fewer than two customers in a group, or no buyer in either: there is nothing to compare."
    if expected < min_buyers:
        return f"Too few buyers: {expected:.1f} are expected in the smaller group, an interval needs {min_buyers:g}."
    if not shares[0] > shares[1]:
        return "No more of the treated than of the held out redeemed: nothing can be laid to redeeming."
    return None


def _rows(values, customers: int, arm: str) -> np.ndarray:
    """The rows of an arm with spend or a redemption, sorted, once they are known to be possible."""
    rows = np.asarray(values, dtype=float).reshape(-1, 2)
    if not np.isfinite(rows).all():
        raise ValueError(f"{(~np.isfinite(rows)).any(axis=1).sum()} of {len(rows)} rows of the {arm} are not known")
    if (rows[:, 0] < 0).any():
        raise ValueError(f"spend {rows[:, 0].min():g} of the {arm} is negative; the least is 0")
    if not np.isin(rows[:, 1], (0, 1)).all():
        wrong = rows[~np.isin(rows[:, 1], (0, 1)), 1][0]
        raise ValueError(f"redeemed {wrong:g} of the {arm} is neither 0 nor 1")
    rows = rows[(rows != 0).any(axis=1)]
    if len(rows) > customers:
        raise ValueError(f"{len(rows)} rows among {customers} customers of the {arm}; there can be no more rows")
    return rows[np.lexsort(rows.T[::-1])]
