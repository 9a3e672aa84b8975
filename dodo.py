"""The graph of a study, run by doit: which notebook reads what and makes what. `python -m analysis report` starts it.

By hand: doit study=complete-journey changes="budget=2000" list
"""

import os

from doit import get_var

from analysis import places
from analysis.run import graph
from analysis.run.settings import parse_settings
from analysis.study import Study

_study = Study.load(get_var("study", "complete-journey"), **parse_settings(get_var("changes", "")))
_database = places.workspace() / ".doit" / f"{_study.name}.db"
_database.parent.mkdir(parents=True, exist_ok=True)

DOIT_CONFIG = {
    "backend": "sqlite3",
    "dep_file": str(_database),
    "num_process": min(2, os.cpu_count() or 1),
    "par_type": "thread",  # each notebook has a kernel of its own; the runner is one warm process
    "continue": True,
    "reporter": graph.Reporter,
    "default_tasks": ["notebook"],
}


def task_notebook():
    """Run a notebook of the study and render its page."""
    yield from graph.tasks(_study)
