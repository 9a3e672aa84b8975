"""How many days pass from contact to redemption."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion import few_times
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "time", "Time to redemption"
NAMES = {"kind": "Kind of campaign", "days": "Day", "redeemed_by": "Redeemed so far", "at_risk": "Still followed, not redeemed",
         "rate": "Share", "low": "From", "high": "To"}  # fmt: skip
FEWEST = 10  # redemptions of a kind for its curve and its middle day


def day_by_which(times: pd.DataFrame, *, share: float, kind: str = "all", smallest: int = 0) -> int | None:
    """Return the first day by which this share of all who will redeem has done so; None below ten redemptions.

    All who will is where the curve ends: redemptions that a campaign still open has yet to see are counted in, so that
    it does not make the others look quick. None also where fewer than `smallest` redeemed by that day, or have yet to.
    """
    rows = times[times["kind"] == kind].sort_values("days")
    if rows.empty or (total := int(rows["redeemed_by"].iloc[-1])) < FEWEST:
        return None
    if min(share, 1 - share) * total < smallest:
        return None
    return _day_at(rows, share)


def middle_day_interval(times: pd.DataFrame, *, kind: str = "all") -> tuple[int, int] | None:
    """Return the 95 % interval of the middle day, from the redemptions in order at n/2 minus and plus 0.98 roots of n.

    Takes redemptions as independent. None below ten. A day is whole, so it holds the truth in more than 95 of 100.
    Source: Conover (1999), Practical Nonparametric Statistics, 3.2.
    """
    rows = times[times["kind"] == kind].sort_values("days")
    if rows.empty or (n := int(rows["redeemed_by"].iloc[-1])) < FEWEST:
        return None
    reach = 0.98 * n**0.5
    ranks = max(int(n / 2 - reach), 1), min(ceil(n / 2 + reach) + 1, n)
    return _day_at(rows, ranks[0] / n), _day_at(rows, ranks[1] / n)


def _day_at(rows: pd.DataFrame, share: float) -> int:
    """The first day on which the curve has this share of its end."""
    return int(rows.loc[rows["rate"] >= share * rows["rate"].iloc[-1] * (1 - 1e-9), "days"].iloc[0])


def drawn_kinds(times: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the four kinds with the most redemptions, ten at least."""
    most = times[times["kind"] != "all"].groupby("kind")["redeemed_by"].max().reset_index()
    most = most[most["redeemed_by"] >= FEWEST].sort_values(["redeemed_by", "kind"], ascending=[False, True]).head(4)
    return times[times["kind"].isin(most["kind"])].reset_index(drop=True)


def title(times: pd.DataFrame) -> str:
    """Return the finding: by which day half of those who redeem have done so."""
    return f"Half of those who redeem do so within {plural(day_by_which(times, share=0.5), 'day')}"


def lead(times: pd.DataFrame, *, kinds: list[str] | None = None, smallest: int = 0) -> str:
    """Return when three quarters and nine tenths had come, and the middle day of each kind."""
    later = {share: day_by_which(times, share=share, smallest=smallest) for share in (0.75, 0.9)}
    kinds = list(dict.fromkeys(drawn_kinds(times)["kind"])) if kinds is None else kinds
    middle = [f"day {day_by_which(times, share=0.5, kind=kind)} for {kind}" for kind in kinds]
    each = f" The middle redemption comes on {join_and(middle)}." if len(middle) > 1 else ""
    if later[0.75] is None:
        return each.strip()
    tenths = "" if later[0.9] is None else f" and nine in ten by day {later[0.9]}"
    return f"Three quarters have redeemed by day {later[0.75]}{tenths}.{each}"


def section(times: pd.DataFrame, *, period: str, few: Few = ALL_SHOWN) -> Fragment:
    """Return the part of the page, or what is missing while too few have redeemed."""
    shown = few_times.thinned(times, smallest=few.smallest)
    shown = shown[[not few.hides("seen", kind) for kind in shown["kind"]]]
    curves, smallest = drawn_kinds(shown), few.smallest
    if (
        few.hides("seen", "all")
        or (curves.empty and smallest)
        or day_by_which(times, share=0.5, smallest=smallest) is None
        and smallest
    ):
        return blanks.too_few(KEY, "how long it takes", smallest=smallest, customers="contacts", label=LABEL)
    if day_by_which(times, share=0.5) is None or curves.empty:
        return page.absent(
            KEY, "Too few redemptions to tell how long they take", f"Fewer than {FEWEST} contacts of any one kind of campaign "
            "have redeemed.", "With more, this section shows their days.", label=LABEL,
        )  # fmt: skip
    listed = shown.drop(columns="at_risk") if smallest else times[times["days"] % 7 == 0]
    whole = times[times["kind"] == "all"].iloc[-1]
    last = curves.groupby("kind").tail(1).sort_values(["redeemed_by", "kind"], ascending=[False, True])
    ends = join_and([f"{row.kind} {numbers.percent(row.rate)} by day {row.days}" for row in last.itertuples()])
    return page.section(
        KEY, title(times), lead(times, kinds=list(dict.fromkeys(curves["kind"])), smallest=smallest), label=LABEL,
        subtitle=(f"Share of contacts that had redeemed by each day after the contact, {period}. "
                  f"n = {plural(whole['contacted'], 'contact')}, {plural(whole['redeemed_by'], 'redemption')}."),
        figure=figures.svg(
            lambda ax: charts.steps(curves, ax, x="days", y="rate", low="low", high="high", group="kind",
                                    fmt=lambda x: numbers.percent(x, 0), xlabel="Days after the contact"),
            alt=f"{title(times)}. At the end of the curves: {ends}."),
        how_to_read=(
            "A curve that climbs early and then runs flat was nearly done before the coupons ended; one that still climbs was cut off. "
            "Bands are 95 % intervals. A contact counts with its first redemption, and as long as it was followed."
        ),
        table=tables.table(
            listed, caption="Share redeemed by week after the contact, with 95 % interval", row_header="kind",
            formats=dict.fromkeys(("rate", "low", "high"), lambda x: numbers.percent(x, 1)),
            names={name: words for name, words in NAMES.items() if name in listed}),
        csv=tables.csv_link(shown.drop(columns="at_risk") if smallest else times, "redemption_time.csv"),
        estimates=("time to redemption, the curve", "time to redemption, the middle day"),
        note=(f"A curve has a step where {smallest} more have redeemed; kinds with fewer redemptions are left out." if smallest else
              f"Kinds with fewer than {FEWEST} redemptions are in the table only.") + " Contacts from before the data are left out.",
        source="contacts and redemptions",
    )  # fmt: skip
