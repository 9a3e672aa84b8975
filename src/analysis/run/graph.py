"""The steps as doit tasks: stale when a parameter, a rule of the study, the code, an input or an output changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from doit.exceptions import TaskFailed, UnmetDependency

from analysis import keys, places
from analysis.run import notebook, withheld
from analysis.run.steps import Step, before, steps_of
from analysis.study import Study

OUTCOMES: dict[str, dict] = {}  # step -> {"outcome": ..., "message": ..., "seconds": ...} of this run


def tasks(study: Study) -> Iterator[dict]:
    """Yield one doit task per step."""
    for step in steps_of(study):
        yield {
            "name": step.name,
            "doc": f"{step.label}: {step.source.name}",
            "actions": [(_act, [step, study])],
            "file_dep": [str(file) for file in (step.source, *step.code(), *step.inputs(study))],
            "targets": [str(file) for file in step.outputs(study)],
            "task_dep": [f"notebook:{name}" for name in before(step)],
            "uptodate": [(_unchanged, [step, study])],
            "io": {"capture": False},
            "verbosity": 0,
        }


def settings(step: Step, study: Study) -> str:
    """Return all of the study that the step's result depends on besides files: its parameters, the study's rules, which key."""
    rules = study.model_dump(mode="json", exclude=set(study.parameters()))
    key = [keys.key(study.name).fingerprint] if step.meets_people and study.pseudonyms != "none" else []
    return repr((sorted(step.parameters(study).items()), sorted(rules.items()), *key))


def _unchanged(task, values: dict, step: Step, study: Study) -> bool:
    """Say whether the settings and every output are those of the last success. An output edited by hand is made again."""
    if values.get("settings") != settings(step, study):
        return False
    hashes, files = values.get("outputs", {}), step.outputs(study)
    there = all(file.exists() and hashes.get(str(file)) == places.sha256(file) for file in files)
    return there and len(hashes) == len(files)  # a further part of a long list can be missing


def _act(step: Step, study: Study):
    try:
        seconds = notebook.run(step, study)
    except notebook.NotebookError as error:
        return TaskFailed(str(error), report=False)
    except Exception as error:  # what is not the notebook's fault is told in one line as well
        said = withheld.said(error, type(error).__name__, step=step, study=study)
        return TaskFailed(f"{step.name} failed: {step.notebook}.ipynb: {type(error).__name__}: {said}", report=False)
    OUTCOMES[step.name] = {"outcome": "made", "seconds": {part: round(value, 2) for part, value in seconds.items()}}
    return {
        "settings": settings(step, study),
        "outputs": {str(file): places.sha256(file) for file in step.outputs(study)},
    }


class Reporter:
    """Tells people what runs and what failed, one line each, and keeps it for the index."""

    desc = "one line per notebook"

    def __init__(self, outstream, options):
        self.outstream = outstream

    def initialize(self, tasks, selected_tasks):
        """Nothing is said before the first notebook."""

    def get_status(self, task):
        """Nothing is said about looking."""

    def execute_task(self, task):
        """Say which notebook starts."""
        if task.actions:
            self._say(f"  running    {_step(task)}")

    def add_success(self, task):
        """Say that a notebook is done, and in how many seconds."""
        if task.actions:
            seconds = sum(OUTCOMES[_step(task)]["seconds"].values())
            self._say(f"  done       {_step(task)} in {seconds:.1f} s")

    def skip_uptodate(self, task):
        """Keep in mind that nothing changed for this notebook."""
        if task.actions:
            OUTCOMES[_step(task)] = {"outcome": "unchanged"}

    def skip_ignore(self, task):
        """Nothing is ever ignored."""

    def add_failure(self, task, fail):
        """Say why a notebook failed, or after which failure it was not run."""
        if not task.actions:
            return
        if isinstance(fail, UnmetDependency):
            message = f"not run, because it reads what {_names(fail)} should have made"
            OUTCOMES[_step(task)] = {"outcome": "not run", "message": message}
            self._say(f"  not run    {_step(task)}: it reads what {_names(fail)} should have made")
        else:
            OUTCOMES[_step(task)] = {"outcome": "failed", "message": fail.message}
            self._say(f"  FAILED     {fail.get_msg().strip() if not fail.message else fail.message}")

    def cleanup_error(self, exception):
        """Say what could not be cleaned up."""
        sys.stderr.write(exception.get_msg())

    def runtime_error(self, msg):
        """Say what stopped the run itself."""
        sys.stderr.write(f"{msg}\n")

    def teardown_task(self, task):
        """Nothing is torn down."""

    def complete_run(self):
        """The closing line is the command's."""

    def _say(self, line: str) -> None:
        self.outstream.write(line + "\n")
        self.outstream.flush()


def _step(task) -> str:
    return task.name.removeprefix("notebook:")


def _names(fail) -> str:
    return " and ".join(sorted(name.removeprefix("notebook:") for name in str(fail.message).split()))


def forget_outputs(study: Study, *, steps: list[str]) -> None:
    """Remove the pages of steps that were not run, so that no old result stands beside new ones."""
    for step in steps_of(study):
        if step.name in steps:
            for file in (places.reports(study.name) / step.page, step.run_notebook(study.name)):
                file.unlink(missing_ok=True)
