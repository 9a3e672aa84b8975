"""A run makes the same bytes anywhere, does nothing twice, stops before it starts when a word is wrong, and hides no failure."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from analysis import places
from analysis.run import graph
from analysis.run.steps import STEPS, steps_of
from analysis.study import Study

DIFFERS_BY_RUN = {"manifest.json"}  # host, durations and versions go there and nowhere else
ELSEWHERE = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "C", "ANALYSIS_THREADS": "4"}


def run(*words, folder, **environment):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        env=os.environ | {"ANALYSIS_WORKSPACE": str(folder)} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def moved(workspace, to, **replaced):
    """Copy a workspace, and let its runner know the files by their new paths; `replaced` are further folders that moved."""
    shutil.copytree(workspace, to)
    with closing(sqlite3.connect(to / ".doit" / "sample.db")) as database, database:
        for old, new in {str(workspace): str(to), **replaced}.items():
            database.execute("update doit set task_data = replace(task_data, ?, ?)", (old, new))
    return to


def ran(done):
    """Return the steps of which a run said that it began them."""
    return {line.split()[1] for line in done.stdout.splitlines() if line.split()[:1] == ["running"]}


def bytes_of(folder):
    files = sorted(file for part in ("data", "reports") for file in (folder / part).rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if not (file.name in DIFFERS_BY_RUN and "reports" in file.parts)
    }


def test_a_run_ends_with_the_path_of_its_index_and_its_record_names_every_output(sample_run):
    record = json.loads((sample_run / "reports/sample/manifest.json").read_text())
    assert record["parameters"]["sample"] == 0.1
    assert {step["outcome"] for step in record["steps"].values()} == {"made"}
    made = {name: digest for step in record["steps"].values() for name, digest in step["outputs"].items()}
    found = bytes_of(sample_run)
    assert set(found) - set(made) == {"reports/sample/index.html"}
    assert all(found[name] == digest for name, digest in made.items())
    assert set(record["run"]) == {"host", "seconds"} and record["packages"]["duckdb"]


def test_nothing_changed_runs_nothing_and_a_changed_parameter_runs_what_declares_it(sample_run, tmp_path):
    work = moved(sample_run, tmp_path / "work")
    again = run("report", "sample", folder=work)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "running" not in again.stdout and "nothing changed" in again.stdout
    assert again.stdout.splitlines()[-1] == str(work / "reports/sample/index.html")
    for page in ("4_design.html", "5_monitor.html"):
        (work / "reports/sample" / page).unlink()
    together = run(
        "report", "sample", folder=work
    )  # two notebooks start side by side in a runner that imported nothing yet
    assert together.returncode == 0, together.stdout + together.stderr
    assert ran(together) == {"design", "monitor"}
    changed = run("report", "sample", "--set", "budget=400", folder=work)
    assert changed.returncode == 0, changed.stdout + changed.stderr
    assert "design" in ran(changed) and "campaign" in ran(changed)
    assert not {"collect", "clean", "segment", "monitor"} & ran(changed)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["report", "smaple"], "no study 'smaple'; the nearest are sample"),
        (["report", "sample", "--set", "budgett=1"], "no parameter 'budgett'; the nearest are budget"),
        (
            ["report", "sample", "--as-of", "yesterday"],
            "study 'sample': as_of=yesterday is not a date; write it like 2017-09-30",
        ),
    ],
)
def test_a_wrong_word_is_one_line_and_nothing_runs(words, message, tmp_path):
    done = run(*words, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == message + "\n" and done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_changed_size_makes_stale_what_collects_and_nothing_that_does_not_ask_for_it():
    small, large = Study.load("workshop"), Study.load("workshop", size="M")
    stale = {step.name for step in STEPS if graph.settings(step, small) != graph.settings(step, large)}
    assert stale == {"collect"}  # the others follow, because the files that they read are others


def test_a_failing_notebook_is_one_message_and_what_does_not_need_it_still_runs(sample_run, tmp_path):
    notebooks = tmp_path / "notebooks"
    shutil.copytree(places.notebooks(), notebooks)
    work = moved(sample_run, tmp_path / "work", **{str(places.notebooks()): str(notebooks)})
    (work / "reports/sample/conversion.html").unlink()
    broken = json.loads((notebooks / "4_design.ipynb").read_text())
    broken["cells"][-2 if broken["cells"][-1]["cell_type"] == "markdown" else -1] = {
        "cell_type": "code",
        "id": "design-broken",
        "metadata": {},
        "source": ["raise KeyError('no such gift')"],
        "outputs": [],
        "execution_count": None,
    }
    (notebooks / "4_design.ipynb").write_text(json.dumps(broken))
    done = run("report", "sample", folder=work, ANALYSIS_NOTEBOOKS=str(notebooks))
    assert done.returncode == 1
    messages = [line for line in done.stdout.splitlines() if "FAILED" in line]
    partly = work / "reports/sample/notebooks/4_design.failed.ipynb"
    assert len(messages) == 1
    for part in ("design failed", "4_design.ipynb", "cell design-broken", "KeyError: 'no such gift'", str(partly)):
        assert part in messages[0]
    assert partly.exists()
    assert "Traceback" not in done.stdout + done.stderr
    assert ran(done) == {"design", "conversion"}
    assert (work / "reports/sample/conversion.html").exists()  # it does not read the plan
    for gone in ("4_design.html", "campaign.html"):
        assert not (work / "reports/sample" / gone).exists()
    index = (work / "reports/sample/index.html").read_text()
    assert "did not finish" in index and "no such gift" in index
    assert 'href="campaign.html"' not in index.split("<main", 1)[1]


def test_the_same_bytes_whatever_seed_zone_locale_folder_and_threads_and_though_the_run_was_killed(
    sample_run, tmp_path
):
    """All that the second run makes is made elsewhere, some of it before it is killed: no half file, and then the same bytes."""
    whole, there = bytes_of(sample_run), ELSEWHERE | {"HOME": str(tmp_path)}
    started = subprocess.Popen(
        [sys.executable, "-m", "analysis", "report", "sample"],
        cwd=tmp_path,
        start_new_session=True,
        env=os.environ | {"ANALYSIS_WORKSPACE": str(tmp_path)} | there,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    target = tmp_path / "data/processed/sample/orders.parquet"
    for _ in range(1200):  # at most two minutes
        if target.exists() or started.poll() is not None:
            break
        time.sleep(0.1)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert target.exists()
    left = bytes_of(tmp_path)
    assert 0 < len(left) < len(whole)
    assert all(whole[name] == digest for name, digest in left.items() if not name.rsplit("/", 1)[-1].startswith("."))
    done = run("report", "sample", folder=tmp_path, **there)
    assert done.returncode == 0, done.stdout + done.stderr
    found = bytes_of(tmp_path)
    assert len(found) > 40
    assert [name for name in whole if whole[name] != found.get(name)] == []
    assert set(whole) == set(found)


def test_every_step_has_a_page(sample_run):
    pages = {step.page for step in steps_of(Study.load("sample"))}
    made = {file.name for file in (sample_run / "reports/sample").glob("*.html")}
    assert made == {"index.html", *pages}
