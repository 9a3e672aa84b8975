"""What tests share: a workspace of their own for every file that a study writes, and tables written as text."""

import io
import os
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below which data/ and reports/ are written, gone after the test."""
    monkeypatch.setenv("ANALYSIS_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of one run of the study `sample`, made once by the command a user would type; tests only read it."""
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("sample")
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "sample"], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def table(text: str) -> pd.DataFrame:
    """Return a table written with spaces between its columns, as in the tests; a dash stands for what is missing."""
    return pd.read_csv(io.StringIO(text.strip()), sep=r"\s+", na_values="-")
