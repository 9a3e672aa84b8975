"""Satisfaction with needs, inquiries and feedback, where the data has opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, numbers, page, tables
from analysis.report.words import plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "satisfaction", "Satisfaction"
BY = ("all", "channel", "department")


def title(satisfied: pd.DataFrame) -> str:
    """Return the finding: the share satisfied of each kind of opinion."""
    rows = satisfied[(satisfied["by"] == "all") & satisfied["rate"].notna()]
    said = [f"{numbers.percent(row.rate, 0)} of {row.kind} opinions" for row in rows.itertuples()]
    return f"Satisfied: {', '.join(said)}" if said else "No opinion says whether the need was met"


def wide(satisfied: pd.DataFrame) -> pd.DataFrame:
    """One row per all opinions, channel and department, one column per kind: share satisfied, its interval, and of how many."""
    import pandas as pd

    cells = {(row.by, row.name, row.kind): _cell(row) for row in satisfied.itertuples(index=False)}
    kinds = sorted(satisfied["kind"].unique())
    names = satisfied[["by", "name"]].drop_duplicates()
    names = names.assign(place=names["by"].map({by: place for place, by in enumerate(BY)})).sort_values(
        ["place", "name"]
    )
    rows = [
        {"opinions": "All" if row["by"] == "all" else f"{sentence_case(row['by'])} {row['name']}",
         **{kind: cells.get((row["by"], row["name"], kind)) for kind in kinds}}
        for row in names.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["opinions", *kinds])


def section(satisfied: pd.DataFrame | None, *, period: str, smallest: int = 0) -> Fragment:
    """Return the shares satisfied (`monitor.opinions.by_department`), or what is missing where there are no opinions."""
    if smallest and satisfied is not None and not (satisfied["by"] == "all").any():
        return blanks.too_few(KEY, "satisfaction", smallest=smallest, customers="people", label=LABEL)
    if satisfied is None or satisfied.empty:
        return page.absent(
            KEY, "Whether people were satisfied is not known", "This data has no feedback table: no needs, inquiries or feedback, "
            "and no score.",
            "With one row per opinion (kind, department, channel, satisfied or not), "
            "this section shows the share satisfied by kind, department and channel with its interval, and how many order again.",
            label=LABEL,
        )  # fmt: skip
    n = int(satisfied.loc[satisfied["by"] == "all", "opinions"].sum())
    missing = int(satisfied.loc[satisfied["by"] == "all", "unknown"].fillna(0).sum())
    return page.section(
        KEY, title(satisfied), label=LABEL,
        subtitle=f"Share of opinions that say satisfied, by kind, with its 95 % interval, {period}. n = {plural(n, 'opinion')}.",
        table=tables.table(wide(satisfied), caption="Satisfied: share, 95 % interval and opinions", row_header="opinions",
                           names={"opinions": "Opinions"}),
        csv=tables.csv_link(satisfied, "satisfaction.csv"), source="feedback and products", estimates=["satisfaction"],
        note=f"{plural(missing, 'opinion')} {'does' if missing == 1 else 'do'} not say." if missing else None,
    )  # fmt: skip


def _cell(row) -> str | None:
    if not numbers.is_known(row.rate):
        return None
    limits = numbers.interval(row.low, row.high, lambda share: numbers.percent(share, 0))
    return f"{numbers.percent(row.rate, 0)} ({limits}), n\u00a0=\u00a0{numbers.count(row.opinions)}"
