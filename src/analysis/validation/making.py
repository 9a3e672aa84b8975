"""A whole validation: run the worlds, keep the tables, run the notebook, write the page."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from analysis import places
from analysis.validation import goals, results, running
from analysis.validation.grid import CELLS

QUICK, FULL = 200, 2_000  # worlds per cell


def validate(*, quick: bool, worlds: int | None = None, processes: int = 2) -> Path:
    """Make reports/validation/index.html and return its path; a full run also replaces the committed table.

    `worlds` other than 200 or 2,000 is for trying things out: the page says how many, and nothing is committed.
    """
    number = worlds or (QUICK if quick else FULL)
    began = time.perf_counter()
    cells = [name for name, cell in CELLS.items() if cell.quick or not quick]
    fewer = any(running.asked(name, number) < number for name in cells)
    each = f"{number:,} worlds in each" + (", fewer where a world is slow," if fewer else "")
    print(f"Validation, {each} of {len(cells)} settings, {processes} processes")
    found = running.run(worlds=number, processes=processes, cells=cells)
    results.write(found, goals.checks(found))
    if number >= FULL and not quick:
        results.keep(found)
    print(f"  worlds done in {time.perf_counter() - began:.0f} s")
    return page(quick=quick or number < FULL)


def page(*, quick: bool) -> Path:
    """Run the notebook on the tables of the last run and render it, as every other report is."""
    from analysis.report import render, scrub
    from analysis.run import kernel

    target = places.reports(results.NAME) / "notebooks" / "validation.ipynb"
    unfinished = places.unfinished(target).with_suffix(".part.ipynb")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        executed = kernel.execute(
            places.notebooks() / "reports" / "validation.ipynb", unfinished, parameters={"quick": quick}
        )
    finally:
        unfinished.unlink(missing_ok=True)
    clean = scrub.scrub(executed)
    _write_notebook(clean, target)
    head = render.Masthead(
        "Validation", "does the project tell the truth?", "simulated worlds only", current="Validation"
    )
    html = render.render(clean, kind="report", masthead=head, footer=_footer(quick=quick))
    index = places.reports(results.NAME) / "index.html"
    places.write_text(index, html)
    return index


def _footer(*, quick: bool):
    from analysis import __version__
    from analysis.report import page

    kind = "quick" if quick else "full"
    seeds = f"worlds from seed {running.SEED} on, Python {sys.version_info.major}.{sys.version_info.minor}"
    return page.footer({"Run": kind, "Source": seeds, "Software": f"analysis {__version__}"})


def _write_notebook(notebook, path: Path) -> None:
    import nbformat

    places.write_text(path, nbformat.writes(notebook, version=4) + "\n")
