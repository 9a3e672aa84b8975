"""Which counts of moves between segments, and of the newly seen, stay blank because they are of few."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.disclosure import Release

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.loyalty.newcomers import Newcomers


class Moves(NamedTuple):
    """The moves with their blanks, the size of each row as it may be shown, and whether the share of who stays may be."""

    table: pd.DataFrame
    sizes: dict[str, float]
    stays: bool


def moves(movement: pd.DataFrame, *, absent: str, smallest: int) -> Moves:
    """Return what of the moves between segments may be shown; rows and the diagonal add up to numbers that are printed."""
    sizes = {name: float(size) for name, size in movement.groupby("from_segment")["customers"].sum().items()}
    if not smallest:
        return Moves(movement, sizes, True)
    release = Release(smallest)
    release.table("moves", movement, people=["customers"])
    for name, part in movement.groupby("from_segment"):
        release.count(("row", name), sizes[name])
        release.total(("row", name), release.keys("moves", "customers", part.index))
    first = movement[movement["from_segment"] != absent]
    same = first.index[first["from_segment"] == first["to_segment"]]
    release.count("first", first["customers"].sum())
    release.count("stays", first.loc[same, "customers"].sum())
    release.total("first", [("row", name) for name in sizes if name != absent])
    release.total("stays", release.keys("moves", "customers", same))
    release.total("first", ["stays"])
    shown = {name: float("nan") if release.hides(("row", name)) else size for name, size in sizes.items()}
    made = release.masked("moves", movement, dependents={"customers": ["share"]})
    told = (
        made["from_segment"].map(shown).notna()
    )  # a row of few is blank as a whole: its zeros would say where all went
    made[["customers", "share"]] = made[["customers", "share"]].where(told)
    return Moves(made, shown, not (release.hides("stays") or release.hides("first")))


def newly_seen(
    groups: pd.DataFrame, found: Newcomers | None, *, smallest: int
) -> tuple[pd.DataFrame, Newcomers | None]:
    """Return the quarters of `newcomers.by_quarter` with their blanks, and what they say without what follows from few."""
    if not smallest or found is None or groups.empty:
        return groups, found
    release = Release(smallest)
    release.table("groups", groups, people=["customers", "active"], part_of={"active": "customers"})
    for _, part in groups.groupby("group", sort=False):
        for row in part.index[1:]:
            release.total(("groups", "customers", row), [("groups", "customers", part.index[0])])
    for column, value in (("customers", found.customers), ("active", round(found.rate * found.customers))):
        release.count(("all", column), value)
        release.total(("all", column), release.keys("groups", column, groups.index[groups["age_months"] == 1]))
    release.total(("all", "customers"), [("all", "active")])
    later = groups[(groups["group"] != found.first_group) & (groups["age_months"] == found.compared_after)]
    for column in ("customers", "active"):
        release.count(("later", column), later[column].sum())
        release.total(("later", column), release.keys("groups", column, later.index))
    release.total(("later", "customers"), [("later", "active")])
    rate = ["rate", "low", "high"]
    made = release.masked("groups", groups, dependents={"customers": ["active", *rate], "active": rate})
    first = made.loc[(made["group"] == found.first_group) & (made["age_months"] == found.compared_after), "rate"]
    if release.hides(("all", "customers")) or release.hides(("all", "active")):
        return made, None
    if release.hides(("later", "active")) or release.hides(("later", "customers")) or first.isna().any():
        unknown = dict.fromkeys(("early_rate", "late_rate", "difference", "difference_low", "difference_high"), np.nan)
        found = found._replace(**unknown, word="cannot tell")
    return made, found._replace(first_cohort_rate=np.nan)
