"""Words on axes. Each line is a text of its own, because SVG keeps the alignment of single lines only."""

import textwrap
from collections.abc import Sequence
from typing import Any

LINE_HEIGHT = 1.2  # of the font size


def font_size() -> float:
    """Return the size of text in points while a figure is drawn."""
    from matplotlib import rcParams

    return float(rcParams["font.size"])


def wrap(name: object, width: int, *, lines: int = 2) -> str:
    """Return a name on at most `lines` lines of `width` characters, an ellipsis for the rest; "n = 5" stays whole."""
    whole = str(name).replace(" = ", "\u00a0=\u00a0").replace(" %", "\u00a0%")
    shortened = textwrap.wrap(whole, width, max_lines=lines, placeholder="…", break_on_hyphens=False) or [""]
    return "\n".join(shortened)


def write(
    ax: Any,
    words: str,
    at: tuple[float, float],
    *,
    units: Any,
    offset: tuple[float, float],
    ha: str,
    va: str,
    **style: Any,
) -> None:
    """Write words of one or more lines at a point, `offset` (points) away from it, as if they were one block."""
    lines = words.split("\n")
    height = font_size() * LINE_HEIGHT
    above = {"top": 0.0, "center": (len(lines) - 1) / 2, "bottom": float(len(lines) - 1)}[va]
    for place, line in enumerate(lines):
        ax.annotate(
            line, at, xycoords=units, xytext=(offset[0], offset[1] + (above - place) * height), ha=ha, va=va,
            textcoords="offset points", annotation_clip=False, **style,
        )  # fmt: skip


def x_ticks(ax: Any, where: Sequence[float], labels: Sequence[str], *, top: bool = False) -> None:
    """Put ticks with labels of one or more lines below the axes, or above them."""
    split = [label.split("\n") for label in labels]
    near = [lines[-1] if top else lines[0] for lines in split]
    ax.set_xticks(list(where), labels=near)
    most = max((len(lines) for lines in split), default=1)
    height = font_size() * LINE_HEIGHT
    ax.xaxis.labelpad = 4 + (most - 1) * height
    for x, lines in zip(where, split, strict=True):
        rest = lines[:-1] if top else lines[1:]
        if rest:
            away = 3.5 + height + 1
            units = ("data", "axes fraction")
            write(ax, "\n".join(rest), (x, 1.0 if top else 0.0), units=units, offset=(0, away if top else -away - 3.5),
                  ha="center", va="bottom" if top else "top")  # fmt: skip
