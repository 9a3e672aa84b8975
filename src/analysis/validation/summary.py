"""The table of the last full run that the README shows. `python -m analysis.validation.summary` prints it."""

from __future__ import annotations

import pandas as pd

from analysis.report import numbers, validated
from analysis.report.validation import marks
from analysis.validation import results

NONE_YET = "No full run has been kept yet."
BEGIN, END = "<!-- validation -->", "<!-- end of validation -->"  # in the README, around the table


def summary(table: pd.DataFrame | None = None) -> str:
    """Return the committed results as Markdown: one row per estimate that misses its goal, or that none clearly does."""
    table = results.committed() if table is None else table
    own = table[table["method"] == ""]
    if own.empty:
        return NONE_YET
    missed = own[own["outside"] != ""]
    worlds, settings = marks.worlds(own["worlds"]), own["cell"].nunique()
    tried, estimates = f"{worlds} worlds in each of {settings} settings.", own["estimate"].nunique()
    unsure = own.loc[own["untold"] != "", "estimate"].nunique()
    if missed.empty:
        return (
            f"{tried} None of {estimates} estimates clearly misses its goal in any of them; for {unsure} so few worlds cannot\n"
            "tell in some setting whether it is met."
        )
    lines = [
        f"{tried} Of {estimates} estimates, {missed['estimate'].nunique()} miss their goal in at least one setting:",
        "",
        "| estimate | settings | outside in | 95 % interval holds the truth in | misses the goal in |",
        "|---|---:|---:|---:|---|",
    ]
    for name, rows in own[own["estimate"].isin(missed["estimate"])].groupby("estimate"):
        outside = rows[rows["outside"] != ""]
        what = sorted({part for said in outside["outside"] for part in said.split("; ")})
        covered = rows["coverage"].dropna()
        span = numbers.interval(covered.min(), covered.max()) if len(covered) else ""
        lines.append(
            f"| {name} | {rows['cell'].nunique()} | {outside['cell'].nunique()} | {span} | {', '.join(what)} |"
        )
    return "\n".join(lines)


def older() -> list[str]:
    """Return the estimates whose code has changed since the full run, sorted."""
    rows = validated.committed()
    return sorted({row["estimate"] for row in rows if row["code"] != validated.digest(row["modules"].split())})


if __name__ == "__main__":
    print(summary())
