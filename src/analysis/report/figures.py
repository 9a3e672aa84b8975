"""A figure as inline SVG, drawn once for wide and once for narrow screens; the page shows the one that fits."""

import io
import warnings
from collections.abc import Callable
from typing import Any

from analysis.report import svg_text
from analysis.report.charts.axes import is_narrow
from analysis.report.fragments import Fragment, join, tag
from analysis.report.theme import figure_settings
from analysis.report.words import shorten

__all__ = ["draw_on", "is_narrow", "svg"]

WIDE, NARROW = 8.0, 3.6  # inches
FONT_SIZES = {WIDE: 10.0, NARROW: 11.0}  # points; a narrow figure is shown smaller
LONGEST_ALT = 250  # characters; what needs more belongs in the table


def svg(draw: Callable[[Any], Any], *, alt: str, height: float = 3.2) -> Fragment:
    """Return a figure whose axes `draw(ax)` fills, for both widths, `height` inches high unless the chart sets its own.

    `alt` says the finding to those who do not see the figure, in at most 250 characters (the rest is cut). Title,
    subtitle and note stand around it, in HTML.

    Raises ValueError when `alt` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty; it says the finding to those who do not see the figure")
    alt = shorten(alt, LONGEST_ALT)
    drawings = []
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        drawing = svg_text.inline(_written(draw, width=width, height=height), alt=alt)
        drawings.append(tag("div", drawing, attributes={"class": name, "hidden": name == "narrow"}))
    return join(drawings).named("figure", alt)


def draw_on(draw: Callable[[Any], Any], *, width: float, height: float) -> Any:
    """Return the matplotlib figure of one width (inches) with `draw(ax)` done, laid out but not yet written."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context(figure_settings(font_size=FONT_SIZES.get(width, 10.0))), warnings.catch_warnings():
        # the reader's browser has the glyphs that matplotlib's own font lacks, such as Chinese
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure = Figure(figsize=(width, height), dpi=72, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot())
        figure.draw_without_rendering()
    return figure


def _written(draw: Callable[[Any], Any], *, width: float, height: float) -> str:
    from matplotlib import rc_context

    figure = draw_on(draw, width=width, height=height)
    figure.set_layout_engine("none")  # it is laid out; saving would do it twice again
    target = io.StringIO()
    with rc_context(figure_settings(font_size=FONT_SIZES[width])), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return target.getvalue()
