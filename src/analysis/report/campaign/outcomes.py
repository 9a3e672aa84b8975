"""What else moved where lots were drawn: who ordered, how often, the value of an order, and spend read in two more ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report import numbers, page, tables
from analysis.report.campaign.phrases import with_state
from analysis.report.fragments import Fragment
from analysis.report.words import in_words, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

KEY, LABEL = "outcomes", "What else moved"
ESTIMATES = (
    "campaign by lot, share who ordered", "campaign by lot, orders per customer", "campaign by lot, value of an order",
    "campaign by lot, lift", "campaign by lot, adjusted spend", "campaign by lot, log-hurdle",
)  # fmt: skip
SHARE, ORDERS, ADJUSTED = (
    "who ordered",
    "orders per ",
    ", adjusted by spend before",
)  # in names of measures, whatever was drawn
ELSEWHERE = r"spend per \w+|.*log-hurdle"  # measures that only the file and the walk-through have
COLUMNS = {
    "campaign_id": "Campaign", "measured": "Measure", "of_treated": "Value, treated", "of_holdout": "Value, held out",
    "lift": "Change", "low": "95 % from", "high": "95 % to", "note": "Note",
}  # fmt: skip


def shown(table: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the campaigns of which each arm has `smallest` who ordered and `smallest` who did not, or none."""
    if not smallest or table is None:
        return table
    enough = True
    for arm in ("treated", "holdout"):
        ordered, of = table[f"buyers_{arm}"], table[f"customers_{arm}"]
        enough &= (ordered >= smallest) & (of - ordered >= smallest)
    return table[enough].reset_index(drop=True)


def title(table: pd.DataFrame) -> str:
    """Return the finding: how many of the further numbers are clear of no change."""
    known = table["low"].notna()
    clear = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    said = f"{sentence_case(in_words(clear)) if clear else 'None'} of {plural(int(known.sum()), 'further number')}"
    return f"{said} on campaigns by lot {'is' if clear == 1 else 'are'} clear of no change"


def section(
    table: pd.DataFrame | None, *, customer: str, customers: str, currency: str, still: frozenset[str] = frozenset()
) -> Fragment:
    """Return the section; nothing at all where no campaign by lot can be read, which the section on lots says already.

    `table` has one row per campaign by lot and measure (monitor's lot_outcomes); `still` are campaigns that still run.
    """
    if table is None or table.empty:
        return Fragment()
    known, campaigns = int(table["low"].notna().sum()), table["campaign_id"].nunique()
    return page.section(
        KEY, title(table),
        [f"Of {numbers.count(known)} numbers of {plural(campaigns, 'campaign')}, each read at 95 %, about one in twenty leaves zero out by "
         "chance alone: no verdict rests on them."],
        label=LABEL, folded=True,
        subtitle=f"Treated against held out in the days of the campaign, all {customers} of both arms; change is a share of the held "
        f"out's value. Values are per {customer}, or per order, in {currency} where they are money.",
        table=tables.table(
            listed(table, customer=customer, still=still), names=COLUMNS,
            caption="Every campaign by lot; the file has spend itself and its log-hurdle, too",
            formats=dict.fromkeys(("lift", "low", "high"), numbers.end(_change)),
        ),
        csv=tables.csv_link(table, "lot_outcomes.csv"),
        how_to_read="Adjusted spend takes out what spend before foretells. Most changes lie a little below the plain ratio "
        "of their two values, which lies too high on average.",
        estimates=ESTIMATES, source="order lines, contacts",
    )  # fmt: skip


def listed(table: pd.DataFrame, *, customer: str, still: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row per campaign and measure as it is shown, values written out in their units."""
    rows = table[~table["measure"].str.fullmatch(ELSEWHERE)].sort_values(["campaign_id", "place"], ignore_index=True)
    made = rows.assign(
        campaign_id=with_state(rows["campaign_id"], still),
        measured=[_measured(row, customer) for row in rows.itertuples()],
        of_treated=[_value(row.measure, row.value_treated) for row in rows.itertuples()],
        of_holdout=[_value(row.measure, row.value_holdout) for row in rows.itertuples()],
        note=rows["why"].fillna(""),
    )
    return made[list(COLUMNS)]


def _measured(row: Any, customer: str) -> str:
    name = row.measure.replace("customer", customer)
    known = row.measure.endswith(ADJUSTED) and numbers.is_known(row.lift)
    return f"{name} ({numbers.percent(row.variance_saved, 0)} of its variance saved)" if known else name


def _value(measure: str, value: Any) -> str | None:
    if not numbers.is_known(value):
        return None
    digits = 3 if measure.startswith(ORDERS) else 2
    return numbers.percent(value, 1) if measure.endswith(SHARE) else numbers.decimal(value, digits)


def _change(share: Any) -> str:
    return f"{numbers.signed(100 * share, 1)} %"
