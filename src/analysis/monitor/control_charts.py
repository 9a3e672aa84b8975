"""Control charts: which weeks differ from a baseline by more than weeks usually differ."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

RUN = 8  # weeks in a row on one side of the centre that make a signal
BEYOND = 0.0026997960632601866  # chance that a normal value lies more than three standard deviations from its mean
MEASURES = ("sales", "customers_active", "redemption")


class Limits(NamedTuple):
    """Centre line and limits, one entry per week, in the unit of the measure."""

    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def individuals_limits(values: np.ndarray, *, baseline: int) -> Limits:
    """Limits of a chart of individual values (XmR): centre +- 2.66 times the mean moving range of the baseline.

    The centre is the mean of the first `baseline` values; later values change nothing. 2.66 is 3 / 1.128, three
    standard deviations estimated from the difference of neighbours, so that a slow drift does not widen the limits.
    The lower limit is at least 0, because sales and counts cannot be below. NaN for fewer than two baseline values.
    Source: Shewhart (1931); Wheeler (1993), Understanding Variation; 1.128 is d2 for pairs.
    """
    values = np.asarray(values, dtype=float)
    first = values[:baseline]
    centre = first.mean() if len(first) else np.nan
    reach = 2.66 * np.abs(np.diff(first)).mean() if len(first) > 1 else np.nan
    return Limits(*(np.full(len(values), line) for line in (centre, np.maximum(centre - reach, 0), centre + reach)))


def proportion_limits(hits: np.ndarray, trials: np.ndarray, *, baseline: int) -> Limits:
    """Limits of a p' chart: they vary with the trials of each week, and with how much weeks differ beyond chance.

    The centre is hits over trials of the baseline. Each week's distance from it is counted in binomial standard
    deviations; the spread of those, from moving ranges of the baseline, widens or narrows three binomial standard
    deviations. Without it a customer who redeems in several weeks, or campaigns that differ, would set off most
    weeks. Limits stay inside 0 to 1; a week without trials has no limits. Source: Laney (2002), Quality Engineering
    14, 531-537.
    """
    hits, trials = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    known = np.where(trials > 0, trials, np.nan)
    centre = hits[:baseline].sum() / total if (total := trials[:baseline].sum()) else np.nan
    binomial = np.sqrt(centre * (1 - centre) / known)
    with np.errstate(invalid="ignore", divide="ignore"):  # a centre of 0 or 1 leaves no binomial spread: no limits
        distance = ((hits / known - centre) / binomial)[:baseline]
    distance = distance[np.isfinite(distance)]
    spread = np.abs(np.diff(distance)).mean() / 1.128 if len(distance) > 1 else np.nan
    reach = 3 * spread * binomial
    return Limits(np.where(trials > 0, centre, np.nan), np.maximum(centre - reach, 0), np.minimum(centre + reach, 1))


def control(weekly: pd.DataFrame, *, baseline_weeks: int) -> pd.DataFrame:
    """One row per measure and full week: value, centre, lower, upper, phase (baseline or monitored), signal (or
    missing).

    Measures: sales (currency) and customers_active as individual values, redemption (contacts that redeemed in the week
    over open contacts, 0 to 1) as a p' chart. The baseline is the first `baseline_weeks` full weeks, all of them where
    there are fewer. A week is a signal when it lies beyond a limit, and when it is the eighth in a row on one side.
    """
    weeks = weekly[weekly["full"]].sort_values("week_starts_on")
    hits, trials = weeks["contacts_redeemed"].to_numpy(dtype=float), weeks["contacted_open"].to_numpy(dtype=float)
    values = {name: weeks[name].to_numpy(dtype=float) for name in MEASURES[:2]}
    limits = {name: individuals_limits(series, baseline=baseline_weeks) for name, series in values.items()}
    values["redemption"] = hits / np.where(trials > 0, trials, np.nan)
    limits["redemption"] = proportion_limits(hits, trials, baseline=baseline_weeks)
    parts = [
        pd.DataFrame({
            "measure": name, "week_starts_on": weeks["week_starts_on"].to_numpy(), "value": values[name],
            **limits[name]._asdict(),
            "phase": np.where(np.arange(len(weeks)) < baseline_weeks, "baseline", "monitored"),
            "signal": pd.array(_signals(values[name], limits[name]), dtype="str"),
        })
        for name in MEASURES
    ]  # fmt: skip
    return pd.concat(parts).sort_values(["measure", "week_starts_on"]).reset_index(drop=True)


def signals(control: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """One row per signal, in order of date: measure, week, phase, signal, value, centre, size (value minus centre),
    look_at.

    `look_at` says where to look first: the campaigns that began or ended in that week or the one before, else the usual
    suspects of the measure. It names no cause.
    """
    found = control[control["signal"].notna()].copy()
    found["size"] = found["value"] - found["centre"]
    found["look_at"] = [_look_at(row.measure, row.week_starts_on, campaigns) for row in found.itertuples()]
    columns = ["week_starts_on", "measure", "phase", "signal", "value", "centre", "size", "look_at"]
    return found[columns].sort_values(["week_starts_on", "measure"]).reset_index(drop=True)


def false_alarm_chance(*, weeks: int, run: int = RUN, beyond: float = BEYOND) -> float:
    """Chance of at least one signal in so many weeks when nothing changes, 0 to 1.

    For independent normal weeks and limits that are known; limits from a short baseline and weeks that resemble their
    neighbours raise it. Followed week by week through the length of the run on one side (a Markov chain, as in Champ
    and Woodall (1987), Technometrics 29, 393-399).
    """
    quiet = np.zeros(run)  # quiet[r]: no signal so far and the last r weeks lie on one side
    quiet[0] = 1.0
    for _ in range(weeks):
        inside = quiet * (1 - beyond)
        quiet = np.zeros(run)
        if run > 1:
            quiet[1] = inside[0] + inside[1:].sum() / 2
            quiet[2:] = inside[1:-1] / 2
    return float(1 - quiet.sum())


def _signals(values: np.ndarray, limits: Limits) -> list[str | None]:
    side = np.nan_to_num(np.sign(values - limits.centre))
    length, texts = 0, []
    for i, value in enumerate(values):
        length = 0 if side[i] == 0 else length + 1 if i and side[i] == side[i - 1] else 1
        found = ["above the upper limit"] if value > limits.upper[i] else []
        found += ["below the lower limit"] if value < limits.lower[i] else []
        found += [f"{RUN} weeks in a row {'above' if side[i] > 0 else 'below'} the centre"] if length == RUN else []
        texts.append("; ".join(found) or None)
    return texts


_USUAL = {
    "sales": "holidays, prices and stock in that week, and whether every shop's data came in",
    "customers_active": "holidays and whether every shop's data came in",
    "redemption": "which campaigns were open and how many days were left on their coupons",
}


def _look_at(measure: str, week: pd.Timestamp, campaigns: pd.DataFrame) -> str:
    first, last = week - pd.Timedelta(days=7), week + pd.Timedelta(days=6)
    parts = []
    for verb, column in (("began", "starts_on"), ("ended", "ends_on")):
        days = pd.to_datetime(campaigns[column])
        names = sorted(
            campaigns.loc[(days >= first) & (days <= last), "campaign_id"], key=lambda name: (len(name), name)
        )
        parts += [f"campaign{'s' * (len(names) > 1)} {', '.join(names)} {verb}"] if names else []
    return "; ".join([*parts, _USUAL[measure]])
