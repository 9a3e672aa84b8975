"""Tables and the file behind a table, as pieces of a page."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Number
from typing import Any
from urllib.parse import quote

import pandas as pd

from analysis.report.fragments import Fragment, tag
from analysis.report.numbers import NOT_KNOWN, count, day, decimal, is_endless, is_known
from analysis.report.words import sentence_case

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
LONG = 40  # characters; a cell with more keeps room for some words a line, also on a narrow screen


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    names: Mapping[str, str] | None = None,
    row_header: str | None = None,
    max_rows: int | None = None,
    unknown: str = NOT_KNOWN,
) -> Fragment:
    """Return a table of one row per row of `frame`, in its order; the index is not shown.

    `formats` says per column how a known value is written, `names` what stands in the header (with the unit), and
    `row_header` which column names its row (the first unless said). Numbers stand right; what is not known is a dash
    that says so, or says what `unknown` does. Of more than `max_rows` rows the first are shown and the caption says how many there are.

    Raises KeyError when `formats`, `names` or `row_header` speak of a column that is not there.
    """
    formats, names = dict(formats or {}), dict(names or {})
    columns = list(frame.columns)
    row_header = columns[0] if row_header is None and columns else row_header
    for column in [*formats, *names, *([row_header] if columns else [])]:
        if column not in columns:
            raise KeyError(f"no column {column!r} in the table {caption!r}; it has {', '.join(map(str, columns))}")
    shown = frame if max_rows is None else frame.head(max_rows)
    if len(shown) < len(frame):
        caption = f"{caption} (the first {count(len(shown))} of {count(len(frame))} rows)"
    for place, column in enumerate(columns):
        if column not in formats and _is_whole(frame.iloc[:, place]):
            formats[column] = count  # counts with a gap arrive as 3.0
    numeric = [_is_numeric(frame.iloc[:, place]) for place in range(len(columns))]
    head = [_cell("th", _name(column, names), right, "col") for column, right in zip(columns, numeric, strict=True)]
    rows = []
    for values in zip(*(shown.iloc[:, place].tolist() for place in range(len(columns))), strict=True):
        cells = []
        for column, value, right in zip(columns, values, numeric, strict=True):
            name, scope = ("th", "row") if column == row_header else ("td", None)
            written = _written(value, formats.get(column))
            cells.append(_cell(name, _dash(unknown) if written is None else written, right, scope))
        rows.append(tag("tr", *cells))
    whole = tag("table", tag("caption", caption), tag("thead", tag("tr", *head)), tag("tbody", *rows))
    attributes = {"class": "scroll", "role": "region", "tabindex": 0, "aria-label": caption}
    return tag("div", whole, attributes=attributes).named("table", caption)


def csv_link(frame: pd.DataFrame, filename: str) -> Fragment:
    """Return a link that saves the table in full precision as a CSV file, without a request to anyone.

    Text cells and column names that a spreadsheet would take for a formula start with an apostrophe in the file.
    """
    lines = [[_harmless(column) for column in frame.columns]]
    columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
    lines += [[_field(value) for value in values] for values in zip(*columns, strict=True)]
    content = "".join(",".join(_quoted(field) for field in line) + "\r\n" for line in lines)
    href = "data:text/csv;charset=utf-8," + quote("\ufeff" + content, errors="replace")
    link = tag("a", f"Download {filename}", attributes={"href": href, "download": filename})
    return tag("p", link, attributes={"class": "csv"}).named("csv", filename)


def _dash(why: str) -> Fragment:
    return tag("span", "–", attributes={"class": "unknown", "role": "img", "aria-label": why, "title": why})


def _written(value: Any, fmt: Callable[[Any], str] | None) -> object:
    """What stands in a cell; None where nothing is known."""
    if not is_known(value) and not (is_endless(value) and fmt is not None):
        return None
    if fmt is not None:
        written = fmt(value)
    elif isinstance(value, bool):
        written = "yes" if value else "no"
    elif isinstance(value, int):
        written = count(value)
    elif isinstance(value, (float, Decimal)):
        written = decimal(value)
    elif isinstance(value, datetime):
        written = day(value) if value.time() == datetime.min.time() else f"{day(value)}, {value:%H:%M}"
    else:
        written = day(value) if isinstance(value, date) else value
    return None if isinstance(written, str) and written == NOT_KNOWN else written


def _cell(name: str, content: object, right: bool, scope: str | None) -> Fragment:
    long = isinstance(content, str) and not isinstance(content, Fragment) and len(content) > LONG
    return tag(name, content, attributes={"scope": scope, "class": "num" if right else "long" if long else None})


def _name(column: object, names: Mapping[str, str]) -> str:
    return names.get(column) or sentence_case(str(column).replace("_", " "))


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return not pd.api.types.is_bool_dtype(column)
    known = [value for value in column.tolist() if is_known(value)]
    return bool(known) and all(isinstance(value, Number) and not isinstance(value, bool) for value in known)


def _is_whole(column: pd.Series) -> bool:
    known = column.dropna()
    return pd.api.types.is_float_dtype(column) and len(known) < len(column) and bool((known % 1 == 0).all())


def _field(value: Any) -> str:
    if not is_known(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return repr(value)
    return str(value) if isinstance(value, (Decimal, date)) else _harmless(value)


def _harmless(value: object) -> str:
    written = str(value)
    return "'" + written if written.startswith(_STARTS_A_FORMULA) else written


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if any(mark in field for mark in ',"\r\n') else field
