"""What a study says of an export and what it has still to say: its settings laid over a known export, no question left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OPEN = "?"  # stands where the answer is missing


def settings(written: Mapping[str, Any], *, below: str = "") -> Iterator[tuple[str, Any]]:
    """Give each single value of nested settings with its place, as in columns.date.format."""
    for name, value in written.items():
        if isinstance(value, Mapping):
            yield from settings(value, below=f"{below}{name}.")
        else:
            yield f"{below}{name}", value


def refuse_questions(written: Any) -> None:
    """Raise ValueError where a value of nested settings is still a question mark, naming the first ones."""
    left = [place for place, value in settings(written) if value == OPEN] if isinstance(written, Mapping) else []
    if left:
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        raise ValueError(
            f"{', '.join(left[:3])}{more}: {OPEN} has to be replaced by an answer; nothing is loaded on a guess"
        )


def refuse_unanswered(stated: Mapping[str, Any], ask: Mapping[str, str]) -> None:
    """Raise ValueError for the first question of an export that the settings of a study do not answer, with the question."""
    given = dict(settings(stated))
    for place, question in ask.items():
        if place not in given:
            raise ValueError(f"{place} is not stated: {question}; nothing is loaded on a guess")


def laid_over(known: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return known settings with the stated ones in their place, level by level.

    A list is replaced as a whole; what is stated as nothing (null) is taken away.
    """
    both = {name: value for name, value in known.items() if stated.get(name, "") is not None}
    for name, value in stated.items():
        if value is None:
            continue
        below = both.get(name)
        both[name] = laid_over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return both
