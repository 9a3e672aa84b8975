"""Whether a customer who redeemed before redeems again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import blanks, charts, figures, numbers, page, tables
from analysis.report.conversion.contacts import ALL_KINDS, BEFORE, FIRST, NOT_YET
from analysis.report.conversion.differences import Difference, rate_difference
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.phrases import times, whole_percent
from analysis.report.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "redeemed-before", "Who redeemed before"


def again(history: pd.DataFrame) -> Difference:
    """Return the redemption rate of contacts with customers who redeemed before, minus that of those who had not.

    First contacts are left out of both, because nobody can have redeemed before those. One row per contact.
    """
    before, not_yet = (history[history["history"] == name] for name in (BEFORE, NOT_YET))
    return rate_difference(before["redeemed"], before["customer_id"], not_yet["redeemed"], not_yet["customer_id"])


def title(found: Difference, *, customers: str) -> str:
    """Return the finding: how much more often those who redeemed before redeem again."""
    if found.word == "up" and found.b > 0:
        return f"{customers.capitalize()} that redeemed before redeem {times(found.a / found.b)} as often as those that had not"
    if found.word == "up":
        return f"Only {customers} that redeemed before redeem again"
    if found.word == "down":
        return f"{customers.capitalize()} that redeemed before redeem less often than those that had not"
    said = "We cannot tell whether" if found.word == "cannot tell" else "We see no clear difference in how often"
    return f"{said} {customers} that redeemed before redeem {'more often' if said.startswith('We cannot') else 'and others do'}"


def lead(found: Difference, *, customers: str) -> str:
    """Return both rates and what they mean; nothing is said of why."""
    if found.word == "cannot tell":
        return f"Too few {customers} were contacted again after a first redemption."
    return (
        f"Of contacts with {customers} that had redeemed in an earlier campaign, {whole_percent(found.a)} redeemed; where they had been "
        f"contacted and had not, {whole_percent(found.b)} (difference {numbers.interval(found.low, found.high, numbers.points)}). This is "
        "known before a campaign is sent. Whether a coupon makes them buy more is another question, which only a holdout answers."
    )


def told(found: Difference, few: Few) -> Difference:
    """Return the difference of `again` as it may be told: not known where either rate says too much of few."""
    hidden = any(few.hides("history", (ALL_KINDS, name)) for name in (BEFORE, NOT_YET))
    return Difference(*[float("nan")] * 6, found.customers) if hidden else found


def section(
    history: pd.DataFrame, rates: pd.DataFrame, *, customers: str, period: str, few: Few = ALL_SHOWN
) -> Fragment:
    """Return the part of the page. `history` has one row per contact, `rates` one per kind and history."""
    found = told(again(history), few)
    if few.smallest and not numbers.is_known(found.estimate):
        return blanks.too_few(
            KEY, f"whether {customers} redeem again", smallest=few.smallest, customers=customers, label=LABEL
        )
    keys = [("history", pair) for pair in zip(rates["kind"], rates["history"], strict=True)]
    rates = few.blank(rates, keys, ["reached", "contacted", "rate", "low", "high"], what=["contacted", "redeemed"])
    missing, rates = (
        rates["contacted"],
        rates.dropna(subset=["contacted"]).astype({"reached": "int64", "contacted": "int64"}),
    )
    if rates.empty or not numbers.is_known(found.estimate):
        return page.absent(
            KEY, f"We cannot tell yet whether {customers} redeem again", f"No {customers} that redeemed were contacted again "
            "inside the data.", "With a second campaign after a first redemption, this section compares them.", label=LABEL,
        )  # fmt: skip
    n = f"n = {plural(len(history), 'contact')}"
    return page.section(
        KEY, title(found, customers=customers), lead(found, customers=customers), label=LABEL,
        subtitle=f"Share of contacts that redeemed, by what the contacted had done before, {period}. {n}.",
        figure=figures.svg(
            lambda ax: charts.dots_with_intervals(rates, ax, category="kind", value="rate", low="low", high="high",
                group="history", colors={BEFORE: "navy", NOT_YET: "teal", FIRST: "plum"}, fmt=lambda x: numbers.percent(x, 0)),
            alt=f"{title(found, customers=customers)}: {numbers.percent(found.a)} against {numbers.percent(found.b)} of contacts."),
        how_to_read=(
            "Further right: redeemed more often. Lines are 95 % intervals. Redeemed before means a coupon of any earlier "
            "campaign handed in before the day of this contact."
        ),
        table=tables.table(
            rates, caption="Contacts that redeemed, by kind of campaign and history, with 95 % interval",
            formats=dict.fromkeys(("rate", "low", "high"), numbers.percent),
            names={"kind": "Kind of campaign", "history": "Before this contact",
                   "reached": "Redeemed", "rate": "Share", "low": "From", "high": "To"}),
        csv=tables.csv_link(rates, "redeemed_before.csv"),
        estimates=["redeemed before or not"],
        note=f"What {customers} did before the data begins is not known, so some of those counted as first contact are not."
        + blanks.note(missing, what="row", smallest=few.smallest, customers=customers),
        source="contacts and redemptions",
    )  # fmt: skip
