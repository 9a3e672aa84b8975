"""What a page says of words written in several ways: which were read as one, and which only look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import numbers
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3  # values that look alike are named up to this many


def lines(spelled: pd.DataFrame, alike: pd.DataFrame) -> list[str]:
    """Return up to two sentences, none where there is nothing to say.

    `spelled` has one row per value rewritten as the study declares, `alike` one per value that looks like a common one
    and was left as it is; see `clean.spellings`.
    """
    said = []
    if len(spelled):
        counts = spelled.groupby(["table", "column"])["rows"].sum()
        where = join_and([f"{numbers.count(n)} in {table}.{column}" for (table, column), n in counts.items()])
        said.append(
            f"{plural(int(counts.sum()), 'cell')} held a word in another way of writing that the study declares "
            f"({where}); each was read as the word meant."
        )
    if len(alike):
        first = alike.head(NAMED)
        shown = [f"“{row.written}” in {row.table}.{row.column} (like “{row.looks_like}”)" for row in first.itertuples()]
        more = f", and {numbers.count(len(alike) - NAMED)} more" if len(alike) > NAMED else ""
        listed = ", ".join(shown) + more if more else join_and(shown)
        said.append(
            f"{plural(len(alike), 'value')} of {plural(int(alike['rows'].sum()), 'row')} "
            f"{'looks' if len(alike) == 1 else 'look'} like a common one and {'was' if len(alike) == 1 else 'were'} left as "
            f"written: {listed}."
        )
    return said
