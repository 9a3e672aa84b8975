"""What of the campaigns without a lot stays blank, because few people stand behind it or would follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.report.campaign.few import OF_FEW, UNSAID, of_few

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("contacted", "comparable")
KEPT = "difference in differences"  # the method whose counts stay: those of the table of campaigns


def methods(table: pd.DataFrame | None, results: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the methods of the campaigns whose estimate `results` shows (after `few.campaigns`), with blanks in the counts.

    The counts of one campaign differ by those whom a method leaves out. Where two of them are few apart, only the counts of
    `KEPT` stay, and nobody is said to be left out.
    """
    if not smallest or table is None or results is None or table.empty:
        return table
    made = _shown(table, results)
    made = made.astype(dict.fromkeys((*COUNTS, "contacted_left_out"), "float64"))
    for _, own in made.groupby("campaign_id"):
        near = [_near(own[column], smallest) for column in COUNTS]
        near[0] |= bool(of_few(own["contacted_left_out"], smallest).any())
        others = own.index[own["method"] != KEPT]
        for column, close in zip(COUNTS, near, strict=True):
            if close:
                made.loc[others, column] = np.nan
        if any(near):
            made.loc[own.index, "contacted_left_out"] = np.nan
    return made


def checks(
    table: pd.DataFrame | None, results: pd.DataFrame | None, shown: pd.DataFrame | None, *, smallest: int
) -> pd.DataFrame | None:
    """Return the checks of campaigns whose estimate is shown, without sentences that speak of few; `shown` is from `methods`."""
    if not smallest or table is None or results is None or shown is None or table.empty:
        return table
    made = _shown(table, results)
    blank = set(shown.loc[shown["contacted_left_out"].isna(), "campaign_id"])
    told = (made["check"] == "overlap") & made["campaign_id"].isin(blank) | made["said"].map(
        lambda said: bool(OF_FEW.search(said))
    )
    return made.assign(said=made["said"].mask(told, UNSAID))


def _shown(table: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    names = results.loc[results["effect_per_week"].notna(), "campaign_id"]
    return table[table["campaign_id"].isin(names)].reset_index(drop=True)


def _near(counts: pd.Series, smallest: int) -> bool:
    """Whether two of the counts are apart, but by fewer than `smallest`; or one is few itself."""
    ordered = np.sort(counts.unique())
    gaps = np.diff(ordered)
    return bool(((gaps > 0) & (gaps < smallest)).any() or of_few(counts, smallest).any())
