"""Funnels by campaign, channel, segment and department without what follows from few people."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

from analysis.report.conversion.few import ALL, Few

if TYPE_CHECKING:
    import pandas as pd

NAMES = {"ordered": "visited"}  # what the page's other counts of the same contacts call a step
DIMENSIONS = ("campaign", "channel", "segment", "department")
STEPS = ("opened", "clicked", "ordered", "redeemed")


def add(few: Few, grouped: pd.DataFrame, departments: pd.DataFrame) -> None:
    """Add the counts of every group and step, and how they add up: groups to all contacts, campaigns to their channel.

    `grouped` and `departments` have one row per contact, and per contact and department (`monitor.funnels`).
    """
    if not few.smallest:
        return
    for dimension in DIMENSIONS:
        table = departments if dimension == "department" else grouped
        groups = dict(list(table.dropna(subset=[dimension]).groupby(dimension, observed=True)))
        for name, rows in groups.items():
            _group(few, dimension, str(name), rows)
        if dimension != "department":
            few.inside("kind", ALL, [(dimension, str(name)) for name in groups], steps=("visited", "redeemed"))
    for dimension, table in (("channel", grouped), ("department", departments)):
        for name, rows in table.dropna(subset=[dimension]).groupby(dimension, observed=True):
            _campaigns_of(few, dimension, str(name), sorted(rows["campaign_id"].unique()))


def added(few: Few, grouped: pd.DataFrame, departments: pd.DataFrame) -> Few:
    """Return what may be shown once the funnels are on the page, too; without them where they would cost what it is about.

    That is where kinds of campaigns are already of few, and where the rate of all contacts would have to stay blank beside
    the groups.
    """
    if not few.smallest:
        return few
    if not any(few.hides("kind", kind) for kind in (ALL, *sorted(grouped["kind"].unique()))):
        both = deepcopy(few)
        add(both, grouped, departments)
        if not both.hides("kind", ALL):
            return both
    few.no_funnels = True
    return few


def hidden(few: Few, dimension: str, group: str, step: str) -> bool:
    """Return whether a row of `monitor.funnels.funnels` stays blank."""
    if not few.smallest or few.no_funnels:
        return few.no_funnels
    called = NAMES.get(step, step)
    return few.hides(dimension, group, "contacted", *([] if step == "contacted" else [called, f"known {called}"]))


def shown(funnels: pd.DataFrame, few: Few) -> pd.DataFrame:
    """Return the rows that may be shown; with the rule on without the number of customers."""
    if not few.smallest:
        return funnels
    kept = [not hidden(few, row.dimension, row.group, row.step) for row in funnels.itertuples()]
    return funnels[kept].drop(columns=["customers", "effective"]).reset_index(drop=True)


def _group(few: Few, dimension: str, name: str, rows: pd.DataFrame) -> None:
    key = (dimension, name)
    few._count((*key, "contacted"), rows)
    for step in STEPS:
        if step not in rows:
            continue
        known, called = rows.dropna(subset=[step]), NAMES.get(step, step)
        hit = known[step].to_numpy(dtype=bool)
        few._count((*key, called), known[hit])
        few._count((*key, f"not {called}"), known[np.logical_not(hit)], printed=False)
        few._count((*key, f"known {called}"), known)
        few.release.total((*key, f"known {called}"), [(*key, called), (*key, f"not {called}")])
        few.release.total((*key, "contacted"), [(*key, f"known {called}")])


def _campaigns_of(few: Few, dimension: str, name: str, campaigns: list[str]) -> None:
    """Say that a group is made of whole campaigns, where its numbers add up to theirs."""
    for what in ("contacted", *(word for step in STEPS for word in _words(NAMES.get(step, step)))):
        parts = [("campaign", one, what) for one in campaigns if ("campaign", one, what) in few.release._counts]
        whole = few.release._counts.get((dimension, name, what))
        if parts and whole is not None and abs(sum(few.release.value(part) for part in parts) - whole) < 0.5:
            few.release.total((dimension, name, what), parts)


def _words(step: str) -> tuple[str, str, str]:
    return step, f"not {step}", f"known {step}"
