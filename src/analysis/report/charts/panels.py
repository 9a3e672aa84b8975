"""Small multiples: the same chart for several parts of a table, side by side on one scale, or one below the other."""

from collections.abc import Callable, Sequence
from typing import Any

from analysis.report.charts.axes import is_narrow
from analysis.report.theme import light


def panels(
    parts: Sequence[tuple[str, Callable[[Any], Any]]],
    ax: Any,
    *,
    height: float,
    stacked: bool = False,
    share: bool = True,
) -> list[Any]:
    """Put one small chart per part in the place of `ax` and return their axes; a part is its name and what draws it.

    Side by side on wide screens and below each other on narrow ones, or always below each other where `stacked`, each
    `height` inches high. Where they `share` a scale, their value axes have the range that all need. Raises ValueError
    for no parts.
    """
    if not parts:
        raise ValueError("no parts to draw; panels need at least one")
    below = stacked or is_narrow(ax)
    rows, columns = (len(parts), 1) if below else (1, len(parts))
    figure = ax.figure
    ax.remove()
    figure.set_figheight(height * rows)
    drawn = list(figure.subplots(rows, columns, squeeze=False).flat)
    for one, (name, draw) in zip(drawn, parts, strict=True):
        draw(one)
        one.set_title(name, loc="left", color=light("ink-2"), fontweight="bold", fontsize="medium")
    if share:
        ends = [one.get_ylim() for one in drawn]
        for one in drawn:
            one.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))
            one.tick_params(labelleft=below or one is drawn[0])
    return drawn
