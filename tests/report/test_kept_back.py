"""Where the rule is on, a result is kept back unless its cell is known to be safe."""

import nbformat.v4 as nb

from analysis.report.kept_back import SAFE, kept_back, notice


def notebook():
    def cell(words, **metadata):
        made = nb.new_output("execute_result", data={"text/plain": words, "text/html": f"<p>{words}</p>"}, metadata={})
        return nb.new_code_cell("show()", outputs=[made], metadata=metadata)

    return nb.new_notebook(
        cells=[cell("3 customers"), cell("five departments", tags=[SAFE]), nb.new_code_cell("import os")]
    )


def test_a_result_without_the_tag_is_replaced_by_a_line_that_says_so():
    made = kept_back(notebook(), smallest=10)
    assert "3 customers" not in str(made)
    shown = made.cells[0].outputs[0]
    assert shown.data["text/html"] == str(notice(10)) and "fewer than 10 people" in shown.data["text/plain"]
    assert shown.metadata["text/html"]["analysis"]
    assert made.cells[1].outputs[0].data["text/plain"] == "five departments"
    assert made.cells[2].outputs == []


def test_with_the_rule_off_the_notebook_is_the_same():
    given = notebook()
    assert kept_back(given, smallest=0) is given


def test_an_error_keeps_its_words_and_loses_what_led_to_it():
    given = notebook()
    given.cells[0].outputs.append(
        nb.new_output("error", ename="ValueError", evalue="no orders", traceback=["row C0001"])
    )
    error = kept_back(given, smallest=10).cells[0].outputs
    assert [(one.output_type, one.evalue, one.traceback) for one in error] == [("error", "no orders", [])]
