"""Which correction a study sets for many comparisons, and the words that say what it promises."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from analysis.inference.multiple import benjamini_hochberg, holm

HOLM = "holm"  # what is set where a study says nothing: the stricter of the two


class Correction(NamedTuple):
    """A correction: how it adjusts p-values, and how a page names it."""

    key: str  #: the word of the setting `many_comparisons`
    adjust: Callable[..., np.ndarray]  #: of p-values in any order, NaN where unknown
    name: str
    kept: str  #: what holds of those that are called, ends a sentence that begins "so that"

    @property
    def heading(self) -> str:
        """The name of a column of adjusted p-values."""
        return f"p, adjusted ({self.name})"

    def told(self, comparisons: int) -> str:
        """How many comparisons were made and how they are corrected, as a sentence; what they are of stands around it."""
        if comparisons < 2:
            return "One comparison, so nothing is corrected." if comparisons else "Nothing could be compared."
        return f"Corrected for {comparisons:,} comparisons ({self.name}), so that {self.kept}."


#: Holm bounds the chance of any false one; Benjamini-Hochberg the expected share of false ones among those called, for
#: comparisons that are independent or err together. It calls more, and some of these are expected to be false.
CORRECTIONS = {
    one.key: one
    for one in (
        Correction(HOLM, holm, "Holm", "a false one among them is named at most one time in twenty"),
        Correction("benjamini-hochberg", benjamini_hochberg, "Benjamini-Hochberg",
                   "of those named at most one in twenty is expected to be false, which is no promise that none is"),
    )
}  # fmt: skip


def correction(word: str) -> Correction:
    """Return the correction that a study sets. Raises ValueError for another word, naming the nearest valid one."""
    if word not in CORRECTIONS:
        near = get_close_matches(str(word).lower(), CORRECTIONS, n=1, cutoff=0.4) or list(CORRECTIONS)
        raise ValueError(f"many_comparisons={word} is not known; the nearest valid is {' or '.join(near)}")
    return CORRECTIONS[word]


def comparisons(p_values) -> int:
    """Return how many comparisons were made: p-values that are known."""
    return int((~np.isnan(np.asarray(p_values, dtype=float))).sum())
