"""How customers moved between segments, from the first half of the history to the second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.inference.proportions import wilson_interval
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.loyalty import few_moves
from analysis.report.loyalty.phrases import whole_percent
from analysis.report.words import sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "movement", "Movement"


class Staying(NamedTuple):
    """Who is in the same segment in both halves (share 0 to 1, Wilson 95 %)."""

    customers: int
    stayed: int
    share: float
    low: float
    high: float


def staying(movement: pd.DataFrame, *, absent: str, segment: str | None = None) -> Staying:
    """Return how many stay, of one segment or of all with an order in the first half.

    `movement` has one row per pair of segments: from_segment, to_segment, customers. Those without an order in the
    first half are `absent` there and do not count.
    """
    rows = movement[movement["from_segment"] != absent]
    if segment is not None:
        rows = rows[rows["from_segment"] == segment]
    customers = int(rows["customers"].sum())
    stayed = int(rows.loc[rows["from_segment"] == rows["to_segment"], "customers"].sum())
    low, high = wilson_interval(stayed, customers)
    return Staying(customers, stayed, stayed / customers if customers else float("nan"), low, high)


def goes_most(movement: pd.DataFrame, *, segment: str) -> tuple[str, float]:
    """Return where most of those who left a segment went, and their share of the segment; no name when nobody left."""
    left = movement[
        (movement["from_segment"] == segment) & (movement["to_segment"] != segment) & (movement["customers"] > 0)
    ]
    if left.empty:
        return "", 0.0
    most = left.sort_values(["customers", "to_segment"], ascending=[False, True]).iloc[0]
    return str(most["to_segment"]), float(most["share"])


def title(
    movement: pd.DataFrame, *, absent: str, segment: str, customers: str, shown: pd.DataFrame | None = None
) -> str:
    """Return the finding: who stays in `segment`, the one with the most sales, or overall when nobody was in it.

    `shown` are the moves with their blanks, where these may not all be told.
    """
    top, everyone = staying(movement, absent=absent, segment=segment), staying(movement, absent=absent)
    if not top.customers:
        return f"{whole_percent(everyone.share)} of {customers} stay in their segment from the first half to the second"
    where, share = goes_most(movement if shown is None else shown, segment=segment)
    rest = f", {whole_percent(share)} go to {where}" if where else ""
    return f"{whole_percent(top.share)} of the {segment} stay {segment} from the first half to the second{rest}"


def section(
    movement: pd.DataFrame, *, absent: str, order: Sequence[str], customers: str, period: str, smallest: int = 0
) -> Fragment:
    """Return the section with its figure; `order` names the segments from most sales to least."""
    everyone = staying(movement, absent=absent)
    if not everyone.customers:
        return page.absent(KEY, "Too early to say how they move", "No half of the history has orders to compare.",
                           "Later data will show it.", label=LABEL)  # fmt: skip
    told = few_moves.moves(movement, absent=absent, smallest=smallest)
    if not told.stays:
        return blanks.too_few(KEY, "how they move", smallest=smallest, customers=customers, label=LABEL)
    lead = (
        f"Of {numbers.count(everyone.customers)} {customers} with an order in the first half, "
        f"{numbers.of_every_100(everyone.low, everyone.high)} are in the same segment in the second. "
        "Part of the movement is chance: whoever is near a cut point crosses it with one order more or less."
    )  # fmt: skip
    table = in_order(told.table, order=order, absent=absent, sizes=told.sizes)
    stays = told.table[told.table["from_segment"] == told.table["to_segment"]].dropna(subset=["customers", "share"])
    allowed = set(stays["from_segment"]) if smallest else set(order)
    segment = next((n for n in order if n in allowed and staying(movement, absent=absent, segment=n).customers), "")
    headline = title(movement, absent=absent, segment=segment, customers=customers, shown=told.table)
    listed = table[["from_segment", "to_segment", "customers", "share"]]
    listed = listed.dropna(subset=["customers"]) if smallest else listed
    return page.section(
        KEY, headline, lead, label=LABEL,
        subtitle=f"Share of the {customers} of each segment (row) by where they are in the second half (column), halves of {period}. "
        f"n = {numbers.count(everyone.customers)} {customers}, by row in brackets.",
        figure=figures.svg(lambda ax: draw(table, ax), alt=_alt(movement, everyone, headline, customers=customers)),
        how_to_read="A row adds up to 100 %; the diagonal is who stays. "
        f"“{sentence_case(absent)}” as a column: nothing bought in the second half; as a row: nothing in the first.",
        table=tables.table(listed, caption="From the first half to the second",
                           formats={"share": numbers.percent}, row_header="from_segment",
                           names={"from_segment": "First half", "to_segment": "Second half", "customers": sentence_case(customers)},
                           unknown=blanks.dash(smallest, customers=customers)),
        csv=tables.csv_link(told.table, "movement.csv"),
        estimates=["segment kept"],
        note=f"Each half is scored by its own orders, which ranks {customers} among each other: a move says who changed places, "
        "not that all got better or worse."
        + blanks.note(told.table["customers"], what="pair of segments", smallest=smallest, customers=customers),
        source="order lines, rules of the study",
    )  # fmt: skip


def in_order(
    movement: pd.DataFrame, *, order: Sequence[str], absent: str, sizes: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The moves with segments from most sales to least, `absent` last, and a column `row` with the size of the row.

    `sizes` are those of the rows, where these may not all be told.
    """
    names = [*order, *sorted(set(movement["from_segment"]) | set(movement["to_segment"]) - {absent})]
    names = [name for name in dict.fromkeys(names) if name != absent] + [absent]
    place = {name: number for number, name in enumerate(names)}
    sizes = movement.groupby("from_segment")["customers"].sum() if sizes is None else sizes
    found = movement.assign(
        row=[f"{name} ({numbers.count(sizes[name])})" if numbers.is_known(sizes[name]) else name for name in movement["from_segment"]],
        first=movement["from_segment"].map(place), second=movement["to_segment"].map(place),
    )  # fmt: skip
    return found.sort_values(["first", "second"], ignore_index=True).drop(columns=["first", "second"])


def draw(table: pd.DataFrame, ax: Any) -> Any:
    """Draw the shares as shaded cells; a cell that nobody went to stays blank."""
    cells = table.assign(share=table["share"].where(table["customers"] > 0))
    return charts.matrix(
        cells, ax, row="row", column="to_segment", value="share", fmt=whole_percent, xlabel="second half", ylabel="first half",
    )  # fmt: skip


def _alt(movement: pd.DataFrame, everyone: Staying, headline: str, *, customers: str) -> str:
    return (
        f"Shaded table of {movement['from_segment'].nunique()} segments of the first half by {movement['to_segment'].nunique()} of the "
        f"second: {whole_percent(everyone.share)} of {customers} are on the diagonal. {headline}."
    )
