"""What else moved where lots were drawn: who ordered, how often, the value of an order, and spend read in two more ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis import engine
from analysis.engine import nw
from analysis.inference.aggregates import Aggregates, adjusted_sums
from analysis.inference.hurdle import log_hurdle
from analysis.inference.linearised import ADJUSTED, RATIO, compare_linearised
from analysis.inference.permutation import compare
from analysis.inference.rates import compare_rates
from analysis.monitor.comparison import DAY
from analysis.monitor.experiment_table import aggregates, experiment_table
from analysis.randomness import generator

if TYPE_CHECKING:
    from datetime import date

SHARE, ORDERS, VALUE, SPEND = "share who ordered", "orders per customer", "value of an order", "spend per customer"
CUPED, HURDLE = "spend, adjusted by spend before", "spend, by log-hurdle"
MEASURES = (SHARE, ORDERS, VALUE, SPEND, CUPED, HURDLE)
LEAST_SAVED = 0.01  # of the variance; below it an adjustment is not worth another number
KEY = ["campaign_id", "arm"]
MEASURED = ("spend", "orders", "buyer", "before")
COLUMNS = ["campaign_id", "place", "measure", "value_treated", "value_holdout", "lift", "low", "high", "p_value", "variance_saved",
           "customers_treated", "customers_holdout", "buyers_treated", "buyers_holdout", "why"]  # fmt: skip


class Found(NamedTuple):
    """One measure of one campaign: mean or share of each arm, the lift with its limits, or why there is none."""

    value_treated: float
    value_holdout: float
    lift: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    why: str | None = None
    variance_saved: float = np.nan


def lot_outcomes(
    contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame, results: pd.DataFrame, *,
    data_from: date, seed: int, confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign with a result by lot and measure: value of each arm in the campaign's days, and the lift.

    `runs` are the campaigns begun, `results` those of `effects.campaign_effects`: the lift of spend is taken from there.
    Lifts are shares of the held out's value. `variance_saved` stands with the adjusted spend alone, whose lift stays NaN where
    it is below one in a hundred. `why` says what is missing.
    """
    read = results.loc[(results["method"] == "lot") & results["effect_per_week"].notna(), "campaign_id"]
    asked = runs[runs["campaign_id"].isin(read)]
    by_customer = engine.hold(customers_in_lots(contacts, orders, asked))
    table = engine.collect(
        experiment_table(by_customer, measures=MEASURED, products=[("spend", "before")], by=KEY)
    ).set_index(KEY)
    active = by_customer.filter((nw.col("spend") > 0) | (nw.col("before") > 0) | (nw.col("orders") > 0))
    people = engine.collect(active.select(*KEY, *MEASURED)).astype(dict.fromkeys(MEASURED, float))
    lifts = results.set_index("campaign_id")[["lift", "lift_low", "lift_high", "p_value"]]
    rows = []
    for run in asked.itertuples():
        arms = [aggregates(table.loc[run.campaign_id, arm]) for arm in ("treated", "holdout")]
        own = people[people["campaign_id"] == run.campaign_id]
        parts = [own.loc[own["arm"] == arm, list(MEASURED)] for arm in ("treated", "holdout")]
        seen_before = run.starts_on - run.days * DAY >= pd.Timestamp(data_from)
        found = measured(arms, parts, tuple(lifts.loc[run.campaign_id]), seen_before=seen_before, confidence=confidence,
                         rng=generator(seed, f"lot {run.campaign_id} outcomes"))  # fmt: skip
        counts = [int(arm.n) for arm in arms] + [int(arm.totals["buyer"]) for arm in arms]
        rows += [
            {"campaign_id": run.campaign_id, "place": place, "measure": name, **found[name]._asdict()}
            | dict(zip(COLUMNS[10:14], counts, strict=True))
            for place, name in enumerate(MEASURES)
        ]
    words, counts = dict.fromkeys(("campaign_id", "measure", "why"), "str"), dict.fromkeys(COLUMNS[10:14], "int64")
    numbers = dict.fromkeys(COLUMNS[3:10], "float64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(words | counts | numbers | {"place": "int64"})


def customers_in_lots(contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame) -> nw.LazyFrame:
    """One row per customer in one of the campaigns `runs`, by campaign_id and arm: spend, orders, buyer (0 or 1), before.

    spend (currency, exact) and orders are those of the campaign's measured days, `before` is spend in as many days before. An
    order counts that has pieces; what is booked without any, such as a coupon for a whole order, is spend and no order.
    """
    days = runs[["campaign_id", "starts_on", "measured_until"]].assign(
        before_from=runs["starts_on"] - runs["days"] * DAY
    )
    asked = engine.lazy(contacts[[*KEY, "customer_id"]].merge(days, on="campaign_id"))
    per_order = orders.group_by("customer_id", "order_id").agg(
        day=nw.col("ordered_on").min(), sales=nw.col("amount").sum(), pieces=nw.col("quantity").max()
    )
    day, inside = nw.col("day"), (nw.col("day") >= nw.col("starts_on")) & (nw.col("day") <= nw.col("measured_until"))
    earlier = (day >= nw.col("before_from")) & (day < nw.col("starts_on"))
    in_window, in_earlier = inside.fill_null(False), earlier.fill_null(False)
    made = asked.join(per_order, on="customer_id", how="left").group_by(*KEY, "customer_id").agg(
        spend=nw.when(in_window).then(nw.col("sales")).otherwise(0).sum(),
        orders=nw.when(in_window & (nw.col("pieces") > 0)).then(1).otherwise(0).sum(),
        before=nw.when(in_earlier).then(nw.col("sales")).otherwise(0).sum(),
    )  # fmt: skip
    made = made.with_columns(nw.col("orders").cast(nw.Int64), buyer=(nw.col("orders") > 0).cast(nw.Int64))
    return engine.with_money(made, ["spend", "before"])


def measured(
    arms: list[Aggregates], parts: list[pd.DataFrame], spend: tuple[float, float, float, float], *, seen_before: bool,
    confidence: float, rng: np.random.Generator, draws: int = 1999, least_saved: float = LEAST_SAVED,
) -> dict[str, Found]:  # fmt: skip
    """Return each of `MEASURES` of one campaign: arms treated and held out, as sums and as rows of who did anything.

    `spend` is the lift of plain spend with its limits and p-value, made elsewhere.
    """
    sizes = {"n_treated": int(arms[0].n), "n_holdout": int(arms[1].n)}
    options = {**sizes, "rng": rng, "draws": draws, "confidence": confidence}
    means = {name: tuple(arm.totals[name] / arm.n for arm in arms) for name in MEASURED}
    rates = compare_rates(*(int(x) for arm in arms for x in (arm.totals["buyer"], arm.n)), confidence=confidence)
    counts = compare(*(part["orders"] for part in parts), **options)
    value = compare_linearised(*(part[["spend", "orders"]] for part in parts), how=RATIO, **options)
    few = counts.refused
    hurdle = log_hurdle(*(part.loc[part["spend"] > 0, "spend"] for part in parts), **sizes, confidence=confidence)
    return {
        SHARE: Found(rates.treated, rates.holdout, rates.lift, *rates.lift_interval, rates.p_value),
        ORDERS: Found(*means["orders"], np.nan if few else counts.lift, *counts.lift_interval, counts.p_value, few),
        VALUE: _linearised(value),
        SPEND: Found(*means["spend"], *spend, few),
        CUPED: _adjusted(arms, parts, seen_before=seen_before, least_saved=least_saved, options=options),
        HURDLE: Found(np.nan, np.nan, why=few) if few else Found(np.nan, np.nan, hurdle.lift, *hurdle.interval),
    }


def _linearised(found) -> Found:
    lift = np.nan if found.refused else found.lift
    return Found(found.treated, found.holdout, lift, *found.lift_interval, found.p_value, found.refused)


def _adjusted(
    arms: list[Aggregates], parts: list[pd.DataFrame], *, seen_before: bool, least_saved: float, options: dict
) -> Found:
    """Spend with what spend before foretells taken out; nothing where it foretells nothing, and then it says so."""
    if not seen_before:
        return Found(np.nan, np.nan, why="The days before are not in the data.")
    saved = adjusted_sums(*arms, "spend", "before").variance_saved
    if not saved >= least_saved:
        return Found(
            np.nan, np.nan, why="Spend before foretells too little of it: nothing is saved.", variance_saved=saved
        )
    found = compare_linearised(*(part[["spend", "before"]] for part in parts), how=ADJUSTED, **options)
    return _linearised(found)._replace(variance_saved=saved)
