"""What a holdout can show besides spend: the smallest rise of a rate, of orders and of their value, and what it would take."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.design.sizing import ALPHA, NOTHING_KNOWN, ONE_ARM
from analysis.inference import planning
from analysis.inference.experiments import power_two_proportions
from analysis.inference.lot_power import Smallest
from analysis.inference.ratio_power import smallest_ratio_rise

COLUMNS = [
    "measure", "usual", "treated", "holdout", "design_effect", "smallest_rise", "smallest_relative", "customers_needed", "why_not",
]  # fmt: skip
BUYERS, ORDERS, VALUE = "share who order", "orders per customer", "value of an order"


def activity(orders: nw.LazyFrame, *, until: date, days: int) -> nw.LazyFrame:
    """One row per customer who ordered in the last `days` days up to and with `until`: customer_id, orders, spend."""
    starts = until - timedelta(days=days - 1)
    seen = orders.filter(nw.col("ordered_on") >= starts, nw.col("ordered_on") <= until)
    table = seen.group_by("customer_id").agg(orders=nw.col("order_id").n_unique(), spend=nw.col("amount").sum())
    return table.sort("customer_id")


def by_measure(
    planned: pd.DataFrame, members: pd.DataFrame, done: pd.DataFrame, *, effect: float, power: float, rng: np.random.Generator,
    households: pd.Series | None = None, alpha: float = ALPHA,
) -> pd.DataFrame:  # fmt: skip
    """One row per measure: what is usual, and the smallest rise that these arms show with `power`; of spend `promise` says it.

    Parameters
    ----------
    planned
        One row per customer: customer_id, segment, arm.
    members, done
        As `baseline.outcomes` takes members; what they did since, from `activity`. Each stands for as many planned customers
        as their segment has per member.
    households
        By customer_id, where whole households were drawn: their people tell less than strangers would.

    Returns
    -------
    usual and smallest_rise in the measure's own unit, smallest_relative a share, treated and holdout in customers, and
    customers_needed, in both arms together, to show a relative rise of `effect` at this split. What cannot be known is missing,
    and why_not says why. A rate by formula (`planning.smallest_rate_rise`), the others rehearsed (`ratio_power`); what it would
    take goes with the square of the rise.
    """
    arms = planned["arm"].value_counts()
    treated, held = (int(arms.get(name, 0)) for name in ("treated", "holdout"))
    seen = _weighted(planned, members, done)
    rows = []
    for measure in (BUYERS, ORDERS, VALUE):
        usual, outcome = _described(measure, seen)
        wider = _design_effect(outcome, seen, households)
        sizes = {"n_treated": treated / wider, "n_holdout": held / wider}
        if not usual > 0:
            found = Smallest(np.nan, NOTHING_KNOWN)
        elif not (treated and held):
            found = Smallest(np.nan, ONE_ARM)
        elif measure == BUYERS:
            rise = planning.smallest_rate_rise(*sizes.values(), usual, power=power, alpha=alpha)
            found = Smallest(
                rise / usual, None if rise == rise else "Even all of the treated would not be shown that often."
            )
        else:
            tops, bottoms = (seen["spend"], seen["orders"]) if measure == VALUE else (seen["orders"], None)
            found = smallest_ratio_rise(
                tops, bottoms, weights=seen["weight"], customers=seen["weight"].sum(), **sizes, power=power, alpha=alpha, rng=rng
            )  # fmt: skip
        needed = np.ceil((treated + held) * (found.effect / effect) ** 2)
        if measure == BUYERS and found.refused is None:
            needed = _needed(usual, effect, held / (treated + held), wider, power=power, alpha=alpha)
        rows.append(
            (measure, usual, treated, held, wider, found.effect * usual, found.effect, needed, found.refused or "")
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"why_not": "str"})


def _needed(usual: float, effect: float, share: float, wider: float, *, power: float, alpha: float) -> float:
    """Customers in both arms together that show a rise of a rate by `effect`."""
    at = partial(power_two_proportions, rate_a=min(usual * (1 + effect), 1.0), rate_b=usual, alpha=alpha)
    return planning.customers_needed(at, share=share, power=power, design_effect=wider)


def _weighted(planned: pd.DataFrame, members: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """One row per member of a planned segment: customer_id, orders, spend, and the planned customers it stands for."""
    counts = planned.loc[planned["arm"] != "not planned", "segment"].value_counts()
    seen = members.loc[members["segment"].isin(counts.index), ["customer_id", "segment"]]
    seen = seen.merge(done, on="customer_id", how="left", validate="1:1").fillna({"orders": 0, "spend": 0.0})
    each = counts / seen["segment"].value_counts()
    return seen.astype({"orders": float, "spend": float}).assign(weight=seen["segment"].map(each).astype(float))


def _described(measure: str, seen: pd.DataFrame) -> tuple[float, pd.Series]:
    """What is usual, and what each customer contributes to it, for a measure."""
    if measure == VALUE:
        ratio, _ = planning.ratio_spread(seen["spend"], seen["orders"], seen["weight"])
        return ratio, seen["spend"] - ratio * seen["orders"]
    outcome = (seen["orders"] > 0).astype(float) if measure == BUYERS else seen["orders"]
    return planning.ratio_spread(outcome, np.ones(len(outcome)), seen["weight"])[0], outcome


def _design_effect(outcome: pd.Series, seen: pd.DataFrame, households: pd.Series | None) -> float:
    if households is None or seen.empty:
        return 1.0
    named = seen["customer_id"].map(households)
    alike = planning.intraclass(outcome, named)
    return planning.design_effect(named.value_counts(), 0.0 if np.isnan(alike) else alike)
