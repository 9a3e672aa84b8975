"""From worlds to a page, by the command a user would type, with very few worlds."""

import os
import re
import subprocess
import sys

import pandas as pd
import pytest

from analysis import places
from analysis.report import validated
from analysis.validation import goals, results, summary
from analysis.validation.inventory import INVENTORY


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of one small validation."""
    folder = tmp_path_factory.mktemp("validation")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "validate", "--quick", "--worlds", "3", "--processes", "2"],
        env=os.environ | {"ANALYSIS_WORKSPACE": str(folder)}, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == str(folder / "reports" / "validation" / "index.html")
    return folder


@pytest.fixture(scope="module")
def page(made):
    return (made / "reports/validation/index.html").read_text(encoding="utf-8")


def test_the_page_shows_every_estimate(page):
    for estimate in INVENTORY:
        assert f'<th scope="row">{estimate.name}</th>' in page, estimate.name


def test_the_first_paragraph_names_each_estimate_outside(made, page):
    checks = pd.read_parquet(made / "data/processed/validation/checks.parquet")
    outside = checks[(checks["method"] == "") & (checks["state"] == "outside")]
    first = re.search(r'<div class="answer">.*?</div>', page, flags=re.DOTALL)[0]
    assert len(outside) and all(name in first for name in outside["estimate"].unique())
    assert "3 simulated worlds" in first and "quick run" in first


def test_no_page_says_nan(page):
    assert not re.search(r"\bnan\b|None\b|NaT", re.sub(r"<style>.*?</style>|data:[^\"]*", "", page, flags=re.DOTALL))


def test_the_tables_of_the_run_are_kept_beside_the_data(made):
    found = pd.read_parquet(made / "data/processed/validation/results.parquet")
    checks = pd.read_parquet(made / "data/processed/validation/checks.parquet")
    assert set(found["estimate"]) == {estimate.name for estimate in INVENTORY}
    assert (found["worlds"] == 3).all()
    assert set(checks["state"]) <= {goals.OUTSIDE, goals.INSIDE, goals.UNTOLD, goals.NO_GOAL}


def test_what_is_committed_comes_back_as_it_was(made):
    found = pd.read_parquet(made / "data/processed/validation/results.parquet")
    table = results.kept(found)
    again = pd.read_csv(pd.io.common.StringIO(table.to_csv(index=False)), keep_default_na=False, dtype=str)
    assert list(again.columns) == [*results.KEPT, "page", "modules", "code"]
    assert len(again) == len(found) and not again.duplicated(["cell", "estimate", "says", "method"]).any()
    said = validated.remark("repeat rate", again.to_dict("records"))
    assert " 1 setting of 3 simulated worlds" in said  # 500 customers; the others are slow
    assert "changed since" not in said


def test_a_small_run_commits_nothing(made):
    changed = subprocess.run(
        ["git", "status", "--porcelain", "src/analysis/report"], cwd=places.project_root(), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert validated.FILE not in changed.stdout


def test_the_readme_shows_the_committed_table():
    readme = (places.project_root() / "README.md").read_text(encoding="utf-8")
    shown = readme.split(summary.BEGIN)[1].split(summary.END)[0].strip()
    assert shown == summary.summary(), "run python -m analysis.validation.summary"


def test_the_summary_names_what_misses_and_how():
    rows = pd.DataFrame({
        "estimate": ["mean", "mean", "share", "mean"], "method": ["", "", "", "naive: t"], "cell": ["a", "b", "a", "a"],
        "worlds": 2000, "coverage": [0.88, 0.95, 0.95, 0.1], "outside": ["coverage", "", "", "coverage"],
        "untold": ["", "", "bias", ""],
    })  # fmt: skip
    said = summary.summary(rows).splitlines()
    assert said[0] == "2,000 worlds in each of 2 settings. Of 2 estimates, 1 miss their goal in at least one setting:"
    assert said[4:] == ["| mean | 2 | 1 | 88.0 to 95.0 % | coverage |"]
    assert summary.summary(rows[rows["outside"] == ""]).splitlines() == [
        "2,000 worlds in each of 2 settings. None of 2 estimates clearly misses its goal in any of them; for 1 so few worlds cannot",
        "tell in some setting whether it is met.",
    ]
