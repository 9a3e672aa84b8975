"""The list of estimates is complete: no module makes an interval, a test or a promise that no entry names."""

import ast
import re

import pytest

from analysis import places
from analysis.validation.inventory import INVENTORY

PACKAGE = places.project_root() / "src" / "analysis"
NAMED = {module for estimate in INVENTORY for module in estimate.code}
TYPES = {"Interval", "Sums", "Estimate", "Verdict", "MeanDifference", "Difference", "Randomised"}
#: The setting of a correction and its words; what adjusts by it has the p-values from elsewhere, and that is scanned.
TYPES |= {"HOLM", "comparisons", "correction"}
#: Functions of other modules that make an interval, and what turns a spread into limits by hand.
INTERVALS = {"median_interval", "rate_difference", "conversion_rate", "rate_of", "with_rate", "false_alarm_chance"}
BY_HAND, FACTORS = {"ndtri", "stdtrit", "bdtr"}, {1.96, 0.98, 2.66, 0.025}


def makers():
    """Modules outside `inference` and `validation` that make an interval or a test."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
        if name.split(".")[0] not in ("inference", "validation", "collect"):
            tree = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
            if makes_an_interval(tree):
                yield name


def makes_an_interval(tree):
    imported, called, numbers = set(), set(), set()
    for node in tree:
        if isinstance(node, ast.ImportFrom):
            inference = (node.module or "").startswith("analysis.inference")
            imported |= {alias.name for alias in node.names if inference or alias.name in INTERVALS}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called.add(node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            numbers.add(node.value)
    return bool(imported - TYPES or called & BY_HAND or numbers & FACTORS)


@pytest.mark.parametrize("module", list(makers()))
def test_a_module_that_makes_an_interval_is_named_by_an_estimate(module):
    assert module in NAMED, f"{module} makes an interval; which estimate of validation/inventory.py tries it?"


def test_the_scan_finds_what_it_should():
    found = set(makers())
    assert {"monitor.redemption_time", "report.loyalty.returns", "report.conversion.timing", "segment.cohorts"} <= found
    assert "report.words" not in found


def test_every_function_of_inference_that_makes_an_interval_is_behind_an_estimate():
    made = {
        f"inference.{file.stem}"
        for file in (PACKAGE / "inference").glob("*.py")
        if file.stem != "__init__" and re.search(r"^def (?!_)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert made - NAMED == {"inference.interval"} - NAMED


@pytest.mark.parametrize("estimate", INVENTORY, ids=[estimate.name for estimate in INVENTORY])
def test_the_modules_of_an_estimate_exist(estimate):
    for module in estimate.code:
        assert (PACKAGE / f"{module.replace('.', '/')}.py").is_file(), module


def test_names_are_unique():
    assert len({estimate.name for estimate in INVENTORY}) == len(INVENTORY)


def names_on_pages():
    """Names of estimates in calls of page.section(estimates=...), with the page that makes the call."""
    for folder in ("loyalty", "conversion", "campaign"):
        for file in sorted((PACKAGE / "report" / folder).glob("*.py")):
            source = file.read_text(encoding="utf-8")
            if "estimates" in source.lower():
                texts = {
                    n.value
                    for n in ast.walk(ast.parse(source))
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
                yield folder, texts


def test_each_estimate_is_named_where_its_page_prints_it_so_that_a_miss_is_said_there():
    said = {}
    for folder, texts in names_on_pages():
        said.setdefault(folder, set()).update(texts)
    pages = [estimate for estimate in INVENTORY if estimate.page in said]
    assert len(pages) > 45
    assert [estimate.name for estimate in pages if estimate.name not in said[estimate.page]] == []
