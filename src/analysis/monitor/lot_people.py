"""Who was in each lot and what they spent, a row for each unit that the lot drew: a customer, or a whole household."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import engine
from analysis.monitor.drawn_units import contacts_by_unit, named_by_unit, orders_by_unit
from analysis.monitor.lot_outcomes import customers_in_lots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import narwhals as nw


def by_unit(
    contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame, units: Mapping[str, pd.Series]
) -> Iterator[tuple[pd.DataFrame, nw.LazyFrame, pd.DataFrame]]:
    """Yield contacts, order lines and campaigns with the unit in the customer's place: all lots of customers at once, then each
    lot of households.
    """
    plain = runs[~runs["campaign_id"].isin(list(units))]
    yield contacts[contacts["campaign_id"].isin(plain["campaign_id"])], orders, plain
    for name, unit in units.items():
        if name in set(runs["campaign_id"]):
            own = contacts_by_unit(contacts[contacts["campaign_id"] == name], unit)
            yield own, orders_by_unit(orders, unit), runs[runs["campaign_id"] == name]


def spend_in_lots(
    contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame, units: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """One row per unit in one of the campaigns `runs`, as `lot_outcomes.customers_in_lots` has it; amounts as numbers."""
    parts = [engine.collect(customers_in_lots(*each)) for each in by_unit(contacts, orders, runs, units)]
    filled = [part for part in parts if len(part)] or parts[:1]
    table = pd.concat(filled, ignore_index=True).astype({"spend": "float64", "before": "float64"})
    return table.sort_values(["campaign_id", "customer_id"], ignore_index=True)


def redeemed_by_unit(redemptions: pd.DataFrame, units: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The redemptions, those of a lot of households under the household's name."""
    of_units = [named_by_unit(redemptions[redemptions["campaign_id"] == name], unit) for name, unit in units.items()]
    plain = redemptions[~redemptions["campaign_id"].isin(list(units))]
    return pd.concat([plain, *of_units], ignore_index=True) if units else redemptions
