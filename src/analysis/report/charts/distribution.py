"""How a measure is spread over customers: for every value the share of customers at or below it, by group."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.report.charts.axes import value_axis
from analysis.report.charts.labels import Label, at_line_ends
from analysis.report.charts.lines import group_colours
from analysis.report.theme import light

MOST = 0.99  # the axis ends at this share; the longest hundredth would press all others together


def distribution(
    frame: pd.DataFrame,
    ax: Any,
    *,
    value: str,
    fmt: Callable[[Any], str],
    group: str | None = None,
    colors: Mapping[str, str] | None = None,
    xlabel: str | None = None,
) -> Any:
    """Draw the empirical distribution of `value` (one row per customer), one step curve per group in order of first appearance.

    Unknown values are left out. The axis ends where all groups together have 99 of 100 customers.
    """
    from seaborn import ecdfplot

    from analysis.report.numbers import percent

    known = frame.dropna(subset=[value])
    if known.empty:
        ax.set_axis_off()
        return ax
    names = list(dict.fromkeys(known[group].tolist())) if group else [None]
    given = group_colours(names, colors or {})
    end = float(known[value].quantile(MOST))
    labels = []
    for name in names:
        part = known if name is None else known[known[group] == name]
        ecdfplot(data=part, x=value, ax=ax, color=light(given[name]))
        if name is not None:
            labels.append(Label(end, float((part[value] <= end).mean()), str(name), given[name]))
    ax.set_xlim(min(0.0, float(known[value].min())), end)
    ax.set_ylim(0, 1.02)
    value_axis(ax, fmt, axis="x")
    value_axis(ax, lambda share: percent(share, 0))
    ax.set_ylabel("")
    ax.set_xlabel(xlabel or "")
    at_line_ends(ax, labels)
    return ax
