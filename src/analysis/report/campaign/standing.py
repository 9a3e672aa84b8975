"""Which campaigns were worth it, which not, and of which nobody can tell, with the reason: the first thing the page says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.report import numbers
from analysis.report.campaign.phrases import (
    CAUSED_GAIN,
    CAUSED_LOSS,
    CHECKS,
    GAIN,
    NO_CONTROL,
    NOT_VALID,
    campaigns,
    named,
    one_reason,
    some,
    with_interval,
)
from analysis.report.campaign.phrases import OPEN as YET
from analysis.report.words import in_words, join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

WORTH, NOT_WORTH, UNKNOWN = "Worth it", "Not worth it", "We cannot tell"
OPEN = "have a net value that may lie above or below zero"
UNPRICED = "went with more spend, but what that was worth is not known"
NO_PROOF = "went with a change that is no proof: a check fails, or it does not stand among all campaigns"
REASONS = {
    OPEN: "has a net value that may lie above or below zero",
    UNPRICED: UNPRICED,
    "may have changed nothing": "may have changed nothing",
    NO_PROOF: NO_PROOF,
    "went with a change that had begun before": "went with a change that had begun before",
    "have no weeks before to check the comparison on": "has no weeks before to check the comparison on",
    "have too little data to compare": "has too little data to compare",
    "had a broken lot": "had a broken lot",
    "left nobody to compare with": "left nobody to compare with",
    "still run, so nothing is decided yet": "still runs, so nothing is decided yet",
}  # why we cannot tell, of several campaigns and of one; in the order in which they are told
MAY_BE_NONE, _, DIFFERED, UNCHECKED, TOO_LITTLE, BROKEN, NOBODY, RUNS = tuple(REASONS)[2:]
BY_WORD = {
    GAIN: UNPRICED, CAUSED_GAIN: UNPRICED, "cannot tell": MAY_BE_NONE, "not causal": DIFFERED, "no check": UNCHECKED, NOT_VALID: BROKEN,
    NO_CONTROL: NOBODY,
}  # fmt: skip
NAMED = 6  # campaigns that are named; of more the number is given


class Standing(NamedTuple):
    """The campaigns that sent something, each in one of three places."""

    worth: list[Any]  #: rows whose net value lies above zero with its whole interval
    not_worth: list[Any]  #: rows with a net value below zero, or of which a lot showed that spend fell
    unknown: dict[str, list[str]]  #: by reason, ids of campaigns and that they still run
    why_no_net: str | None = None  #: the one reason why no campaign has a net value

    @property
    def campaigns(self) -> int:
        """How many these are together."""
        return len(self.worth) + len(self.not_worth) + self.untold

    @property
    def untold(self) -> int:
        """Of how many nobody can tell."""
        return sum(map(len, self.unknown.values()))


def standing(results: pd.DataFrame | None) -> Standing:
    """Sort the campaigns of `results` (one row each, monitor's campaign_results); those that sent nothing are left out."""
    found = Standing([], [], {reason: [] for reason in REASONS})
    if results is None or results.empty:
        return found
    rows = results[~results["verdict"].isin(CHECKS)].sort_values(["contacted", "campaign_id"], ascending=[False, True])
    found = found._replace(why_no_net=one_reason(rows))
    for row in rows.itertuples():
        closed = getattr(row, "closed", True)  # before its end an interval decides nothing, a declared look may
        if not closed and row.verdict != CAUSED_LOSS and (row.verdict == YET or row.net_low > 0 or row.net_high < 0):
            found.unknown[RUNS].append(str(row.campaign_id))
        elif row.net_low > 0:
            found.worth.append(row)
        elif row.net_high < 0 or row.verdict == CAUSED_LOSS:
            found.not_worth.append(row)
        else:
            known = numbers.is_known(row.net_value)
            name = f"{row.campaign_id}{'' if closed else ' (still runs)'}"
            found.unknown[OPEN if known else _why(row)].append(name)
    return found


def _why(row: Any) -> str:
    """Return why nobody can tell of a campaign without a net value: by its verdict, and whether its interval leaves out zero."""
    why = BY_WORD.get(row.verdict, TOO_LITTLE)
    return NO_PROOF if why == MAY_BE_NONE and (row.low > 0 or row.high < 0) else why


def title(found: Standing) -> str:
    """Return the finding: how many campaigns were worth it, how many not, and of how many nobody can tell."""
    if not found.campaigns:
        return "No campaign has begun in these data"
    if not found.worth and not found.not_worth:
        which = "the one campaign" if found.campaigns == 1 else f"any of {campaigns(found.campaigns)}"
        return f"We cannot tell whether {which} was worth it"
    said = [f"{in_words(len(found.worth))} {_was(len(found.worth))} worth it"] if found.worth else []
    said += [f"{in_words(len(found.not_worth))} {_was(len(found.not_worth))} not"] if found.not_worth else []
    said += [f"of {in_words(found.untold)} we cannot tell"] if found.untold else []
    return f"Of {campaigns(found.campaigns)} {join_and(said)}"


def points(found: Standing, *, currency: str) -> list[tuple[str, str]]:
    """Return the three places, each with its campaigns and why they are there; nothing without a campaign."""
    if not found.campaigns:
        return []
    why = [
        f"{_names(ids)} {(REASONS[reason] if len(ids) == 1 else reason)}"
        for reason, ids in found.unknown.items()
        if ids
    ]
    if found.why_no_net:
        why.append(f"no net value is known: {found.why_no_net[:1].lower()}{found.why_no_net[1:].rstrip('.')}")
    return [
        (f"{WORTH}:", _sure(found.worth, currency)),
        (f"{NOT_WORTH}:", _sure(found.not_worth, currency)),
        (
            f"{UNKNOWN} of {some(found.untold)}:" if found.untold else f"{UNKNOWN}:",
            f"{'; '.join(why)}." if why else "none.",
        ),
    ]


def _sure(rows: list[Any], currency: str) -> str:
    """The campaigns with their net value and its interval, or that spend fell."""
    said = []
    for row in rows:
        net = with_interval(row.net_value, row.net_low, row.net_high, numbers.count)
        said.append(f"{named(row.campaign_id)} (" + (f"net value {net} {currency})" if net else "spend fell, by lot)"))
    return f"{sentence_case(join_and(said))}." if said else "none that we know of."


def _names(ids: list[str]) -> str:
    """`campaign 7`, `campaigns 7 and 10`, or how many they are."""
    if len(ids) == 1:
        return named(ids[0])
    return f"campaigns {join_and(ids)}" if len(ids) <= NAMED else f"{in_words(len(ids))} campaigns"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
