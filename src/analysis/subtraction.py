"""What a reader can work out: between which limits a count lies that a page leaves blank, from those it prints."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
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


def pinned(
    counts: Mapping[Hashable, float],
    blank: Collection[Hashable],
    sums: Sequence[Sum],
    *,
    of: Iterable[Hashable],
    least: float,
) -> list[Hashable]:
    """Return which counts of `of`, all of them blank, the others pin to limits less than `least` apart.

    The same answer as from `bounds`, which has no look at the blank counts, and many times as fast: each linear program
    ends in a table that fits all that is printed, so it also shows how far the other counts of that table can move.
    """
    wanted, found = set(of), []
    known = {key: value for key, value in counts.items() if key not in blank}
    for group in connected(sums, blank):
        inside = [place for place, key in enumerate(group.keys) if key in wanted]
        if not inside:
            continue
        program = _Program(group, known)
        low = np.array([counts[key] for key in group.keys])
        high = low.copy()
        for place in inside:
            for sign in (-1.0, 1.0):
                if high[place] - low[place] < least:
                    fits = program.solve(place, sign)
                    if fits is None:
                        high[place] = np.inf
                    else:
                        low, high = np.minimum(low, fits), np.maximum(high, fits)
            if high[place] - low[place] < least:
                found.append(group.keys[place])
    return found


def _programs(known, sums, unknown: list[Hashable], wanted: list[Hashable]) -> dict[Hashable, Limits]:
    found = {}
    for group in connected(sums, unknown):
        program = None
        for place, key in enumerate(group.keys):
            if key in wanted:
                program = program or _Program(group, known)
                least, most = (program.solve(place, sign) for sign in (1.0, -1.0))
                found[key] = Limits(float(least[place]), np.inf if most is None else float(most[place]))
    return found


class _Program:
    """The sums of a group of unknown counts as equations, to be solved for the least or the most of one count."""

    def __init__(self, group: Group, known: Mapping[Hashable, float]) -> None:
        columns = {key: number for number, key in enumerate(group.keys)}
        self.left, self.right = np.zeros((len(group.sums), len(columns))), np.zeros(len(group.sums))
        for row, (total, parts) in enumerate(group.sums):
            for key, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
                if key in columns:
                    self.left[row, columns[key]] += sign
                else:
                    self.right[row] -= sign * known[key]

    def solve(self, place: int, sign: float) -> np.ndarray | None:
        """Return counts that fit with the count at `place` least (sign 1) or most (-1); None where it has no most."""
        from scipy.optimize import linprog

        aim = np.zeros(self.left.shape[1])
        aim[place] = sign
        solved = linprog(aim, A_eq=self.left, b_eq=self.right, bounds=(0, None), method="highs")
        if solved.status == 2:
            raise ValueError("the printed counts contradict each other")
        return solved.x if solved.status == 0 else None


class Same(NamedTuple):
    """Keys of one and the same count, and the sums between counts that are left."""

    of: dict[Hashable, Hashable]  # every key: the one that stands for it
    sums: list[Sum]


def same_counts(counts: Mapping[Hashable, float], sums: Sequence[Sum], *, unprinted: Collection[Hashable]) -> Same:
    """Return which keys are one count because a sum has it as its only part, besides printed zeros.

    The same people counted in two tables stay blank in both or in none. Zeros that are printed add nothing to a sum.
    """
    of = {key: key for key in counts}

    def root(key: Hashable) -> Hashable:
        while of[key] != key:
            key = of[key]
        return key

    kept = [
        Sum(one.total, tuple(p for p in one.parts if counts[p] != 0 or p in unprinted))
        for one in sums
        if counts[one.total]
    ]
    moved = True
    while moved:
        moved = False
        for one in kept:
            total, parts = root(one.total), [root(part) for part in one.parts]
            if len(parts) == 1 and parts[0] != total:
                first, second = sorted((total, parts[0]), key=repr)
                of[second], moved = first, True
    of = {key: root(key) for key in of}
    left = {
        Sum(of[one.total], tuple(sorted((of[p] for p in one.parts), key=repr))): None
        for one in kept
        if len(one.parts) > 1
    }
    return Same(of, sorted(left, key=repr))


class Group(NamedTuple):
    keys: list[Hashable]
    sums: list[Sum]


def connected(sums: Sequence[Sum], unknown: Collection[Hashable]) -> list[Group]:
    """Unknown counts that some chain of sums joins, each group with its sums: a program per group is much smaller."""
    groups: dict[int, Group] = {}
    place: dict[Hashable, int] = {}
    for number, one in enumerate(sums):
        keys = [key for key in (one.total, *one.parts) if key in unknown]
        if not keys:
            continue
        touching = sorted({place[key] for key in keys if key in place})
        parts = [groups.pop(old) for old in touching]
        joined = dict.fromkeys([key for group in parts for key in group.keys] + keys)
        groups[number] = Group(list(joined), [s for group in parts for s in group.sums] + [one])
        place.update(dict.fromkeys(joined, number))
    return list(groups.values())
