"""What to do next, tied to the numbers above, and how far to trust the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.inference.corrections import HOLM, correction
from analysis.report import numbers, page, validated
from analysis.report.conversion import attributed, nobody, timing
from analysis.report.conversion.differences import Difference
from analysis.report.conversion.few import ALL_SHOWN, Few
from analysis.report.conversion.kinds import Leading
from analysis.report.conversion.phrases import whole_percent
from analysis.report.words import join_and, plural, sentence_case
from analysis.small_groups import rule_in_words

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment


def steps(
    redeemed: pd.Series, changed: Mapping[str, Difference], found: Leading | None, again: Difference, times: pd.DataFrame,
    *, coupons: Mapping[str, float], customers: str, few: Few = ALL_SHOWN,
) -> list[str]:  # fmt: skip
    """Return two to five things to do. `coupons` has the share of receivers that the plan expects to use each coupon."""
    lines = []
    if not redeemed["contacted"]:
        return [nobody.NEXT]
    if few.hides("kind", "all"):
        return ["Draw a holdout by lot before the next campaign: too few have redeemed to learn from what was sent."]
    if "visited" in changed and changed["visited"].word in ("no clear change", "down"):
        lines.append(
            f"Report campaigns by redemption and by spend against a holdout, not by visits: {whole_percent(changed['visited'].a)} visit in "
            f"a campaign’s days, {whole_percent(changed['visited'].b)} just before."
        )
    if coupons:
        lines.append(_uptake(redeemed, coupons))
    if again.word == "up":
        lines.append(
            f"Split the list by whether {customers} redeemed before ({whole_percent(again.a)} against {whole_percent(again.b)}), and keep "
            "the planned holdout in both parts: who redeems most may need the coupon least."
        )
    if (day := timing.day_by_which(times, share=0.5, smallest=few.smallest)) is not None:
        lines.append(
            f"Draw by lot who gets a reminder on day {day}, when half of those who redeem have done so, and count both halves."
        )
    if found is not None and found.clear:
        lines.append(
            f"Find out what is different about {found.kind} ({whole_percent(found.against.a)} against {whole_percent(found.against.b)}): "
            f"send its coupons and another kind’s to {customers} drawn by lot from one list."
        )
    so_far = f"so far {plural(redeemed['reached'], 'contact')} redeemed"
    return lines or [f"Draw a holdout by lot before the next campaign, so that its numbers can be compared: {so_far}."]


def _uptake(redeemed: pd.Series, coupons: Mapping[str, float]) -> str:
    planned = join_and([f"{numbers.percent(share, 0)} for “{name}”" for name, share in coupons.items()])
    seen = numbers.interval(redeemed["low"], redeemed["high"])
    inside = all(redeemed["low"] <= share <= redeemed["high"] for share in coupons.values())
    held = "which does not contradict it" if inside else "so cost the plan with that as well"
    return (
        f"Hold the plan’s expected use of coupons ({planned}) against what was seen over all contacts: {seen}, {held}."
    )


def quality(table: pd.DataFrame, redeemed: pd.Series | None, *, smallest: int = 0) -> list[str]:
    """Return in plain words what was read, kept and set aside of the tables of this page, and what was not wholly seen."""
    counts = table.set_index("table")
    names = {"contacts": "contacts", "responses": "redemptions", "offers": "coupon products", "orders": "order lines"}
    lines = []
    for name, words in names.items():
        if name in counts.index:
            row = counts.loc[name]
            aside = int(row["rows_set_aside"])
            if smallest:  # a row set aside is a person
                lines += [f"{numbers.count(row['rows_kept'])} {words}"] if row["rows_kept"] >= smallest else []
                continue
            part = f"{numbers.count(row['rows_kept'])} of {numbers.count(row['rows_in'])} {words}"
            later = int(row["rows_not_yet_seen"])
            lines.append(part + (f" ({numbers.count(aside)} set aside" if aside else " (none set aside")
                         + (f", {numbers.count(later)} after the date of the data)" if later else ")"))  # fmt: skip
    kept = [f"Kept: {'; '.join(lines)}. The clean walk-through gives the reason of each."] if lines else []
    if redeemed is None or redeemed[["window_closed", "seen_from_start"]].isna().any():
        return kept
    return [*kept, _unseen(redeemed)]


def _unseen(redeemed: pd.Series) -> str:
    return (
        f"{numbers.percent(1 - redeemed['window_closed'])} of contacts are in campaigns that still run on the date of the data, and "
        f"{numbers.percent(1 - redeemed['seen_from_start'])} came before the data begins: not all of their redemptions are seen."
    )


def method(
    *, baseline_weeks: int, touch_days: int, customer: str, customers: str, many: str = HOLM
) -> list[tuple[str, str]]:
    """Return one paragraph per measure: what it is, its formula in words, and what would change our mind."""
    corrected = correction(many)
    return [
        (
            "Conversion rate",
            "Contacts that redeemed, divided by all contacts. The interval is Wilson’s, on as many contacts as they are worth: the "
            f"same {customer} tends to redeem each time or never, so ten contacts with one tell less than one contact with ten. "
            f"For {customers}, those that redeemed at least once divided by those contacted.",
        ),
        (
            "Changes in the key figures",
            "Contacts of the later half of the period against the earlier half, only campaigns seen from start to end. Up or down "
            f"is said where the 95 % interval of the difference, with {customers} as units, leaves zero out. The mix of campaigns "
            "differs between the halves.",
        ),
        (
            "Visited, bought promoted",
            "An order between the contact and the campaign’s last day; an order of a product that one of its coupons covers. The "
            "days before are the same contacts and products, moved back by the length of the campaign. Other campaigns ran then "
            "too, so it is a comparison and no experiment: a holdout in which fewer visit would change our mind.",
        ),
        (
            "Kinds",
            f"Each kind’s rate against all others, corrected for looking at each ({corrected.name}), and again only among {customers} "
            "contacted by every kind. A campaign of another kind with as wide a range and the same redemption would change our mind.",
        ),
        (
            "Time to redemption",
            "Days from contact to the first redemption. The share redeemed is 1 minus the Kaplan-Meier estimate: day by day, the "
            "contacts still without a redemption that stay so, multiplied. Bands have "
            f"{customers} as their units.",
        ),
        (
            "Redeemed before",
            f"On the day of each contact its {customer} is in one of three groups, by what it had done until then. Later campaigns in "
            "which the groups redeem alike would change our mind.",
        ),
        (
            "Channels and segments",
            f"Each against the rest of its list, with {customers} as the units: one may be in several. Segments are worked out anew for "
            "the day before each campaign, from the orders until then. P-values are corrected for all groups together. A holdout in each "
            "channel would change our mind about what a channel does.",
        ),
        attributed.method(touch_days=touch_days, customer=customer),
        (
            "Groups",
            f"Each group’s rate against the rest of its list, p-values corrected for the number of groups ({corrected.name}): if no "
            f"group differed, one such study in twenty would still single one out. {sentence_case(corrected.kept)}.",
        ),
        (
            "Weeks that stand out",
            "Contacts that redeemed in a week, divided by contacts whose campaign runs. What the weeks before lead to expect is "
            "their exponentially weighted mean; how far a week may lie from it comes from how much weeks differed beyond chance in the "
            f"first {baseline_weeks} (Laney’s p′ chart on a moving centre line), wider where few contacts are open. Simulated quiet years "
            "set the limits so that the false alarms are as rare as is said.",
        ),
    ]


def limits(*, customers: str, opens: bool = False) -> Sequence[str]:
    """Return what the page does not show; `opens` says whether opens or clicks were counted."""
    return [
        f"What a campaign changed. A funnel compares nobody; the campaign report compares the contacted with {customers} that were not.",
        f"Why some {customers} redeem. Kind, range, season and who was chosen come together in this data.",
        "Whether a mailing arrived: opens and clicks are what the sender counted."
        if opens
        else "Opens and clicks, and whether a mailing arrived: only redemptions were recorded.",
        f"Redemption by {customers} that were never contacted, and coupons from elsewhere.",
    ]


def next_steps(*tables, **words) -> Fragment:
    """Return the part of the page; see `steps`."""
    return page.next_steps(steps(*tables, **words))


def trust(
    table: pd.DataFrame,
    redeemed: pd.Series | None,
    *,
    baseline_weeks: int,
    touch_days: int,
    customer: str,
    customers: str,
    smallest: int,
    opens: bool = False,
    many: str = HOLM,
) -> Fragment:
    """Return the part of the page; see `quality`, `method` and `limits`."""
    named = method(
        baseline_weeks=baseline_weeks, touch_days=touch_days, customer=customer, customers=customers, many=many
    )
    named.append(("Validation", validated.paragraph("conversion")))
    said = [*quality(table, redeemed, smallest=smallest), rule_in_words(smallest, customers=customers)]
    return page.trust(quality=said, method=named, limits=limits(customers=customers, opens=opens))
