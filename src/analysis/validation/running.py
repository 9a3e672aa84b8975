"""Many worlds side by side: one task is a few worlds of one cell, and its result does not depend on who works it off."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pandas as pd

from analysis.randomness import generator
from analysis.validation.grid import CELLS
from analysis.validation.outcomes import Outcome
from analysis.validation.score import score

SEED = 20240101
AT_ONCE = 25  # worlds of a task
QUICK = 200  # worlds; up to so many are a quick look
SLOW = {  # worlds of a quick look, where one takes a twentieth of a second or more; all others get what is asked for
    "plan": 25, "plan households": 30, "measures 2000": 30, "groups": 40, "customers 500": 60, "months 500": 60, "company offer": 80,
    "contacts 500": 50, "contacts 2000": 50, "touches 500": 40, "touches 2000": 40, "walks 200": 100, "walks 2000": 80,
    "rule level": 40, "rule lot": 40, "rule rise": 60, "rule cause": 60, "rule cause offered": 60, "rule cause used": 60,
    "outcomes 2000": 60, "outcomes orders": 60, "lots together": 80, "looks none": 60, "looks half": 80, "range 2000": 100,
    "after 2000": 100, "households 800": 60, "households effect": 80, "households 1500": 80,
}  # fmt: skip


def run(*, worlds: int, processes: int, cells: Sequence[str] = tuple(CELLS)) -> pd.DataFrame:
    """One row per cell, estimate, method and claim over as many worlds per cell (see `asked`), in the order of the grid; see `score`.

    Raises ValueError for an unknown cell, fewer than 2 worlds, and for fewer than one process.
    """
    if unknown := [name for name in cells if name not in CELLS]:
        raise ValueError(f"no cell {unknown[0]!r}; there are {', '.join(CELLS)}")
    if worlds < 2 or processes < 1:
        raise ValueError(f"{worlds} worlds in {processes} processes; the least is 2 worlds in 1 process")
    numbers = {name: asked(name, worlds) for name in cells}
    tasks = [
        (name, first, min(first + AT_ONCE, numbers[name]))
        for name in cells
        for first in range(0, numbers[name], AT_ONCE)
    ]
    found: dict[str, list[list[Outcome]]] = {name: [] for name in cells}
    for (name, *_), outcomes in zip(tasks, _worked_off(tasks, processes=processes), strict=True):
        found[name] += outcomes
    return pd.concat([score(CELLS[name], found[name]) for name in cells], ignore_index=True)


def asked(name: str, worlds: int) -> int:
    """Return how many worlds a cell gets: a run of no more than `QUICK` is a quick look, in which a slow cell has fewer."""
    return min(worlds, SLOW.get(name, worlds)) if worlds <= QUICK else worlds


def work(task: tuple[str, int, int]) -> list[list[Outcome]]:
    """Return the outcomes of the worlds from the first to before the last number of a cell."""
    name, first, last = task
    cell = CELLS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a world that divides by zero is a fault of ours, not a result
        return [
            cell.trial(generator(SEED + number, f"validation {name}"), **cell.options) for number in range(first, last)
        ]


def _worked_off(tasks: list, *, processes: int) -> Iterator[list[list[Outcome]]]:
    if processes == 1:
        yield from map(work, tasks)
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the processes are the threads
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, tasks)
