"""What a failure may say: nothing that could name a customer, where the study keeps customers under pseudonyms."""

from __future__ import annotations

from typing import Any

from analysis.run.steps import Step
from analysis.study import Study

SAYS_NO_ROW = ("StudyError",)  # errors whose words name settings, files and columns, never the content of a row
INSTEAD = "what it says is withheld, because it may name a customer; run the notebook by hand to read it"


def said(words: object, error: str, *, step: Step, study: Study) -> str:
    """Return what an error says in one line, or that it is withheld; `error` is the name of its class."""
    return INSTEAD if _may_name(error, step=step, study=study) else " ".join(str(words).split())


def withheld(notebook: Any, *, step: Step, study: Study) -> Any:
    """Take the words and the traceback of errors that may name a customer out of a partly run notebook."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and _may_name(output.ename, step=step, study=study):
                output["evalue"], output["traceback"] = INSTEAD, [f"{output.ename}: {INSTEAD}"]
    return notebook


def _may_name(error: str, *, step: Step, study: Study) -> bool:
    return study.pseudonyms != "none" and step.meets_people and error not in SAYS_NO_ROW
