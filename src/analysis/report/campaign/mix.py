"""Did the customers change? The mix of segments in the first half of the history against the second, in one sentence."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from analysis.report import numbers, page, tables
from analysis.report.campaign.few import of_few
from analysis.report.words import join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "mix", "Mix of customers"
MOST = 4  # groups in the table: those that changed most


class Drifted(NamedTuple):
    """How far both mixes are apart, as `monitor.mix.drift` found it."""

    customers: int
    index: float
    usual: float  #: what 95 of 100 mixes without drift stay below
    p_value: float
    word: str  #: drifted, no clear drift, or cannot tell


NOTHING = Drifted(0, float("nan"), float("nan"), float("nan"), "cannot tell")


def drifted(table: pd.DataFrame | None) -> Drifted:
    """Return what stands alike in every row of the table `mix`; nothing where there is no row."""
    return NOTHING if table is None or table.empty else Drifted(*(table[name].iloc[0] for name in Drifted._fields))


def title(found: Drifted, shares: pd.DataFrame | None, *, aging: Collection[str] = ()) -> str:
    """Return whether the mix drifted, and which segment but the `aging` changed most for sure where it did."""
    if found.word == "cannot tell":
        return "Whether the mix of customers drifted cannot be told"
    if found.word != "drifted":
        return "The mix of customers shows no clear drift"
    clear = shares[((shares["low"] > 0) | (shares["high"] < 0)) & ~shares["group"].isin([*aging])]
    if clear.empty:
        return "The mix of customers drifted"
    first = _most(clear).iloc[0]
    grew = "grew" if first["change"] > 0 else "shrank"
    ends = (numbers.percent(share, 0) for share in (first["share_earlier"], first["share_now"]))
    return f"The mix of customers drifted: {first['group']} {grew} from {' to '.join(ends)}"


def sentence(found: Drifted, *, customers: str) -> str:
    """Return the index beside what chance alone gives, with how many customers it rests on."""
    if found.word == "cannot tell":
        return f"There are no two halves of a history with {customers} in two segments or more."
    p = "p < 0.001" if found.p_value < 0.001 else f"p = {numbers.decimal(found.p_value, 3)}"
    return (
        f"The population stability index of {numbers.count(found.customers)} {customers} is {numbers.decimal(found.index, 3)}; "
        f"where as many go each way it stays below {numbers.decimal(found.usual, 3)} in 95 of 100 cases ({p})."
    )


def section(table: pd.DataFrame | None, *, customers: str, aging: Collection[str] = (), smallest: int = 0) -> Fragment:
    """Return the section; `table` has one row per segment: `monitor.mix.shares` with the drift and the halves beside it.

    `aging` names the segments that empty by themselves as the data grows older, because their rule asks for a short tenure.

    Where numbers of few stay blank and a segment has few in a half, no segment is shown: the others would give it away.
    """
    found = drifted(table)
    if found.word == "cannot tell":
        said, needs = (
            sentence(found, customers=customers),
            "With two halves, this section says whether the mix drifted.",
        )
        return page.absent(KEY, title(found, table), said, needs, label=LABEL)
    few = bool(of_few(table[["earlier", "now"]], smallest).any(axis=None))
    shown = _most(table.head(0) if few else table).head(MOST)
    columns = ["share_earlier", "share_now", "change", "low", "high"]
    heads = {
        "group": "Segment",
        "share_earlier": "First half",
        "share_now": "Second half",
        "low": "95 % from",
        "high": "To",
    }
    dash = f" No segment is shown: fewer than {smallest} {customers} are in one of them." if few else ""
    return page.section(
        KEY, title(found, shown, aging=aging), sentence(found, customers=customers), label=LABEL, folded=True,
        table=None if few else tables.table(
            shown[["group", *columns]], names=heads, formats=dict.fromkeys(columns, lambda x: numbers.percent(x, 1)),
            caption=f"Share of all {customers}, the segments that changed most",
        ),
        subtitle=f"Segments of the same {customers} up to {numbers.day(table['first_until'].iloc[0])} and from "
        f"{numbers.day(table['second_from'].iloc[0])} on. n = {numbers.count(found.customers)} {customers}.",
        estimates=("mix of segments, change", "mix of segments, drift"), source="order lines",
        note=f"Each half counts its own orders only.{_by_age(aging)}{dash}",
    )  # fmt: skip


def _by_age(aging: Collection[str]) -> str:
    if not aging:
        return ""
    verb, end = ("rests", "empties") if len(aging) == 1 else ("rest", "empty")
    return f" {sentence_case(join_and(sorted(aging)))} {verb} on tenure and {end} as the data grows older: that is no news."


def _most(shares: pd.DataFrame) -> pd.DataFrame:
    sizes = shares["change"].abs().rename("size")
    return shares.assign(size=sizes).sort_values(["size", "group"], ascending=[False, True], ignore_index=True)
