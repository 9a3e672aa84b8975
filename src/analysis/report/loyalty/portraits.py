"""What each segment is like, beside the groups that k-means draws without our names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.report import blanks, numbers, page, tables
from analysis.report.fragments import join
from analysis.report.loyalty.phrases import one_decimal, whole_percent
from analysis.report.loyalty.stability import stability_sentence
from analysis.report.words import in_words, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment


class Agreement(NamedTuple):
    """How far groups and names agree: of 100 customers, whose segment the group guesses (shares 0 to 1)."""

    guessed: float  # by taking the most frequent segment of the customer's group
    by_size: float  # by always taking the largest segment
    customers: int


def main_groups(segments: pd.DataFrame) -> pd.DataFrame:
    """One row per segment: segment, group (the k-means cluster most of its customers are in), share_in_group (0 to 1).

    `segments` has one row per customer: segment, cluster. Customers without a cluster are left out; of equal groups
    the smaller number counts.
    """
    known = segments.dropna(subset=["cluster"])
    counts = known.groupby(["segment", "cluster"]).size().rename("customers").reset_index()
    counts["share_in_group"] = counts["customers"] / counts.groupby("segment")["customers"].transform("sum")
    counts = counts.sort_values(["segment", "customers", "cluster"], ascending=[True, False, True])
    most = counts.drop_duplicates("segment").rename(columns={"cluster": "group"})
    return most[["segment", "group", "share_in_group"]].reset_index(drop=True)


def agreement(segments: pd.DataFrame) -> Agreement:
    """Return how well a customer's group tells their segment, over the customers that have both."""
    known = segments.dropna(subset=["cluster"])
    if known.empty:
        return Agreement(float("nan"), float("nan"), 0)
    both = known.groupby(["cluster", "segment"]).size()
    most = both.groupby("cluster").max().sum()
    return Agreement(float(most / len(known)), float(known["segment"].value_counts().iloc[0] / len(known)), len(known))


def title(table: pd.DataFrame) -> str:
    """Return the finding: the segment that orders most often and the one that does so least."""
    known = table.dropna(subset=["order_frequency"]).sort_values(["order_frequency", "segment"])
    if len(known) < 2:
        return "What each segment is like"
    least, most = known.iloc[0], known.iloc[-1]
    often, seldom = (numbers.decimal(row["order_frequency"], 1) for row in (most, least))
    return f"{sentence_case(most['segment'])} order {often} times in 30 days, {least['segment']} {seldom} times"


def lead(segments: pd.DataFrame, profile: pd.DataFrame, *, customer: str, customers: str) -> list[str]:
    """Return what the table shows, and in plain words how far groups drawn without our names agree with it."""
    found = agreement(segments)
    lines = [f"Each line describes the middle {customer} of a segment."]
    if not found.customers:
        return [
            *lines,
            f"The {customers} are too few or too much alike for K-means, which knows no names, to draw groups.",
        ]
    groups = f"{in_words(len(profile))} {'group' if len(profile) == 1 else 'groups'}"
    guessed, by_size = numbers.count(found.guessed * 100), numbers.count(found.by_size * 100)
    return [
        *lines,
        f"K-means, a method that does not know our names, draws {groups} from the same {customers} by days since the last order, "
        f"orders, sales per order and discounts. {stability_sentence(profile)}",
        f"{_verdict(found)} Who knows a {customer}'s group guesses its segment right {guessed} times in 100; "
        f"who always says the largest segment, {by_size} times.",
    ]


def section(
    shares: pd.DataFrame, segments: pd.DataFrame, profile: pd.DataFrame, *, customer: str, customers: str, currency: str,
    smallest: int = 0,
) -> Fragment:  # fmt: skip
    """Return the section with one line per segment, from the tables of `segments.shares`, customers and clusters."""
    if shares["customers"].isna().all():
        return blanks.too_few(
            "portraits", "what segments are like", smallest=smallest, customers=customers, label="What they are like"
        )
    table = shares.merge(main_groups(segments), on="segment", how="left", validate="one_to_one")
    if smallest:  # a group's part of a segment is a count as well
        few = table["customers"].isna() | ~_large(
            table["share_in_group"] * table["customers"], table["customers"], smallest
        )
        table = table.assign(
            share_in_group=table["share_in_group"].mask(few), group=table["group"].mask(table["customers"].isna())
        )
    shown = table.assign(interval=_intervals(table), group=_groups(table))[list(SHOWN)]
    both = segments.dropna(subset=["cluster"]).groupby(["segment", "cluster"]).size().rename("customers").reset_index()
    n = numbers.count(len(segments))
    files = [tables.csv_link(table, "portraits.csv"), tables.csv_link(profile, "groups.csv")]
    if not smallest:  # most pairs of a segment and a group are few
        files.append(tables.csv_link(both, "segments_and_groups.csv"))
    return page.section(
        "portraits", title(table), lead(segments, profile, customer=customer, customers=customers), label="What they are like",
        subtitle=f"Middle value (median) by segment, and the mean loyalty score from 0 to 1. n = {n} {customers}.",
        table=tables.table(
            shown, caption="Who is in each segment",
            formats={"recency_days": numbers.count, "order_frequency": one_decimal},
            names=SHOWN | {"customers": sentence_case(customers), "order_amount": f"{SHOWN['order_amount']}, {currency}"},
            unknown=blanks.dash(smallest, customers=customers),
        ),
        how_to_read="The last column names the k-means group that holds most of a segment. A segment wholly in one group joins like "
        f"with like; one that is split holds {customers} who behave differently, and one offer will not suit them all.",
        csv=join(files),
        estimates=("stability of groups", "segment, orders of the middle customer"),
        note=f"Stable does not mean real: evenly spread {customers} can be cut the same way each time."
        + blanks.note(table["customers"], what="segment", smallest=smallest, customers=customers), source="order lines",
    )  # fmt: skip


def _intervals(table: pd.DataFrame) -> list[str]:
    ends = zip(table["frequency_low"], table["frequency_high"], strict=True)
    return [numbers.interval(low, high, one_decimal) for low, high in ends]


def _groups(table: pd.DataFrame) -> list[str]:
    pairs = zip(table["group"].tolist(), table["share_in_group"].tolist(), strict=True)
    return [
        numbers.NOT_KNOWN
        if not numbers.is_known(group)
        else f"{group} ({whole_percent(share)})"
        if numbers.is_known(share)
        else f"{group}"
        for group, share in pairs
    ]


def _large(part: pd.Series, whole: pd.Series, smallest: int) -> pd.Series:
    """Say where a part of a segment and what it leaves over are nobody or `smallest` and more."""
    part, left = part.round(), (whole - part).round()
    return ((part >= smallest) | (part == 0)) & ((left >= smallest) | (left == 0))


def _verdict(found: Agreement) -> str:
    gained = (found.guessed - found.by_size) / (1 - found.by_size) if found.by_size < 1 else 1.0
    if gained >= 0.6:
        return "Names and groups agree well."
    return "Names and groups agree in part." if gained >= 0.15 else "Names and groups hardly agree."


SHOWN = {
    "segment": "Segment", "about": "Who they are", "customers": "", "order_frequency": "Orders in 30 days", "interval": "95 % interval",
    "recency_days": "Days since last order", "order_amount": "Sales per order", "loyalty_score": "Loyalty score",
    "group": "Largest k-means group",
}  # fmt: skip
