import copy

import nbformat
from nbformat import v4

from analysis.report.scrub import scrub


def executed(*, started, cell_id, address, chunks):
    """Return a notebook as a run leaves it; the arguments are what differs between two runs of the same thing."""
    times = {"papermill": {"start_time": started}, "execution": {"iopub.execute_input": started}}
    notebook = v4.new_notebook(
        metadata={"papermill": {"start_time": started}, "language_info": {"name": "python", "version": started}}
    )
    notebook.cells = [
        v4.new_markdown_cell("# Q at 0x12", id="question"),
        v4.new_code_cell("a = 1", id=cell_id, metadata={"tags": ["injected-parameters"], **times}, execution_count=1),
        v4.new_code_cell("show()", id="show", metadata=dict(times), execution_count=2, outputs=[
            *[v4.new_output("stream", name="stdout", text=chunk) for chunk in chunks],
            v4.new_output("stream", name="stderr", text=f"it took {started}"),
            v4.new_output("stream", name="stdout", text="end\n"),
            v4.new_output("execute_result", data={"text/plain": f"<object at {address}>"}, execution_count=2),
        ]),
    ]  # fmt: skip
    return notebook


ONE = executed(started="08:00", cell_id="3f2a", address="0x7f01", chunks=["a\nb\n"])
OTHER = executed(started="09:30", cell_id="99c1", address="0x7fff", chunks=["a\n", "b\n"])


def test_two_runs_of_the_same_thing_have_the_same_bytes():
    assert nbformat.writes(ONE) != nbformat.writes(OTHER)
    assert nbformat.writes(scrub(ONE)) == nbformat.writes(scrub(OTHER))


def test_code_prose_tags_counts_and_results_stay():
    clean = scrub(ONE)
    assert [cell.source for cell in clean.cells] == ["# Q at 0x12", "a = 1", "show()"]
    assert [cell.id for cell in clean.cells] == ["question", "injected-parameters", "show"]
    assert clean.cells[1].metadata == {"tags": ["injected-parameters"]}
    assert [output.get("text") or output.data["text/plain"] for output in clean.cells[2].outputs] == [
        "a\nb\nend\n",
        "<object>",
    ]
    assert clean.cells[2].execution_count == 2
    assert clean.metadata == {"language_info": {"name": "python"}}


def test_the_notebook_given_is_left_alone_and_a_clean_one_stays_as_it_is():
    before = copy.deepcopy(ONE)
    clean = scrub(ONE)
    assert before == ONE
    assert scrub(clean) == clean
