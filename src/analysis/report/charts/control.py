"""A control chart: a measure over time against what it is expected to do, with the points that need a look."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.report.charts.axes import places, value_axis
from analysis.report.charts.labels import Label, at_line_ends
from analysis.report.theme import light


def control_chart(
    frame: pd.DataFrame,
    ax: Any,
    *,
    x: str,
    value: str,
    centre: str,
    lower: str,
    upper: str,
    signal: str,
    fmt: Callable[[Any], str],
    xlabel: str | None = None,
) -> Any:
    """Draw one row per period: the measure, its centre line and limits, and a diamond where `signal` is true.

    The value axis need not start at zero: what counts is the distance to the limits.
    """
    where, write_ticks = places(frame[x])
    frame = frame.assign(**{"": where}).sort_values("", kind="stable")
    along = frame[""]
    for limit in (lower, upper):
        ax.plot(along, frame[limit], color=light("axis"), linewidth=1, linestyle=(0, (4, 3)))
    ax.plot(along, frame[centre], color=light("teal"), linewidth=1.6)
    ax.plot(along, frame[value], color=light("navy"), linewidth=1.4, marker="o", markersize=3.2)
    signals = frame[frame[signal].fillna(False).astype(bool)]
    ax.plot(signals[""], signals[value], color=light("orange"), marker="D", markersize=7.5, linestyle="none", zorder=3)
    value_axis(ax, fmt)
    ax.margins(x=0.02, y=0.08)
    write_ticks(ax)
    if xlabel:
        ax.set_xlabel(xlabel)
    ends = [("upper limit", upper, "grey"), ("expected", centre, "teal"), ("lower limit", lower, "grey")]
    known = [(words, frame.dropna(subset=[column]), column, colour) for words, column, colour in ends]
    at_line_ends(
        ax,
        [
            Label(part[""].iloc[-1], part[column].iloc[-1], words, colour)
            for words, part, column, colour in known
            if len(part)
        ],
    )
    return ax
