"""The list of what goes wrong with input is whole, and every case that names a test has it."""

import ast
import csv

import pytest

from analysis import places

ROOT = places.project_root()
with (ROOT / "tests" / "bad_input" / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


def test_the_list_has_every_number_once():
    assert [int(case["number"]) for case in CASES] == list(range(1, 109))


@pytest.mark.parametrize("case", [case for case in CASES if case["test"]], ids=lambda case: case["number"])
def test_a_named_test_is_there(case):
    path, name = case["test"].split("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert name in {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    if name == "test_case":
        assert f"Case({case['number']}, " in source
