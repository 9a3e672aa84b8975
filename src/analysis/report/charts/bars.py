"""Bars from zero: one number per category, and the steps of a funnel."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis.report.charts.axes import is_narrow
from analysis.report.charts.text import wrap, write, x_ticks
from analysis.report.numbers import count, is_known, percent
from analysis.report.theme import light

ROW, ROW_NAMED_ABOVE, MARGIN = 0.36, 0.58, 0.55  # inches


def bars(
    frame: pd.DataFrame,
    ax: Any,
    *,
    category: str,
    value: str,
    fmt: Callable[[Any], str],
    low: str | None = None,
    high: str | None = None,
    highlight: Sequence[object] | None = None,
    color: str = "navy",
    vertical: bool = False,
    xlabel: str | None = None,
) -> Any:
    """Draw one row of `frame` as one bar, in its order, with its value at the end and its interval as a whisker.

    Horizontal by default, so that names can be long; `vertical` for ordered categories with short names. Bars not in
    `highlight` step back. An unknown value has no bar and says "not known".
    """
    frame = frame.reset_index(drop=True)
    chosen = [highlight is None or name in list(highlight) for name in frame[category].tolist()]
    colours = [light(color if marked else "pale") for marked in chosen]
    texts = [fmt(number) for number in frame[value].tolist()]
    ends = frame[[column for column in (value, high) if column]].max(axis=1)
    if low and high:
        _whiskers(ax, frame[low], frame[high], vertical=vertical)
    draw = _vertical if vertical else _horizontal
    draw(ax, [str(name) for name in frame[category].tolist()], frame[value], ends, colours, texts, xlabel)
    return ax


def funnel_bars(
    frame: pd.DataFrame, ax: Any, *, stage: str, value: str, fmt: Callable[[Any], str] = count, color: str = "navy"
) -> Any:
    """Draw the stages of a funnel, one row each, first stage first: the count and its share of the first stage."""
    frame = frame.reset_index(drop=True)
    numbers = frame[value].tolist()
    first = numbers[0] if numbers else None
    texts = [fmt(number) for number in numbers]
    if is_known(first) and first > 0:
        shares = [f" · {percent(number / first)}" if is_known(number) else "" for number in numbers[1:]]
        texts = [texts[0], *(words + share for words, share in zip(texts[1:], shares, strict=True))]
    colours = [light(color)] * len(frame)
    _horizontal(ax, [str(name) for name in frame[stage].tolist()], frame[value], frame[value], colours, texts, None)
    return ax


def _horizontal(ax, names, values, ends, colours, texts, xlabel) -> None:
    narrow = is_narrow(ax)
    rows = list(range(len(names)))
    ax.figure.set_figheight(max(1.2, MARGIN + len(names) * (ROW_NAMED_ABOVE if narrow else ROW)))
    ax.barh(rows, values.fillna(0), color=colours, height=0.4 if narrow else 0.66)
    name_rows(ax, names, above=narrow)
    for row, end, words in zip(rows, ends.fillna(0).tolist(), texts, strict=True):
        write(ax, words, (max(end, 0), row), units="data", offset=(6, 0), ha="left", va="center")
    ax.xaxis.set_visible(False)
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
    if (values.dropna() < 0).any():
        ax.axvline(0, color=light("axis"), linewidth=0.8)
    else:
        ax.set_xlim(left=0)
    if xlabel:
        ax.xaxis.set_visible(True)
        ax.set_xticks([])
        ax.set_xlabel(xlabel)


def name_rows(ax: Any, names: Sequence[str], *, above: bool, width: int = 30) -> None:
    """Name the rows, first one on top: left of the axes, or above each row where that would leave no room."""
    ax.set_ylim(len(names) - 0.45, -0.75 if above else -0.55)
    ax.set_yticks([])
    units = ("axes fraction", "data")
    for row, name in enumerate(names):
        if above:  # on paper of its own, so that no grid line runs through the words
            paper = {"boxstyle": "square,pad=0.1", "facecolor": light("paper"), "edgecolor": "none"}
            words = wrap(name, 36, lines=1)
            write(ax, words, (0, row - 0.28), units=units, offset=(1, 0), ha="left", va="bottom", bbox=paper)
        else:
            write(ax, wrap(name, width), (0, row), units=units, offset=(-7, 0), ha="right", va="center")


def _vertical(ax, names, values, ends, colours, texts, xlabel) -> None:
    rows = list(range(len(names)))
    ax.bar(rows, values.fillna(0), color=colours, width=0.78)
    room = (30 if is_narrow(ax) else 84) // max(1, len(names))
    x_ticks(ax, rows, [wrap(name, max(3, room), lines=3) for name in names])
    short = is_narrow(ax) and len(names) > 6
    for row, end, words in zip(rows, ends.fillna(0).tolist(), texts, strict=True):
        written = words.removesuffix(" %") if short else words
        write(ax, written, (row, max(end, 0)), units="data", offset=(0, 4), ha="center", va="bottom")
    ax.yaxis.set_visible(False)
    ax.grid(visible=False)
    ax.margins(x=0.02)
    if xlabel:
        ax.set_xlabel(xlabel)


def _whiskers(ax: Any, low: pd.Series, high: pd.Series, *, vertical: bool) -> None:
    draw = ax.vlines if vertical else ax.hlines
    for colour, width in (
        (light("paper"), 4.0),
        (light("ink"), 1.6),
    ):  # edged with paper, to be seen on the bar as well
        draw(range(len(low)), low, high, color=colour, linewidth=width, zorder=2)
