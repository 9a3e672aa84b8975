"""What was seen in a file, in words, and what follows from it for its contract: a proposal, or a question that stays open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from analysis.collect.loading.answers import OPEN


class Evidence(NamedTuple):
    """One finding. `words` and `setting` may stand in a file, because they quote no cell; `samples` are for the terminal alone."""

    words: str  # what was seen, with counts
    setting: str = ""  # what it decides, as in format or decimal_mark; empty where it decides nothing
    value: Any = None  # what the evidence settles; OPEN where it does not
    samples: tuple[str, ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it is a question."""
        return isinstance(self.value, str) and self.value == OPEN


class Stated(NamedTuple):
    """One setting that a study states of an export; a value of OPEN is a question."""

    place: tuple[str, ...]  # as in ("columns", "date", "format")
    value: Any
    why: tuple[str, ...] = ()  # what was seen


def of(count: int, total: int) -> str:
    """Return a count and what it is of: "12 of 3,112"."""
    return f"{count:,} of {total:,}"


def settled(found: Iterable[Evidence]) -> dict[str, Any]:
    """Return the settings that the evidence decides, questions as OPEN."""
    return {one.setting: one.value for one in found if one.setting}


def visible(sample: str, *, most: int = 60) -> str:
    """Return a sample for the terminal: no sign that moves or hides text there, and no more than `most` signs."""
    shown = "".join(sign if sign.isprintable() else "·" for sign in sample)
    return shown if len(shown) <= most else shown[: most - 1] + "…"
