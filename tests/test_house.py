"""The rules of the house: data flows one way, one module knows the engine, and only `report` makes HTML."""

import ast
import re

import pytest

from analysis import places
from analysis.run.steps import STEPS

PACKAGE = places.project_root() / "src" / "analysis"
ROOMS = ["collect", "clean", "segment", "design", "monitor"]
EVERY_ROOM = [*ROOMS, "inference", "report", "run", "validation"]
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(source):
    """Return the dotted names that a source imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def rooms_in(names):
    return {name.split(".")[1] for name in names if name.startswith("analysis.")} & set(EVERY_ROOM)


def rooms_of_room(room):
    return set().union(
        *(rooms_in(imports(file.read_text(encoding="utf-8"))) for file in (PACKAGE / room).rglob("*.py"))
    ) - {room}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_a_later_one_or_what_runs_it(room):
    assert rooms_of_room(room) & {*ROOMS[ROOMS.index(room) + 1 :], "run", "report", "validation"} == set()


def test_inference_imports_no_room():
    assert rooms_of_room("inference") == set()


def test_report_knows_tables_and_not_how_they_are_made():
    assert rooms_of_room("report") & {*ROOMS, "run", "validation"} == set()


def test_only_the_command_knows_validation():
    users = {
        file.relative_to(PACKAGE).as_posix()
        for file in MODULES
        if "validation" in rooms_in(imports(file.read_text(encoding="utf-8")))
        and file.relative_to(PACKAGE).parts[0] != "validation"
    }
    assert users == {"run/command.py"}


def test_only_the_engine_knows_which_engine_runs():
    users = {
        file.relative_to(PACKAGE).as_posix()
        for file in MODULES
        if "duckdb" in imports(file.read_text(encoding="utf-8"))
    }
    assert users == {"engine.py"}


def test_only_the_study_and_the_doors_of_rooms_read_and_write():
    pattern = re.compile(r"read_parquet|to_parquet|read_csv|\.write_text\(|\.write_bytes\(|open\(")
    allowed = {"module_map.py", "places.py", "study.py", "engine.py", "keys.py", "refusals.py"}
    doors = {
        "collect/describe/describing.py",
        "collect/describe/sampling.py",
        "collect/exported.py",
        "collect/exports.py",
        "collect/loading/cutting.py",
        "collect/loading/opening.py",
        "collect/loading/packages.py",
        "collect/loading/reading.py",
        "collect/forgotten.py",
        "collect/manifest.py",
        "collect/staged.py",
        "collect/suspicions/drift.py",
        "collect/workshop/answer_key.py",
        "design/handoff/csv_file.py",
        "design/handoff/extracts.py",
        "design/handoff/parcel.py",
        "report/theme.py",
        "validation/making.py",
        "validation/results.py",
        "report/render.py",
        "report/shell.py",
    }
    found = {
        file.relative_to(PACKAGE).as_posix() for file in MODULES if pattern.search(file.read_text(encoding="utf-8"))
    }
    assert {name for name in found if name not in allowed | doors and not name.startswith("run/")} == set()


def test_only_the_helpers_of_report_make_html():
    pattern = re.compile(
        r"</(?:p|div|td|tr|table|section|figure|span|a|li|h[1-6])>|to_html|\.style\b|Styler|display\(HTML"
    )
    for file in MODULES:
        if "report" not in file.relative_to(PACKAGE).parts:
            assert not pattern.search(file.read_text(encoding="utf-8")), file
    for step in STEPS:
        assert not pattern.search(step.source.read_text(encoding="utf-8")), step.name


def test_nothing_asks_what_time_it_is_or_draws_without_a_seed():
    clock = re.compile(r"\b(?:datetime\.now|date\.today|time\.time|utcnow|Timestamp\.now|Timestamp\.today)\(")
    dice = re.compile(r"np\.random\.(?!Generator|default_rng)\w+\(|\brandom\.\w+\(|default_rng\(\)")
    sources = [*MODULES, *(step.source for step in STEPS)]
    assert [file.name for file in sources if clock.search(file.read_text(encoding="utf-8"))] == []
    assert [
        file.name
        for file in sources
        if dice.search(file.read_text(encoding="utf-8").replace("np.random.default_rng([", ""))
    ] == []


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_a_step_is_stale_when_any_code_that_it_runs_changes(step):
    import json

    cells = json.loads(step.source.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    needed, seen = rooms_in(imports(source)), set()
    while needed - seen:
        room = sorted(needed - seen)[0]
        seen.add(room)
        needed |= rooms_of_room(room)
    assert needed <= set(step.rooms)


def test_nothing_heavy_is_imported_by_the_command_before_it_knows_what_is_stale():
    import subprocess
    import sys

    code = (
        "import sys, analysis.run.command, analysis.run.graph; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"papermill", "nbconvert", "matplotlib", "sklearn", "seaborn", "pandas", "duckdb"} & set(loaded) == set()


def test_the_grammar_that_costs_two_seconds_is_not_compiled_by_a_run():
    import subprocess
    import sys

    code = "import sys, analysis.run.kernel, papermill, nbformat; print('lark' in sys.modules, nbformat.validator is not None)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert told == ["False", "True"]
