"""Every notebook runs from top to bottom on a small sample, and its marked cells print what they printed when it was run."""

import os
import subprocess
import sys

import pytest

from analysis import places
from analysis.run.steps import STEPS, steps_of
from analysis.study import Study


@pytest.fixture(scope="module")
def workshop_run(once):
    """The workspace of a small workshop with what the source documents need: the graph runs that step and those before it."""

    def make(folder):
        done = subprocess.run(
            [sys.executable, "-m", "doit", "-f", str(places.project_root() / "dodo.py"), "study=workshop", "changes=sample=0.1",
             "notebook:source_documents"],
            env=os.environ | {"ANALYSIS_WORKSPACE": str(folder)}, cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    return once("workshop", make)


# Those of studies without campaigns are run whole in test_own_data, on a study that keeps its outputs back.
COMPARED = [step for step in STEPS if step.campaigns is not False]


@pytest.mark.parametrize("step", COMPARED, ids=[step.name for step in COMPARED])
def test_nbval_finds_the_notebook_as_it_was_run(step, tmp_path, request):
    """The notebook as run on a small study is run again by nbval, in a copy of the workspace, cell by cell."""
    import shutil

    study = "sample" if step in steps_of(Study.load("sample")) else "workshop"
    shutil.copytree(request.getfixturevalue(f"{study}_run"), tmp_path / "work")
    notebook = tmp_path / "work" / "reports" / study / "notebooks" / f"{step.page.removesuffix('.html')}.ipynb"
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(tmp_path / "work"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest",
         "-p", "analysis.run.kernel",  # loaded first: it spares this process, too, two seconds of a grammar of addresses
         "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120",
         "--rootdir", str(tmp_path), "-c", os.devnull, "--sanitize-with", str(_sanitize(tmp_path)), str(notebook)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "passed" in done.stdout


def _sanitize(folder):
    """The kernel's note about its transport is no output of the notebook."""
    path = folder / "sanitize.cfg"
    path.write_text("[kernel]\nregex: \\[IPKernelApp\\] WARNING.*\nreplace: \n")
    return path


def test_the_sample_is_a_tenth_of_the_households():
    assert Study.load("sample").sample == 0.1
