"""The data dictionary of the README, written from the declarations in `tables`. `python -m analysis.dictionary` prints it."""

from __future__ import annotations

from analysis.declaration import Table
from analysis.tables import CANONICAL

TYPES = {
    "id": "text",
    "text": "text",
    "money": "exact decimal",
    "number": "number",
    "whole": "whole number",
    "date": "date",
    "moment": "moment",
}


def dictionary() -> str:
    """Return the canonical tables as Markdown: grain, key, columns with type, unit and meaning, and what sets a row aside."""
    return "\n".join(_section(table) for table in CANONICAL.values())


def _section(table: Table) -> str:
    lines = [
        f"#### {table.name}: one row per {table.grain}",
        "",
        f"Key: {', '.join(table.key)}."
        + (f" Not seen after the day of the study: {table.seen_on}." if table.seen_on else ""),
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
        *(f"| {c.name}{' *' if c.needed else ''} | {TYPES[c.kind]} | {c.unit} | {c.meaning} |" for c in table.columns),
        "",
    ]
    if table.rules:
        lines += ["A row is set aside because " + "; or ".join(rule.because for rule in table.rules) + ".", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(dictionary())
