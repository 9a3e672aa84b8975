"""How often each kind of campaign is redeemed, whether the same customers do so too, and each campaign by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.report import numbers
from analysis.report.conversion.differences import Difference, rate_difference
from analysis.report.conversion.few import Few
from analysis.report.conversion.phrases import short_day, times, whole_percent
from analysis.report.words import join_and, plural

if TYPE_CHECKING:
    import pandas as pd


class Leading(NamedTuple):
    """The kind with the highest rate: against all other contacts, and against those of the same customers."""

    kind: str
    against: Difference  #: all its contacts minus all others
    clear: bool  #: whether the difference is above zero, corrected for having picked the highest
    same: Difference  #: the same among customers contacted by every kind
    compared: int = 0  #: kinds that were tried against the rest: those with a p-value


class Trend(NamedTuple):
    """Of one kind's closed campaigns, the last against the first."""

    kind: str
    first: str
    last: str
    first_on: pd.Timestamp
    last_on: pd.Timestamp
    difference: Difference


def by_kind(funnel: pd.DataFrame, outcomes: pd.DataFrame, promoted: pd.DataFrame) -> pd.DataFrame:
    """One row per kind, highest redemption first: customers, contacts, redeemed, rate, low, high, products.

    `promoted` has one row per campaign and product that its coupons cover; `products` is the median over the campaigns
    of a kind, missing where no campaign of the kind has a coupon.
    """
    rows = funnel[(funnel["scope"] == "kind") & (funnel["step"] == "redeemed")].rename(columns={"name": "kind"})
    customers = outcomes.groupby("kind")["customer_id"].nunique().rename("customers").reset_index()
    kinds = outcomes[["campaign_id", "kind"]].drop_duplicates()
    listed = promoted.groupby("campaign_id")["product_id"].nunique().rename("products").reset_index()
    products = kinds.merge(listed, on="campaign_id").groupby("kind")["products"].median().reset_index()
    table = rows.merge(customers, on="kind", how="left").merge(products, on="kind", how="left")
    columns = ["kind", "customers", "contacted", "reached", "rate", "low", "high", "products"]
    return table[columns].sort_values(["rate", "kind"], ascending=[False, True]).reset_index(drop=True)


def largest(kinds: pd.DataFrame) -> str:
    """Return the kind with the most contacts, of equal ones the first name; `kinds` has one row per kind."""
    return str(kinds.sort_values(["contacted", "kind"], ascending=[False, True])["kind"].iloc[0])


def leading(outcomes: pd.DataFrame, same: pd.DataFrame, *, many: str = HOLM) -> Leading | None:
    """Return the kind redeemed most often; None for fewer than two kinds.

    Both tables have one row per contact, `same` of the customers contacted by every kind. Each kind is tried against
    the rest and the p-values adjusted as `many` says (see `corrections`), because the highest of several looks high by luck alone.
    """
    kinds = sorted(outcomes["kind"].dropna().unique())
    if len(kinds) < 2:
        return None
    tried = {kind: _against_rest(outcomes, kind) for kind in kinds}
    p_values = [tried[kind].p_value for kind in kinds]
    adjusted = dict(zip(kinds, correction(many).adjust(p_values), strict=True))
    best = max(kinds, key=lambda kind: tried[kind].a)  # of equal rates the first name
    clear = bool(adjusted[best] < 0.05) and tried[best].word == "up"
    return Leading(best, tried[best], clear, _against_rest(same, best), comparisons(p_values))


def told(found: Leading | None, few: Few) -> Leading | None:
    """Return the leading kind as it may be told: not clear where its rate says too much of few, nor the same customers' where theirs do."""
    if found is None or not few.smallest:
        return found
    unknown = Difference(*[float("nan")] * 6, found.same.customers)
    same = unknown if few.hides("same", "all") or few.hides("same", found.kind) else found.same
    hidden = few.hides("kind", "all") or few.hides("kind", found.kind)
    return found._replace(clear=found.clear and not hidden, same=same)


def trend(outcomes: pd.DataFrame, campaigns: pd.DataFrame, *, kind: str) -> Trend | None:
    """Return the last against the first closed campaign of a kind that began inside the data; None for fewer than two.

    `campaigns` has one row per campaign: campaign_id, starts_on.
    """
    whole = outcomes[(outcomes["kind"] == kind) & outcomes["window_closed"] & outcomes["seen_from_start"]]
    found = campaigns[campaigns["campaign_id"].isin(whole["campaign_id"])].sort_values(["starts_on", "campaign_id"])
    if len(found) < 2:
        return None
    first, last = found.iloc[0], found.iloc[-1]
    one, other = (whole[whole["campaign_id"] == row["campaign_id"]] for row in (last, first))
    difference = rate_difference(one["redeemed"], one["customer_id"], other["redeemed"], other["customer_id"])
    return Trend(kind, first["campaign_id"], last["campaign_id"], first["starts_on"], last["starts_on"], difference)


def title(found: Leading | None) -> str:
    """Return the finding: which kind is redeemed most, and whether the same customers do so too."""
    if found is None:
        return "All campaigns are of one kind"
    if not found.clear:
        return "No kind of campaign is clearly redeemed more often than the others"
    often = f"{times(found.against.a / found.against.b)} as often" if found.against.b > 0 else "and no other is"
    also = {"up": ", by the same {customers} too", "down": ", but not by the same {customers}"}.get(found.same.word, "")
    return f"{found.kind} is redeemed {often}{' as other campaigns' if found.against.b > 0 else ''}{also}"


def lead(found: Leading | None, moved: Trend | None, kinds: pd.DataFrame, *, customers: str) -> list[str]:
    """Return the rates of the kinds, the same customers, the promoted range, and the last against the first campaign."""
    if found is None:
        return [] if moved is None else [_moved(moved)]
    rates = join_and(
        [
            f"{row.kind} {whole_percent(row.rate)} ({numbers.count(row.reached)} of {numbers.count(row.contacted)})"
            for row in kinds.itertuples()
        ]
    )
    over_time = [] if moved is None or not numbers.is_known(moved.difference.low) else [_moved(moved)]
    first = f"Contacts that redeemed: {rates}. {_same(found, customers=customers)}".strip()
    return [first, *_range(found.kind, kinds), *over_time]


def _same(found: Leading, *, customers: str) -> str:
    """Return what the customers show who were contacted by every kind: who was chosen is then the same."""
    same = found.same
    if same.word == "cannot tell":
        return f"Too few {customers} were contacted by every kind to compare the kinds on the same {customers}."
    said = (
        f"Among the {plural(same.customers, customers, customers)} contacted by every kind it is {whole_percent(same.a)} for "
        f"{found.kind} and {whole_percent(same.b)} for the rest ({numbers.interval(same.low, same.high, numbers.points)})"
    )
    return f"{said}, so who was chosen cannot be all of it." if same.word == "up" else f"{said}."


def _range(best: str, kinds: pd.DataFrame) -> list[str]:
    listed = kinds.dropna(subset=["products"]).set_index("kind")["products"]
    if best not in listed or len(listed) < 2:
        return []
    others = " and ".join(f"{numbers.count(products)} for {kind}" for kind, products in listed.drop(best).items())
    return [
        f"The kinds differ in more than their name: the coupons of a {best} campaign cover {numbers.count(listed[best])} products "
        f"(the middle campaign), against {others}. We cannot tell the offer, the range and the season apart."
    ]


def _moved(moved: Trend) -> str:
    found = moved.difference
    if not numbers.is_known(found.low):
        return (
            f"Campaign {moved.last} redeemed {whole_percent(found.a)}, campaign {moved.first} {whole_percent(found.b)}."
        )
    verb = {"up": "rises", "down": "falls"}.get(found.word, "shows no clear change")
    return (
        f"Over time {moved.kind} {verb}: {whole_percent(found.b)} in campaign {moved.first} (from {short_day(moved.first_on)}), "
        f"{whole_percent(found.a)} in campaign {moved.last} (from {short_day(moved.last_on)}), the last of its kind that is over."
    )


def _against_rest(outcomes: pd.DataFrame, kind: str) -> Difference:
    is_it = (outcomes["kind"] == kind).to_numpy(dtype=bool)
    one, rest = outcomes[is_it], outcomes[np.logical_not(is_it)]
    return rate_difference(one["redeemed"], one["customer_id"], rest["redeemed"], rest["customer_id"])
