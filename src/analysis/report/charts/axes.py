"""What the axes of all charts have in common: round ticks, dates, and names that fit."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis.report.charts.text import wrap, x_ticks

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_narrow(ax: Any) -> bool:
    """Return whether these axes are drawn for a narrow screen."""
    return ax.figure.get_figwidth() < 5.8


def tick_text(written: str) -> str:
    """Return a number as a tick says it: `10k`, `2.5M`, `25 %`; zeros at the end and the currency go."""
    written = re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", written)
    written = re.sub(r"\.(?=\D|$)", "", written)
    written = written.replace(" million", "M").replace(" billion", "B")
    written = re.sub(r"(?<=[\dMB]) [A-Z]{3}$", "", written)
    return re.sub(r"(\d),000(?![\d,])", r"\1k", written) if re.search(r"\d\d,000|\d,\d{3},000", written) else written


def value_axis(ax: Any, fmt: Callable[[Any], str], *, axis: str = "y") -> None:
    """Put at most six round ticks on the value axis and write them with `fmt`."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    chosen = ax.yaxis if axis == "y" else ax.xaxis
    chosen.set_major_locator(MaxNLocator(nbins=3 if axis == "x" and is_narrow(ax) else 5, steps=[1, 2, 2.5, 5, 10]))
    chosen.set_major_formatter(FuncFormatter(lambda value, _: tick_text(fmt(round(float(value), 10)))))
    ax.grid(visible=True, axis=axis)
    ax.grid(visible=False, axis="x" if axis == "y" else "y")


def places(column: pd.Series) -> tuple[list[float], Callable[[Any], None]]:
    """Return where the values of an x column (numbers, dates or names) stand, and a function that writes its ticks."""
    from matplotlib.dates import date2num

    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.to_timestamp()
    values = column.tolist()
    if pd.api.types.is_numeric_dtype(column):
        return [float(value) for value in values], _number_ticks
    if all(hasattr(value, "year") for value in values):
        return [float(place) for place in date2num(values)], _date_ticks
    names = list(dict.fromkeys(values))
    return [float(names.index(value)) for value in values], lambda ax: _name_ticks(ax, [str(name) for name in names])


def _number_ticks(ax: Any) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=6 if is_narrow(ax) else 10, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "\u2212")))


def _date_ticks(ax: Any) -> None:
    from matplotlib.dates import num2date

    low, high = (num2date(place) for place in ax.get_xlim())
    months = [(year, month) for year in range(low.year, high.year + 1) for month in range(1, 13)]
    inside = [pd.Timestamp(year, month, 1, tz="UTC") for year, month in months]
    inside = [moment for moment in inside if low - pd.Timedelta(days=1) <= moment <= high]
    most = 5 if is_narrow(ax) else 12
    if len(inside) < 2:
        step = max(1, -(-(high - low).days // (most - 1)))
        inside = list(pd.date_range(pd.Timestamp(low).normalize(), pd.Timestamp(high), freq=f"{step}D"))
        labels = [f"{moment.day} {MONTHS[moment.month - 1]}" for moment in inside]
    else:
        every = next(every for every in (1, 2, 3, 4, 6, 12, 24, 60, 120, 1200) if len(inside) / every <= most)
        inside = [moment for moment in inside if (moment.year * 12 + moment.month - 1) % every == 0]
        labels = [MONTHS[moment.month - 1] for moment in inside]
        for place, moment in enumerate(inside):
            if place == 0 or inside[place - 1].year != moment.year:
                labels[place] += f"\n{moment.year}"
    x_ticks(ax, [_place(moment) for moment in inside], labels)


def _place(moment: pd.Timestamp) -> float:
    from matplotlib.dates import date2num

    return float(date2num(moment.tz_localize(None) if moment.tzinfo else moment))


def _name_ticks(ax: Any, names: Sequence[str]) -> None:
    most = 5 if is_narrow(ax) else 12
    every = -(-len(names) // most)
    width = max(4, (30 if is_narrow(ax) else 84) // max(1, -(-len(names) // every)))
    chosen = range(0, len(names), every)
    x_ticks(ax, list(chosen), [wrap(names[place], width, lines=3) for place in chosen])
