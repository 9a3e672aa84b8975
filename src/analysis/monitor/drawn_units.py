"""What a lot was drawn for: single customers, or whole households, of which then no two people were drawn apart.

A study can declare households. Where it does not, the contacts tell: a lot among customers splits some household of two or
more, and the more of these there are the less likely that it splits none. The unit that was drawn is the unit of analysis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis import engine, households
from analysis.engine import nw
from analysis.inference.arms import ALARM

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ["campaign_id", "declared", "units_treated", "units_holdout", "customers_treated", "customers_holdout", "several",
           "split", "split_chance"]  # fmt: skip
ID = "customer_id"
PEOPLE = "people"  # of a unit; tables of lots have this column only where some lot drew households


class Drawn(NamedTuple):
    """Which campaigns drew households, and the unit of each customer in them."""

    table: pd.DataFrame  #: one row per campaign by lot that drew households, see `drawn_units`
    of: Mapping[str, pd.Series]  #: by campaign_id: the unit of each of its customers (index customer_id)


def drawn_units(
    contacts: pd.DataFrame, drawn: pd.DataFrame, customers: pd.DataFrame, *, declared: bool = False
) -> Drawn:
    """Return the campaigns by lot whose unit is the household: declared, or shown by the contacts.

    `drawn` has one row per campaign by lot (`lots.drawn`), `declared` says that the study draws households. The table has one
    row per such campaign: units and customers of each arm, `several` (households with two customers or more in it), `split` (of
    them, with customers in both arms) and `split_chance`: the chance that a lot among customers would have split none, with the
    share treated that was found. Undeclared, none split and a chance below 0.001 show that households were drawn.

    A split household is contaminated: each of its parts counts as a unit of its own, in the arm it is in. That leaves nobody
    out, and since the parts are alike and on both sides, it makes an interval too wide rather than too narrow.
    """
    if declared:
        households.refuse_unknown(customers)
    home, rows, of = households.unit_of(customers), [], {}
    for name in drawn["campaign_id"]:
        own = contacts[contacts["campaign_id"] == name]
        unit, treated = own[ID].map(home).fillna(own[ID]).astype("str"), own["arm"] == "treated"
        sizes, inside = unit.groupby(unit).size(), treated.groupby(unit).sum()
        several, split = sizes > 1, (inside > 0) & (inside < sizes)
        chance = unsplit_chance(sizes[several], share=float(treated.mean()))
        if not several.any() or not (declared or (not split.any() and chance < ALARM)):
            continue
        torn = unit.isin(split.index[split])
        unit = unit.where(~torn, unit + " " + own["arm"].astype("str"))
        of[name] = unit.set_axis(own[ID]).rename("unit")
        rows.append((name, declared, unit[treated].nunique(), unit[~treated].nunique(), int(treated.sum()), int((~treated).sum()),
                     int(several.sum()), int(split.sum()), chance))  # fmt: skip
    kinds = (
        {"campaign_id": "str", "declared": "bool"} | dict.fromkeys(COLUMNS[2:8], "int64") | {"split_chance": "float64"}
    )
    return Drawn(pd.DataFrame(rows, columns=COLUMNS).astype(kinds), of)


def unsplit_chance(sizes, *, share: float) -> float:
    """The chance that a lot among customers leaves all households of these sizes whole: each customer treated with chance `share`.

    A household of m is whole with chance share^m + (1 - share)^m. 1 without households of two or more.
    """
    sizes = np.asarray(sizes, dtype=float)
    return float(np.prod(share**sizes + (1 - share) ** sizes))


def contacts_by_unit(contacts: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """One row per unit, or customer outside the lot, and campaign: the contacts with the unit in the customer's place.

    Where people of a unit are contacted by another campaign in different arms, treated counts.
    """
    made = contacts.assign(**{ID: contacts[ID].map(unit).fillna(contacts[ID])})
    return made.sort_values(["campaign_id", ID, "arm"], ascending=[True, True, False], kind="stable").drop_duplicates(
        ["campaign_id", ID], ignore_index=True
    )


def named_by_unit(table: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """The rows of those in the lot, with the unit in the customer's place."""
    made = table[table[ID].isin(unit.index)]
    return made.assign(**{ID: made[ID].map(unit)}).reset_index(drop=True)


def orders_by_unit(orders: nw.LazyFrame, unit: pd.Series) -> nw.LazyFrame:
    """The order lines of those in the lot, with the unit in the customer's place."""
    columns = orders.collect_schema().names()
    pairs = engine.lazy(unit.rename_axis(ID).reset_index())
    return orders.join(pairs, on=ID).with_columns(nw.col("unit").alias(ID)).select(*columns)


def customers_by_unit(customers: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """One row per unit: customer_id (the unit) and the channel of its people, "several" where they differ."""
    own = named_by_unit(customers, unit)
    if "channel" not in own:
        return own[[ID]].drop_duplicates(ignore_index=True)
    channel = own.groupby(ID)["channel"]
    said = channel.first().where(channel.nunique() <= 1, "several")
    return said.reset_index()
