"""Dots with intervals, one row per category: estimates beside each other (a forest plot)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.report.charts.axes import is_narrow, value_axis
from analysis.report.charts.bars import MARGIN, ROW, ROW_NAMED_ABOVE, name_rows
from analysis.report.charts.text import font_size
from analysis.report.theme import CATEGORIES, light, text_colour

MARKERS = ("o", "D", "s", "^")


def dots_with_intervals(
    frame: pd.DataFrame,
    ax: Any,
    *,
    category: str,
    value: str,
    low: str,
    high: str,
    fmt: Callable[[Any], str],
    reference: float | None = None,
    highlight: Sequence[object] | None = None,
    color: str = "navy",
    group: str | None = None,
    colors: Mapping[str, str] | None = None,
    xlabel: str | None = None,
) -> Any:
    """Draw each row of `frame` as a dot with its interval; categories from top to bottom in order of first appearance.

    `group` puts up to four dots on one row, apart in place, colour and shape, and names them above the axes.
    `reference` is a line to compare with, such as no effect. Rows not in `highlight` step back. A row without a known
    value keeps its place, empty.
    """
    names = list(dict.fromkeys(frame[category].tolist()))
    groups = list(dict.fromkeys(frame[group].tolist())) if group else [None]
    if len(groups) > len(MARKERS):
        raise ValueError(f"{len(groups)} groups in {group!r}; dots tell at most {len(MARKERS)} apart")
    named = dict(colors or {})
    given = {name: named.get(name, CATEGORIES[place] if group else color) for place, name in enumerate(groups)}
    narrow = is_narrow(ax)
    room = (ROW_NAMED_ABOVE if narrow else ROW) * (1 if len(groups) == 1 else 0.75 + 0.25 * len(groups))
    ax.figure.set_figheight(max(1.4, MARGIN + 0.3 + len(names) * room))
    spread = 0.16 if narrow else 0.22
    for place, name in enumerate(groups):
        part = frame if name is None else frame[frame[group] == name]
        shift = (place - (len(groups) - 1) / 2) * spread
        for row in part[[category, value, low, high]].itertuples(index=False):
            marked = highlight is None or row[0] in list(highlight)
            tone, y = light(given[name] if marked else "pale"), names.index(row[0]) + shift
            ax.plot([row[2], row[3]], [y, y], color=tone, linewidth=2.2)
            ax.plot([row[1]], [y], color=tone, marker=MARKERS[place], markersize=7, linestyle="none")
    name_rows(ax, [str(name) for name in names], above=narrow)
    value_axis(ax, fmt, axis="x")
    ax.margins(x=0.06)
    if reference is not None:
        ax.axvline(reference, color=light("ink-2"), linewidth=1, zorder=0.9)
    if xlabel:
        ax.set_xlabel(xlabel)
    if group:
        beside = 0 if narrow else 6.2 * min(30, max((len(str(name)) for name in names), default=0))
        entries = [(str(name), given[name], MARKERS[place]) for place, name in enumerate(groups)]
        _key(ax, entries, room=(240 if narrow else 540) - beside)
    return ax


def _key(ax: Any, entries: Sequence[tuple[str, str, str]], *, room: float) -> None:
    """Name the groups above the axes, in as many columns as `room` (points) allows, with the shape of their dots."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=light(colour), marker=marker, linestyle="none", markersize=7)
        for _, colour, marker in entries
    ]
    widths = [30 + 0.66 * font_size() * len(name) for name, _, _ in entries]  # points: shape, space, bold words
    columns = len(entries) if sum(widths) <= room else max(1, int(room / max(widths)))
    legend = ax.legend(
        handles, [name for name, _, _ in entries], loc="lower left", bbox_to_anchor=(0, 1), frameon=False,
        ncols=columns, borderaxespad=0, handletextpad=0.1, columnspacing=1.4, borderpad=0.2,
    )  # fmt: skip
    for words, (_, colour, _) in zip(legend.get_texts(), entries, strict=True):
        words.set(color=text_colour(colour), fontweight="bold")
