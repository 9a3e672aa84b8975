"""Visits and promoted purchases in the campaign's days against as many days just before, the same contacts in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion.differences import Difference, rate_difference
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.phrases import STEPS, p_value
from analysis.report.words import in_words, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.conversion.contacts import Matched
    from analysis.report.fragments import Fragment

KEY, LABEL = "before", "Compared with just before"
DURING, EARLIER = "in the campaign’s days", "as many days before"
COMPARED = ("visited", "bought_promoted")
FEWEST = 20  # customers


def changes(pairs: Matched) -> dict[str, Difference]:
    """Return per step (visited, bought promoted) how its rate in the campaign's days differs from that just before."""
    during, before = pairs
    return {
        step: rate_difference(during[step], during["customer_id"], before[step], before["customer_id"])
        for step in COMPARED
    }


def table(pairs: Matched, during: pd.DataFrame, before: pd.DataFrame, *, many: str = HOLM) -> pd.DataFrame:
    """One row per step and kind ("all kinds" last): the two rates, their difference, its interval and adjusted p.

    `during` and `before` are the funnels of the two sides of `pairs`. Differences in shares, 95 % intervals with
    customers as units, p-values adjusted for all rows together, as `many` says (see `corrections`).
    """
    import pandas as pd

    rows = []
    for step in COMPARED:
        for kind in [*sorted(pairs.during["kind"].dropna().unique()), None]:
            sides = [side if kind is None else side[side["kind"] == kind] for side in pairs]
            found = rate_difference(sides[0][step], sides[0]["customer_id"], sides[1][step], sides[1]["customer_id"])
            rows.append(
                {"step": STEPS[step], "kind": kind or "all kinds", "contacts": len(sides[0]), **found._asdict()}
            )
    frame = pd.DataFrame(rows)
    frame["p_adjusted"] = correction(many).adjust(frame["p_value"])
    for name, funnel in (("during", during), ("before", before)):
        limits = funnel[funnel["scope"] != "campaign"].assign(
            kind=lambda f: f["name"].where(f["scope"] == "kind", "all kinds"), step=lambda f: f["step"].map(STEPS)
        )[["step", "kind", "low", "high"]]  # fmt: skip
        frame = frame.merge(limits.rename(columns={"low": f"{name}_low", "high": f"{name}_high"}), on=["step", "kind"])
    frame = frame.rename(columns={"a": "during", "b": "before"})
    spans = ["during", "during_low", "during_high", "before", "before_low", "before_high"]
    return frame[["step", "kind", "contacts", "customers", *spans, "estimate", "low", "high", "p_adjusted"]]


def shown(changed: Mapping[str, Difference], few: Few) -> Mapping[str, Difference]:
    """Return `changes` as they may be told: nothing where either span says too much of few."""
    hidden = any(few.hides(side, "all", "contacted", *COMPARED) for side in ("during", "earlier"))
    return {} if hidden else changed


def told(frame: pd.DataFrame, few: Few) -> pd.DataFrame:
    """Return the rows of `table` of which neither span says too much of few."""
    if not few.smallest:
        return frame
    steps = {words: step for step, words in STEPS.items()}
    shown = [
        not any(
            few.hides(side, "all" if kind == "all kinds" else kind, "contacted", steps[step])
            for side in ("during", "earlier")
        )
        for step, kind in zip(frame["step"], frame["kind"], strict=True)
    ]
    return frame[shown].reset_index(drop=True)


def title(changed: Mapping[str, Difference]) -> str:
    """Return the finding, of both steps: no more common than before, more, less, or not to be told."""
    words = [changed[step].word for step in COMPARED]
    if "cannot tell" in words:
        return "We cannot tell whether visits are more common in a campaign’s days than before"
    if words == ["no clear change"] * 2:
        return "Visits and promoted purchases are no more common in a campaign’s days than just before"
    said = {"up": "more common", "down": "less common", "no clear change": "no more common"}
    if words[0] == words[1]:
        return f"Visits and promoted purchases are {said[words[0]]} in a campaign’s days than just before"
    return f"Visits are {said[words[0]]} and promoted purchases {said[words[1]]} in a campaign’s days than just before"


def lead(changed: Mapping[str, Difference], frame: pd.DataFrame) -> list[str]:
    """Return both pairs of rates, the difference with its interval, and how many comparisons leave zero out."""
    visited, bought = (changed[step] for step in COMPARED)
    pair = (
        f"{numbers.percent(visited.a)} visited in the campaign’s days and {numbers.percent(visited.b)} in as many days just before "
        f"(difference {_points(visited)}); {numbers.percent(bought.a)} and {numbers.percent(bought.b)} bought a promoted "
        f"product ({_points(bought)})."
    )
    parts = frame[frame["kind"] != "all kinds"]
    clear = parts[parts["p_adjusted"] < 0.05]
    named = [f"{row.step}, {row.kind}: {numbers.points(row.estimate)}" for row in clear.itertuples()]
    number = f"{in_words(len(clear)) if len(clear) else 'none'} of the {plural(len(parts), 'difference')}"
    among = (
        f"Taken kind by kind, {number} {'are' if len(clear) > 1 else 'is'} clear"
        f"{' (' + '; '.join(named) + ')' if named else ''}, corrected for looking at all of them."
    )
    means = (
        "So neither step is a sign that a campaign worked."
        if all(found.word in ("no clear change", "down") for found in changed.values())
        else "Season and other campaigns also differ between the two spans, so a difference is not yet the campaign’s."
    )
    return [pair, f"{among if len(parts) > 2 else ''} {means}".strip()]


def section(
    pairs: Matched,
    during: pd.DataFrame,
    before: pd.DataFrame,
    *,
    customers: str,
    period: str,
    few: Few = ALL_SHOWN,
    many: str = HOLM,
) -> Fragment:
    """Return the part of the page, or what is missing where too few contacts have as many days before in the data."""
    if pairs.during["customer_id"].nunique() < FEWEST:
        return page.absent(
            KEY, "We cannot compare a campaign’s days with those before", f"Fewer than {FEWEST} {customers} were contacted "
            "long enough after the data begins.", "With a longer history, this section shows both spans.", label=LABEL,
        )  # fmt: skip
    if any(few.hides(side, "all", "contacted", *COMPARED) for side in ("during", "earlier")):
        return blanks.too_few(KEY, "both spans", smallest=few.smallest, customers=customers, label=LABEL)
    changed, frame = changes(pairs), table(pairs, during, before, many=many)
    made, frame = comparisons(frame["p_adjusted"]), told(frame, few)
    n = f"n = {plural(len(pairs.during), 'contact')} with {plural(pairs.during['customer_id'].nunique(), customers, customers)}"
    drawn = drawing(frame)
    shares = dict.fromkeys(
        ("during", "before", "during_low", "during_high", "before_low", "before_high"), numbers.percent
    )
    differences = dict.fromkeys(("estimate", "low", "high"), lambda x: numbers.points(x).removesuffix(" points"))
    return page.section(
        KEY, title(changed), lead(changed, frame), label=LABEL,
        subtitle=f"Share of contacts with a visit and with a promoted purchase, {period}. {n}.",
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(
                drawn, ax, category="row", value="rate", low="low", high="high", group="span",
                colors={DURING: "navy", EARLIER: "teal"}, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(changed)}: visited {numbers.percent(changed['visited'].a)} against {numbers.percent(changed['visited'].b)}, "
                f"bought promoted {numbers.percent(changed['bought_promoted'].a)} against "
                f"{numbers.percent(changed['bought_promoted'].b)}."),
        how_to_read=(
            "Where the two marks of a row stand one below the other, nothing changed. Lines are 95 % intervals. The days before are "
            "as many as the campaign’s and end the day before it begins; the products are those of the campaign’s coupons in both."
        ),
        table=tables.table(
            frame.drop(columns=["customers"]), caption="The same contacts in both spans", formats=shares | differences
            | {"p_adjusted": p_value}, row_header="kind",
            names={"estimate": "Difference, points", "low": "Difference from", "high": "Difference to",
                   "during": "In the campaign’s days", "before": "As many days before",
                   "during_low": "From", "during_high": "To", "before_low": "From",
                   "before_high": "To", "p_adjusted": correction(many).heading}),
        csv=tables.csv_link(frame, "before.csv"),
        estimates=["visits against just before"],
        note=f"{correction(many).told(made)} Contacts whose days before reach outside the data are left out.",
        source="contacts and order lines",
    )  # fmt: skip


def drawing(frame: pd.DataFrame) -> pd.DataFrame:
    """Two rows per row of `table`, one per span: row (its name), span, rate, low, high."""
    import pandas as pd

    parts = [
        pd.DataFrame({"row": frame["step"] + ", " + frame["kind"], "span": span, "rate": frame[name],
                      "low": frame[f"{name}_low"], "high": frame[f"{name}_high"]})
        for name, span in (("during", DURING), ("before", EARLIER))
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _points(found: Difference) -> str:
    if found.word == "cannot tell":
        return "too few to say how sure"
    return f"{numbers.points(found.estimate).removesuffix(' points')}, {numbers.interval(found.low, found.high, numbers.points)}"
