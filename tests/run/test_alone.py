"""A study is run once at a time, and not where its results cannot be written."""

import os
import signal
import subprocess
import sys

import pytest

from analysis import places
from analysis.refusals import StudyError
from analysis.run import alone, command

HOLD = "import sys; from analysis.run.alone import alone\nwith alone('sample'): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def other(workspace):
    """Another process that runs the study `sample`."""
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert holding.stdout.readline() == b"held\n"
    yield holding
    holding.kill()
    holding.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such lock")
def test_a_second_run_of_a_study_is_refused_in_one_line_and_another_study_is_not(other, workspace, capsys):
    (workspace / "reports" / "sample").mkdir(parents=True)
    page = workspace / "reports" / "sample" / "index.html"
    page.write_text("old")
    wait = f"study 'sample' is being run by process {other.pid}; wait for its end, or end that process\n"
    for words in (["report", "sample"], ["forget", "7", "--study", "sample"], ["clean"]):
        assert (command.main(words), capsys.readouterr().err) == (2, wait)
    assert page.read_text() == "old"
    with alone.alone("workshop"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such lock")
def test_a_run_that_is_killed_keeps_nobody_out(other):
    with pytest.raises(StudyError), alone.alone("sample"):
        pass
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with alone.alone("sample"):
        pass


@pytest.mark.parametrize("taken", ["reports", "data/processed", "data/raw", ".doit"])
def test_where_results_cannot_be_written_nothing_changes_and_one_line_says_where(workspace, capsys, taken):
    old = places.processed("sample") / "orders.parquet"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    place = workspace / taken
    if taken == "data/processed":
        old = place
        old.joinpath("sample/orders.parquet").unlink()
        old.joinpath("sample").rmdir()
        old.rmdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"old")  # a file where a folder is needed: not even root can write below it
    assert command.main(["report", "sample"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert told.err.startswith(f"stopped at {place}") and "no file is half written" in told.err
    assert old.read_bytes() == b"old" and place.read_bytes() == b"old"


def test_a_file_that_another_program_holds_stays_as_it_was(workspace, monkeypatch):
    path = workspace / "reports" / "sample" / "list.csv"
    places.write_text(path, "old")

    def held(source, target):
        raise PermissionError(13, "Permission denied", str(target))  # what Windows says of a file that Excel has open

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(PermissionError):
        places.write_text(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in path.parent.iterdir()] == ["list.csv"]


def test_to_forget_where_nothing_can_be_written_is_one_line_too(workspace, capsys):
    place = workspace / "data"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"old")  # a file where a folder is needed
    assert command.main(["forget", "C0000001", "--study", "sample"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and told.err.startswith(f"stopped at {place}")
    assert place.read_bytes() == b"old"
