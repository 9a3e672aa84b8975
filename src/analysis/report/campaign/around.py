"""Week by week around the start of the biggest campaigns: was there a difference before, and is there a step after?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.campaign.phrases import (
    CAUSED_GAIN,
    CAUSED_LOSS,
    GAIN,
    OPEN,
    by_lot,
    named,
    running,
    some,
    with_interval,
    with_state,
)
from analysis.report.theme import light
from analysis.report.words import join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "before-after", "Before and after the start"
NAMES = {
    "campaign": "Campaign", "contacted": "n contacted", "comparable": "n comparable", "before": "Clear weeks before",
    "after": "Clear weeks from the start on", "largest": "Largest difference, with its band",
}  # fmt: skip
# Shares of weeks clear of zero: at most before and at least from the start on, where a step shows at all.
FEW, MOST = 0.25, 0.5
AGAINST = {
    "not causal": "the groups already changed differently before, in the check on the weeks before",
    "no check": "there are no weeks before to check it on", OPEN: "the campaign still runs",
    "cannot tell": "not every check holds, or it does not stand among all campaigns",
}  # fmt: skip


class Outside(NamedTuple):
    """In how many weeks the band leaves zero out, before the start and from it on."""

    before: int
    weeks_before: int
    after: int
    weeks_after: int


def outside(around: pd.DataFrame) -> Outside:
    """Count the weeks in which contacted and comparable clearly differ; week 0 begins with the campaign."""
    clear, before = (around["band_low"] > 0) | (around["band_high"] < 0), around["week"] < 0
    return Outside(int((clear & before).sum()), int(before.sum()), int((clear & ~before).sum()), int((~before).sum()))


def stepped(around: pd.DataFrame, results: pd.DataFrame | None) -> list[str]:
    """Return the campaigns of the picture whose estimate is consistent with a gain, or shows one or a loss by lot, by id."""
    if results is None:
        return []
    clear = results.loc[results["verdict"].isin([GAIN, CAUSED_GAIN, CAUSED_LOSS]), "campaign_id"]
    return sorted(set(around["campaign_id"]) & set(clear), key=lambda name: (len(name), name))


def title(around: pd.DataFrame, results: pd.DataFrame | None) -> str:
    """Return the finding: which of the campaigns shows a step at its start that stands the comparison, if any."""
    if steps := stepped(around, results):
        names = sentence_case(join_and([named(name) for name in steps]))
        return f"{names} {'has' if len(steps) == 1 else 'have'} a step at the start that stands the comparison"
    for name, part in around.groupby("campaign_id", sort=False):
        one = outside(part)
        if one.before <= FEW * one.weeks_before and one.after >= MOST * one.weeks_after:
            return f"{sentence_case(named(name))} shows a step at its start that is no proof: {_against(name, results)}"
    if around["campaign_id"].nunique() == 1:
        return f"Week by week, no clear step shows when {named(around['campaign_id'].iloc[0])} starts"
    return "Week by week, no clear step shows at the start of the biggest campaigns"


def _against(name: str, results: pd.DataFrame | None) -> str:
    """Why a step that shows is not taken for the campaign's."""
    own = [] if results is None else results.loc[results["campaign_id"] == name, "verdict"].tolist()
    return AGAINST.get(own[0] if own else "", "what it changed is not known")


def lead(around: pd.DataFrame) -> str:
    """Return how often contacted and comparable differ before the start and after it, and where that comes together."""
    found = outside(around)
    text = (
        f"Before the start, when nothing can have changed yet, the band leaves zero out in {some(found.before)} of "
        f"{numbers.count(found.weeks_before)} weeks; from then on, in {some(found.after)} of {numbers.count(found.weeks_after)}."
    )
    said, ahead = [], False
    for name, part in around.groupby("campaign_id", sort=False):
        one = outside(part)
        if max(one.before, one.after) >= 1:
            said.append(f"{named(name)} has {some(one.before)} before and {some(one.after)} after")
            ahead |= one.before >= 1
    if said:
        text += f" {sentence_case(join_and(said))}."
    if ahead:
        text += " What differs before is not the campaign's."
    return text


def section(
    around: pd.DataFrame | None,
    results: pd.DataFrame | None,
    *,
    customer: str,
    customers: str,
    currency: str,
    smallest: int = 0,
) -> Fragment:
    """Return the section with a panel per kind of campaign; `around` has one row per kind and week (event_time)."""
    if smallest and around is not None and around.empty:
        return blanks.too_few(
            KEY, "the weeks before and after", smallest=10 * smallest, customers=customers, label=LABEL
        )
    if around is None or around.empty:
        what = "No campaign has eight weeks before and after its start in the data."
        needs = f"With one, this section shows contacted against comparable {customers} week by week."
        return page.absent(KEY, "There is no picture of before and after yet", what, needs, label=LABEL)
    around = around.sort_values(["kind", "week"], ignore_index=True)
    headline, unit = title(around, results), f"{currency} per {customer}"
    lots = set() if results is None else set(results.loc[by_lot(results), "campaign_id"]) & set(around["campaign_id"])
    whom = f"comparable or held out {customers}" if lots else f"comparable {customers}"
    still = running(results)
    first = around.drop_duplicates("campaign_id")
    sizes = [
        f"{numbers.count(row.contacted)} and {numbers.count(row.comparable)} (campaign {name}{_left_out(row.contacted_left_out)})"
        for row, name in zip(first.itertuples(), with_state(first["campaign_id"], still), strict=True)
    ]
    return page.section(
        KEY,
        headline,
        lead(around),
        label=LABEL,
        subtitle=f"Weekly spend of the contacted minus that of {whom}, each against their weeks before, {unit}; of each kind the biggest "
        f"campaign with eight weeks on both sides. n contacted and comparable = {join_and(sizes)}.",
        figure=figures.svg(lambda ax: draw(around, ax, still=still), alt=f"{headline}. {lead(around)}"),
        how_to_read="A campaign that changed spend lifts the line from the dashed one on. The 95 % band holds for all weeks of a campaign "
        "together.",
        table=tables.table(
            listed(around, still=still), caption=f"By campaign, {unit}; the file has every week", names=NAMES
        ),
        csv=tables.csv_link(around, "event_time.csv"),
        estimates=["week by week around the start"],
        source="order lines, contacts",
    )


def listed(around: pd.DataFrame, *, still: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row per campaign of the picture: its counts, in how many weeks the band leaves zero out, and the largest difference."""
    import pandas as pd

    rows = []
    for name, part in around.groupby("campaign_id", sort=False):
        found, week = outside(part), part.loc[part["difference"].abs().idxmax()]
        largest = with_interval(week["difference"], week["band_low"], week["band_high"])
        rows.append({
            "campaign": with_state(pd.Series([name]), still)[0], "contacted": week["contacted"], "comparable": week["comparable"],
            "before": f"{found.before} of {found.weeks_before}", "after": f"{found.after} of {found.weeks_after}",
            "largest": f"{largest} in week {numbers.signed(week['week'], 0)}",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _left_out(number: float) -> str:
    """Return how many contacted have nobody to be compared with; nothing where none, or where it is not said."""
    return f", {numbers.count(number)} contacted left out" if numbers.is_known(number) and number > 0 else ""


def draw(around: pd.DataFrame, ax: Any, *, still: frozenset[str] = frozenset()) -> Any:
    """Draw a panel per campaign: the weekly difference with its band, zero, and the start."""
    first = around.drop_duplicates("campaign_id")
    parts = [
        (f"{name} · {row.kind}", _panel(around[around["campaign_id"] == row.campaign_id]))
        for row, name in zip(first.itertuples(), with_state(first["campaign_id"], still), strict=True)
    ]
    return charts.panels(parts, ax, height=2.5 if len(parts) > 1 else 3.2)


def _panel(part: pd.DataFrame) -> Callable[[Any], Any]:
    def one(ax: Any) -> Any:
        charts.lines(
            part, ax, x="week", y="difference", low="band_low", high="band_high", from_zero=False, xlabel="Weeks from the start",
            fmt=lambda value: numbers.signed(value, 0),
        )  # fmt: skip
        ax.axhline(0, color=light("ink-2"), linewidth=1, zorder=0.9)
        ax.axvline(-0.5, color=light("axis"), linewidth=1, linestyle=(0, (4, 3)))
        return ax

    return one
