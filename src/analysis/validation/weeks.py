"""Weeks in which nothing changes: how often a control chart sets off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.control_charts import MEASURES, control, false_alarm_chance
from analysis.validation.outcomes import Outcome, claim

WEEKS, BASELINE = 52, 26  # as the study asks for; the page states the chance for a year


def trial(rng: np.random.Generator, *, like_before: float = 0.0, tail: float = 0.0) -> list[Outcome]:
    """Make one year and return of each chart whether any week is a signal.

    `like_before` is the correlation of neighbouring weeks, `tail` the share of weeks that are twice as large by chance.
    """
    noise = rng.standard_normal((WEEKS, 2))
    for week in range(1, WEEKS):
        noise[week] = like_before * noise[week - 1] + np.sqrt(1 - like_before**2) * noise[week]
    sales = 10_000 * (1 + 0.08 * noise[:, 0]) * np.where(rng.random(WEEKS) < tail, 2.0, 1.0)
    trials = rng.integers(200, 400, WEEKS)
    weekly = pd.DataFrame({
        "week_starts_on": pd.date_range("2023-01-02", periods=WEEKS, freq="7D", unit="us"), "full": True, "sales": sales,
        "customers_active": np.round(500 + 20 * noise[:, 1]), "contacted_open": trials,
        "contacts_redeemed": rng.binomial(trials, 0.05),
    })  # fmt: skip
    table = control(weekly, baseline_weeks=BASELINE)
    promised = false_alarm_chance(weeks=WEEKS)
    says = f"a signal in a year without change (the page says {promised:.0%})".replace("%", " %")
    return [
        claim(f"control chart, {name.replace('_', ' ')}", says,
              bool(table.loc[table["measure"] == name, "signal"].notna().any()), (0.0, promised))
        for name in MEASURES
    ]  # fmt: skip
