"""The list of steps is true: what notebooks read, make and declare is what stands there."""

import ast
import json

import pytest

from analysis import places
from analysis.design import formats
from analysis.run import graph
from analysis.run.steps import STEPS, before, declared, maker, steps_of
from analysis.study import Study
from analysis.tables import CANONICAL

IDS = [step.name for step in STEPS]


def code_cells(step):
    cells = json.loads(step.source.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def tree(step):
    return ast.parse("\n".join("".join(cell["source"]) for cell in code_cells(step)))


def calls(step, *methods):
    """Return the tables named in calls such as study.read("orders")."""
    return {
        node.args[0].value
        for node in ast.walk(tree(step))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
        and isinstance(node.func.value, ast.Name) and node.func.value.id == "study" and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_a_notebook_reads_what_its_step_says_and_no_more(step):
    assert calls(step, "read", "scan", "has") <= set(step.reads) | set(step.makes) | {"quality"} & set(step.reads)


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_a_notebook_makes_what_its_step_says(step):
    assert calls(step, "write") == set(step.makes)


def test_each_table_has_one_maker_and_every_table_read_has_one():
    for campaigns in (True, False):
        steps = [step for step in STEPS if step.campaigns in (None, campaigns)]
        made = [table for step in steps for table in step.makes]
        assert len(made) == len(set(made))
        assert not set(made) & set(CANONICAL)
        assert all(maker(table) for step in steps for table in step.reads)


def test_a_study_has_the_steps_whose_files_its_source_brings():
    workshop, journey, retail = (Study.load(name) for name in ("workshop", "complete-journey", "online-retail"))
    assert steps_of(workshop) == tuple(step for step in STEPS if step.campaigns is not False)
    assert [step.name for step in steps_of(workshop) if step not in steps_of(journey)] == ["source_documents"]
    assert [step.notebook for step in steps_of(retail) if step not in steps_of(journey)] == [
        "without_campaigns/5_monitor", "without_campaigns/conversion",
    ]  # fmt: skip
    assert [step.page for step in steps_of(retail)] == [step.page for step in steps_of(journey)]
    collect, documents = STEPS[0], STEPS[-1]
    assert before(documents) == ["collect"]
    assert set(documents.inputs(workshop)) == {places.raw("workshop") / file for file in workshop.files}
    assert set(documents.inputs(workshop)) <= set(collect.outputs(workshop))
    assert not set(documents.inputs(workshop)) & set(collect.outputs(journey))


def test_data_flows_one_way():
    order = IDS
    for step in STEPS:
        assert all(order.index(name) < order.index(step.name) for name in before(step))


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_declared_parameters_are_those_of_the_study_with_its_values(step):
    import papermill

    found = papermill.inspect_notebook(str(step.source))
    study = Study.load(ast.literal_eval(found["study_name"]["default"]))
    assert tuple(found) == declared(step.source)  # ours reads the cell without starting papermill
    types = {int: "int", float: "float", bool: "bool"}  # a date, a name and one of several words are text
    values = study.values() | {"study_name": study.name}
    for name, parameter in found.items():
        if name in values:
            kind = Study.model_fields["name" if name == "study_name" else name].annotation
            assert parameter["inferred_type_name"] == types.get(kind, "str"), name
            assert ast.literal_eval(parameter["default"]) == values[name], name
        assert parameter["help"], f"{name} has no comment with its unit or format"


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_a_parameter_that_a_notebook_uses_is_declared_so_that_a_change_reaches_it(step):
    used = {
        node.attr for node in ast.walk(tree(step))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "study"
    }  # fmt: skip
    assert used & set(Study.parameters()) <= set(declared(step.source))


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_declared_study_parameters_reach_the_study(step):
    names = set(declared(step.source)) & set(Study.parameters())
    loads = [
        node for node in ast.walk(tree(step))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Study.load"
    ]  # fmt: skip
    assert len(loads) == 1
    assert {keyword.arg for keyword in loads[0].keywords} == names


def test_every_parameter_of_a_study_is_declared_by_some_notebook():
    assert {name for step in STEPS for name in declared(step.source)} >= set(Study.parameters())


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_notebooks_are_committed_without_outputs_and_with_fixed_names_of_cells(step):
    for cell in code_cells(step):
        assert not cell["outputs"] and cell["execution_count"] is None
    names = [cell["id"] for cell in json.loads(step.source.read_text(encoding="utf-8"))["cells"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("step", STEPS, ids=IDS)
def test_notebooks_start_with_a_question_and_end_with_what_they_do_not_show(step):
    cells = json.loads(step.source.read_text(encoding="utf-8"))["cells"]
    first = "".join(cells[0]["source"])
    assert cells[0]["cell_type"] == "markdown" and first.startswith("# ") and "?" in first.splitlines()[0]
    assert "parameters" in cells[1]["metadata"].get("tags", [])
    if step.kind == "walkthrough":
        assert "What this does not show" in "".join("".join(cell["source"]) for cell in cells[-2:])
    assert not any("../" in "".join(cell["source"]) for cell in cells)


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Return a function that loads a study with other systems to hand over to, in a workspace of its own."""
    monkeypatch.setenv("ANALYSIS_WORKSPACE", str(tmp_path))
    return lambda *systems: Study.load("workshop").model_copy(update={"handoff": systems})


def handed_off(step, study):
    return [file.name for file in step.outputs(study) if "handoff" in file.parts]


def test_a_room_makes_the_files_of_the_systems_that_the_study_names(named):
    steps = {step.name: step for step in STEPS if step.campaigns is not False}
    assert handed_off(steps["design"], named()) == ["assignment.csv"]
    assert handed_off(steps["design"], named("csv", "zoho")) == ["assignment.csv", "send.csv", "zoho.csv"]
    assert handed_off(steps["design"], named("tableau")) == ["assignment.csv", "design.hyper"]
    assert handed_off(steps["monitor"], named("csv", "tableau")) == ["monitor.hyper"]
    for name, tables in formats.SHARED.items():
        assert set(tables) <= {*steps[name].reads, *steps[name].makes}


def test_lists_of_systems_no_longer_named_are_removed_and_other_people_s_files_stay(named):
    design = next(step for step in STEPS if step.name == "design")
    folder = places.processed("workshop") / "handoff"
    folder.mkdir(parents=True)
    for file in ("zoho.csv", "zoho-2.csv", "letter.csv"):
        (folder / file).touch()
    assert handed_off(design, named("csv")) == ["assignment.csv", "send.csv", "zoho-2.csv", "zoho.csv"]


def test_a_step_is_stale_when_a_part_of_a_long_list_is_gone_changed_or_one_too_many(named):
    design = next(step for step in STEPS if step.name == "design")
    study = named("zoho")
    for file in [*design.outputs(study), places.processed("workshop") / "handoff" / "zoho-2.csv"]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("some", encoding="utf-8")
    made = {
        "settings": graph.settings(design, study),
        "outputs": {str(f): places.sha256(f) for f in design.outputs(study)},
    }
    second = places.processed("workshop") / "handoff" / "zoho-2.csv"
    assert graph._unchanged(None, made, design, study)
    second.unlink()
    assert not graph._unchanged(None, made, design, study)
    second.write_text("other", encoding="utf-8")
    assert not graph._unchanged(None, made, design, study)
    second.write_text("some", encoding="utf-8")
    assert graph._unchanged(None, made, design, study)
    second.with_name("zoho-3.csv").touch()
    assert not graph._unchanged(None, made, design, study)
