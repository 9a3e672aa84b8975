"""What a reader can work out: between which limits a count lies that a page leaves blank, from those it prints."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

_ROUNDS = 100


class Sum(NamedTuple):
    """A total and the parts that add up to it, by key."""

    total: Hashable
    parts: tuple[Hashable, ...]


class Limits(NamedTuple):
    """The least and the most that a count can be; the most is infinite where nothing printed limits it."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the limits are."""
        return self.high - self.low


def bounds(
    known: Mapping[Hashable, float], sums: Sequence[Sum], *, of: Iterable[Hashable] | None = None, exact: bool = True
) -> dict[Hashable, Limits]:
    """Return the limits of each count in `sums` that is not `known`, or of those in `of`; counts are never negative.

    Exact limits come from two linear programs per count (least and most, subject to all sums); the others from one sum
    at a time until nothing moves, which is quick and never narrower. Raises ValueError where known counts contradict
    the sums.
    """
    quick = _one_sum_at_a_time(known, sums)
    wanted = [key for key in (quick if of is None else of) if key in quick]
    if not exact:
        return {key: quick[key] for key in wanted}
    return _programs(known, sums, list(quick), wanted)


def _one_sum_at_a_time(known, sums) -> dict[Hashable, Limits]:
    low = {key: 0.0 for one in sums for key in (one.total, *one.parts)}
    high = dict.fromkeys(low, np.inf)
    for key in low.keys() & known.keys():
        low[key] = high[key] = known[key]
    for _ in range(_ROUNDS):
        moved = False
        for total, parts in sums:
            new = [(total, sum(low[p] for p in parts), sum(high[p] for p in parts))]
            for part in parts:
                others = [p for p in parts if p != part]
                new.append((part, low[total] - sum(high[p] for p in others), high[total] - sum(low[p] for p in others)))
            for key, least, most in new:
                if key not in known and (least > low[key] + 1e-9 or most < high[key] - 1e-9):
                    low[key], high[key], moved = max(low[key], least), min(high[key], most), True
        if not moved:
            break
    return {key: Limits(low[key], high[key]) for key in low if key not in known}


def _programs(known, sums, unknown: list[Hashable], wanted: list[Hashable]) -> dict[Hashable, Limits]:
    from scipy.optimize import linprog

    place = {key: number for number, key in enumerate(unknown)}
    found = {}
    for group in _connected(sums, place):
        inside = [key for key in wanted if key in group.keys]
        if not inside:
            continue
        columns = {key: number for number, key in enumerate(group.keys)}
        left, right = np.zeros((len(group.sums), len(columns))), np.zeros(len(group.sums))
        for row, (total, parts) in enumerate(group.sums):
            for key, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
                if key in columns:
                    left[row, columns[key]] += sign
                else:
                    right[row] -= sign * known[key]
        for key in inside:
            ends = []
            for sign in (1.0, -1.0):
                aim = np.zeros(len(columns))
                aim[columns[key]] = sign
                solved = linprog(aim, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
                if solved.status == 2:
                    raise ValueError(f"the printed counts around {key!r} contradict each other")
                ends.append(sign * solved.fun if solved.status == 0 else np.inf)
            found[key] = Limits(*ends)
    return found


class _Group(NamedTuple):
    keys: list[Hashable]
    sums: list[Sum]


def _connected(sums: Sequence[Sum], unknown: Mapping[Hashable, int]) -> list[_Group]:
    """Unknown counts that some chain of sums joins, each group with its sums: a program per group is much smaller."""
    groups: list[_Group] = []
    for one in sums:
        keys = [key for key in (one.total, *one.parts) if key in unknown]
        if not keys:
            continue
        touching = [group for group in groups if set(group.keys) & set(keys)]
        groups = [group for group in groups if group not in touching]
        joined = dict.fromkeys([key for group in touching for key in group.keys] + keys)
        groups.append(_Group(list(joined), [s for group in touching for s in group.sums] + [one]))
    return groups
