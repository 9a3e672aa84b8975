"""The plan where whole households are drawn: nobody is held out beside somebody of the same household who is treated.

A household stands in the segment of the one of its people who comes first by priority, and is drawn there, all of it. Its
people get what their own segments get, so households cost different amounts, and the budget is counted household by household.
Who may not be contacted, or whose segment gets nothing, is in neither arm, whatever the household drew. What a household spends
is the outcome that the holdout is sized for: people of one household are alike, and tell less than as many strangers would.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import households
from analysis.design.allocation import HOLDOUT, NOT_PLANNED, REASONS, TREATED
from analysis.design.baseline import outcomes
from analysis.design.holdout import draw_order, held_out
from analysis.design.promise import TOTAL
from analysis.design.sizing import strata, visible
from analysis.design.strategies import cents

UNIT = "household"  # the column of a plan that names what was drawn
TOGETHER = "Households are drawn whole and can have people in several segments: all are judged together."


class Homes(NamedTuple):
    """The households that may be drawn, each in the place of a customer, and what is needed to size their holdout."""

    unit: pd.Series  #: unit of every customer (index customer_id)
    units: (
        pd.DataFrame
    )  #: one row per unit of somebody who may be contacted: customer_id (the unit), segment, cost in cents
    spent: pd.DataFrame  #: one row per unit who ordered: customer_id (the unit), spend
    outcomes: Mapping[str, np.ndarray]  #: by segment, what each unit that stood in it spent since, in currency
    strategies: pd.DataFrame  #: one row per segment, with the mean cost of its units as expected cost

    @property
    def basis(self) -> tuple[pd.Series, pd.DataFrame, Mapping[str, np.ndarray]]:
        """What `sizing.holdout_size` takes first: units by segment, strategies, outcomes."""
        return self.units["segment"].value_counts(), self.strategies, self.outcomes


def homes(
    segments: pd.DataFrame,
    customers: pd.DataFrame,
    strategies: pd.DataFrame,
    members: pd.DataFrame,
    spent: pd.DataFrame,
) -> Homes:
    """Return the households of those who may be contacted.

    `segments` has one row per customer (customer_id, segment, barred), `members` and `spent` are what `baseline.outcomes` takes.
    Raises StudyError where no customer says a household.
    """
    households.refuse_unknown(customers)
    unit = households.unit_of(customers)
    costs = strategies.set_index("segment")["expected_cost"].map(lambda cost: cents(cost, rounding=ROUND_HALF_UP))
    allowed = segments[segments["barred"].isna()]
    units = _led(allowed, unit, strategies)
    units["cost"] = units["customer_id"].map(allowed["segment"].map(costs).groupby(_named(allowed, unit)).sum())
    sums = spent.sort_values("customer_id").assign(customer_id=lambda rows: _named(rows, unit))
    sums = sums.astype({"spend": float}).groupby("customer_id", as_index=False)["spend"].sum()
    mean = units.groupby("segment")["cost"].mean().apply(np.ceil) / 100
    priced = (
        strategies["segment"].map(mean).fillna(strategies["expected_cost"]).where(strategies["priority"].notna(), 0.0)
    )
    return Homes(
        unit, units, sums, outcomes(_led(members, unit, strategies), sums), strategies.assign(expected_cost=priced)
    )


def plan(
    customers: pd.DataFrame,
    strategies: pd.DataFrame,
    drawn: Homes,
    *,
    budget: float,
    share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per customer, by customer_id, as `allocation.plan` has it, and the household that was drawn.

    Within each segment, by priority, households come in a random order: the first are held out, the next treated, as many as
    the budget reaches at what each of them costs. The expected cost never exceeds the budget.
    """
    units = drawn.units.assign(place=draw_order(drawn.units, rng=rng)).sort_values(["segment", "place"])
    arms, left = {}, cents(budget, rounding=ROUND_FLOOR)
    for strategy in strategies[strategies["priority"].notna()].itertuples():
        own = units[units["segment"] == strategy.segment]
        planned, cost = _affordable(own["cost"].to_numpy(), left, share=share)
        held = held_out(planned, share=share)
        arms |= dict.fromkeys(own["customer_id"].iloc[:held], HOLDOUT)
        arms |= dict.fromkeys(own["customer_id"].iloc[held:planned], TREATED)
        left = 0 if planned < len(own) else left - cost
    table = customers.sort_values("customer_id", kind="stable", ignore_index=True)
    barred = table["barred"].fillna("").astype("str")
    given = strategies.set_index("segment").loc[table["segment"]].reset_index(drop=True)
    named = _named(table, drawn.unit)
    nothing = given["priority"].isna().to_numpy()
    arm = named.map(arms).astype("str").fillna(NOT_PLANNED).where((barred == "") & ~nothing, NOT_PLANNED)
    treated, held = arm == TREATED, arm == HOLDOUT
    return table[["customer_id", "segment"]].assign(
        gift=given["gift"].astype("str").where(treated), incentive=given["incentive"].astype("str").where(treated), arm=arm,
        expected_cost=given["expected_cost"].where(treated, 0.0), largest_cost=given["largest_cost"].where(treated, 0.0),
        reason=np.select(
            [barred != "", held, treated, nothing],
            [barred.to_numpy(dtype="U"), REASONS[HOLDOUT], REASONS[TREATED], REASONS["no strategy"]], REASONS["budget"],
        ),
        **{UNIT: named},
    )  # fmt: skip


def reached(planned: pd.DataFrame, strategies: pd.DataFrame, *, barred: pd.Series) -> pd.DataFrame:
    """One row per segment, by priority, as `allocation.affordable` has it, counted from the plan; all counts are customers.

    `barred` is missing for each row of the plan, by customer_id, who may be contacted.
    """
    allowed = planned[barred.isna().to_numpy()]
    by_segment = allowed.groupby("segment")
    counts = by_segment["arm"].value_counts().unstack(fill_value=0).reindex(columns=[TREATED, HOLDOUT], fill_value=0)
    table = strategies[["segment"]].assign(customers=strategies["segment"].map(by_segment.size()))
    table[[TREATED, HOLDOUT]] = counts.reindex(table["segment"]).to_numpy()
    costs = by_segment[["expected_cost", "largest_cost"]].sum().round(2).reindex(table["segment"])
    table[costs.columns] = costs.to_numpy()
    table = table.fillna(0).astype(dict.fromkeys(("customers", TREATED, HOLDOUT), "int64"))
    table.insert(2, "planned", table[TREATED] + table[HOLDOUT])
    return table


def as_units(planned: pd.DataFrame, drawn: Homes) -> pd.DataFrame:
    """One row per household in an arm: customer_id (the household), segment in which it was drawn, arm."""
    arms = planned[planned["arm"] != NOT_PLANNED].groupby(UNIT)["arm"].first()
    return (
        drawn.units[["customer_id", "segment"]]
        .assign(arm=drawn.units["customer_id"].map(arms))
        .dropna(ignore_index=True)
    )


def promised(
    told: pd.DataFrame, planned: pd.DataFrame, drawn: Homes, *, effect: float, power: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the promise (`promise.promise`, of customers) with the smallest effect that households show, all together.

    Segments by themselves have none: a household is drawn in one and can have people in several.
    """
    units = as_units(planned, drawn)
    counts = units.groupby("segment")["arm"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=[TREATED, HOLDOUT], fill_value=0).reset_index()
    whole, last = visible(strata(counts, drawn.outcomes), power=power, rng=rng), told["segment"] == TOTAL
    return told.assign(
        smallest_effect=np.where(last, whole.effect, np.nan), reached=last & (whole.effect <= effect),
        why_not=pd.array(np.where(last, whole.refused or "", TOGETHER), dtype="str"),
    )  # fmt: skip


def _affordable(costs: np.ndarray, left: int, *, share: float) -> tuple[int, int]:
    """How many of the units, in their order, the money reaches, the first of them held out, and what the treated cost in cents."""
    spent = np.concatenate([[0], np.cumsum(costs)])
    reach = [spent[n] - spent[held_out(n, share=share)] for n in range(len(spent))]
    ends = next((n for n, cost in enumerate(reach) if cost > left), len(reach)) - 1
    return ends, int(reach[ends])


def _led(people: pd.DataFrame, unit: pd.Series, strategies: pd.DataFrame) -> pd.DataFrame:
    """One row per unit: customer_id (the unit) and the segment of its people that comes first in the strategies."""
    place = {name: number for number, name in enumerate(strategies["segment"])}
    first = people["segment"].map(place).groupby(_named(people, unit)).min().sort_index()
    names = strategies["segment"].to_numpy()[first.to_numpy(dtype=int)]
    return pd.DataFrame({"customer_id": first.index.to_numpy(), "segment": names})


def _named(people: pd.DataFrame, unit: pd.Series) -> pd.Series:
    return people["customer_id"].map(unit).fillna(people["customer_id"]).astype("str")
