"""Which segments and age bands redeem more often or less often than the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.phrases import p_value, whole_percent
from analysis.report.words import in_words, join_and, plural, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "who", "Who redeems"
FEWEST = 20  # customers; a smaller group is in the table only
NAMES = {"segment": "segment", "age_band": "age"}
UNKNOWN = "age not known"


def compared(by_group: pd.DataFrame, *, many: str = HOLM) -> pd.DataFrame:
    """One row per segment and age band of at least 20 customers: rate, the rest's rate, adjusted p, verdict.

    `by_group` has one row per dimension and group with reached, contacted and effective (independent contacts that
    these are worth). Each group is compared with all others of its dimension: z = difference over the root of
    p (1 - p) (1 / effective + 1 / effective of the rest), p of both together; the rest's effective number is the one
    that gives its rate the variance of its parts. P-values are adjusted for all groups shown, as `many` says (see
    `corrections`). `verdict` is more often, less often or cannot tell. Segments by rate, highest first, then ages in order.
    """
    import pandas as pd

    rows = []
    for dimension in NAMES:
        part = by_group[by_group["dimension"] == dimension]
        for place in range(len(part)):
            rows.append(_against_rest(part, place))
    columns = ["dimension", "group", "customers", "reached", "contacted", "rate", "low", "high", "rest", "p_value"]
    table = pd.DataFrame(rows, columns=columns)
    table = table[table["customers"] >= FEWEST].reset_index(drop=True)
    table["p_adjusted"] = correction(many).adjust(table.pop("p_value").to_numpy(dtype=float))
    clear = table["p_adjusted"] < 0.05
    table["verdict"] = np.where(
        clear, np.where(table["rate"] > table["rest"], "more often", "less often"), "cannot tell"
    )
    by_rate = table[table["dimension"] == "segment"].sort_values(["rate", "group"], ascending=[False, True])
    ages = table[table["dimension"] == "age_band"].sort_values("group", na_position="last")
    table = pd.concat([by_rate, ages], ignore_index=True)
    table["group"] = table["group"].astype(object).where(table["group"].notna(), UNKNOWN)
    return table


def title(table: pd.DataFrame, *, customers: str) -> str:
    """Return the finding: the segments and ages that redeem more often, else less often, than the rest."""
    for verdict in ("more often", "less often"):
        rows = table[(table["verdict"] == verdict) & (table["group"] != UNKNOWN)]
        if len(rows):
            names = join_and([_name(row, customers) for row in rows.itertuples()])
            return f"{sentence_case(names)} redeem {verdict} than the rest"
    return "No segment and no age group is clearly redeemed more often than the rest"


def lead(table: pd.DataFrame, *, customers: str) -> list[str]:
    """Return the rates of the clear ones, how many were compared, and what it means that segments are of today."""
    said = []
    for verdict in ("more often", "less often"):
        rows = [f"{_name(row)} {whole_percent(row.rate)}" for row in table[table["verdict"] == verdict].itertuples()]
        said += [f"{sentence_case(verdict)} than the rest: {join_and(rows)}."] if rows else []
    clear = int((table["verdict"] != "cannot tell").sum())
    looked = (
        f"{plural(len(table), 'group')} were compared, each with the rest; corrected for that, {in_words(clear) if clear else 'none'} "
        f"differ{'s' if clear == 1 else ''} clearly."
    )
    first = " ".join([*said, looked])
    second = (
        f"Segments are those of today, after the campaigns: a rate describes the {customers} that are in a segment now. It does not say "
        "that the segment, or a coupon, made them so. Groups also differ in which campaigns contacted them."
    )
    return [first, second]


def drawing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the `row` that a figure names and whether it is clear."""
    return table.assign(row=[_name(row) for row in table.itertuples()])


def told(table: pd.DataFrame, few: Few) -> pd.DataFrame:
    """Return the rows of `compared` that do not say too much of few."""
    if not few.smallest:
        return table
    names = [(row.dimension, "nan" if row.group == UNKNOWN else str(row.group)) for row in table.itertuples()]
    return table[[not few.hides("group", name, "customers", "contacted", "redeemed") for name in names]].reset_index(
        drop=True
    )


def section(
    by_group: pd.DataFrame, *, customers: str, average: float, period: str, few: Few = ALL_SHOWN, many: str = HOLM
) -> Fragment:
    """Return the part of the page, or what is missing where no group is large enough."""
    table = compared(by_group, many=many)
    made, table = comparisons(table["p_adjusted"]), told(table, few)
    if few.smallest and (len(table) < 2 or few.hides("kind", "all")):
        return blanks.too_few(KEY, "who redeems", smallest=few.smallest, customers=customers, label=LABEL)
    if len(table) < 2:
        return page.absent(
            KEY, f"No group of {customers} is large enough to compare", f"A group needs {FEWEST} contacted {customers}.",
            "With more contacts, this section compares segments and ages.", label=LABEL,
        )  # fmt: skip
    also = f", and those whose numbers would show fewer than {few.smallest}" if few.smallest else ""
    rows = drawing(table)
    clear = rows.loc[rows["verdict"] != "cannot tell", "row"].tolist()
    people = int(table.loc[table["dimension"] == table["dimension"].iloc[0], "customers"].sum())
    return page.section(
        KEY, title(table, customers=customers), lead(table, customers=customers), label=LABEL,
        subtitle=("Share of contacts that redeemed, by segment of today and by age where known, "
                  f"{period}. n = {plural(people, customers, customers)}."),
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(rows, ax, category="row", value="rate", low="low", high="high", highlight=clear,
                                                  reference=average, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(table, customers=customers)}. {plural(len(table), 'group')} compared, {len(clear)} clear."),
        how_to_read=(
            f"Dark dots differ clearly from the rest of their list; pale ones may not. Lines are 95 % intervals, the upright line is all "
            f"contacts, {numbers.percent(average)}."
        ),
        table=tables.table(
            table.replace({"dimension": NAMES}), caption="Contacts that redeemed, by group, against the rest of the segments or ages",
            row_header="group",
            formats=dict.fromkeys(("rate", "low", "high", "rest"), numbers.percent) | {"p_adjusted": p_value},
            names={"dimension": "By", "customers": sentence_case(customers), "reached": "Redeemed", "rate": "Share", "low": "From",
                   "high": "To", "rest": "Share of the rest", "p_adjusted": correction(many).heading}),
        csv=tables.csv_link(table, "redemption_by_group.csv"),
        estimates=["redemption by group"],
        note=f"{correction(many).told(made)} "
        f"Groups of fewer than {FEWEST} {customers} are left out{also}. Ages come from a survey that not all answered.",
        source="contacts, redemptions, segments and the survey",
    )  # fmt: skip


def _name(row, who: str = "") -> str:
    if row.dimension == "segment" or row.group == UNKNOWN:
        return str(row.group)
    years = str(row.group).replace("-", " to ")
    return f"{who} aged {years}" if who else f"age {years}"


def _against_rest(part: pd.DataFrame, place: int) -> dict[str, object]:
    from scipy.special import ndtr

    row, rest = part.iloc[place], part.drop(index=part.index[place])
    contacts = rest["contacted"].sum()
    rate = rest["reached"].sum() / contacts if contacts else np.nan
    weight = (rest["contacted"] / contacts) ** 2 if contacts else rest["contacted"] * np.nan
    spread = (weight * rest["rate"] * (1 - rest["rate"]) / rest["effective"]).sum()
    worth = rate * (1 - rate) / spread if spread > 0 else rest["effective"].sum()
    both = (row["reached"] + rest["reached"].sum()) / (row["contacted"] + contacts)
    variance = both * (1 - both) * (1 / row["effective"] + (1 / worth if worth > 0 else np.nan))
    p = 2 * ndtr(-abs(row["rate"] - rate) / np.sqrt(variance)) if variance > 0 else np.nan
    kept = ["dimension", "group", "customers", "reached", "contacted", "rate", "low", "high"]
    return {**row[kept].to_dict(), "rest": rate, "p_value": p}
