"""Campaigns drawn by lot at the looks that the study declares: which are reached, what they allow to say, and when the next is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import engine
from analysis.inference.interval import upper_tail
from analysis.inference.looks import GAIN, Look, look
from analysis.inference.spending import spent
from analysis.monitor.campaigns import A_A
from analysis.monitor.comparison import DAY, spend_in_windows
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import narwhals as nw

    from analysis.declared_looks import Looks

STOP_GAIN, STOP_LOSS, GO_ON = "stop: gain shown", "stop: loss shown", "go on"
END, END_SILENT, STOP_SILENT = "end: cannot tell", "end: nothing found", "stop: found what is not there"
OVER, AHEAD = "stopped before", "not reached"
COLUMNS = ["campaign_id", "kind", "unit", "look", "looks", "on", "share", "spent", "reached", "treated", "holdout", "buyers_treated",
           "buyers_holdout", "statistic", "lower", "upper", "lift", "low", "high", "decision", "why"]  # fmt: skip


def lot_looks(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, lots: pd.DataFrame, *,
    looks: Looks | None, as_of: date, data_from: date, seed: int, confidence: float = 0.95, draws: int = 1999,
    units: Mapping[str, pd.Series] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign by lot that can be read and declared look: when it is, and what was found if `as_of` has reached it.

    `lots` are from `lots.checks`; broken lots and those that began before the data have no row, and without declared `looks`
    there is none at all. `lift` is that of spend up to the look, as a share of the held out's, `low` and `high` hold it
    at all looks together with the confidence (see `inference.looks`). `spent` is the share of the error used up by the look, both
    sides together. `units` has, by campaign whose lot drew households, the unit of each of its customers (`drawn_units`):
    there all counts and spend are those of households. `decision` is one of the words above; each campaign is taken by itself,
    whatever the others show.
    """
    asked = campaigns[["campaign_id", "kind", "starts_on", "ends_on"]].assign(
        starts_on=pd.to_datetime(campaigns["starts_on"]), ends_on=pd.to_datetime(campaigns["ends_on"])
    )
    sound = lots.loc[~lots["broken"] & lots["share_meant"].notna(), "campaign_id"]
    asked = asked[asked["campaign_id"].isin(sound) & (asked["starts_on"] >= pd.Timestamp(data_from))]
    if looks is None or asked.empty:
        return _typed([])
    after = {row.campaign_id: looks.after((row.ends_on - row.starts_on).days + 1) for row in asked.itertuples()}
    spans = {
        f"{row.campaign_id} {days}": (row.starts_on, row.starts_on + (days - 1) * DAY)
        for row in asked.itertuples()
        for days in after[row.campaign_id]
        if row.starts_on + (days - 1) * DAY <= pd.Timestamp(as_of)
    }
    spend = engine.collect(spend_in_windows(orders, spans)).set_index("customer_id").astype(float) if spans else None
    rows = []
    for row in asked.sort_values("campaign_id").itertuples():
        own = contacts[contacts["campaign_id"] == row.campaign_id].sort_values("customer_id")
        days = after[row.campaign_id]
        reached = [f"{row.campaign_id} {day}" for day in days if f"{row.campaign_id} {day}" in spans]
        behind = spent([day / days[-1] for day in days], error=1 - upper_tail(confidence), kind=looks.spending)
        values = pd.DataFrame(index=own["customer_id"])
        if reached:
            values = spend[reached].reindex(own["customer_id"]).fillna(0.0)
        told = own["arm"].eq("treated").set_axis(values.index)
        unit = (units or {}).get(row.campaign_id)
        if unit is not None:
            unit = unit.reindex(values.index).to_numpy()
            values, told = values.groupby(unit).sum(), told.groupby(unit).max()
        values, told = values.to_numpy().reshape(len(told), -1), told.to_numpy(dtype=bool)
        rngs = [generator(seed, f"lot {row.campaign_id} look {at}") for at in range(len(reached))]
        found = at_looks(values, told, spent=behind[: len(reached)], rngs=rngs, draws=draws)
        rows += _rows(row, days, 2 * behind, values, told, found, unit="customer" if unit is None else "household")
    return _typed(rows)


def at_looks(values: np.ndarray, treated: np.ndarray, *, spent, rngs, draws: int) -> list[Look]:
    """Return what each look finds of spend up to it: one row of `values` per customer, one column per look that is reached."""
    if not values.shape[1]:
        return []
    return look(
        values[treated], values[~treated], n_treated=int(treated.sum()), n_holdout=int((~treated).sum()), spent=spent,
        rngs=rngs, draws=draws,
    )  # fmt: skip


def decisions(found: list[Look], *, looks: int, sent_nothing: bool = False) -> list[str]:
    """Return the word for each of so many looks, reached or not: the first that passes a limit stops the campaign."""
    words, stopped = [], False
    for at in range(looks):
        if at >= len(found):
            words.append(OVER if stopped else AHEAD)
        elif stopped:
            words.append(OVER)
        elif found[at].shows:
            stopped = True
            word = STOP_GAIN if found[at].shows == GAIN else STOP_LOSS
            words.append(STOP_SILENT if sent_nothing else word)
        else:
            words.append(GO_ON if at < looks - 1 else END_SILENT if sent_nothing else END)
    return words


def _rows(
    row, days: tuple[int, ...], spent, values: np.ndarray, treated: np.ndarray, found: list[Look], *, unit: str
) -> list[dict]:
    words = decisions(found, looks=len(days), sent_nothing=row.kind == A_A)
    made = []
    for at, (day, word) in enumerate(zip(days, words, strict=True)):
        columns = {
            "campaign_id": row.campaign_id, "kind": row.kind, "unit": unit, "look": at + 1, "looks": len(days),
            "on": row.starts_on + (day - 1) * DAY, "share": day / days[-1], "spent": spent[at], "reached": at < len(found),
            "treated": int(treated.sum()), "holdout": int((~treated).sum()), "decision": word,
        }  # fmt: skip
        if at < len(found):
            one, bought = found[at], values[:, at] > 0
            columns |= {
                "buyers_treated": int(bought[treated].sum()), "buyers_holdout": int(bought[~treated].sum()),
                "statistic": one.statistic, "lower": one.lower, "upper": one.upper, "lift": one.lift,
                "low": one.interval.low, "high": one.interval.high, "why": one.refused,
            }  # fmt: skip
        made.append(columns)
    return made


def _typed(rows: list[dict]) -> pd.DataFrame:
    words = dict.fromkeys(("campaign_id", "kind", "unit", "decision", "why"), "str")
    counts = dict.fromkeys(("look", "looks", "treated", "holdout"), "int64")
    some = dict.fromkeys(("buyers_treated", "buyers_holdout"), "Int64")
    numbers = dict.fromkeys(("share", "spent", "statistic", "lower", "upper", "lift", "low", "high"), "float64")
    kinds = words | counts | some | numbers | {"reached": "bool", "on": "datetime64[us]"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)
