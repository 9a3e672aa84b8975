"""Lock, environment.yml and pyproject.toml are one set, the lock names no machine, and the README is true."""

import re
import tomllib
from importlib import metadata

import pytest
import yaml

from analysis import places
from analysis.dictionary import dictionary
from analysis.module_map import module_map
from analysis.run.steps import STEPS

ROOT = places.project_root()
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def pins():
    """Return the version locked for each package on this Python; a package can have one for older and one for newer Pythons."""
    from packaging.requirements import Requirement

    lines = [Requirement(line.rstrip("\\ ")) for line in LOCK.splitlines() if re.match(r"[a-z0-9._-]+==", line)]
    return {
        line.name: str(line.specifier).removeprefix("==")
        for line in lines
        if line.marker is None or line.marker.evaluate()
    }


PINS = pins()


def wanted():
    """Return name and condition of every requirement in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", line).groups() for line in lines]


@pytest.mark.parametrize(("name", "condition"), wanted())
def test_every_requirement_is_locked_at_a_version_that_meets_it_and_that_is_installed(name, condition):
    from packaging.specifiers import SpecifierSet

    assert PINS[name] in SpecifierSet(condition)
    assert metadata.version(name) == PINS[name]


def test_every_locked_package_has_hashes_and_none_names_an_index():
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.split("\n", 2)[2])
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)
    assert not re.search(
        r"https?://|file:|--index|--find-links|^\s+#.*/(?:opt|root|home|tmp)/", LOCK, flags=re.MULTILINE
    )


def test_the_conda_route_installs_the_same_lock_for_the_same_pythons():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert pip == ["--require-hashes", "-r requirements.lock"]
    assert conda[0].removeprefix("python ") == project["requires-python"]


def test_the_readme_has_the_data_dictionary_of_the_declarations():
    assert dictionary() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_maps_every_notebook_and_every_module():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [step.notebook for step in STEPS if f"{step.notebook}.ipynb" not in readme] == []
    assert module_map() in readme, "write it anew with python -m analysis.module_map"


def test_every_folder_of_modules_says_what_it_is_for():
    assert not [line for line in module_map().splitlines() if "|  |" in line]


def test_the_readme_gives_a_reason_for_every_dependency():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert [name for name, _ in wanted() if f"`{name}`" not in readme] == []


def test_modules_are_no_longer_than_two_hundred_lines():
    long = {
        file.name: n
        for file in (ROOT / "src").rglob("*.py")
        if (n := len(file.read_text(encoding="utf-8").splitlines())) > 200
    }
    assert long == {}
