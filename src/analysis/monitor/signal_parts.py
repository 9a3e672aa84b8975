"""Where the change of an unusual week lies: by department, channel and segment, each against its usual share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine
from analysis.monitor.signals import MEAN_OF
from analysis.monitor.weekly import WEEK
from analysis.small_groups import DOMINANT

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE = 8  # weeks before a change that say what share of sales a part usually has
EXCESS = 0.10  # of the change, beyond its usual share, from which on a part is said to stand out
NOT_SEEN, UNKNOWN = "not seen before", "not known"
COLUMNS = ["week_starts_on", "weeks", "dimension", "part", "value", "expected", "gap", "share", "usual", "told"]
SegmentsOn = Callable[[date], pd.DataFrame]


def signal_parts(
    control: pd.DataFrame, orders: nw.LazyFrame, products: pd.DataFrame, *, segments_on: SegmentsOn | None = None,
    smallest: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """One row per signal of sales, dimension and part: how far the part lies from what it would have at its usual share.

    value: sales per week of the part in the signal's weeks, the one itself or the four up to a lasting change (`weeks`).
    expected: the same weeks' expected sales (their centre) times `usual`, the share of the part in the eight weeks before
    them. gap: value - expected; the gaps of a dimension add up to that of all sales, and `share` is the part's of it, 0 to
    1 where it moved with them. `segments_on` gives customer_id and segment as of a day; the day before the eight weeks is
    asked for, so that the weeks do not decide who is in which. told: false where in any of these weeks fewer people than
    `smallest` stand behind the part or behind the rest, or one has most of it; its numbers are missing. A dimension with one
    part, and a signal without eight weeks before it, have no rows.
    """
    sales = control[control["measure"] == "sales"].sort_values("week_starts_on", ignore_index=True)
    found = [
        part
        for at in np.flatnonzero(sales["signal"].notna())
        if len(part := _of_signal(sales, int(at), orders, products, segments_on=segments_on, smallest=smallest))
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def foremost(parts: pd.DataFrame) -> pd.DataFrame:
    """One row per signal: the part whose share of the change is furthest beyond its usual share of sales.

    Only parts that may be told and that moved as sales did. stands_out says whether it is beyond by a tenth of the change;
    else the change is spread about as sales are.
    """
    told = parts[parts["told"].astype(bool) & (parts["share"] > 0)]
    excess = (told["share"] - told["usual"]).rename("excess")
    order = told.assign(excess=excess).sort_values(
        ["week_starts_on", "excess", "dimension", "part"], ascending=[True, False, True, True]
    )
    first = order.groupby("week_starts_on", as_index=False).head(1)
    return first.assign(stands_out=first["excess"] >= EXCESS).drop(columns="excess").reset_index(drop=True)


def _of_signal(
    sales: pd.DataFrame, at: int, orders: nw.LazyFrame, products: pd.DataFrame, *, segments_on: SegmentsOn | None,
    smallest: int,
) -> pd.DataFrame:  # fmt: skip
    lasting = "lasting" in sales["signal"][at]
    first = max(at - (MEAN_OF - 1 if lasting else 0), 0)
    inside, before = sales.iloc[first : at + 1], sales.iloc[max(first - BEFORE, 0) : first]
    if len(before) < BEFORE or inside["centre"].isna().any():
        return pd.DataFrame(columns=COLUMNS)
    begins = before["week_starts_on"].iloc[0]
    lines = orders.join(_days(begins, inside["week_starts_on"].iloc[-1]), on="ordered_on")
    groups: dict[str, tuple[nw.LazyFrame, str]] = {}
    if "channel" in orders.collect_schema().names():
        groups["channel"] = (lines, "channel")
    by_product = products[["product_id"]].assign(part=products["department"])
    groups["department"] = (lines.join(engine.lazy(by_product), on="product_id", how="left"), "part")
    if segments_on is not None:
        then = segments_on((begins - timedelta(days=1)).date()).astype(str).rename(columns={"segment": "part"})
        groups["segment"] = (lines.join(engine.lazy(then), on="customer_id", how="left"), "part")
    made = [
        _of_dimension(name, part, by, inside, before, smallest=smallest) for name, (part, by) in sorted(groups.items())
    ]
    return pd.concat([part for part in made if len(part)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)


def _days(first: pd.Timestamp, last: pd.Timestamp) -> nw.LazyFrame:
    """One row per day from a Monday to the end of another's week: the day and its Monday."""
    days = pd.date_range(first, last + WEEK - pd.Timedelta(days=1)).as_unit("s")
    table = pd.DataFrame({"ordered_on": days, "week_starts_on": days - pd.to_timedelta(days.day_of_week, unit="D")})
    return engine.lazy(table).with_columns(nw.col("ordered_on", "week_starts_on").cast(nw.Date))


def _of_dimension(
    name: str, lines: nw.LazyFrame, by: str, inside: pd.DataFrame, before: pd.DataFrame, *, smallest: int
) -> pd.DataFrame:
    sums = _sums(lines, by, absent=NOT_SEEN if name == "segment" else UNKNOWN)
    if sums["part"].nunique() < 2:
        return pd.DataFrame(columns=COLUMNS)
    amounts = sums.pivot(index="week_starts_on", columns="part", values="sales").fillna(0.0)
    known = amounts.reindex([*before["week_starts_on"], *inside["week_starts_on"]], fill_value=0.0)
    usual = known.iloc[:BEFORE].sum() / known.iloc[:BEFORE].to_numpy().sum()
    value, centre = known.iloc[BEFORE:].mean(), float(inside["centre"].mean())
    table = pd.DataFrame({"value": value, "expected": centre * usual, "gap": value - centre * usual, "usual": usual})
    table["share"] = table["gap"] / table["gap"].sum()
    few = _few(sums, smallest=smallest) if smallest else set()
    table["told"] = ~table.index.isin(few)
    numbers = ["value", "expected", "gap", "share", "usual"]
    table[numbers] = table[numbers].where(table["told"])
    table = table.rename_axis("part").reset_index()
    table = table.assign(week_starts_on=inside["week_starts_on"].iloc[-1], weeks=len(inside), dimension=name)
    return table.sort_values("part", ignore_index=True)[COLUMNS]


def _sums(lines: nw.LazyFrame, by: str, *, absent: str) -> pd.DataFrame:
    """One row per week and part: sales, customers, others (customers who bought elsewhere too or only), largest of one."""
    named = lines.with_columns(part=nw.col(by).cast(nw.String).fill_null(absent))
    per = named.group_by("week_starts_on", "part", "customer_id").agg(sales=nw.col("amount").sum())
    alone = per.group_by("week_starts_on", "customer_id").agg(parts=nw.len())
    weeks = alone.group_by("week_starts_on").agg(everyone=nw.len())
    found = (
        per.join(alone, on=["week_starts_on", "customer_id"])
        .group_by("week_starts_on", "part")
        .agg(
            sales=nw.col("sales").sum(), customers=nw.len(), largest=nw.col("sales").max(),
            only=(nw.col("parts") == 1).cast(nw.Int64).sum(),
        )
        .join(weeks, on="week_starts_on")
    )  # fmt: skip
    table = engine.collect(found)
    table["week_starts_on"] = pd.to_datetime(table["week_starts_on"]).astype("datetime64[s]")
    table[["sales", "largest"]] = table[["sales", "largest"]].astype(float)
    return table.assign(others=table["everyone"] - table["only"])


def _few(sums: pd.DataFrame, *, smallest: int) -> set[str]:
    """Return the parts that rest on few people in a week, leave few over, or are mostly one person's.

    A part without sales in one of the weeks is one of them: what the others show would then be all there is.
    """
    weeks = sums["week_starts_on"].nunique()
    sound = (
        (sums["customers"] >= smallest) & (sums["others"] >= smallest) & (sums["largest"] <= DOMINANT * sums["sales"])
    )
    whole = sums[sound].groupby("part")["week_starts_on"].nunique()
    return set(sums["part"]) - set(whole.index[whole == weeks])


def with_parts(control: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Return the control table with `foremost` beside the signals of sales, in columns that begin with `part`; else missing."""
    names: Mapping[str, str] = {"dimension": "part_of", "part": "part", "gap": "part_gap", "share": "part_share",
                                "usual": "part_usual", "stands_out": "part_stands_out"}  # fmt: skip
    beside = first[["week_starts_on", *names]].rename(columns=names).assign(measure="sales")
    beside["week_starts_on"] = beside["week_starts_on"].astype(control["week_starts_on"].dtype)
    beside = beside.astype({"part_of": "str", "part": "str", "part_gap": float, "part_share": float, "part_usual": float,
                            "part_stands_out": "boolean"})  # fmt: skip
    return control.merge(beside, on=["measure", "week_starts_on"], how="left", validate="one_to_one")
