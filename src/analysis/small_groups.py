"""The rule on small groups: what a study may ask for, how a page says it, and what is done before anything is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 5  # the least that a study may ask for
DOMINANT = 0.85  # share of a sum that one person may have at most, else the sum is theirs


def checked(smallest: int, *, public: bool) -> int:
    """Return the smallest group of a study. Raises ValueError below 5; 0 (off) is allowed for public data only."""
    if smallest == 0 and not public:
        raise ValueError(
            "smallest_group=0 shows single people; the nearest valid is 5, or say public_data: true where anyone may see the rows"
        )
    if 0 < smallest < FEWEST:
        raise ValueError(f"smallest_group={smallest} is out of range; the nearest valid value is {FEWEST}")
    return smallest


def rule_in_words(smallest: int, *, customers: str) -> str:
    """Return in one sentence which numbers of few people the page shows."""
    if not smallest:
        return f"The data is public or simulated, so numbers of few {customers} are shown like all others."
    return (
        f"No count of fewer than {smallest} {customers} is shown (only 0 is), no mean, sum or share that rests on so few or leaves so few "
        "over, and nothing from which one follows by subtraction: a dash stands there."
    )


def merged(values: pd.Series, *, smallest: int, other: str) -> pd.Series:
    """Return the values with those of few rows joined as `other`, and the next in size with them while these are few too.

    What is not known is a value like the others. One row per person.
    """
    import pandas as pd

    sizes = values.value_counts(dropna=False)
    order = sorted(sizes.items(), key=lambda item: (item[1], str(item[0])))
    joined, number = [], 0
    for value, size in order:
        if size >= smallest and (number == 0 or number >= smallest):
            break
        joined.append(value)
        number += size
    unknown = any(pd.isna(value) for value in joined)
    inside = values.isin([value for value in joined if not pd.isna(value)]) | (values.isna() & unknown)
    return values.astype(object).mask(inside, other)


def dominated(values: Iterable[float]) -> bool:
    """Return whether one person has more than 85 % of a sum, whose size would then be theirs to within that."""
    sizes = [abs(value) for value in values]
    return bool(sizes) and sum(sizes) > 0 and max(sizes) > DOMINANT * sum(sizes)
