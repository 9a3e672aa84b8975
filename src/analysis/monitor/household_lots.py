"""Lots of households beside lots of customers: checks, results and outcomes with the household in the customer's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.engine import nw
from analysis.inference.permutation import Randomised
from analysis.monitor import leaks, lots
from analysis.monitor.drawn_units import (
    PEOPLE,
    Drawn,
    contacts_by_unit,
    customers_by_unit,
    named_by_unit,
    orders_by_unit,
)
from analysis.monitor.lot_effects import found_by_lot
from analysis.monitor.lot_outcomes import CUPED, HURDLE, ORDERS, SHARE, SPEND, lot_outcomes
from analysis.randomness import generator

if TYPE_CHECKING:
    from datetime import date

EFFECT = ["effect_per_household", "low", "high", "lift", "lift_low", "lift_high", "p_value"]

OF_HOUSEHOLDS = {
    SHARE: "share of households who ordered", ORDERS: "orders per household", SPEND: "spend per household",
    CUPED: "spend per household, adjusted by spend before", HURDLE: "spend per household, by log-hurdle",
}  # fmt: skip  # the value of an order is one of an order


class Read(NamedTuple):
    """What is known of every lot before its result: one row per unit drawn, its groups, its checks."""

    by_lot: (
        pd.DataFrame
    )  #: see `lots.customers_by_lot`; with households `customer_id` holds the unit, `people` how many
    groups: pd.DataFrame  #: see `lots.strata`
    checked: pd.DataFrame  #: see `lots.checks`; everything in it counts units


def read(
    contacts: pd.DataFrame, drawn: pd.DataFrame, units: Drawn, spend: pd.DataFrame, customers: pd.DataFrame, responses: pd.DataFrame,
    orders: nw.LazyFrame, offers: nw.LazyFrame, runs: pd.DataFrame,
) -> Read:  # fmt: skip
    """Return every lot and its checks, by the unit that it drew; `spend` as `lots.customers_by_lot` takes it."""
    plain = drawn[~drawn["campaign_id"].isin(list(units.of))].reset_index(drop=True)
    found = [_read(contacts, plain, spend, customers, responses, orders, offers, runs)]
    for name, unit in units.of.items():
        own = drawn[drawn["campaign_id"] == name].reset_index(drop=True)
        spent = spend[[column for column in spend if column.startswith(f"{name} ")]]
        # In the order of customers, so that the sums are the same in every run.
        spent = (
            named_by_unit(spent.sort_index().rename_axis("customer_id").reset_index(), unit)
            .groupby("customer_id")
            .sum()
        )
        part = _read(
            contacts_by_unit(contacts, unit), own, spent, customers_by_unit(customers, unit), named_by_unit(responses, unit),
            orders_by_unit(orders, unit), offers, runs,
        )  # fmt: skip
        people = part.by_lot["customer_id"].map(unit.value_counts())
        found.append(part._replace(by_lot=part.by_lot.assign(**{PEOPLE: people.astype(float)})))
    return found[0] if len(found) == 1 else Read(*(_joined(list(tables)) for tables in zip(*found, strict=True)))


def found_by_unit(part: pd.DataFrame, *, span: str, rng: np.random.Generator, confidence: float) -> Randomised:
    """Compare the sum of each household in a span of days; of the whole result, `difference` and its interval are per household."""
    return found_by_lot(part.drop(columns=PEOPLE), span=span, rng=rng, confidence=confidence)


def per_household(units: Drawn, by_lot: pd.DataFrame, results: pd.DataFrame, *, seed: int, confidence: float) -> Drawn:
    """Return the units with the effect per household and week in their table, its interval, its lift and their p-value.

    They are blank where the campaign has no result; the effect per customer stands with the results of all campaigns.
    """
    weeks = results.loc[results["effect_per_week"].notna()].set_index("campaign_id")["weeks"]
    rows = []
    for name in units.table["campaign_id"]:
        found = None
        if name in weeks.index:
            part = by_lot[by_lot["campaign_id"] == name]
            found = found_by_unit(
                part, span="after", rng=generator(seed, f"lot {name} household"), confidence=confidence
            )
        rows.append((np.nan,) * len(EFFECT) if found is None else (
            *(value / weeks[name] for value in (found.difference, *found.interval)), found.lift, *found.lift_interval, found.p_value
        ))  # fmt: skip
    effects = pd.DataFrame(rows, columns=EFFECT, index=units.table.index, dtype="float64")
    return Drawn(units.table.join(effects), units.of)


def outcomes(
    contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame, results: pd.DataFrame, units: Drawn, *,
    data_from: date, seed: int, confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign with a result by lot and measure, as `lot_outcomes` has it; counts and values of a lot of households
    are of households, and its measures say so. `units` as `per_household` returns them."""
    options = {"data_from": data_from, "seed": seed, "confidence": confidence}
    if not units.of:
        return lot_outcomes(contacts, orders, runs, results, **options)
    parts = [lot_outcomes(contacts, orders, runs, results[~results["campaign_id"].isin(list(units.of))], **options)]
    lifts = units.table.set_index("campaign_id")[EFFECT[3:]]
    for name, unit in units.of.items():
        own = contacts_by_unit(contacts[contacts["campaign_id"] == name], unit)
        read_as = results[results["campaign_id"] == name].assign(**lifts.loc[name].to_dict())
        part = lot_outcomes(own, orders_by_unit(orders, unit), runs, read_as, **options)
        parts.append(part.assign(measure=part["measure"].replace(OF_HOUSEHOLDS)))
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).sort_values(["campaign_id", "place"], ignore_index=True)


def in_words(columns: dict, units: Drawn, campaign_id: str) -> dict:
    """Return the columns of a result, with customers counted and households named where the campaign drew these."""
    if campaign_id not in units.of:
        return columns
    row = units.table.set_index("campaign_id").loc[campaign_id]
    people = dict(zip(("contacted_used", "comparable"), row[["customers_treated", "customers_holdout"]], strict=True))
    people["comparable_effective"] = people["comparable"]
    return columns | (people if "contacted_used" in columns else {}) | {"why": f"{columns['why']} {told(row)}"}


def told(row: pd.Series) -> str:
    """Return in a sentence what a campaign drew and how many of both, from a row of the table of units."""
    sides = [
        f"{row[f'units_{arm}']:,} with {row[f'customers_{arm}']:,} customers {word}"
        for arm, word in (("treated", "treated"), ("holdout", "held out"))
    ]
    said = f"Drawn by household: {', '.join(sides)}."
    if row["split"]:
        said += f" {row['split']:,} of {row['several']:,} households of several have customers in both arms; each part counts by itself."
    return said


def _read(contacts, drawn, spend, customers, responses, orders, offers, runs) -> Read:
    by_lot = lots.customers_by_lot(contacts, drawn, spend)
    groups = lots.strata(by_lot, drawn, customers)
    users = leaks.users(contacts, drawn["campaign_id"], responses, orders, offers, runs)
    return Read(by_lot, groups, lots.checks(by_lot, drawn, groups, users, runs, contacts))


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)] or tables[:1]
    order = [name for name in ("campaign_id", "customer_id", "dimension", "group") if name in filled[0]]
    return pd.concat(filled, ignore_index=True).sort_values(order, kind="stable", ignore_index=True)
