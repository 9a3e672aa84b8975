"""Every notebook runs from top to bottom on a small sample, and its marked cells print what they printed when it was run."""

import os
import subprocess
import sys

import pytest

from analysis.run.steps import STEPS
from analysis.study import Study


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_nbval_finds_the_notebook_as_it_was_run(step, sample_run, tmp_path, monkeypatch):
    """The notebook as run on the sample is run again by nbval, in a copy of the workspace, cell by cell."""
    import shutil

    shutil.copytree(sample_run, tmp_path / "work")
    notebook = tmp_path / "work" / "reports" / "sample" / "notebooks" / f"{step.page.removesuffix('.html')}.ipynb"
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(tmp_path / "work"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120",
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
