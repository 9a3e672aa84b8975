"""Charts: each takes a tidy table and axes, draws, and returns the axes.

Title, subtitle and note belong to the page."""

from analysis.report.charts.bars import bars, funnel_bars
from analysis.report.charts.control import control_chart
from analysis.report.charts.distribution import distribution
from analysis.report.charts.dots import dots_with_intervals
from analysis.report.charts.lines import lines, steps
from analysis.report.charts.matrix import matrix
from analysis.report.charts.panels import panels

__all__ = [
    "bars", "control_chart", "distribution", "dots_with_intervals", "funnel_bars", "lines", "matrix", "panels", "steps",
]  # fmt: skip
