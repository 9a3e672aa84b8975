"""Lines over time or another ordered measure, with the band of their interval and their name at the end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.report.charts.axes import places, value_axis
from analysis.report.charts.labels import Label, at_line_ends
from analysis.report.theme import CATEGORIES, ORDERED, light


def lines(
    frame: pd.DataFrame,
    ax: Any,
    *,
    x: str,
    y: str,
    fmt: Callable[[Any], str],
    group: str | None = None,
    low: str | None = None,
    high: str | None = None,
    colors: Mapping[str, str] | None = None,
    xlabel: str | None = None,
    from_zero: bool = True,
) -> Any:
    """Draw one line per group in order of first appearance, points in order of `x`; `x` holds numbers, dates or names.

    An unknown value leaves a gap. Up to four groups get colours of their own, more get shades from light (first) to
    dark (last), with the name of the first and the last. `colors` sets the colour of a group by name of the palette.
    """
    return _draw(frame, ax, x, y, fmt, group, low, high, colors, xlabel, from_zero, step=False)


def steps(
    frame: pd.DataFrame,
    ax: Any,
    *,
    x: str,
    y: str,
    fmt: Callable[[Any], str],
    group: str | None = None,
    low: str | None = None,
    high: str | None = None,
    colors: Mapping[str, str] | None = None,
    xlabel: str | None = None,
) -> Any:
    """Draw a cumulative curve per group: the value of a row holds until the next row."""
    return _draw(frame, ax, x, y, fmt, group, low, high, colors, xlabel, True, step=True)


def _draw(frame, ax, x, y, fmt, group, low, high, colors, xlabel, from_zero, *, step) -> Any:
    where, write_ticks = places(frame[x])
    frame = frame.assign(**{"": where})
    names = list(dict.fromkeys(frame[group].tolist())) if group else [None]
    given = group_colours(names, colors or {})
    labels = []
    for name in names:
        part = (frame if name is None else frame[frame[group] == name]).sort_values("", kind="stable")
        colour = light(given[name])
        style = {"drawstyle": "steps-post"} if step else {}
        ax.plot(part[""], part[y], color=colour, **style)
        if low and high:
            band = {"step": "post"} if step else {}
            ax.fill_between(part[""], part[low], part[high], color=colour, alpha=0.13, linewidth=0, **band)
        known = part.dropna(subset=[y])
        if name is not None and len(known):
            labels.append(Label(known[""].iloc[-1], known[y].iloc[-1], str(name), given[name]))
        _lone_points(ax, part, y, colour)
    value_axis(ax, fmt)
    ax.margins(x=0.01)
    if from_zero:
        ax.set_ylim(bottom=min(0, ax.get_ylim()[0]) if (frame[y] < 0).any() else 0)
    write_ticks(ax)
    if xlabel:
        ax.set_xlabel(xlabel)
    at_line_ends(ax, labels if len(labels) <= len(CATEGORIES) else [labels[0], labels[-1]])
    return ax


def _lone_points(ax: Any, part: pd.DataFrame, y: str, colour: str) -> None:
    """Draw as a dot what stands between two gaps, because a line of one point is not seen."""
    known = part[y].notna()
    lone = part[known & ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)]
    if len(lone):
        ax.plot(lone[""], lone[y], color=colour, marker="o", markersize=4, linestyle="none")


def group_colours(names: Sequence[Any], chosen: Mapping[str, str]) -> dict[Any, str]:
    """Return a palette name per group: the chosen one, else four colours, else shades from light to dark."""
    if len(names) <= len(CATEGORIES):
        free = [colour for colour in CATEGORIES if colour not in chosen.values()]
        return {name: chosen[name] if name in chosen else free.pop(0) for name in names}
    last = len(names) - 1
    return {
        name: chosen.get(name, ORDERED[round(place * (len(ORDERED) - 1) / last)]) for place, name in enumerate(names)
    }
