"""Direct labels: words beside the thing they name, pushed apart where they would meet."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis.report.charts.axes import is_narrow
from analysis.report.charts.text import font_size, wrap, write
from analysis.report.theme import text_colour


class Label(NamedTuple):
    """Words at the right end of a line."""

    x: float  #: in the units of the data
    y: float
    words: str
    colour: str  #: name of the palette


def pushed_apart(wanted: Sequence[float], heights: Sequence[float], *, low: float, high: float) -> list[float]:
    """Return centres near the wanted ones, in the same order, so that spans of these heights do not overlap.

    Spans that meet share one block, centred on what its members want (the pool-adjacent-violators solution of least
    squares), and blocks stay between `low` and `high` as long as they fit. Equal wishes keep the order given.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    offsets, total = [], 0.0
    for place in order:
        offsets.append(total + heights[place] / 2)
        total += heights[place]
    blocks: list[list[float]] = []  # each: sum of wishes for the block's zero, members
    for place, offset in zip(order, offsets, strict=True):
        blocks.append([wanted[place] - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1]]
    zeros = [block[0] / block[1] for block in blocks for _ in range(int(block[1]))]
    zeros = [max(min(zero, high - total), low) for zero in zeros]
    result = [0.0] * len(wanted)
    for place, offset, zero in zip(order, offsets, zeros, strict=True):
        result[place] = zero + offset
    return result


def at_line_ends(ax: Any, labels: Sequence[Label]) -> None:
    """Write labels right of their line ends, in the colour of the line and apart; the lines must be drawn."""
    if not labels:
        return
    from matplotlib.transforms import blended_transform_factory

    figure = ax.figure
    figure.draw_without_rendering()
    words = [wrap(label.words, 11 if is_narrow(ax) else 22, lines=3) for label in labels]
    size = font_size()  # a point is a pixel: figures are drawn at 72 dpi
    heights = [(word.count("\n") + 1) * size * 1.25 for word in words]
    box = ax.get_window_extent()
    ends = [ax.transData.transform((label.x, label.y)) for label in labels]
    centres = pushed_apart([end[1] for end in ends], heights, low=box.y0 - size, high=box.y1 + size)
    beside = max(label.x for label in labels)
    where = blended_transform_factory(ax.transData, ax.transAxes)
    for label, word, centre in zip(labels, words, centres, strict=True):
        style = {"color": text_colour(label.colour), "fontweight": "bold"}
        at = (beside, (centre - box.y0) / box.height)
        write(ax, word, at, units=where, offset=(8, 0), ha="left", va="center", **style)
