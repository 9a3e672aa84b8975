"""Weeks in which nothing changes, of many kinds: how often a control chart sets off, and whether it sees a real change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor import shewhart
from analysis.monitor.control_charts import LASTING, MEASURES, TWO_YEARS, control
from analysis.monitor.false_alarms import RATE, YEAR, most_with_extremes
from analysis.report.control_words import LASTING_CLAIM, ORDINARY_CLAIM, SINGLE_CLAIM
from analysis.validation.outcomes import NAIVE, Outcome, claim

BASELINE = 26  # as the study asks for
SEEN_IN = 8  # weeks in which a lasting change should be seen


def trial(
    rng: np.random.Generator, *, alike: float = 0.0, tail: float = 0.0, orders: float = np.inf, season: float = 0.0,
    holidays: float = 0.0, growth: float = 0.0, years: int = 1, size: float = 500.0, rate: float = 0.05, beyond: float = 0.0,
    fall: float = 0.0, freedom: float = np.inf,
) -> list[Outcome]:  # fmt: skip
    """Make a baseline and a year after it and return of each chart and rule whether it sets off.

    `alike` is the correlation of neighbouring weeks, `tail` the share of weeks in which sales are twice as large by
    chance, `orders` how many orders of very unequal size a week's sales are the sum of, `season` half of what summer and
    winter differ by, `holidays` by how much sales rise in two weeks of each year, `growth` the change in a year, `size`
    the customers a week has, `rate` the share that redeems, and `beyond` its standard deviation between weeks, relative.
    With `years` 3 the baseline is the first weeks of the second year. `fall` is a real change, in the weeks from the 13th
    of the last year; the claims then are how often it is seen within eight weeks. `freedom` is the degrees of freedom of the
    t distribution that chance between weeks has, with the same variance; normal where infinite.
    """
    weeks = BASELINE + YEAR + (years > 1) * YEAR
    time = np.arange(weeks)
    noise = _noise(rng, (weeks, 3), alike, freedom)
    usual = (1 + season * np.sin(2 * np.pi * (time / YEAR + rng.random()))) * (1 + growth) ** (time / YEAR)
    usual = usual * np.where(time % YEAR >= YEAR - 2, 1 + holidays, 1.0)
    changed = weeks - YEAR + 12
    usual = usual * np.where(time >= changed, 1 - fall, 1.0)
    twice = rng.random(weeks) < tail
    sales = 10_000 * usual * (1 + 0.08 * noise[:, 0]) * np.where(twice, 2.0, 1.0)
    if np.isfinite(orders):
        counts = rng.poisson(orders * usual)
        sales = np.array([rng.lognormal(3, 1.0, n).sum() for n in counts])
    active = rng.poisson(size * usual * np.clip(1 + 0.04 * noise[:, 1], 0, None))
    trials = rng.integers(100, 800, weeks)
    redeeming = np.clip(
        rate * np.where(time >= changed, 1 - fall, 1.0) * np.exp(np.clip(beyond * noise[:, 2], -5, 5)), 0, 1
    )
    weekly = pd.DataFrame({
        "week_starts_on": pd.date_range("2020-01-06", periods=weeks, freq="7D", unit="us"), "full": True,
        "sales": np.maximum(sales, 0), "customers_active": active, "contacted_open": trials,
        "contacts_redeemed": rng.binomial(trials, redeeming),
    })  # fmt: skip
    table = control(weekly, baseline_weeks=BASELINE)
    extremes = most_with_extremes(baseline=BASELINE) if tail else RATE
    said = []
    for name in MEASURES:
        rows = table[table["measure"] == name].iloc[-YEAR:]
        if fall:
            said += _seen(rows, changed=changed - (weeks - YEAR))
            continue
        said += [*_quiet(rows, extremes if name == "sales" else RATE), *_textbook(weekly, name)]
        if tail and name == "sales":
            odd = (rows["signal"].str.contains("single") & ~twice[-YEAR:]).any()
            told = None if rows["refused"].notna().any() else bool(odd)
            said.append(claim("control chart, sales", ORDINARY_CLAIM, told, (0.0, RATE)))
    return said


def _noise(rng: np.random.Generator, shape: tuple[int, int], alike: float, freedom: float) -> np.ndarray:
    noise = rng.standard_normal(shape)
    if np.isfinite(freedom):
        noise = rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2))
    for week in range(1, len(noise)):
        noise[week] = alike * noise[week - 1] + np.sqrt(1 - alike**2) * noise[week]
    return noise


def _quiet(rows: pd.DataFrame, single: float) -> list[Outcome]:
    name = f"control chart, {rows['measure'].iloc[0].replace('_', ' ')}"
    refused = rows["refused"].notna().any()
    goals = {SINGLE_CLAIM: ("single", round(single, 2)), LASTING_CLAIM: ("lasting", RATE)}
    return [
        claim(name, says, None if refused else bool(rows["signal"].str.contains(word).any()), (0.0, goal))
        for says, (word, goal) in goals.items()
    ]


def _seen(rows: pd.DataFrame, *, changed: int) -> list[Outcome]:
    name = f"control chart, {rows['measure'].iloc[0].replace('_', ' ')}"
    within = rows["signal"].iloc[changed : changed + SEEN_IN].str
    refused = rows["refused"].notna().any()
    found = bool((within.contains(LASTING[1]) | within.contains("below")).any())
    return [claim(name, "a lasting fall is seen within eight weeks", None if refused else found)]


def _textbook(weekly: pd.DataFrame, name: str) -> list[Outcome]:
    """Return whether the usual chart has a signal, three standard deviations or eight in a row, and what it promises."""
    last = weekly.iloc[-(BASELINE + YEAR) :] if len(weekly) > TWO_YEARS else weekly
    if name == "redemption":
        hits, trials = last["contacts_redeemed"].to_numpy(), last["contacted_open"].to_numpy()
        values, limits = hits / trials, shewhart.share_limits(hits, trials, baseline=BASELINE, beyond_chance=True)
    else:
        values = last[name].to_numpy(dtype=float)
        limits = shewhart.individuals_limits(values, baseline=BASELINE)
    found = bool(shewhart.weeks_beyond(values, limits)[BASELINE:].any())
    promised = round(shewhart.false_alarm_chance(weeks=YEAR), 2)
    says = "any signal of the textbook's chart in a year without change"
    return [claim(f"control chart, {name.replace('_', ' ')}", says, found, (0.0, promised), method=NAIVE)]
