"""The look that every figure and page shares: colours for light and dark, and how matplotlib draws.

A figure is drawn in the light colours. On a page each becomes a variable that dark mode sets anew
(`var(--navy,#12436D)`), so no two names may share a light value.
"""

from typing import NamedTuple


class Colour(NamedTuple):
    """One colour of the palette, in both modes."""

    light: str
    dark: str
    use: str  #: "surface", "text" (4.5:1 on the paper), "mark" (3:1), "step" (behind text) or "line" (decoration)


COLOURS = {
    "paper": Colour("#fdfcfa", "#14171a", "surface"),
    "card": Colour("#f5f3ee", "#1b1f23", "surface"),
    "ink": Colour("#1b1f23", "#eef0f2", "text"),
    "ink-2": Colour("#3d434a", "#ccd2d8", "text"),
    "muted": Colour("#5b636b", "#a3acb5", "text"),
    "link": Colour("#0f4577", "#9cc7ec", "text"),
    "line": Colour("#e2e0da", "#30363c", "line"),
    "grid": Colour("#e4e4e0", "#2c3238", "line"),
    "axis": Colour("#8a8f94", "#66707a", "mark"),
    "navy": Colour("#12436D", "#7fb4e0", "mark"),  # treated, actual
    "teal": Colour("#28A197", "#5fcabf", "mark"),  # holdout, expected
    "plum": Colour("#801650", "#e08bb8", "mark"),
    "orange": Colour("#EA6420", "#f59a62", "mark"),
    "grey": Colour("#3D3D3D", "#c4c9ce", "mark"),
    "violet": Colour("#9d7fce", "#b9a2e3", "mark"),
    "pale": Colour("#7f93a6", "#5d6e7f", "mark"),  # context, beside what the title speaks of
    "navy-text": Colour("#12446E", "#7fb5e1", "text"),
    "teal-text": Colour("#17746c", "#5fcac0", "text"),
    "plum-text": Colour("#801651", "#e08bb9", "text"),
    "orange-text": Colour("#b84a0c", "#f59a63", "text"),
    "grey-text": Colour("#3D3D3E", "#c4c9cf", "text"),
    "violet-text": Colour("#7a57b0", "#b9a2e4", "text"),
    "pale-text": Colour("#5a6b7b", "#a3b0bd", "text"),
    "red-text": Colour("#b3161b", "#ff9a90", "text"),  # a goal that is missed, always beside a word
    "step-1": Colour("#eef3f8", "#1d242b", "step"),
    "step-2": Colour("#d3e0ec", "#22364a", "step"),
    "step-3": Colour("#a9c3db", "#2b4d6b", "step"),
    "step-4": Colour("#3f74a6", "#7eb3df", "step"),
    "step-5": Colour("#12436f", "#b5d8f5", "step"),
    "on-step": Colour("#fefefe", "#101214", "text"),  # text on steps 4 and 5; ink stands on 1 to 3
}

#: Colours of categories, in the order they are given out.
CATEGORIES = ("navy", "teal", "plum", "orange")

#: Light to dark, for groups with an order, such as months.
ORDERED = ("pale", "step-4", "navy", "ink")


def light(name: str) -> str:
    """Return the value a figure is drawn with. Raises KeyError for a colour that is not in the palette."""
    if name not in COLOURS:
        raise KeyError(f"no colour {name!r} in the palette; it has {', '.join(COLOURS)}")
    return COLOURS[name].light


def text_colour(name: str) -> str:
    """Return the value for words in the colour of a mark, dark enough to read."""
    return light(f"{name}-text") if f"{name}-text" in COLOURS else light("ink-2")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written as #rrggbb, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def variables() -> str:
    """Return the palette as CSS variables: light, and dark where the reader's system asks for it."""
    by_day = "".join(f"--{name}:{colour.light};" for name, colour in COLOURS.items())
    by_night = "".join(f"--{name}:{colour.dark};" for name, colour in COLOURS.items())
    return (
        f":root{{color-scheme:light dark;{by_day}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{by_night}}}}}\n"
    )


def figure_settings(*, font_size: float) -> dict[str, object]:
    """Return matplotlib's settings: text stays text, is never read as mathematics, and equal data gives equal bytes."""
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "analysis",
        "text.parse_math": False,
        "text.hinting": "none",
        "text.usetex": False,
        "text.color": light("ink-2"),
        "font.family": ["DejaVu Sans"],
        "font.size": font_size,
        "axes.unicode_minus": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.edgecolor": light("axis"),
        "axes.labelcolor": light("ink-2"),
        "axes.labelsize": font_size,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "grid.color": light("grid"),
        "grid.linewidth": 0.8,
        "xtick.color": light("axis"),
        "ytick.color": light("axis"),
        "xtick.labelcolor": light("ink-2"),
        "ytick.labelcolor": light("ink-2"),
        "xtick.labelsize": font_size,
        "ytick.labelsize": font_size,
        "ytick.major.size": 0,
        "lines.linewidth": 2.2,
        "lines.solid_capstyle": "round",
        "patch.linewidth": 0,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "figure.constrained_layout.h_pad": 0.04,
        "figure.constrained_layout.w_pad": 0.04,
    }


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
