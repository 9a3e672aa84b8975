"""A campaign drawn by lot, looked at before its end: an interval and a decision that stay valid under the declared looks.

The lots are drawn again once for all looks: a customer redrawn into an arm stays there, and what they spent up to each look
goes with them. So what chance does at one look is known together with what it does at the next, whatever spend is like, and
the limits that a look must pass are exact where the campaign changed nothing or multiplied every outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.inference.factors import accepted, as_lift, unbiased
from analysis.inference.interval import Interval
from analysis.inference.reassignment import (
    Lots,
    Outcomes,
    drawn_again,
    ratios_again,
    scaled,
    studentised,
    sums_again,
)  # fmt: skip

GAIN, LOSS = "gain", "loss"


class Look(NamedTuple):
    """What one look found. All but `expected_buyers` is NaN or None where `refused` says why."""

    expected_buyers: float  #: buyers of both arms up to the look times the share of the smaller arm
    statistic: float  #: studentised difference of what was spent up to the look
    lower: float  #: the statistic must lie below it to show a loss; minus infinity where no look may decide so yet
    upper: float  #: and above it to show a gain
    lift: float  #: of what was spent up to the look, without the excess of a ratio (see `factors.unbiased`)
    interval: Interval  #: of the lift; all looks together hold the truth with the confidence asked for
    shows: str | None  #: gain or loss, where a limit is passed at this look; earlier looks are not asked
    refused: str | None


def look(
    treated, holdout, *, n_treated: int, n_holdout: int, spent: Sequence[float], rngs: Sequence[np.random.Generator],
    draws: int = 1999, min_buyers: float = 20.0,
) -> list[Look]:  # fmt: skip
    """Return what each look finds; columns of `treated` and `holdout` are what customers spent up to each look.

    One row per customer with spend; the other customers of `n_treated` and `n_holdout` have none. `spent` is the error of one side
    that may be used up by each look (see `spending.spent`), `rngs` one generator per look: buyers are drawn at the look that first
    sees them, so a later run draws for an earlier look what was drawn then. A look with fewer than `min_buyers` expected in the
    smaller arm, counted on both arms, decides nothing and leaves its error to later ones. The row order does not matter.

    Raises ValueError for spend that is unknown, negative or falls from one look to the next, and more rows than customers.
    Source: group sequential tests by error spending, Lan and DeMets (1983), Biometrika 70; repeated confidence intervals,
    Jennison and Turnbull (1989), JRSS B 51, 305-361, here with the statistics of lots drawn again (see `permutation`).
    """
    arms = [_rows(rows, n, name, looks=len(spent))
            for rows, n, name in ((treated, n_treated, "treated"), (holdout, n_holdout, "holdout"))]  # fmt: skip
    buyers = sum((arm > 0).sum(axis=0) for arm in arms)
    expected = buyers * min(n_treated, n_holdout) / max(n_treated + n_holdout, 1)
    refused = [_refused(arms, at, expected[at], min_buyers, n_treated, n_holdout) for at in range(len(spent))]
    if all(refused):
        return [_nothing(expected[at], why) for at, why in enumerate(refused)]
    drawn = _drawn(arms, n_treated=n_treated, n_holdout=n_holdout, rngs=rngs, draws=draws)
    allowed = np.floor((draws + 1) * np.asarray(spent) + 1e-9).astype(int)
    allowed[[why is not None for why in refused]] = 0
    allowed = np.maximum.accumulate(allowed)  # what a look that is passed over did not spend is left for the next
    return [
        _nothing(expected[at], why) if why else _looked_at(drawn[: at + 1], allowed[: at + 1], float(expected[at]))
        for at, why in enumerate(refused)
    ]


def limits(again: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Return the upper limit of each look: values above it are as rare as the looks up to it may spend together.

    `again` holds the statistic of each lot drawn again (last axis but one: looks, last: lots). `allowed` is how many of all lots,
    the real one among them, may have passed a limit by each look. A lot that passed at one look does not count at the next.
    Infinite where no lot may pass, or where more than may do so are tied at the top.
    """
    looks, lots = again.shape[-2:]
    found, passed = np.full(again.shape[:-1], np.inf), np.zeros((*again.shape[:-2], lots), dtype=bool)
    for at in range(looks):
        values = np.where(passed | np.isnan(again[..., at, :]), -np.inf, again[..., at, :])
        free = allowed[at] - passed.sum(axis=-1)
        if free.max() < 1:
            continue
        # The limit is the lowest of the highest `free` values that is not tied with the one below it.
        most = min(int(free.max()), lots)
        one_more = np.append(-values, np.full((*values.shape[:-1], 1), np.inf), axis=-1)
        highest = -np.sort(np.partition(one_more, most, axis=-1)[..., : most + 1], axis=-1)
        below = np.take_along_axis(highest, np.clip(free, 0, most)[..., None], axis=-1)
        tied = 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(below), below, 0.0)))
        above = (values > below + tied) & (free > 0)[..., None]
        limit = np.where(above, values, np.inf).min(axis=-1)
        found[..., at] = limit
        passed |= above
    return found


def _looked_at(drawn: list[Lots], allowed: np.ndarray, expected: float) -> Look:
    """What the last of these looks finds."""
    now = drawn[-1]
    observed = float(studentised(now.treated, now.holdout))
    upper, lower = (sign * float(limits(sign * _again(drawn, 1.0), allowed)[-1]) for sign in (1, -1))
    shows = GAIN if observed > upper else LOSS if observed < lower else None
    if not (now.treated.total and now.holdout.total):
        why = "Nobody in one of the groups bought so far: there is no ratio."
        return Look(expected, observed, lower, upper, np.nan, Interval(np.nan, np.nan), shows, why)
    ratio = (now.treated.total / now.treated.n) / (now.holdout.total / now.holdout.n)

    def at(factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """0 where a factor on the outcomes of the treated is rejected at this look, on the lower and the upper side, else 1."""
        again = np.moveaxis(_again(drawn, factors[:, None]), 0, 1)  # factors, looks, lots
        found = studentised(scaled(now.treated, factors), now.holdout)
        return tuple(1.0 - (sign * found > limits(sign * again, allowed)[:, -1]) for sign in (-1, 1))

    interval = as_lift(*accepted(at, alike=1 / ratio, tail=0.0))
    lift = unbiased(ratio, ratios_again(now, scale=1 / ratio))
    return Look(expected, observed, lower, upper, lift, interval, shows, None)


def _again(drawn: list[Lots], scale) -> np.ndarray:
    """The studentised difference of each lot drawn again, by look (first axis)."""
    return np.stack([drawn_again(lots, scale=scale) for lots in drawn])


def _drawn(
    arms: list[np.ndarray], *, n_treated: int, n_holdout: int, rngs: Sequence[np.random.Generator], draws: int
) -> list[Lots]:
    """The lots drawn again, seen at each look. Those who first spent by a look are drawn there, from the places left."""
    looks, sizes = arms[0].shape[1], np.array([n_treated, n_holdout])
    treated_is_smaller = (n_treated, *arms[0].sum(axis=0)) < (n_holdout, *arms[1].sum(axis=0))
    rows = np.concatenate(arms)
    own = np.repeat([treated_is_smaller, not treated_is_smaller], [len(arm) for arm in arms]).astype(float)
    first = (rows > 0).argmax(axis=1)
    left, places = int(sizes.sum()), np.full(draws, int(sizes.min()))
    sums = np.zeros((draws, looks, 4))
    for at in range(looks):
        part, mine = rows[first == at], own[first == at]
        # By what they had spent then: the order, and so the draw, does not change with what they spend later.
        order = np.lexsort([*part.T[:at:-1], mine, part[:, at]])
        part, mine = part[order], mine[order]
        columns = [np.ones(len(part))]
        for spend in part.T:
            columns += [spend * mine, spend**2 * mine, spend * (1 - mine), spend**2 * (1 - mine)]
        table = np.stack(columns)
        found = np.concatenate(
            [sums_again(table, n=left, n_smaller=int(free), rng=rngs[at], draws=1) for free in places]
        )
        sums += found[:, 1:].reshape(draws, looks, 4)
        left, places = left - len(part), places - found[:, 0].round().astype(int)
    smaller = int(sizes.min())
    return [
        _lots(arms, at, sizes, [Outcomes(smaller, *sums[:, at, of : of + 2].T) for of in (0, 2)], treated_is_smaller)
        for at in range(looks)
    ]


def _lots(
    arms: list[np.ndarray], at: int, sizes: np.ndarray, from_own: list[Outcomes], treated_is_smaller: bool
) -> Lots:
    treated, holdout = (
        Outcomes(int(n), float(arm[:, at].sum()), float(np.square(arm[:, at]).sum()))
        for n, arm in zip(sizes, arms, strict=True)
    )
    home, away = from_own
    return Lots(treated, holdout, treated_is_smaller, *((home, away) if treated_is_smaller else (away, home)))


def _refused(arms, at: int, expected: float, min_buyers: float, n_treated: int, n_holdout: int) -> str | None:
    if min(n_treated, n_holdout) < 2 or not sum((arm[:, at] > 0).sum() for arm in arms):
        return "Fewer than two customers in a group, or no buyer in either: there is nothing to compare."
    if expected < min_buyers:
        return f"Too few buyers: {expected:.1f} are expected in the smaller group, an interval needs {min_buyers:g}."
    return None


def _nothing(expected: float, why: str) -> Look:
    return Look(float(expected), *(np.nan,) * 4, Interval(np.nan, np.nan), None, why)


def _rows(values, customers: int, arm: str, *, looks: int) -> np.ndarray:
    """The rows of an arm with spend by the last look, sorted, once they are known to be possible."""
    rows = np.asarray(values, dtype=float).reshape(-1, looks)
    if not np.isfinite(rows).all():
        raise ValueError(f"{(~np.isfinite(rows)).any(axis=1).sum()} of {len(rows)} rows of the {arm} are not known")
    if (np.diff(rows, axis=1, prepend=0.0) < 0).any():
        raise ValueError(f"spend of the {arm} falls from one look to the next, or is below zero; it can only grow")
    rows = rows[rows[:, -1] > 0]
    if len(rows) > customers:
        raise ValueError(f"{len(rows)} buyers among {customers} customers of the {arm}; there can be no more buyers")
    return rows[np.lexsort(rows.T[::-1])]
