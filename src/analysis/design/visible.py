"""What a holdout can show besides spend: the smallest rise of each measure, and how many customers the stated one takes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.design.sizing import ALPHA
from analysis.inference import planning
from analysis.inference.experiments import power_two_means, power_two_proportions, smallest_effect_mean

COLUMNS = [
    "measure", "usual", "treated", "holdout", "design_effect", "smallest_rise", "smallest_relative", "customers_needed",
]  # fmt: skip
BUYERS, ORDERS, SPEND, VALUE = "share who order", "orders per customer", "spend per customer", "value of an order"


def activity(orders: nw.LazyFrame, *, until: date, days: int) -> nw.LazyFrame:
    """One row per customer who ordered in the last `days` days up to and with `until`: customer_id, orders, spend."""
    starts = until - timedelta(days=days - 1)
    seen = orders.filter(nw.col("ordered_on") >= starts, nw.col("ordered_on") <= until)
    table = seen.group_by("customer_id").agg(orders=nw.col("order_id").n_unique(), spend=nw.col("amount").sum())
    return table.sort("customer_id")


def by_measure(
    planned: pd.DataFrame, members: pd.DataFrame, done: pd.DataFrame, *, effect: float, power: float,
    households: pd.Series | None = None, alpha: float = ALPHA,
) -> pd.DataFrame:  # fmt: skip
    """One row per measure: what is usual, and the smallest rise that these arms show with `power`.

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
    customers_needed, in both arms together, to show a relative rise of `effect` at this split. Missing where it cannot be
    known. By normal theory, see `inference.planning`: of spend with few buyers it promises too much, and `promise` counts.
    """
    arms = planned["arm"].value_counts()
    treated, held = (int(arms.get(name, 0)) for name in ("treated", "holdout"))
    seen = _weighted(planned, members, done)
    rows = []
    for measure in (BUYERS, ORDERS, SPEND, VALUE):
        usual, spread, outcome = _described(measure, seen)
        wider = _design_effect(outcome, seen, households)
        sizes = (treated / wider, held / wider)
        if measure == BUYERS:
            rise = planning.smallest_rate_rise(*sizes, usual, power=power, alpha=alpha)
            at = partial(power_two_proportions, rate_a=min(usual * (1 + effect), 1.0), rate_b=usual, alpha=alpha)
        else:
            rise = smallest_effect_mean(*sizes, spread, power=power, alpha=alpha)
            at = partial(power_two_means, effect=usual * effect, sd=spread, alpha=alpha)
        known = usual > 0 and treated and held
        needed = (
            planning.customers_needed(at, share=held / (treated + held), power=power, design_effect=wider)
            if known
            else np.nan
        )
        rows.append((measure, usual, treated, held, wider, rise, rise / usual if usual > 0 else np.nan, needed))
    return pd.DataFrame(rows, columns=COLUMNS)


def _weighted(planned: pd.DataFrame, members: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """One row per member of a planned segment: customer_id, orders, spend, and the planned customers it stands for."""
    counts = planned.loc[planned["arm"] != "not planned", "segment"].value_counts()
    seen = members.loc[members["segment"].isin(counts.index), ["customer_id", "segment"]]
    seen = seen.merge(done, on="customer_id", how="left", validate="1:1").fillna({"orders": 0, "spend": 0.0})
    each = counts / seen["segment"].value_counts()
    return seen.astype({"orders": float, "spend": float}).assign(weight=seen["segment"].map(each).astype(float))


def _described(measure: str, seen: pd.DataFrame) -> tuple[float, float, pd.Series]:
    """What is usual, the spread of one customer, and the outcome of each, for a measure."""
    if measure == VALUE:
        ratio, spread = planning.ratio_spread(seen["spend"], seen["orders"], seen["weight"])
        return ratio, spread, seen["spend"] - ratio * seen["orders"]
    outcome = {BUYERS: (seen["orders"] > 0).astype(float), ORDERS: seen["orders"], SPEND: seen["spend"]}[measure]
    mean, spread = planning.ratio_spread(outcome, np.ones(len(outcome)), seen["weight"])
    return mean, spread, outcome


def _design_effect(outcome: pd.Series, seen: pd.DataFrame, households: pd.Series | None) -> float:
    if households is None or seen.empty:
        return 1.0
    named = seen["customer_id"].map(households)
    alike = planning.intraclass(outcome, named)
    return planning.design_effect(named.value_counts(), 0.0 if np.isnan(alike) else alike)
