"""The first paragraph names every estimate outside its goal."""

import pandas as pd

from analysis.report.validation import opening


def checks(*rows):
    columns = ["cell", "setting", "estimate", "method", "says", "nothing", "worlds", "measure", "value", "error", "goal_low", "goal_high",
               "state"]  # fmt: skip
    known = {
        "cell": "c",
        "setting": "s",
        "method": "",
        "says": "",
        "nothing": False,
        "worlds": 2000,
        "goal_low": 0.94,
        "goal_high": 0.96,
    }
    return pd.DataFrame([known | row for row in rows], columns=columns)


def miss(estimate, value, error=0.005, **changed):
    return {"estimate": estimate, "measure": "coverage", "value": value, "error": error, "state": "outside"} | changed


def test_each_is_named_with_its_worst_setting():
    table = checks(
        miss("mean", 0.92), miss("mean", 0.88), miss("share", 0.99), {**miss("fine", 0.95), "state": "inside"}
    )
    said = str(opening.answer(table, table.head(0), quick=False))
    assert "2 estimates of 3 miss their goal" in said
    assert "mean (coverage 88.0 %, goal 94.0 to 96.0 %); share (coverage 99.0 %" in said
    assert "fine" not in said


def test_one_is_not_two_and_none_is_said_to_be_none():
    one = checks(miss("mean", 0.92))
    assert "1 estimate of 1 misses its goal" in str(opening.answer(one, one.head(0), quick=False))
    none = checks({**miss("mean", 0.95), "state": "inside"})
    assert "No estimate of 1 clearly misses its goal" in str(opening.answer(none, none.head(0), quick=False))


def test_a_naive_miss_is_not_ours():
    table = checks({**miss("mean", 0.95), "state": "inside"}, miss("mean", 0.2, method="naive: t"))
    assert opening.worst(table[table["method"] == ""]).empty


def test_a_quick_run_says_so_and_names_what_the_full_run_found():
    table = checks({**miss("mean", 0.95), "state": "inside", "worlds": 200})
    full = checks(miss("share", 0.9))
    said = str(opening.answer(table, full, quick=True))
    assert (
        "This is a quick run, in fewer settings and too small to see small faults; the results of the full run stand beside."
        in said
    )
    assert "The full run names 1 estimate: share." in said
    assert "no full run has been kept yet" in str(opening.answer(table, full.head(0), quick=True))


def test_the_worst_is_the_furthest_in_its_own_errors():
    table = checks(miss("mean", 0.90, error=0.02), miss("mean", 0.93, error=0.001))
    assert opening.worst(table)["value"].tolist() == [0.93]
