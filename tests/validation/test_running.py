"""The same worlds give the same results, whoever works them off; every cell runs and says only what the list names."""

import pandas as pd
import pytest

from analysis.validation import grid, running
from analysis.validation.grid import CELLS, FULL_ONLY
from analysis.validation.inventory import BY_NAME


@pytest.fixture(scope="module")
def said():
    """What every cell says in two worlds."""
    return {name: running.work((name, 0, 2)) for name in CELLS}


def test_results_do_not_depend_on_the_number_of_processes(monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    cells = ["weeks", "rule rise", "split sound"]
    alone, together = (running.run(worlds=5, processes=number, cells=cells) for number in (1, 2))
    pd.testing.assert_frame_equal(alone, together)


def test_results_do_not_depend_on_how_worlds_are_shared_out(monkeypatch):
    one = running.run(worlds=5, processes=1, cells=["weeks"])
    monkeypatch.setattr(running, "AT_ONCE", 2)
    pd.testing.assert_frame_equal(one, running.run(worlds=5, processes=1, cells=["weeks"]))


def test_worlds_differ_from_each_other(said):
    for name, (one, other) in said.items():
        intervals = [outcome for outcome in one if not outcome.says and not outcome.refused]
        if intervals:
            assert [o.value for o in one] != [o.value for o in other], name


def test_every_estimate_of_the_list_is_tried_and_nothing_else(said):
    names = {outcome.estimate for worlds in said.values() for world in worlds for outcome in world}
    assert names == set(BY_NAME)


def test_a_quick_run_tries_every_estimate_in_fewer_settings(said):
    assert set(CELLS) > FULL_ONLY
    names = {o.estimate for name, worlds in said.items() if CELLS[name].quick for world in worlds for o in world}
    assert names == set(BY_NAME)


def test_a_quick_look_has_fewer_worlds_where_one_takes_long_and_a_longer_run_has_not():
    assert {running.asked("weeks", worlds) for worlds in (200, 40)} == {200, 40}
    assert [running.asked("plan", worlds) for worlds in (3, 25, 200, 201, 2_000)] == [3, 25, 25, 201, 2_000]
    assert set(running.SLOW) <= set(CELLS) - FULL_ONLY and min(running.SLOW.values()) >= 25
    found = running.run(worlds=running.QUICK, processes=1, cells=["split sound"])
    assert found["worlds"].tolist() == [200]


def test_a_cell_says_the_same_things_in_every_world(said):
    for name, worlds in said.items():
        one, other = ({(o.estimate, o.method, o.says) for o in world} for world in worlds)
        assert one == other, name


def test_no_two_settings_share_a_name():
    groups = [
        group for group in vars(grid).values() if isinstance(group, tuple) and group and isinstance(group[0], grid.Cell)
    ]
    names = [cell.name for group in groups for cell in group]
    assert set(names) == set(CELLS)
    assert [name for name in CELLS if names.count(name) > 1] == []


def test_sizes_and_shares_are_as_in_life():
    options = [cell.options for cell in CELLS.values()]
    sizes = {option["customers"] for option in options if "customers" in option}
    assert min(sizes) <= 500 and max(sizes) >= 50_000
    assert {0.5, 0.1, 0.05} <= {option.get("holdout") for option in options}
    assert {0.5, 0.9, 0.95, 0.99} <= {option.get("silent") for option in options}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"cells": ["no such"], "worlds": 5, "processes": 1}, "no cell 'no such'; there are"),
        ({"worlds": 1, "processes": 1}, "1 worlds in 1 processes; the least is 2 worlds in 1 process"),
        ({"worlds": 5, "processes": 0}, "5 worlds in 0 processes"),
    ],
)
def test_what_cannot_be_run_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        running.run(**asked)
