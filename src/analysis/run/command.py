"""The command line: `python -m analysis report complete-journey --as-of 2017-09-30 --set "budget=2000"`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from analysis import keys, places
from analysis.collect import sources
from analysis.refusals import StudyError
from analysis.run import alone
from analysis.run.settings import parse_settings
from analysis.run.steps import steps_of
from analysis.study import Study


def main(words: list[str] | None = None) -> int:
    """Run the command line; return the exit code: 0 all well, 1 a notebook failed, 2 a study, parameter or value is wrong."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Run a study and make its reports.")
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser("report", help="run what is stale and make the reports")
    report.add_argument("study", help="name of a file in studies/, without .yml")
    report.add_argument("--as-of", default="", help="YYYY-MM-DD; nothing after this day is seen")
    report.add_argument(
        "--set", default="", dest="changes", help='parameters to change, as in "budget=2000 clusters=5"'
    )
    report.add_argument("--files", default="", help="file or folder of exports, instead of data/incoming/<study>")
    describe = commands.add_parser(
        "describe", help="say what files are, with the evidence, and write a study to start from"
    )
    describe.add_argument(
        "files", nargs="*", help="CSV and its like, also packed; Excel workbooks; Parquet; folders of them"
    )
    describe.add_argument("--study", default="", help="name of the study to write; the first file's name if not given")
    forget = commands.add_parser("forget", help="remove a customer from every copy, and keep them out")
    forget.add_argument("customer", help="customer_id as the source writes it")
    forget.add_argument("--study", required=True, help="name of a file in studies/, without .yml")
    validate = commands.add_parser("validate", help="try every estimate on simulated worlds whose truth is known")
    validate.add_argument(
        "--quick", action="store_true", help="200 worlds in each of fewer settings, instead of 2,000 in all"
    )
    validate.add_argument(
        "--worlds", type=int, help="another number of worlds in each setting; nothing is committed below 2,000"
    )
    validate.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    commands.add_parser("clean", help="remove all data and reports that runs have made")
    arguments = parser.parse_args(words)
    if arguments.command == "clean":
        return _clean()
    if arguments.command == "describe":
        return _describe(arguments.files, arguments.study)
    if arguments.command == "forget":
        return _forget(arguments.customer, arguments.study)
    if arguments.command == "validate":
        from analysis.validation import making  # it imports every room

        print(making.validate(quick=arguments.quick, worlds=arguments.worlds, processes=arguments.processes))
        return 0
    try:
        changes = parse_settings(arguments.changes)
        if arguments.as_of:
            changes["as_of"] = arguments.as_of
        study = Study.load(arguments.study, **changes)
        with alone.alone(study.name):
            _prepare(study, arguments.files)
            return _report(study, changes)
    except (StudyError, OSError) as error:
        return _stopped(error)


def _stopped(error: StudyError | OSError) -> int:
    """Say why a run stopped. An OSError is a folder that cannot be written, a full disk, a file that another program holds."""
    where = (
        f"stopped at {error.filename}: {error.strerror}; no file is half written"
        if isinstance(error, OSError)
        else error
    )
    print(where, file=sys.stderr)
    return 2


def _prepare(study: Study, files: str) -> None:
    """Refuse what is wrong before any table or page changes: key, list, files."""
    if study.pseudonyms != "none":
        keys.key(study.name)  # a wrong key is refused before anything runs
    _ = study.suppression_file  # and so is a list that is not there
    if files and not study.exports:
        raise StudyError(f"FILES={files}: the study {study.name!r} has the source {study.source} and reads no files")
    if files:
        os.environ["ANALYSIS_FILES"] = str(Path(files).expanduser().absolute())
    _read_exports(study)


def _read_exports(study: Study) -> None:
    """Read a study's own exports, so that what does not fit is told before any table or page changes. Raises StudyError."""
    if study.exports:
        print(f"Study {study.name}: reading its exports", flush=True)
        print(*sources.source(study).check(), sep="\n", flush=True)


def _report(study: Study, changes: dict[str, str]) -> int:
    from doit.doit_cmd import DoitMain

    from analysis.run import graph, record

    began = time.perf_counter()
    root = places.project_root()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums of several threads differ in the last bit from run to run
    print(f"Study {study.name}, data as of {study.as_of}")
    words = " ".join(f"{name}={value}" for name, value in changes.items())
    graph.OUTCOMES.clear()
    places.sweep(study.name)
    code = DoitMain().run(
        ["run", "-f", str(root / "dodo.py"), "--dir", str(root), f"study={study.name}", f"changes={words}"]
    )
    if study.exports and places.forgotten(study.name).exists():
        from analysis.collect import staged

        staged.drop(study.name)  # the typed copies name who asked to be forgotten, if the exports still do
    outcomes = graph.OUTCOMES
    steps = steps_of(study)
    missing = [step.name for step in steps if outcomes.get(step.name, {}).get("outcome") not in ("made", "unchanged")]
    page = places.reports(study.name) / "index.html"
    unchanged = not missing and all(outcome["outcome"] == "unchanged" for outcome in outcomes.values())
    if unchanged and page.exists() and record.read(study).get("parameters") == study.values():
        print("  nothing changed since the last run")
    else:
        from analysis.run import index  # it imports pandas, which a run without news does not need

        graph.forget_outputs(study, steps=missing)
        places.write_text(page, index.index(study, outcomes))
        record.write(record.record(study, outcomes, seconds=time.perf_counter() - began), study)
    if missing or code:
        print(
            f"{len(missing)} of {len(steps)} notebooks have no result; the index says which: {page}",
            file=sys.stderr,
        )
        return 1
    print(page)
    return 0


def _forget(customer: str, name: str) -> int:
    from analysis.run import forget  # it imports pandas

    try:
        study = Study.load(name)
        with alone.alone(study.name):
            lines = forget.forget(customer, study)
            print(*lines, sep="\n", flush=True)
            _read_exports(study)
            return _report(study, {}) or int(any(line.startswith("LOOK") for line in lines))
    except (StudyError, OSError) as error:
        return _stopped(error)


def _describe(files: list[str], study: str) -> int:
    from analysis.collect.describe import describing  # it imports pyarrow

    try:
        for line in describing.describe(files, study=study):
            print(line)
    except StudyError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _clean() -> int:
    import shutil

    try:
        alone.refuse_running()
    except StudyError as error:
        print(error, file=sys.stderr)
        return 2
    for folder in (
        places.workspace() / "data" / "raw",
        places.workspace() / "data" / "processed",
        places.workspace() / "reports",
    ):
        for made in sorted(folder.glob("*")):
            if made.is_dir():
                shutil.rmtree(made)
    shutil.rmtree(places.workspace() / ".doit", ignore_errors=True)
    for kept in sorted(file for file in places.keys().glob("*") if file.is_file()):
        print(f"kept: {kept} (with another key, every pseudonym changes and who was forgotten can come in again)")
    return 0
