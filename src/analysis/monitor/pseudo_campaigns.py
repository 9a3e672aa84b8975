"""The same comparison on dates before each campaign, when it had not begun: what is found where nothing happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference import observational
from analysis.monitor.comparison import DAY, windows

if TYPE_CHECKING:
    from analysis.monitor.comparison import Lists, Rules
    from analysis.monitor.past import Past

LEAST, MOST = (
    200,
    1000,
)  # pseudo-campaigns of a study: as many as its past allows below the first, never more than the second
COLUMNS = ["campaign_id", "starts_on", "effect", "standard_error"]
BAND_FROM = 40  # earlier dates from which a band is shown: so that one lies beyond each end


class OwnPast(NamedTuple):
    """Change of the contacted from the weeks before to the campaign, and the band of the same change on earlier dates."""

    change: float  #: currency per customer and week
    low: float  #: NaN with fewer than `BAND_FROM` dates
    high: float
    dates: int


def pseudo_campaigns(past: Past, runs: pd.DataFrame, lists: Lists, *, rules: Rules) -> pd.DataFrame:
    """One row per campaign of `runs` and earlier date: effect and standard error, currency per customer and week.

    A pseudo-campaign contacts whom the campaign did, lasts as long, and ends before it begins. Its dates go back in equal steps, a
    week where that gives `LEAST` over all campaigns. They overlap, and so do the customers: they are not independent. Those with
    fewer than `rules.min_contacted` customers compared are left out.
    """
    rows = []
    for row, starts in zip(runs.itertuples(), dates(past, runs, rules=rules), strict=True):
        contacted = lists.contacted(row.campaign_id)
        everyone = int(contacted.sum())
        for start in starts:
            found = windows(start, days=row.days, data_from=past.data_from)
            stratum = lists.strata(found, past.spent(found.history), campaign_id=row.campaign_id, bands=rules.bands)
            change = (past.spent(found.after) - past.spent(found.before)) / (row.days / 7)
            arms = observational.cells(stratum, contacted, change, min_per_arm=rules.min_per_arm)
            one = observational.estimate(arms, contacted=everyone, comparable=len(contacted) - everyone)
            if one.contacted_used >= rules.min_contacted:
                rows.append([row.campaign_id, start, one.effect, one.standard_error])
    return pd.DataFrame(rows, columns=COLUMNS)


def dates(past: Past, runs: pd.DataFrame, *, rules: Rules) -> list[list[pd.Timestamp]]:
    """Starts of the pseudo-campaigns of each of the `runs`, latest first; none where the past is too short."""
    room = [
        (row.starts_on - past.data_from).days - 2 * row.days - rules.min_history_days for row in runs.itertuples()
    ]  # days by which the latest pseudo-campaign can go back
    room = [days if row.days >= rules.min_days else -1 for days, row in zip(room, runs.itertuples(), strict=True)]
    step = next((step for step in range(7, 1, -1) if _number(room, step) >= LEAST), 1)
    while _number(room, step) > MOST:
        step += 7
    return [
        [row.starts_on - (row.days + back) * DAY for back in range(0, days + 1, step)]
        for days, row in zip(room, runs.itertuples(), strict=True)
    ]


def own_past(past: Past, row, lists: Lists, *, rules: Rules) -> OwnPast:
    """Change of spend of the contacted of one campaign, where there is nobody to compare with, beside their own earlier changes.

    `row` is a row of `campaigns.begun`. Says nothing of a cause: season and everything else are in it.
    """
    contacted, one = lists.contacted(row.campaign_id), pd.DataFrame([row])
    if (row.starts_on - past.data_from).days < row.days or not contacted.any():
        return OwnPast(np.nan, np.nan, np.nan, 0)

    def change(start: pd.Timestamp) -> float:
        found = windows(start, days=row.days, data_from=past.data_from)
        gained = past.spent(found.after) - past.spent(found.before)
        return float(gained[contacted].mean() / (row.days / 7))

    earlier = [change(start) for start in dates(past, one, rules=rules._replace(min_history_days=0))[0]]
    band = np.quantile(earlier, [0.025, 0.975]) if len(earlier) >= BAND_FROM else (np.nan, np.nan)
    return OwnPast(change(row.starts_on), float(band[0]), float(band[1]), len(earlier))


def _number(room: list[int], step: int) -> int:
    return sum(days // step + 1 for days in room if days >= 0)
