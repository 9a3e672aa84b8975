"""The word of a campaign where looks were declared or where it still runs: one that its looks do not contradict.

An interval that is read while a campaign runs leaves zero out at some day far more often than one time in twenty, so no word rests
on it. A declared look keeps its share of the error however often it is asked, but speaks of one campaign by itself: "caused" is said
only where a look passed its limit and the difference stands among all campaigns, too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.monitor.campaigns import A_A
from analysis.monitor.looks import STOP_GAIN, STOP_LOSS, STOP_SILENT
from analysis.monitor.lot_effects import CANNOT_TELL, FALSE_FIND, GAIN, LOSS, NOTHING, OPEN, OPEN_CHECK

WORDS = {STOP_GAIN: GAIN, STOP_LOSS: LOSS, STOP_SILENT: FALSE_FIND}  # of the look that passed its limit
NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen"  # twelve may be named, and the end
IN_WORDS = NUMBERS.split()


def decided(results: pd.DataFrame, looked: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return `returns.campaign_results`, one row per campaign, with `verdict` and `why` as the declared looks allow them.

    `looked` is from `looks.lot_looks`; a campaign without a row there has no declared looks, is decided once after its last day,
    and keeps its word. One that still runs is "caused ..." where a look shows it and it stands among all (`p_adjusted`). One that
    ended and shows a difference that no look showed the same way is "cannot tell". A comparison that still runs is no gain yet.
    """
    made = results.copy()
    for place, row in made.iterrows():
        looks = looked[looked["campaign_id"] == row["campaign_id"]]
        shown = looks[looks["decision"].isin(WORDS)]
        if row["verdict"].startswith("consistent") and not row["closed"]:
            until = f"{row['measured_until']:%Y-%m-%d}"
            words = (
                OPEN,
                f"{row['why']} The campaign still runs; measured until {until}. Nothing is decided before its end.",
            )
        elif len(shown):
            words = _with_look(row, shown.iloc[0], confidence)
        elif len(looks) and row["verdict"] in (GAIN, LOSS, FALSE_FIND):
            word = NOTHING if row["kind"] == A_A else CANNOT_TELL
            words = word, f"{row['why']} Decided once that would stand; under the looks that were declared it does not."
        else:
            continue
        made.loc[place, ["verdict", "why"]] = words
    return made


def _with_look(row: pd.Series, look: pd.Series, confidence: float) -> tuple[str, str]:
    """The word and the sentence of a campaign of which a look passed its limit."""
    shows, same = WORDS[look["decision"]], np.sign(look["statistic"]) == np.sign(row["effect_per_week"])
    stands = same and row["p_adjusted"] < 1 - confidence
    said = f"Look {IN_WORDS[look['look'] - 1]} of {IN_WORDS[look['looks'] - 1]}, {look['on']:%Y-%m-%d}, passed its limit{_size(look)}"
    if stands and row["verdict"] in (shows, OPEN, OPEN_CHECK):
        return shows, row["why"] if row["closed"] else f"{said}. {row['why']}"
    word = row["verdict"]
    if word in (GAIN, LOSS, FALSE_FIND):  # a loss over all days, where a look showed a gain, or the other way round
        word = NOTHING if row["kind"] == A_A else CANNOT_TELL
    days = "over all days" if row["closed"] else "over all days so far"
    return word, f"{row['why']} {said}, taken by itself; {days} and among all campaigns that does not stand."


def _size(look: pd.Series) -> str:
    if np.isnan(look["lift"]):
        return ""
    ends = [f"{100 * end:+,.1f} %" if np.isfinite(end) else "no limit" for end in (look["low"], look["high"])]
    return f": spend up to it changed by {100 * look['lift']:+,.1f} % (under looks {ends[0]} to {ends[1]})"
