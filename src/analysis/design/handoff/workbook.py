"""The list to send as an Excel workbook: every cell text, nothing that runs, the same bytes for the same rows."""

from __future__ import annotations

import io
from datetime import datetime

import pandas as pd

_CREATED = datetime(2000, 1, 1)  # a document has a date; ours must not be the clock's
_WIDEST = 40  # characters


def workbook(table: pd.DataFrame, *, sheet: str = "send") -> bytes:
    """Return a workbook of one sheet: a header in bold that stays in place, then one line per row; missing cells empty.

    Cells are of type text and formatted as text: ids keep their zeros, phones their +, and `=1+1` is three signs and no sum,
    also after somebody edits the cell. Raises ValueError for more rows than a sheet has.
    """
    import xlsxwriter

    if len(table) > 1_048_575:
        raise ValueError(f"{len(table):,} rows do not fit into a sheet; the most is 1,048,575")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        as_text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for place, name in enumerate(table.columns):
            cells = [None if pd.isna(cell) else str(cell) for cell in table[name].astype(object)]
            longest = max([len(str(name)), *(len(cell) for cell in cells if cell)])
            page.set_column(place, place, min(longest, _WIDEST) + 2, as_text)
            page.write_string(0, place, str(name), bold)
            for row, cell in enumerate(cells, 1):
                if cell:
                    page.write_string(row, place, cell, as_text)
    return out.getvalue()
