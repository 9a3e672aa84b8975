"""Worlds of customers with orders in two windows: what the loyalty report prints of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.report.loyalty import ages, moves, segments, window
from analysis.report.loyalty.medians import median_interval
from analysis.segment import loyalty
from analysis.segment.measures import loyalty_measures
from analysis.validation import populations
from analysis.validation.outcomes import FAMILY, MIDDLE, WHOLE, Outcome, claim, interval

DATES = {"data_from": date(2023, 1, 1), "as_of": date(2023, 12, 31), "window_days": 91}
SEGMENTS = {"few": 0.05, "some": 0.25, "most": 0.70}  # by chance alone, so each has its share of sales
BANDS = {"19-24": 0.1, "25-34": 0.2, "35-64": 0.2, None: 0.5}  # age is asked of half
STAYS = 0.6


def trial(
    rng: np.random.Generator, *, customers: int, silent: float, sigma: float, growth: float = 0.0, few: bool = False
) -> list[Outcome]:
    """Make one world and return what the loyalty report says of it; with `few`, of sales and orders only."""
    behaviour = _behaviour(rng, customers, silent=silent, sigma=sigma, growth=growth)
    true = populations.truth(silent=silent, sigma=sigma, growth=growth)
    found = [*_measures(behaviour, true, sigma=sigma, rng=rng), *_window(behaviour, true, nothing=growth == 0, rng=rng)]
    if few:
        return found
    scored = _scored(behaviour, rng=rng)
    return [
        *found,
        *_shares(behaviour, scored, rng=rng),
        *_ages(behaviour, scored),
        _middle(behaviour, silent=silent, growth=growth),
        _staying(rng, customers),
    ]


def _behaviour(rng, customers: int, *, silent: float, sigma: float, growth: float) -> pd.DataFrame:
    """One row per customer, with the columns that the report reads; sums over all time are drawn apart, as lognormals."""
    seen = populations.orders(rng, customers, silent=silent, sigma=sigma, growth=growth)
    ordered = seen.before + seen.now > 0
    long = np.where(ordered, rng.lognormal(0, sigma, customers), np.nan)
    age = rng.choice(len(BANDS), customers, p=list(BANDS.values()))
    return pd.DataFrame({
        "customer_id": np.arange(customers), "before_orders": seen.before, "window_orders": seen.now, "use_days": seen.now,
        "before_sales": seen.before * seen.value, "window_sales": seen.now * seen.value, "frequency": seen.before + seen.now,
        "monetary": np.where(ordered, rng.lognormal(0, sigma, customers), 0.0), "customer_value": long,
        "order_frequency": long, "order_amount": long, "recency_days": np.where(ordered, 10.0, np.nan),
        "age_band": np.array(list(BANDS), dtype=object)[age],
    })  # fmt: skip


def _scored(behaviour: pd.DataFrame, *, rng) -> pd.DataFrame:
    done = loyalty.behaviours(behaviour, as_of=DATES["as_of"], window_days=DATES["window_days"])
    score = loyalty.loyalty_score(done, weights={"purchases": 1.0, "spend": 1.0})
    name = np.array(list(SEGMENTS))[rng.choice(len(SEGMENTS), len(behaviour), p=list(SEGMENTS.values()))]
    return score.table.assign(segment=name)


def _measures(behaviour, true: populations.Truth, *, sigma: float, rng) -> list[Outcome]:
    found = loyalty_measures(behaviour, **DATES, currency="EUR", rng=rng, draws=999).set_index("measure")
    truths = {
        "customer loyalty": true.repeats, "repeat rate": true.repeat_rate, "revenue per customer": true.revenue,
        "churn rate": true.churn, "simple lifetime value": true.revenue / true.churn,
        "customer value, mean": np.exp(sigma**2 / 2), "customer value, median": 1.0,
    }  # fmt: skip
    return [
        interval(
            name,
            found.at[name, "value"],
            found.loc[name, ["low", "high"]],
            known,
            of=MIDDLE if name.endswith("median") else "",
        )
        for name, known in truths.items()
    ]


def _window(behaviour, true: populations.Truth, *, nothing: bool, rng) -> list[Outcome]:
    sales, counts = (
        window.window_change(behaviour, what=what, comparable=True, rng=rng) for what in ("sales", "orders")
    )
    return [
        interval("sales per customer", sales.now, (sales.now_low, sales.now_high), true.now),
        interval("change of sales per customer", sales.difference, (sales.low, sales.high), true.change, nothing=nothing),
        interval("change of orders per customer", counts.difference, (counts.low, counts.high), true.orders_change,
                 nothing=nothing),
    ]  # fmt: skip


def _shares(behaviour, scored, *, rng) -> list[Outcome]:
    """Of the smallest segment how many they are and how often they order, of the largest what it buys: the others buy too little."""
    named = segments.shares(behaviour, scored, about={}, rng=rng).set_index("segment")
    few, most = (named.loc[[name]].iloc[0] for name in ("few", "most"))
    return [
        interval("segment, share of customers", few["share_of_customers"], few[["customers_low", "customers_high"]], SEGMENTS["few"]),
        interval("segment, share of sales", most["share_of_sales"], most[["sales_low", "sales_high"]], SEGMENTS["most"]),
        interval("segment, orders of the middle customer", few["order_frequency"], few[["frequency_low", "frequency_high"]], 1.0,
                 of=MIDDLE),
    ]  # fmt: skip


def _ages(behaviour, scored) -> list[Outcome]:
    apart = ages.asked_and_not(behaviour, scored)
    return [
        claim("age bands", "an age band differs", bool(ages.differing(behaviour, scored)), FAMILY),
        interval("age known or not", apart.difference, apart.interval, 0.0, nothing=True),
    ]


def _middle(behaviour, *, silent: float, growth: float) -> Outcome:
    from scipy.stats import nbinom

    mean, r = populations.mean_orders(silent) * (1 + growth), populations.SHAPE
    in_window = behaviour["window_orders"]
    middle = float(nbinom.median(r, r / (r + mean)))
    return interval("purchase-count loyalty", in_window.median(), median_interval(in_window), middle, of=WHOLE)


def _staying(rng, customers: int) -> Outcome:
    """Customers of a table of moves stay with a known chance; the table has one row per pair of segments."""
    stayed = int(rng.binomial(customers, STAYS))
    moved = pd.DataFrame({
        "from_segment": ["few", "few"], "to_segment": ["few", "most"], "customers": [stayed, customers - stayed],
    })  # fmt: skip
    found = moves.staying(moved, absent="no order")
    return interval("segment kept", found.share, (found.low, found.high), STAYS)
