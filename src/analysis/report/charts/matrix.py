"""A table of shaded cells, such as retention by cohort and age, or movement between segments."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.report.charts.axes import is_narrow
from analysis.report.charts.bars import name_rows
from analysis.report.charts.text import LINE_HEIGHT, font_size, wrap, write, x_ticks
from analysis.report.numbers import is_known
from analysis.report.theme import light

STEPS = ("step-1", "step-2", "step-3", "step-4", "step-5")
DARK_FROM = 3  # text on this step and darker ones is light
SMALLEST = 7.5  # points


def matrix(
    frame: pd.DataFrame,
    ax: Any,
    *,
    row: str,
    column: str,
    value: str,
    fmt: Callable[[Any], str],
    xlabel: str | None = None,
    ylabel: str | None = None,
) -> Any:
    """Draw one cell per row of `frame`: five shades from the lowest value to the highest, the value in words.

    Rows and columns stand in order of first appearance; what is missing or not known stays blank. Where cells are too
    small for their words, first the unit goes, then decimals, then the words.

    Raises ValueError when two rows of `frame` share a cell.
    """
    if frame.duplicated([row, column]).any():
        twice = frame.loc[frame.duplicated([row, column]), [row, column]].iloc[0].tolist()
        raise ValueError(f"two values for one cell of the matrix, at {row} {twice[0]}, {column} {twice[1]}")
    if frame.empty:
        ax.set_axis_off()
        return ax
    rows, columns = (list(dict.fromkeys(frame[name].tolist())) for name in (row, column))
    known = [number for number in frame[value].tolist() if is_known(number)]
    low, high = (min(known), max(known)) if known else (0, 0)
    _frame(ax, rows, columns, xlabel, ylabel)
    cells = [cell for cell in frame[[row, column, value]].itertuples(index=False) if is_known(cell[2])]
    ax.figure.draw_without_rendering()
    texts, size = _fitting(ax, [fmt(cell[2]) for cell in cells], columns=len(columns))
    for cell, words in zip(cells, texts, strict=True):
        step = min(len(STEPS) - 1, int((cell[2] - low) / (high - low) * len(STEPS))) if high > low else 1
        x, y = columns.index(cell[1]), rows.index(cell[0])
        ax.add_patch(_square(x, y, light(STEPS[step])))
        colour = light("on-step" if step >= DARK_FROM else "ink")
        ax.text(x, y, words, ha="center", va="center", color=colour, fontsize=size)
    return ax


def _frame(ax: Any, rows: list, columns: list, xlabel: str | None, ylabel: str | None) -> None:
    """Name rows and columns, and make the figure as high as rows and names need."""
    narrow = is_narrow(ax)
    room, beside = max(3, (24 if narrow else 72) // max(1, len(columns))), 12 if narrow else 24
    upright = max((len(word) for name in columns for word in str(name).split()), default=0) > room
    names = [wrap(name, 20 if upright else room, lines=1 if upright else 3) for name in columns]
    corner = wrap(f"{ylabel} ↓", beside, lines=3) if ylabel else ""
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)
    ax.xaxis.set_label_position("top")
    if upright:
        ax.set_xticks(range(len(columns)), labels=names, rotation=90)
        above = 0.62 * max(len(name) for name in names)
    else:
        x_ticks(ax, range(len(columns)), names, top=True)
        above = LINE_HEIGHT * max((name.count("\n") + 1 for name in names), default=1)
    above = max(above, LINE_HEIGHT * (corner.count("\n") + 1))
    ax.figure.set_figheight(0.34 * len(rows) + above * font_size() / 72 + (0.5 if xlabel else 0.2))
    name_rows(ax, [str(name) for name in rows], above=False, width=beside)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    if corner:
        colour = {"color": light("muted")}
        write(ax, corner, (0, 1), units="axes fraction", offset=(-7, 4), ha="right", va="bottom", **colour)
    if xlabel:
        ax.xaxis.labelpad += 4
        ax.set_xlabel(f"{xlabel} →" if ylabel else xlabel, color=light("muted"))


def _square(x: float, y: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colour)


def _fitting(ax: Any, texts: list[str], *, columns: int) -> tuple[list[str], float]:
    """Return the fullest words that fit their cells, and their size in points; empty words when none do."""
    room = ax.get_window_extent().width / max(1, columns) * 0.92
    for shorter in (str, lambda words: re.sub(r"\D+$", "", words), lambda words: re.sub(r"\.\d+\D*$|\D+$", "", words)):
        tried = [shorter(words) for words in texts]
        longest = max((len(words) for words in tried), default=1)
        size = room / (0.64 * longest)  # a digit of the font that measures is 0.64 of its size wide
        if size >= SMALLEST:
            return tried, min(size, 10.0)
    return [""] * len(texts), SMALLEST
