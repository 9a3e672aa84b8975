"""What the usual charts say of the same weeks, beside ours: individual values, shares, counts per contact, EWMA, CUSUM."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor import shewhart, small_shifts
from analysis.monitor.false_alarms import YEAR

WEIGHT, WIDTH = 0.2, 2.962  # EWMA; 500 weeks to a false alarm on average (Lucas and Saccucci 1990)
SLACK, LIMIT = 0.5, 5.0  # CUSUM; 465 weeks
OURS = "this study's"


def beside_textbook(weekly: pd.DataFrame, control: pd.DataFrame, *, baseline_weeks: int) -> pd.DataFrame:
    """One row per measure and chart: weeks after the baseline, how many have a signal, promised (share of quiet years).

    `promised` is the chance of any signal in 52 weeks that the chart's theory gives, for weeks that are independent and
    normal and limits that are known; for ours the sum of both rules. A chart without limits has no signals (missing).
    """
    weeks = weekly[weekly["full"]].sort_values("week_starts_on")
    rows = []
    for measure in ("sales", "customers_active"):
        values = weeks[measure].to_numpy(dtype=float)
        limits = shewhart.individuals_limits(values, baseline=baseline_weeks)
        rows += [
            (
                measure,
                "individual values",
                shewhart.weeks_beyond(values, limits),
                shewhart.false_alarm_chance(weeks=YEAR),
            )
        ]
        rows += [(measure, *row) for row in _adding_up(values, limits)]
    trials = weeks["contacted_open"].to_numpy(dtype=float)
    for column, chart, make in (
        ("contacts_redeemed", "p'", shewhart.share_limits),
        ("redemptions", "u'", shewhart.rate_limits),
    ):
        counts = weeks[column].to_numpy(dtype=float)
        limits = make(counts, trials, baseline=baseline_weeks, beyond_chance=True)
        rate = counts / np.where(trials > 0, trials, np.nan)
        found = shewhart.weeks_beyond(rate, limits) if np.isfinite(limits.upper).any() else None
        rows.append(("redemption", chart, found, shewhart.false_alarm_chance(weeks=YEAR)))
    table = pd.DataFrame(
        [
            (
                measure,
                chart,
                max(len(weeks) - baseline_weeks, 0),
                None if found is None else int(found[baseline_weeks:].sum()),
                chance,
            )
            for measure, chart, found, chance in rows
        ],
        columns=["measure", "chart", "weeks", "signals", "promised"],
    )
    return (
        pd.concat([table, _ours(control)])
        .astype({"signals": "Int64"})
        .sort_values(["measure", "chart"], ignore_index=True)
    )


def _adding_up(values: np.ndarray, limits: shewhart.Limits) -> list[tuple[str, np.ndarray | None, float]]:
    """Return name, signals and promise of EWMA and CUSUM, in standard deviations of the chart of individual values."""
    spread = (limits.upper - limits.centre) / 3
    chances = (
        small_shifts.ewma_wait(weight=WEIGHT, width=WIDTH, weeks=YEAR).within,
        small_shifts.cusum_wait(slack=SLACK, limit=LIMIT, weeks=YEAR).within,
    )
    if not np.all(spread > 0):
        return [("EWMA", None, chances[0]), ("CUSUM", None, chances[1])]
    far = (values - limits.centre) / spread
    mean = np.abs(small_shifts.ewma(far, weight=WEIGHT))
    sums = small_shifts.cusum(far, slack=SLACK)
    return [
        ("EWMA", mean > small_shifts.ewma_limit(len(far), weight=WEIGHT, width=WIDTH), chances[0]),
        ("CUSUM", (sums.up > LIMIT) | (sums.down > LIMIT), chances[1]),
    ]


def _ours(control: pd.DataFrame) -> pd.DataFrame:
    told = control[control["lower"].notna()]
    grouped = told.groupby("measure")
    table = grouped.agg(weeks=("value", "size"), signals=("signal", "count"), promised=("quiet_lasting", "first"))
    return (table.assign(promised=table["promised"] + grouped["quiet_single"].first(), chart=OURS)).reset_index()
