"""Satisfaction with needs, inquiries and feedback, where the data has opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, numbers, page, tables
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "satisfaction", "Satisfaction"


def title(satisfied: pd.DataFrame) -> str:
    """Return the finding: the share satisfied of each kind of opinion."""
    rows = satisfied[(satisfied["by"] == "all") & satisfied["rate"].notna()]
    said = [f"{numbers.percent(row.rate, 0)} of {row.kind} opinions" for row in rows.itertuples()]
    return f"Satisfied: {', '.join(said)}" if said else "No opinion says whether the need was met"


def section(satisfied: pd.DataFrame | None, *, period: str, smallest: int = 0) -> Fragment:
    """Return the table of shares satisfied (`monitor.satisfaction`), or what is missing where there are no opinions."""
    if smallest and satisfied is not None and not (satisfied["by"] == "all").any():
        return blanks.too_few(KEY, "satisfaction", smallest=smallest, customers="people", label=LABEL)
    if satisfied is None or satisfied.empty:
        return page.absent(
            KEY, "Whether people were satisfied is not known", "This data has no feedback table: no needs, inquiries or feedback, "
            "and no score.",
            "With one row per opinion (kind, product, channel, satisfied or not), "
            "this section shows the share satisfied by kind, product and channel with its interval.", label=LABEL,
        )  # fmt: skip
    n = int(satisfied.loc[satisfied["by"] == "all", "opinions"].sum())
    return page.section(
        KEY, title(satisfied), label=LABEL,
        subtitle=f"Share of opinions that say satisfied, by kind, channel and product, {period}. n = {plural(n, 'opinion')}.",
        table=tables.table(satisfied, caption="Satisfied, with 95 % interval", max_rows=20,
                           formats=dict.fromkeys(("rate", "low", "high"), numbers.percent),
                           names={"rate": "Share satisfied", "low": "From", "high": "To", "unknown": "Did not say"}),
        csv=tables.csv_link(satisfied, "satisfaction.csv"), source="feedback", estimates=["satisfaction"],
    )  # fmt: skip
