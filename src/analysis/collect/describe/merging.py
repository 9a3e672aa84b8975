"""Several files with one header as one export: what they agree on is proposed, and where they differ a question stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.collect.describe.evidence import OPEN, Stated
from analysis.collect.describe.proposals import Proposal


def together(proposals: Sequence[Proposal]) -> Proposal:
    """Return one proposal for files with one header. What one file leaves open is open for all, whatever another one settles."""
    if len(proposals) == 1:
        return proposals[0]
    stated: dict[tuple[str, ...], Stated] = {}
    for proposed in proposals:
        for one in proposed.stated:
            stated[one.place] = _both(stated[one.place], one) if one.place in stated else one
    spans = [(one.first, one.last) for one in proposals if one.first and one.last]
    known = len(spans) == len(proposals)
    return proposals[0]._replace(
        stated=tuple(stated.values()),
        first=min(first for first, _ in spans) if known else None,
        last=max(last for _, last in spans) if known else None,
        currency=proposals[0].currency if len({one.currency for one in proposals}) == 1 else "",
    )


def _both(one: Stated, other: Stated) -> Stated:
    why = tuple(dict.fromkeys((*one.why, *other.why)))
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        names = dict.fromkeys((*one.value, *other.value))
        return Stated(one.place, {name: _value(one.value, other.value, name) for name in names}, why)
    return Stated(one.place, one.value if one.value == other.value else OPEN, why)


def _value(one: dict[str, Any], other: dict[str, Any], name: str) -> Any:
    """Return a setting of both; what one file has no cells for, the other one says."""
    if name not in one or name not in other or one[name] == other[name]:
        return one.get(name, other.get(name))
    return OPEN
