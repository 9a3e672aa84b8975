"""Which counts stay blank beside the small ones, so that these cannot be got by subtraction."""

from __future__ import annotations

from collections.abc import Hashable

from analysis.subtraction import bounds, connected, pinned

_TOLERANCE = 1e-6


def hidden(counts, sums, guarded, unprinted, kept, *, smallest: int) -> frozenset[Hashable]:
    """The keys to blank: guarded ones, and one more as long as a guarded one is pinned to less than `smallest`.

    At the end each of the others that turns out not to be needed is printed after all, the largest first.
    """
    if not smallest:
        return frozenset()
    least = set(guarded) | set(unprinted)
    blank = set(least)
    while exposed := _exposed(counts, sums, guarded, blank, smallest):
        first = min(exposed, key=lambda key: (counts[key], repr(key)))
        blank.add(_companion(first, counts, sums, blank, kept, smallest))
    for key in sorted(blank - least, key=lambda key: (key not in kept, -counts[key], repr(key))):
        if not _exposed(counts, sums, guarded, blank - {key}, smallest):
            blank.discard(key)
    return frozenset(blank - unprinted)


def _exposed(counts, sums, guarded, blank, smallest: int) -> list[Hashable]:
    """The guarded keys pinned too narrowly: by quick bounds where these tell already, else by exact ones."""
    known = {key: value for key, value in counts.items() if key not in blank}
    quick = bounds(known, sums, of=guarded, exact=False)
    exposed = [key for key, limits in quick.items() if limits.width < smallest - _TOLERANCE]
    return exposed or pinned(counts, blank, sums, of=guarded, least=smallest - _TOLERANCE)


def _companion(key: Hashable, counts, sums, blank: set[Hashable], kept, smallest: int) -> Hashable:
    """The count to blank beside an exposed one: the nearest that helps, parts before totals, small before large."""
    groups = connected(sums, blank)
    of_sum = {one: group.sums for group in groups for one in group.sums}

    def width(more: Hashable) -> float:
        near = [one for one in sums if more in (one.total, *one.parts) or key in (one.total, *one.parts)]
        joined = list(dict.fromkeys(other for one in near for other in of_sum.get(one, [one])))
        inside = {part for one in joined for part in (one.total, *one.parts)}
        known = {one: counts[one] for one in inside if one not in blank and one != more}
        return bounds(known, joined, of=[key], exact=False)[key].width

    before, reached, seen, spare = width(key), {key}, set(), []
    while near := [one for one in sums if one not in seen and reached & {one.total, *one.parts}]:
        choice = {(part in kept, one.total == part, counts[part] == 0, counts[part], repr(part)): part
                  for one in near for part in (*one.parts, one.total) if part not in blank}  # fmt: skip
        ranked, wider = [choice[rank] for rank in sorted(choice)], {}
        for part in ranked:
            wider[part] = width(part)
            if wider[part] >= smallest:
                return part
        if any(wider[part] > before for part in ranked):
            return max(ranked, key=lambda part: wider[part])
        spare += ranked
        seen.update(near)
        reached |= {part for one in near for part in (one.total, *one.parts)}
    if not spare:
        raise ValueError(f"no sum around {key!r} has a count left to blank")
    return spare[0]
