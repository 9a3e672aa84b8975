"""What each campaign may have changed: estimates with intervals, most customers first, and what can be said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import charts, figures, numbers, page, tables
from analysis.report.campaign import comparisons
from analysis.report.campaign.phrases import (
    CAUSED_GAIN,
    CAUSED_LOSS,
    GAIN,
    Verdicts,
    by_lot,
    campaigns,
    drawable,
    estimated,
    less_or_more,
    named,
    named_now,
    one_decimal,
    reason,
    running,
    verdicts,
    with_interval,
    with_state,
)
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "worth", "What campaigns changed"
OF_LOTS = (
    "campaign by lot, per customer", "campaign by lot, total", "campaign by lot, test", "verdict of a lot", "split of the lot",
)  # fmt: skip
OF_COMPARISONS = ("campaign by rule, per week", "placebo of a campaign by rule", "verdict of a comparison")
SHORT = {
    CAUSED_GAIN: "caused a gain", CAUSED_LOSS: "caused a loss", GAIN: "gain", "not causal": "check failed",
    "no check": "no check",
}  # fmt: skip
COLUMNS = {
    "campaign_id": "Campaign", "kind": "Kind", "contacted": "Contacted", "contacted_used": "Compared", "comparable": "With",
    "change": "Change per week", "naive_effect": "Naive", "before": "Weeks before", "verdict": "Verdict", "why": "Why",
}  # fmt: skip


def title(found: Verdicts) -> str:
    """Return the finding: how many of the campaigns compared went with more or less spend, or that we cannot tell."""
    if not found.campaigns:
        return "No campaign has begun in these data"
    if not found.compared:
        return "No campaign can be compared, so what they changed is not known"
    said = [
        f"{in_words(n)} caused {word} spend"
        for n, word in ((found.caused_gain, "more"), (found.caused_loss, "less"))
        if n
    ]
    if not found.clear:
        if found.compared == 1:
            return "The one campaign that can be compared shows no clear change of spend"
        return f"Not one of the {in_words(found.compared)} campaigns compared shows a clear change of spend"
    if found.gain:
        said.append(f"{in_words(found.gain)} {'is' if found.gain == 1 else 'are'} consistent with more spend")
    return f"Of {campaigns(found.compared)} compared, {join_and(said)}"


def leads(results: pd.DataFrame, *, customer: str, customers: str, currency: str) -> list[str]:
    """Return what the biggest campaign may have changed, how many cannot be compared, and how many comparisons these are."""
    table, found = estimated(results), verdicts(results)
    if table is None:
        return []
    first = table.iloc[0]
    lines = [
        f"In {named_now(first)}, the biggest, weekly spend of one contacted {customer} changed by "
        f"{less_or_more(first['low'], first['high'], unit=currency)} than {comparisons.than_whom(first, customers=customers)}."
        + comparisons.undecided(first)
    ]
    if without := found.campaigns - found.compared - found.checks:
        lines[0] += f" {sentence_case(in_words(without))} of {plural(found.campaigns, 'campaign')} cannot be compared."
    return [*lines, _chance(found)]


def estimates(results: pd.DataFrame) -> tuple[str, ...]:
    """Return which estimates the section prints: those of lots, of comparisons, or both."""
    compared = results["method"].eq("comparable customers").any()
    return (OF_LOTS if by_lot(results).any() else ()) + (OF_COMPARISONS if compared else ())


def section(results: pd.DataFrame | None, *, customer: str, customers: str, currency: str, period: str) -> Fragment:
    """Return the section with its figure; one that says what is missing where no campaign can be compared.

    `results` has one row per campaign (monitor's campaign_results), amounts in `currency`.
    """
    found, table = verdicts(results), estimated(results)
    if table is None:
        what = f"{sentence_case(campaigns(found.campaigns))} began; an estimate needs weeks before a campaign and comparable {customers}."
        needs = "With both, this section shows how much spend changed, campaign by campaign."
        return page.absent(KEY, title(found), what, needs, label=LABEL)
    unit = f"{currency} per contacted {customer} and week"
    return page.section(
        KEY,
        title(found),
        leads(results, customer=customer, customers=customers, currency=currency),
        label=LABEL,
        subtitle=f"Change of spend against {comparisons.whom(found, customers)}, {unit}; campaigns of {period}, biggest first; "
        f"n = contacted {customers} compared; lines are 95 % intervals.",
        figure=figures.svg(lambda ax: draw(table, ax, currency=currency), alt=alt(table, found, unit=unit)),
        how_to_read=how_to_read(found),
        table=tables.table(
            listed(results),
            caption=f"Every campaign, {unit}, 95 % intervals. Naive: plain mean of the contacted minus that of all others who could be. "
            "On the weeks before, the same comparison should find nothing",
            names=COLUMNS,
            formats={"naive_effect": one_decimal},
        ),
        csv=tables.csv_link(results, "campaign_results.csv"),
        estimates=estimates(results),
        note=comparisons.note(results, customers=customers),
        source="order lines, contacts",
    )


def listed(results: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign, those with an estimate first and most contacted on top, with the reason of every verdict."""
    table = results.assign(without=results["effect_per_week"].isna())
    table = table.sort_values(["without", "contacted", "campaign_id"], ascending=[True, False, True], ignore_index=True)
    made = table.assign(
        campaign_id=with_state(table["campaign_id"], running(results)),
        change=[with_interval(row.effect_per_week, row.low, row.high) for row in table.itertuples()],
        before=[with_interval(row.placebo_effect, row.placebo_low, row.placebo_high) for row in table.itertuples()],
        why=[reason(why) for why in table["why"]],
    )
    return made[list(COLUMNS)]


def draw(table: pd.DataFrame, ax: Any, *, currency: str) -> Any:
    """Draw a row per campaign; those that failed their check or have none step back."""
    table = drawable(table, value="effect_per_week", low="low", high="high").assign(endless=_endless(table))
    rows = table.assign(label=[_label(row) for row in table.itertuples()])
    checked = rows.loc[~rows["verdict"].isin(["not causal", "no check"]), "label"].tolist()
    return charts.dots_with_intervals(
        rows, ax, category="label", value="effect_per_week", low="low", high="high", reference=0, highlight=checked,
        fmt=lambda value: numbers.signed(value, 0), xlabel=f"Change of spend per week, {currency}",
    )  # fmt: skip


def how_to_read(found: Verdicts) -> str:
    """Return what the dot, the line and the words beside a campaign mean; words that do not occur are not explained."""
    told = ["Right of the upright line the contacted spent more; a line that crosses it may stand for no change."]
    if found.unchecked:
        told.append("“No check”: no weeks before in the data.")
    if found.failed:
        told.append("“Check failed”: the groups changed differently before, too.")
    if found.clear:
        told.append("“Gain” and “loss” hold after allowing for the number of comparisons.")
    if found.by_lot:
        told.append("“Lot”: chance alone decided who was contacted; only there may a word say “caused”.")
    return " ".join(told)


def alt(table: pd.DataFrame, found: Verdicts, *, unit: str) -> str:
    """Return the finding and the biggest campaign's numbers for those who do not see the figure."""
    first = table.iloc[0]
    change = with_interval(first["effect_per_week"], first["low"], first["high"])
    return f"{title(found)}. {sentence_case(named(first['campaign_id']))}: {change} {unit}."


def _label(row: Any) -> str:
    words = ["lot"] if row.method == "lot" else []
    words += [SHORT[row.verdict]] if row.verdict in SHORT else []
    words += ["no limit"] if getattr(row, "endless", False) else []
    words += [] if getattr(row, "closed", True) else ["still runs"]
    return " · ".join([str(row.campaign_id), str(row.kind), f"n = {numbers.count(row.contacted_used)}", *words])


def _endless(table: pd.DataFrame) -> list[bool]:
    return [numbers.is_endless(row.low) or numbers.is_endless(row.high) for row in table.itertuples()]


def _chance(found: Verdicts) -> str:
    looked_at = max(found.tested, found.compared)
    if looked_at == 1:
        return "One comparison in twenty looks clear by chance alone."
    silent = f" ({in_words(found.checks)} of campaigns that sent nothing)" if found.checks else ""
    return (
        f"Of {in_words(looked_at)} comparisons{silent} about one in twenty would look clear by chance: a find counts only where it holds "
        "among all of them."
    )
