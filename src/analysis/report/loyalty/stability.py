"""How far the groups that k-means draws are to be believed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.words import join_and

if TYPE_CHECKING:
    import pandas as pd

#: Least mean Jaccard similarity for each word (Hennig 2007, as in segment.clusters).
STABILITY = (
    (0.85, "very stable"),
    (0.75, "stable"),
    (0.60, "a pattern without clear members"),
    (0.0, "not to be trusted"),
)

CLOUD_LEVEL = 0.05  # of cloud_p; above it no group is called stable


def stability_words(value: float) -> str:
    """Return a word for a stability of 0 to 1."""
    if not numbers.is_known(value):
        return "of unknown stability"
    return next(word for least, word in STABILITY if value >= least)


def tighter(profile: pd.DataFrame) -> bool:
    """Return whether the groups are tighter than those of one cloud without groups; False where that is not known."""
    return bool((profile["cloud_p"] <= CLOUD_LEVEL).any())


def stability_sentence(profile: pd.DataFrame) -> str:
    """Return in one sentence how stable the groups are and which is the least so; or that nothing speaks for groups."""
    known = profile.dropna(subset=["stability"])
    if known.empty:
        return "How stable they are is not known."
    if not tighter(known):
        return (
            "They are a way to cut, not a finding: one cloud of customers without any groups would be parted as tightly "
            f"(p = {numbers.decimal(known['cloud_p'].iloc[0])}), however often the same cuts come back."
        )
    worst = known.sort_values(["stability", "cluster"]).iloc[0]
    spread = numbers.interval(worst["low"], worst["high"], numbers.decimal)
    group, mean = numbers.count(worst["cluster"]), numbers.decimal(worst["stability"])
    which = f"the least so is group {group}, {mean} of 1 on average, {spread} in single draws"
    words = sorted({stability_words(value) for value in known["stability"]}, key=[word for _, word in STABILITY].index)
    if len(words) == 1:
        return f"Drawn again from resampled data, all are {words[0]}; {which}."
    parts = []
    for word in words:
        chosen = [
            numbers.count(c)
            for c, value in zip(known["cluster"], known["stability"], strict=True)
            if stability_words(value) == word
        ]
        parts.append(f"{'group' if len(chosen) == 1 else 'groups'} {join_and(chosen)} {word}")
    return f"Drawn again from resampled data: {'; '.join(parts)} ({which})."
