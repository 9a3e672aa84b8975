"""Who the customers are: what the company knows about each, and what it does not (rate, chance to leave, kind of answer).

Rates are gamma, chances to leave beta (BG/NBD), the mean values of orders inverse gamma (Gamma-Gamma): see `scenario` for
the sources. Satisfaction falls with the chance to leave, loyalty rises with satisfaction; both with noise. Wholesalers, staff
and shared accounts are no single persons and buy more: the population formulas hold for accounts of kind "person" only, those
of a customer for everyone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop.scenario import DAYS, KNOWN_BEFORE_DAYS, MONTH, Scenario

AGES = ("19-24", "25-34", "35-44", "45-54", "55-64", "65+")
CHANNELS = ("web", "app", "shop", "referral")
TYPES = ("persuadable", "sure", "early", "put off", "indifferent")
ACCOUNTS = ("person", "shared", "staff", "wholesaler")
KNOWN = (
    "customer_id",
    "joined_day",
    "age_band",
    "gender",
    "region",
    "income_band",
    "household_size",
    "channel",
    "consent",
)
_BUYS_MORE = np.array([1.0, 2.0, 2.0, 4.0])  # times the rate, by account
_SPENDS_MORE = np.array([1.0, 1.0, 0.9, 8.0])  # times the value of an order


def people(customers: int, *, scenario: Scenario, first: int, rng: np.random.Generator) -> pd.DataFrame:
    """One row per customer, numbered from `first`: what is known about them and their true parameters.

    rate is orders per model day, drop the chance to leave after an order, value the mean of an order in currency, due the day
    in the month of a monthly account, type how they answer to incentives, satisfaction and loyalty 0 to 1.
    """
    n = customers
    before = rng.random(n) < 0.45
    joined = np.where(before, -rng.integers(1, KNOWN_BEFORE_DAYS, n), rng.integers(0, DAYS - 30, n))
    account = rng.choice(4, n, p=[0.945, 0.03, 0.015, 0.01])
    age = rng.choice(len(AGES), n, p=[0.1, 0.24, 0.24, 0.2, 0.13, 0.09])
    channel = rng.choice(4, n, p=[0.4, 0.25, 0.23, 0.12])
    rate, drop, value = parameters(n, scenario=scenario, rng=rng)
    satisfaction = _satisfaction(drop, rng=rng)
    loyalty = np.clip(0.5 * satisfaction + 0.5 * (1 - drop) ** 5 + rng.normal(0, 0.08, n), 0, 1)
    monthly = scenario.process == "monthly"
    return pd.DataFrame({
        "customer_id": numbered("C", first + np.arange(n), width=7),
        "joined_day": joined,
        "age_band": np.array(AGES)[age],
        "gender": np.array(["female", "male", "other"])[rng.choice(3, n, p=[0.53, 0.45, 0.02])],
        "region": np.array(["East", "North", "South", "West"])[rng.choice(4, n, p=[0.4, 0.25, 0.2, 0.15])],
        "income_band": np.array(["under 100", "100-199", "200-299", "300+"])[rng.choice(4, n, p=[0.3, 0.4, 0.2, 0.1])],
        "household_size": np.array(["1", "2", "3", "4+"])[rng.choice(4, n, p=[0.3, 0.3, 0.25, 0.15])],
        "channel": np.array(CHANNELS)[channel],
        "consent": np.array(["yes", "no", None], dtype=object)[rng.choice(3, n, p=[0.87, 0.1, 0.03])],
        "account": np.array(ACCOUNTS)[account],
        "type": np.array(TYPES)[_types(age, channel, rate * scenario.alpha / scenario.r, rng=rng)],
        "rate": rate * (1.0 if monthly else _BUYS_MORE[account]),
        "drop": drop,
        "value": value * _SPENDS_MORE[account],
        "due": rng.random(n) * MONTH,
        "satisfaction": satisfaction,
        "loyalty": loyalty,
    })  # fmt: skip


def parameters(
    customers: int, *, scenario: Scenario, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rate, drop and value of as many persons; a monthly account has the rate of one order a month."""
    rate = rng.gamma(scenario.r, 1 / scenario.alpha, customers)
    if scenario.process == "monthly":
        rate = np.full(customers, 1 / MONTH)
    drop = np.maximum(rng.beta(scenario.a, scenario.b, customers), 1e-6)  # a chance of exactly 0 has no lifetime
    return rate, drop, scenario.p / rng.gamma(scenario.q, 1 / scenario.gamma, customers)


def numbered(prefix: str, numbers: np.ndarray, *, width: int) -> pd.Series:
    """Return ids such as C0000012: the prefix and a number of a fixed width, so that text sorts as numbers do."""
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = pc.utf8_lpad(pa.array(np.asarray(numbers, dtype=np.int64)).cast(pa.string()), width=width, padding="0")
    return pd.Series(pc.binary_join_element_wise(prefix, digits, "").to_pandas().to_numpy(), dtype="str")


def _satisfaction(drop: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    stays = -np.log(drop / (1 - drop))
    centred = (stays - stays.mean()) / max(stays.std(), 1e-9)
    return 1 / (1 + np.exp(-(0.9 + 0.8 * centred + rng.normal(0, 0.6, len(drop)))))


def _types(age: np.ndarray, channel: np.ndarray, relative_rate: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Draw how each answers. Young customers of web and app can be persuaded, frequent ones would have bought anyway."""
    young, online = age <= 1, channel <= 1
    weight = np.column_stack([
        1.0 + 1.5 * young + 1.0 * online, 1.5 + 1.5 * (relative_rate > 1), 0.8 + 0.6 * online,
        0.15 + 0.45 * (age >= 4), np.full(len(age), 0.8),
    ])  # fmt: skip
    below = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)
    return np.minimum((rng.random((len(age), 1)) > below).sum(axis=1), len(TYPES) - 1)
