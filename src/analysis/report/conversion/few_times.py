"""Redemption by day and by week, and opinions, without what follows from few people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.disclosure import Release

if TYPE_CHECKING:
    import pandas as pd

LEAST_LEFT = 2  # steps of a curve; a single point is no curve


def thinned(times: pd.DataFrame, *, smallest: int, reached: str = "redeemed_by", of: str = "contacted") -> pd.DataFrame:
    """Return the curves of `monitor.redemption_time` by kind with as many steps as have `smallest` redemptions each.

    `reached` and `of` name the columns with how many have come so far, and of how many.

    The number that redeemed between two days that are shown is a count of people too. All kinds together are left out,
    because their curve minus the others would be that of a kind left out; so is the number still followed. Kinds with
    fewer redemptions, or fewer contacts without one, are left out.
    """
    import pandas as pd

    if not smallest or times.empty:
        return times
    parts = []
    for kind, part in times[times["kind"] != "all"].groupby("kind"):
        rows, total = part.sort_values("days"), int(part[reached].max())
        left = int(part[of].max()) - total
        if total < LEAST_LEFT * smallest or 0 < left < smallest:
            continue
        kept, before = [], 0
        for index, by in rows[reached].items():
            if by - before >= smallest and (total - by >= smallest or by == total):
                kept.append(index)
                before = by
        parts.append(rows.loc[kept].assign(kind=kind, at_risk=float("nan")))
    return pd.concat(parts, ignore_index=True) if parts else times.head(0)


def weeks(control: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Return the weeks of the measure redemption of which none of redeemed, open or neither is few; other measures as they are."""
    if not smallest:
        return control
    opened = control["contacted_open"].fillna(0)
    redeemed = (control["value"] * opened).round()
    few = [(part > 0) & (part < smallest) for part in (opened, redeemed, opened - redeemed)]
    return control[(control["measure"] != "redemption") | ~(few[0] | few[1] | few[2])].reset_index(drop=True)


def opinions(told: pd.DataFrame, feedback: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Return the table of `monitor.satisfaction` without the rows of few, or of what would give them away.

    Also that of `monitor.opinions.by_department`, from opinions with their department.
    """
    import pandas as pd

    if not smallest or told.empty:
        return told
    release = Release(smallest)
    columns = {"all": None, "channel": "channel", "product": "product_id", "department": "department"}
    for row, one in told.iterrows():
        rows = feedback[feedback["kind"] == one["kind"]]
        rows = rows if columns[one["by"]] is None else rows[rows[columns[one["by"]]] == one["name"]]
        known = rows["satisfied"].notna()
        parts = {
            "opinions": known,
            "satisfied": rows["satisfied"] == 1,
            "not": known & (rows["satisfied"] != 1),
            "unknown": ~known,
        }
        for name, inside in parts.items():
            people = rows.loc[inside, "customer_id"].nunique()
            release.count((row, name), int(inside.sum()), guarded=0 < people < smallest, printed=name != "not")
        release.total((row, "opinions"), [(row, "satisfied"), (row, "not")])
    for _, part in told.groupby("kind"):
        whole = part.index[part["by"] == "all"][0]
        for by in ("channel", "product", "department"):
            for name in ("opinions", "satisfied", "not", "unknown"):
                release.total((whole, name), [(row, name) for row in part.index[part["by"] == by]])
    made = told.assign(
        unknown=[pd.NA if release.hides((row, "unknown")) else told.at[row, "unknown"] for row in told.index]
    )
    shown = [not any(release.hides((row, name)) for name in ("opinions", "satisfied")) for row in told.index]
    return made[shown].astype({"unknown": "Int64"}).reset_index(drop=True)
