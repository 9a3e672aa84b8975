"""A file read the way its system reads it, before it leaves: is what the system needs in every row?"""

from __future__ import annotations

import csv
import io
import re

from analysis.design.formats import Format


def faults(data: bytes, form: Format) -> list[str]:
    """Return what a system would refuse in one of its CSV files, in words without any of the file's cells; nothing if all is well.

    Looked at are encoding, header, number of cells, required cells, `any_of`, patterns, refused characters and limits.
    """
    try:
        text = data.decode(form.encoding)
    except UnicodeDecodeError:
        return [f"not {form.encoding}"]
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=form.separator, strict=True)
    needed = [column.header for column in form.columns if not column.where_known]
    allowed = [column.header for column in form.columns]
    found = [f"no column {header}" for header in needed if header not in head]
    found += [f"column {header} is not among the system's" for header in head if header not in allowed]
    found += [
        f"row {n} has {len(row)} cells for {len(head)} columns"
        for n, row in enumerate(rows, 2)
        if len(row) != len(head)
    ]
    if found:
        return found
    for column in (one for one in form.columns if one.header in head):
        cells = [row[head.index(column.header)] for row in rows]
        if column.required:
            found += [f"row {n} has no {column.header}" for n, cell in enumerate(cells, 2) if not cell]
        if column.pattern:
            right = re.compile(column.pattern)
            found += [f"row {n}: {column.header} is not what it must be" for n, cell in enumerate(cells, 2)
                      if cell and not right.fullmatch(cell)]  # fmt: skip
        if refused := set(form.without):
            found += [f"row {n}: {column.header} has a refused character" for n, cell in enumerate(cells, 2)
                      if not refused.isdisjoint(cell)]  # fmt: skip
    keys = [head.index(header) for header in form.any_of]
    found += [f"row {n} has no {' or '.join(form.any_of)}" for n, row in enumerate(rows, 2)
              if keys and not any(row[key] for key in keys)]  # fmt: skip
    if form.max_rows and len(rows) > form.max_rows:
        found.append(f"{len(rows)} rows; the most is {form.max_rows}")
    if form.max_megabytes and len(data) > form.max_megabytes * 1_000_000 and len(rows) > 1:
        found.append(f"{len(data)} bytes; the most is {form.max_megabytes} MB")
    return found
