"""A known export tried on what was seen of a file: the loader itself says which cells would not fit."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from analysis.collect.describe.evidence import Evidence, of
from analysis.collect.describe.sampling import Sample
from analysis.collect.loading import fitting
from analysis.collect.loading.contract import Export


def misfits(sample: Sample, export: Export) -> Counter[tuple[str, str]]:
    """Count the rows that would be set aside, by our name of the first column that does not fit and the rule."""
    places = {header: place for place, header in enumerate(sample.header)}
    cells = {}
    for name, column in export.columns.items():
        there = next((places[header] for header in column.header if header in places), None)
        if there is not None:
            cells[name] = pa.array(sample.column(there), pa.string())
    lines = np.arange(len(sample.rows)) + 2
    tried = fitting.fit(cells, lines, file=sample.file.name, export=export.of_study(time_zone="UTC", currency=""))
    return Counter((row.column, row.rule) for row in tried.aside)


def as_evidence(found: Counter[tuple[str, str]], sample: Sample, export: Export) -> list[Evidence]:
    """Return what would not fit, as evidence."""
    return [
        Evidence(
            f"{of(number, len(sample.rows))} rows would be set aside as it stands: {_shown(column, export)}, {rule}"
        )
        for (column, rule), number in sorted(found.items())
    ]


def _shown(column: str, export: Export) -> str:
    return repr(export.columns[column].header[0]) if column in export.columns else repr(column)
