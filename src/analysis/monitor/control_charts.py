"""Control charts: which weeks, or lasting changes, differ from what the weeks before lead to expect."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.monitor.false_alarms import RATE, YEAR, critical, most_with_extremes
from analysis.monitor.moving_centre import LEAST, MOST_LEAN, drifts, follow, reach

TWO_YEARS = 2 * YEAR  # with as many weeks each is compared with the same week of the year before
AGAIN = 0.5  # of its limit: where a lean has to fall below before it can be a signal again
MEASURES = ("sales", "customers_active", "redemption")
ABOVE, BELOW = "single week above the limit", "single week below the limit"
ROSE, FELL = "lasting rise", "lasting fall"
LASTING = (ROSE, FELL)
FEWEST = (
    1.0  # customers or redemptions in a week of the baseline, on average; below, a single one is a jump of the line
)
QUIET = ["quiet_lasting", "quiet_lasting_least", "quiet_single", "quiet_single_least", "quiet_extremes"]
COLUMNS = [
    "measure", "week_starts_on", "value", "centre", "lower", "upper", "phase", "season", "signal", "refused", "lasting_told", *QUIET,
]  # fmt: skip


class Scale(NamedTuple):
    """Where surprises are as large in busy weeks as in calm ones; `chance` is their standard deviation by chance alone."""

    values: np.ndarray
    chance: np.ndarray
    back: Callable[[np.ndarray], np.ndarray]  #: from the scale to the unit of the measure


def amounts(values: np.ndarray) -> Scale:
    """Return sales or counts on the scale of square roots, on which the spread of sums of orders does not grow with them.

    3/8 is added as for a count (Anscombe (1948), Biometrika 35, 246-254); its standard deviation by chance is 1/2.
    """
    values = np.asarray(values, dtype=float)
    return Scale(np.sqrt(values + 3 / 8), np.full(len(values), 0.5), lambda root: np.maximum(root, 0) ** 2 - 3 / 8)


def shares(hits: np.ndarray, trials: np.ndarray) -> Scale:
    """Return shares as angles, arcsin of the square root, whose spread by chance depends on the trials alone.

    3/8 hits and 3/4 trials are added; the standard deviation by chance is half of 1 / sqrt(trials + 1/2) (Anscombe 1948).
    """
    hits, trials = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    angles = np.arcsin(np.sqrt((hits + 3 / 8) / (trials + 3 / 4)))

    def back(angle: np.ndarray) -> np.ndarray:
        part = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
        return (part * (trials + 3 / 4) - 3 / 8) / trials

    return Scale(angles, 0.5 / np.sqrt(trials + 0.5), back)


def control(weekly: pd.DataFrame, *, baseline_weeks: int, smallest: int = 0) -> pd.DataFrame:
    """One row per measure and full week: value, centre, lower, upper, phase (baseline or monitored), season (whether it
    is taken out), signal (or missing), refused (why there are no limits, or missing), lasting_told (whether any lasting
    change could be told from how much weeks wander), and how often a quiet year has a signal where there are limits, as
    shares of years: quiet_lasting and quiet_single (at most, and `_least` where weeks are kindest), quiet_extremes.

    Measures: sales (currency), customers_active and redemption (contacts that redeemed in the week over open contacts, 0
    to 1; the chart of Laney's p'). The centre of a week is what the weeks before it lead to expect (`moving_centre`);
    limits begin after the first `baseline_weeks` weeks that have a value. With two years of sales or active customers
    each week is seen against the same week of the year before, and the baseline is the first weeks of the second year.
    A signal is a single week beyond its limits, or the first week in which recent ones together lean too far to one
    side; see `false_alarms`. Weeks of fewer people than `smallest` move no line, because the line would give them away.
    """
    weeks = weekly[weekly["full"]].sort_values("week_starts_on", ignore_index=True)
    active, hits, trials = (
        weeks[name].to_numpy(dtype=float) for name in ("customers_active", "contacts_redeemed", "contacted_open")
    )
    enough = _enough(active, smallest)
    parts = [_chart(weeks, name, weeks[name].to_numpy(dtype=float), amounts(weeks[name][enough]), enough, active,
                    baseline=baseline_weeks) for name in MEASURES[:2]]  # fmt: skip
    share = hits / np.where(trials > 0, trials, np.nan)
    enough = (trials > 0) & _enough(hits, smallest) & _enough(trials - hits, smallest) & _enough(trials, smallest)
    scale = shares(hits[enough], trials[enough])
    parts.append(_chart(weeks, MEASURES[2], share, scale, enough, hits, baseline=baseline_weeks, yearly=False))
    table = pd.concat([part.reindex(columns=COLUMNS) for part in parts])
    table[QUIET] = table[QUIET].astype("float64")
    table[["signal", "refused"]] = table[["signal", "refused"]].astype("str")
    table["lasting_told"] = table["lasting_told"].eq(True)
    return table.sort_values(["measure", "week_starts_on"]).reset_index(drop=True)


def _enough(people: np.ndarray, smallest: int) -> np.ndarray:
    return (people == 0) | (people >= smallest)


def _chart(
    weeks: pd.DataFrame, name: str, values: np.ndarray, scale: Scale, used: np.ndarray, events: np.ndarray, *, baseline: int,
    yearly: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """One row per week of a measure; `scale` has the weeks that are `used`, the others get neither limits nor signals.

    `events` is what the measure is made of in each week: customers or redemptions.
    """
    table = pd.DataFrame({"measure": name, "week_starts_on": weeks["week_starts_on"], "value": values})
    skipped = YEAR if yearly and used.all() and len(table) >= TWO_YEARS else 0
    table["season"] = skipped > 0
    table["phase"] = np.where(np.cumsum(used) <= skipped + baseline, "baseline", "monitored")
    if why := _too_few(int(used.sum()) - skipped, baseline) or _sparse(
        events[used][: skipped + baseline], "contacts that redeem" if name == MEASURES[2] else "active customers"
    ):
        return table.assign(refused=why)
    year_before = scale.values[:-skipped] if skipped else 0.0
    course = follow((scale.values[skipped:] - year_before)[None], scale.chance[skipped:], baseline=baseline)
    blank = np.full(skipped, np.nan)
    expected = np.concatenate([blank, course.expected[0] + year_before])
    table.loc[used, "centre"] = scale.back(expected)
    if not course.width[0] > 0:
        return table.assign(refused="all weeks of the baseline are equal")
    if drifts(course, baseline=baseline)[0]:
        return table.assign(refused="the weeks of the baseline rise or fall too steadily to say what is usual")
    limits = critical(baseline=baseline, season=not skipped)
    table[QUIET] = (RATE, limits.lasting_least, RATE, limits.single_least, most_with_extremes(baseline=baseline))
    far = reach(course, baseline=baseline, single=limits.single, lasting=limits.lasting)
    table["lasting_told"] = bool(far.lean[0] < MOST_LEAN)
    monitored = (table["phase"] == "monitored").to_numpy()[used]
    for column, usual in (("lower", -far.below[0]), ("upper", far.above[0])):
        edge = np.clip(scale.back(expected + usual * course.width[0] * scale.chance), 0, None)
        table.loc[used, column] = np.where(monitored, edge, np.nan)
    lean = np.concatenate([blank, course.lean[0]]) / far.lean[0]
    table.loc[used, "signal"] = np.array(_signals(table[used], lean, monitored), dtype=object)
    return table


def _too_few(weeks: int, baseline: int) -> str | None:
    if baseline < LEAST:
        return f"{baseline} weeks are too few to say what is usual; limits need {LEAST}"
    if weeks <= baseline:
        return f"{weeks} weeks are in the data; limits need {baseline} to come from and one more to look at"
    return None


def _sparse(events: np.ndarray, what: str) -> str | None:
    """Return why nothing can be said where most weeks have none: a chart of waiting times would need years of them."""
    if (usual := events.mean()) >= FEWEST:
        return None
    return f"an average week of the baseline has {usual:.1f} {what}; limits need {FEWEST:.0f}"


def _signals(table: pd.DataFrame, lean: np.ndarray, monitored: np.ndarray) -> list[str | None]:
    """Return each week's signals in words; `lean` is the mean of recent surprises over its limit."""
    texts, before = [], 0
    rows = zip(table["value"], table["lower"], table["upper"], lean, monitored, strict=True)
    for value, lower, upper, leaning, counts in rows:
        lasts = before * leaning > AGAIN  # one change is one signal, until the lean is gone
        side = before if lasts else int(np.sign(leaning)) if abs(leaning) > 1 else 0
        found = [ABOVE] if value > upper else [BELOW] if value < lower else []
        if counts and side and side != before:
            found.append(ROSE if side > 0 else FELL)
        before = side
        texts.append("; ".join(found) or None)
    return texts
