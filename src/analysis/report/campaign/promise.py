"""What the holdout can show, and what is promised before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.campaign.phrases import TOTAL, money, total
from analysis.report.words import sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "promise", "What we promise"
SHOWN = {
    "segment": "Segment", "planned": "Planned", "treated": "Treated", "holdout": "Held out", "expected_cost": "Expected cost",
    "mean": "Usual spend", "smallest_effect": "Smallest rise shown", "break_even": "Pays for itself at",
}  # fmt: skip


def title(promise: pd.DataFrame | None, *, effect: float) -> str:
    """Return the finding: the smallest rise of spend that the holdout shows, and whether that is what was asked for."""
    whole = total(promise)
    if whole is None:
        return "Nothing is planned, so nothing can be shown"
    if not whole["holdout"]:
        return "Nobody is held out, so this plan cannot show what it changes"
    if not numbers.is_known(whole["smallest_effect"]):
        return "How small a rise of spend the holdout can show cannot be promised"
    visible = numbers.percent(whole["smallest_effect"])
    if whole["reached"]:
        return f"The holdout can show a rise of spend of {visible} or more"
    return f"The holdout shows a rise of spend only from {visible}, not the {numbers.percent(effect, 0)} asked for"


def leads(promise: pd.DataFrame, *, customers: str, currency: str, days: int, power: float) -> list[str]:
    """Return the promise in words: what is spent, what will be seen how often, and what would stay unseen."""
    whole = total(promise)
    cost = money(whole["expected_cost"], currency)
    if not (whole["holdout"] and numbers.is_known(whole["smallest_effect"])):
        unseen = f"How small a rise we shall see cannot be promised. {whole.get('why_not', '')}".rstrip()
        return [
            f"We promise to spend about {cost}. {unseen if whole['holdout'] else 'What that changes nobody will know.'}"
        ]
    visible, even = numbers.percent(whole["smallest_effect"]), whole["break_even"]
    lines = [
        f"We promise to spend about {cost}. If the {numbers.count(whole['treated'])} treated truly spend {visible} more than the "
        f"{numbers.count(whole['holdout'])} held-out {customers}, {numbers.count(power * 100)} of 100 such plans show it {days} days after "
        "the start."
    ]
    if numbers.is_known(even) and even < whole["smallest_effect"]:
        pays = numbers.percent(even)
        lines.append(
            f"The extra sales equal the expected cost at {pays} more spend already: a rise between {pays} and {visible} pays in sales and "
            "will most likely not be seen."
        )
    return lines


def section(
    promise: pd.DataFrame | None,
    *,
    customer: str,
    customers: str,
    currency: str,
    days: int,
    power: float,
    effect: float,
    smallest: int = 0,
) -> Fragment:
    """Return the section with the smallest rise that each segment and all together can show."""
    headline, whole = title(promise, effect=effect), total(promise)
    if whole is None:
        needs = "With a plan, this section says what it will cost and be able to show."
        return page.absent(KEY, headline, "No plan reaches anyone.", needs, label=LABEL)
    told = leads(promise, customers=customers, currency=currency, days=days, power=power)
    shares = dict.fromkeys(["smallest_effect", "break_even"], numbers.percent)
    given: dict[str, Any] = {
        "label": LABEL,
        "estimates": ["promise of the plan"],
        "csv": tables.csv_link(promise, "promise.csv"),
        "source": "plan, order lines",
        "table": tables.table(
            listed(promise),
            caption=f"The promise for {days} days, money in {currency}, usual spend per {customer}",
            names=SHOWN,
            formats=shares | dict.fromkeys(["mean", "expected_cost"], numbers.count),
        ),
        "note": f"Rehearsed on what {customers} spent in the {days} days before the plan. With a margin of one quarter the plan pays at "
        "four times the change named."
        + blanks.note(promise["treated"], what="segment", smallest=smallest, customers=customers),
    }
    seen = visible_changes(promise)
    if seen.empty:
        return page.section(KEY, headline, told, **given)
    return page.section(
        KEY,
        headline,
        told,
        subtitle=f"Smallest relative rise of spend in {days} days that {numbers.count(power * 100)} of 100 plans would show, "
        f"by segment. n = {numbers.count(whole['planned'])} {customers} planned, {numbers.count(whole['holdout'])} of them "
        "held out.",
        figure=figures.svg(lambda ax: draw(seen, ax), alt=f"{headline}, all segments together; {single(seen)}."),
        how_to_read=f"A short bar would show a small rise. Judge the plan by all segments together; {single(seen)}.",
        **given,
    )


def visible_changes(promise: pd.DataFrame) -> pd.DataFrame:
    """One row per segment with a smallest rise, all segments together first, then from the smallest rise up."""
    known = promise[promise["smallest_effect"].notna()].assign(other=lambda table: table["segment"] != TOTAL)
    return known.sort_values(["other", "smallest_effect", "segment"], ignore_index=True)


def listed(promise: pd.DataFrame) -> pd.DataFrame:
    """One row per segment in the plan, the largest first and all together last."""
    rows = promise[promise["planned"] > 0].assign(last=lambda table: table["segment"] == TOTAL)
    return rows.sort_values(["last", "planned", "segment"], ascending=[True, False, True], ignore_index=True)[
        list(SHOWN)
    ]


def draw(seen: pd.DataFrame, ax: Any) -> Any:
    """Draw a bar per segment, that of all together marked."""
    rows = seen.assign(name=[sentence_case(name) for name in seen["segment"]])
    return charts.bars(
        rows, ax, category="name", value="smallest_effect", fmt=lambda value: numbers.percent(value, 0),
        highlight=[sentence_case(TOTAL)],
    )  # fmt: skip


def single(seen: pd.DataFrame) -> str:
    """Return how large a rise must be to be seen in a segment by itself."""
    alone = seen.loc[seen["segment"] != TOTAL, "smallest_effect"]
    if alone.empty:
        return "no single segment can show anything"
    if len(alone) == 1:
        return f"the one segment with a figure of its own needs {numbers.percent(alone.iloc[0], 0)}"
    return f"single segments need {numbers.interval(alone.min(), alone.max(), lambda value: numbers.percent(value, 0))}"
