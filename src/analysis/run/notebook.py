"""Run one notebook of a study: parameters in, outputs scrubbed, page rendered; on failure one message and no old result."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

from analysis import places
from analysis.run import kernel, withheld
from analysis.run.steps import Step, steps_of
from analysis.study import Study

_ONE_AT_A_TIME = threading.Lock()


class NotebookError(Exception):
    """A notebook stopped; the message names the stage, notebook, cell, error and the path of the partly run notebook."""


def run(step: Step, study: Study) -> dict[str, float]:
    """Run the step's notebook and write it and its page; return the seconds of start, imports, work and page.

    What the step made before is removed first, so that a run which is killed or fails leaves no old result that looks new.
    """
    for file in [*step.outputs(study), step.failed_notebook(study.name)]:
        file.unlink(missing_ok=True)
    began = time.perf_counter()
    with _ONE_AT_A_TIME:  # packages that import each other in circles break when two threads import them at once
        import nbconvert  # noqa: F401
        import papermill  # noqa: F401

        from analysis.report import kept_back, render, scrub
    executed, timing = _execute(step, study)
    with _ONE_AT_A_TIME:
        clean = kept_back.kept_back(scrub.scrub(executed), smallest=study.smallest_group)
        _write_notebook(clean, step.run_notebook(study.name))
        html = render.render(
            clean, kind=step.kind, masthead=masthead(study, current=step.label), footer=footer(step, study)
        )
    places.write_text(places.reports(study.name) / step.page, html)
    return {**timing, "page": time.perf_counter() - began - sum(timing.values())}


def masthead(study: Study, *, current: str):
    """Return the first line of every page: the study, its date, and the way to the other pages."""
    from analysis.report import numbers, render

    steps = steps_of(study)
    links = [(step.label, step.page) for step in steps if step.kind == "report"]
    here = next((step for step in steps if step.label == current), None)
    if here is not None and here.kind == "walkthrough":
        links += [(step.label, step.page) for step in steps if step.kind == "walkthrough"]
    links.append(("Walk-throughs" if here is None or here.kind == "report" else "Overview", "index.html"))
    status = f"data as of {numbers.day(study.as_of)}{_read(study)}"
    return render.Masthead(study.title, study.about, status, links=tuple(links), current=current)


def _read(study: Study) -> str:
    """How many rows of the study's own files were set aside, and how many warnings there are; nothing for other sources."""
    from analysis.collect.manifest import loading, read_manifest
    from analysis.report.loading import in_words

    folder = places.raw(study.name)
    told = loading(read_manifest(folder)) if study.exports and (folder / "manifest.json").exists() else {}
    return f", {in_words(told['files'], told['remarks'], smallest=study.smallest_group)}" if told else ""


def footer(step: Step, study: Study):
    """Return the last line of a page: inputs and their hash, parameters, version; all equal between two runs."""
    from analysis import __version__
    from analysis.report import page

    manifest = places.raw(study.name) / "manifest.json"
    parameters = ", ".join(f"{name} {value}" for name, value in step.parameters(study).items() if name != "study_name")
    return page.footer({
        "Source": study.source_note,
        "Input": f"sha256 {hashlib.sha256(manifest.read_bytes()).hexdigest()[:16]} (manifest of the raw tables)",
        "Parameters": parameters or "those of the study file",
        "Software": f"analysis {__version__}",
    })  # fmt: skip


def _execute(step: Step, study: Study):
    """Run the notebook; return it with the seconds of start, imports and work. Raises NotebookError with one message."""
    from papermill.exceptions import PapermillExecutionError

    unfinished = places.unfinished(step.run_notebook(study.name)).with_suffix(
        ".part.ipynb"
    )  # papermill wants the ending
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    try:
        executed = kernel.execute(step.source, unfinished, parameters=step.parameters(study))
    except PapermillExecutionError as error:
        raise NotebookError(_message(step, study, error, unfinished)) from None
    except Exception as error:
        said = withheld.said(error, type(error).__name__, step=step, study=study)
        raise NotebookError(
            f"{step.name} failed: {step.notebook}.ipynb could not be run: {type(error).__name__}: {said}"
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return executed, kernel.seconds(executed, time.perf_counter() - began)


def _message(step: Step, study: Study, error, unfinished: Path) -> str:
    import nbformat

    from analysis.report import kept_back, scrub

    partly = step.failed_notebook(study.name)
    notebook = nbformat.read(unfinished, as_version=4)
    failed = next((cell for cell in notebook.cells if cell.metadata.get("papermill", {}).get("exception")), None)
    # papermill puts a note at the top that names the failing cell by number; our message says the same, by id
    notebook.cells = [
        cell for cell in notebook.cells if not str(cell.get("metadata", {}).get("tags", "")).count("papermill-error")
    ]
    told = withheld.withheld(scrub.scrub(notebook), step=step, study=study)
    _write_notebook(kept_back.kept_back(told, smallest=study.smallest_group), partly)
    cell = failed.get("id") if failed is not None else f"number {error.cell_index}"
    return (
        f"{step.name} failed: notebook {step.notebook}.ipynb, cell {cell}: "
        f"{error.ename}: {withheld.said(error.evalue, error.ename, step=step, study=study)}; partly run notebook: {partly}"
    )


def _write_notebook(notebook, path: Path) -> None:
    import nbformat

    places.write_text(path, nbformat.writes(notebook, version=4) + "\n")
