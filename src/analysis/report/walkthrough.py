"""What the walk-through notebooks show between their paragraphs: a computed sentence, the first rows of a table, an answer."""

from typing import Any

import pandas as pd

from analysis.report.fragments import Fragment, tag
from analysis.report.tables import table


def sentence(words: str, /, **values: object) -> Fragment:
    """Return a paragraph, escaped; `{name}` stands for a value: `sentence("{n} orders", n=count(3))`."""
    filled = words.format(**values) if values else words
    return tag("p", filled).named("sentence", filled)


def answer(words: str, **values: object) -> Fragment:
    """Return the answer to an exercise, filled like a `sentence` and closed until the reader opens it."""
    filled = words.format(**values) if values else words
    return tag("details", tag("summary", "Answer"), tag("p", filled)).named("answer to an exercise", filled)


def show(shown: Any, *, caption: str = "", max_rows: int = 10, **options: Any) -> Fragment:
    """Return the first rows of a table with its caption; a Fragment (a figure, say) gets the caption over it.

    A named index counts as a column. Further options are those of `tables.table`.
    """
    if isinstance(shown, Fragment):
        figure = tag("figure", tag("figcaption", caption) if caption else Fragment(), shown)
        return figure.named("figure", caption or shown.plain)
    frame = shown.to_frame() if isinstance(shown, pd.Series) else shown
    frame = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    return table(frame, caption=caption or "The first rows", max_rows=max_rows, **options)
