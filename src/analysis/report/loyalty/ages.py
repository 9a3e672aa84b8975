"""Loyalty score by age band, where the age is known, and how those without one differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.inference.means import MeanDifference, mean_interval, sums, welch_difference
from analysis.inference.multiple import holm
from analysis.report import charts, figures, numbers, page, tables
from analysis.report.words import join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

UNKNOWN = "age not known"
KEY, LABEL = "ages", "Age, where known"


class Differing(NamedTuple):
    """An age band whose score is clearly not that of the other bands (Holm-adjusted p below 0.05)."""

    band: str
    score: float
    others: float
    low: float  # of the difference, 95 %
    high: float


def by_age(behaviour: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """One row per age band in order, then those without: age_band, customers, loyalty_score (mean), low, high.

    Both tables have one row per customer. Interval: Student's t, 95 %; missing for a band of one.
    """
    import pandas as pd

    known = _scored(behaviour, segments)
    named = known.assign(age_band=known["age_band"].astype(object).where(known["age_band"].notna(), UNKNOWN))
    rows = []
    for band, part in named.groupby("age_band"):
        scores = part["loyalty_score"]
        rows.append(
            {
                "age_band": band,
                "customers": len(scores),
                "loyalty_score": scores.mean(),
                **mean_interval(sums(scores))._asdict(),
            }
        )
    table = pd.DataFrame(rows, columns=["age_band", "customers", "loyalty_score", "low", "high"])
    last = table["age_band"] == UNKNOWN
    return pd.concat([table[~last].sort_values("age_band"), table[last]], ignore_index=True)


def differing(behaviour: pd.DataFrame, segments: pd.DataFrame) -> list[Differing]:
    """Return the bands that differ from the other bands together, in order; each is tested, so p-values are adjusted.

    Those without an age are in no comparison. Welch's test; Holm's adjustment for as many tests as bands.
    """
    known = _scored(behaviour, segments).dropna(subset=["age_band"])
    bands = sorted(known["age_band"].unique())
    if len(bands) < 2:
        return []
    sides = [
        (known.loc[known["age_band"] == band, "loyalty_score"], known.loc[known["age_band"] != band, "loyalty_score"])
        for band in bands
    ]
    tests: list[MeanDifference] = [welch_difference(sums(one), sums(others)) for one, others in sides]
    adjusted = holm(np.array([test.p_value for test in tests]))
    return [
        Differing(band, float(one.mean()), float(others.mean()), *test.interval)
        for band, (one, others), test, p in zip(bands, sides, tests, adjusted, strict=True) if p < 0.05
    ]  # fmt: skip


def asked_and_not(behaviour: pd.DataFrame, segments: pd.DataFrame) -> MeanDifference | None:
    """Return the mean score with a known age minus that without; None where one side has fewer than two customers."""
    scored = _scored(behaviour, segments)
    known = scored["age_band"].notna()
    if known.sum() < 2 or (~known).sum() < 2:
        return None
    return welch_difference(sums(scored.loc[known, "loyalty_score"]), sums(scored.loc[~known, "loyalty_score"]))


def title(found: list[Differing], *, bands: int) -> str:
    """Return the finding: no band, one band or some bands that clearly differ from the others."""
    if bands < 2:
        return "Age is known for one band only, so there is nothing to compare"
    if not found:
        return "No age band clearly differs from the others in loyalty"
    if len(found) == 1:
        one = found[0]
        side = "lower" if one.score < one.others else "higher"
        scores = f"{numbers.decimal(one.score)} against {numbers.decimal(one.others)}"
        return f"Only age {one.band} scores clearly {side} than the other ages: {scores}"
    sides = [
        (word, [one.band for one in found if (one.score < one.others) == below])
        for word, below in (("lower", True), ("higher", False))
    ]
    return f"Age goes with loyalty: {join_and([f'{word} at {join_and(names)}' for word, names in sides if names])}"


def section(behaviour: pd.DataFrame, segments: pd.DataFrame, *, customers: str, window: str) -> Fragment:
    """Return the section with its figure, or one that says that no age is known."""
    table = by_age(behaviour, segments)
    bands = table[table["age_band"] != UNKNOWN]
    if bands.empty:
        return page.absent(KEY, "Whether age goes with loyalty is not known", "This data has no age of anyone.",
                           f"With ages of some {customers}, this section shows the loyalty score by age band.", label=LABEL)  # fmt: skip
    found = differing(behaviour, segments)
    asked, everyone = int(bands["customers"].sum()), int(table["customers"].sum())
    headline = title(found, bands=len(bands))
    return page.section(
        KEY, headline, selection(asked_and_not(behaviour, segments), table=table, customers=customers), label=LABEL,
        subtitle=f"Mean loyalty score (0 to 1) by age band, {window}. n = {numbers.count(asked)} of {numbers.count(everyone)} {customers}, "
        "whose age is known. Lines are 95 % intervals.",
        figure=figures.svg(lambda ax: draw(table, ax, marked=[one.band for one in found]), alt=_alt(table, headline)),
        how_to_read="Compare the bands with each other. The last row, without age, shows how unlike the rest those with a known age are.",
        table=tables.table(
            table, caption="Loyalty score by age band",
            names={"customers": sentence_case(customers), "loyalty_score": "Mean score", "low": "95 % from", "high": "95 % to"},
        ),
        csv=tables.csv_link(table, "loyalty_by_age.csv"),
        estimates=("age bands", "age known or not"),
        note="Each band is compared with the other bands together, p-values adjusted for the number of bands (Holm).",
        source="survey, order lines",
    )  # fmt: skip


def selection(difference: MeanDifference | None, *, table: pd.DataFrame, customers: str) -> str:
    """Return how those without an age differ, and what that means for reading the bands."""
    unknown = table[table["age_band"] == UNKNOWN]
    if difference is None or unknown.empty:
        return "Age is known for nearly everyone."
    n, score = int(unknown["customers"].iloc[0]), float(unknown["loyalty_score"].iloc[0])
    low, high = difference.interval
    who = f"{numbers.count(n)} {customers} have no known age"
    if low > 0 or high < 0:
        other = score + difference.difference
        return (
            f"Whose age is known is no random choice: {who} and score {numbers.decimal(score)}, those with one {numbers.decimal(other)} "
            f"(difference {numbers.interval(low, high, numbers.signed)}). What holds for the bands may not hold for the rest."
        )
    return f"{who[:1].upper()}{who[1:]}; their score ({numbers.decimal(score)}) is not clearly different."


def draw(table: pd.DataFrame, ax: Any, *, marked: list[str]) -> Any:
    """Draw a dot per band: the marked ones, or every age when none is, stand out."""
    bands = marked or [band for band in table["age_band"] if band != UNKNOWN]
    return charts.dots_with_intervals(
        table, ax, category="age_band", value="loyalty_score", low="low", high="high", fmt=numbers.decimal, highlight=bands,
        xlabel="Loyalty score",
    )  # fmt: skip


def _scored(behaviour: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    both = behaviour[["customer_id", "age_band"]].merge(
        segments[["customer_id", "loyalty_score"]], on="customer_id", validate="one_to_one"
    )
    return both.dropna(subset=["loyalty_score"])


def _alt(table: pd.DataFrame, headline: str) -> str:
    said = "; ".join(f"{row.age_band} {numbers.decimal(row.loyalty_score)}" for row in table.itertuples())
    return f"{headline}. Mean loyalty score: {said}."
