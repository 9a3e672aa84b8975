"""What tests share: a workspace of their own for every file that a study writes, and tables written as text."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below which data/ and reports/ are written, gone after the test."""
    monkeypatch.setenv("ANALYSIS_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Give `once(name, make)`: the folder `name`, which `make` filled once, also where several processes share the tests.

    The first process to ask makes it while the others wait; tests only read it. Names are unique among all tests.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # one folder for all processes of a run

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.made"
        with _alone(shared / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what a failure left
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time into the block; the system lets the next one in also when the first is killed."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    import fcntl  # not on Windows, where tests run in one process

    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sample_run(once) -> Path:
    """The workspace of one run of the study `sample`, made once by the command a user would type; tests only read it."""
    return once("sample", lambda folder: _command("report", "sample", folder=folder))


def _command(*words: str, folder: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        env=os.environ | {"ANALYSIS_WORKSPACE": str(folder)}, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


# Files whose tests take longest, first; the many short ones fill what is left of the time on every core.
LONGEST = [
    "run/test_privacy.py", "run/test_command.py", "run/test_small_groups.py", "run/test_notebooks.py", "report/test_in_a_browser.py",
    "validation/test_making.py", "validation/test_running.py", "report/campaign/test_method.py",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Where processes share the cores, how long an example takes says nothing about the code.

    Hypothesis writes each example it keeps whole or not at all, under the name of its test, so that no two processes meet.
    """
    if hasattr(config, "workerinput"):
        from hypothesis import settings

        settings.register_profile("side by side", parent=settings.default, deadline=None)
        settings.load_profile("side by side")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, file by file, begin with those that take longest."""
    if hasattr(config, "workerinput"):
        here, places = Path(__file__).parent, {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path.relative_to(here).as_posix(), len(LONGEST)))


def table(text: str) -> pd.DataFrame:
    """Return a table written with spaces between its columns, as in the tests; a dash stands for what is missing."""
    return pd.read_csv(io.StringIO(text.strip()), sep=r"\s+", na_values="-")
