"""Which numbers of the loyalty report stay blank, because few people stand behind them or would follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.disclosure import Release
from analysis.report.loyalty.closing import ALL
from analysis.report.loyalty.medians import places
from analysis.small_groups import dominated, merged

if TYPE_CHECKING:
    import pandas as pd


OTHER_AGES = "other ages"
_MEASURED = {  # measure: the group that it is of, and the part of it that it counts
    "customer loyalty": ("ordering", None), "repeat rate": ("ordering", "ordering twice"),
    "revenue per customer": ("staying", None), "churn rate": ("before", "churned"),
    "simple lifetime value": ("before", "churned"),
}  # fmt: skip


class Shown(NamedTuple):
    """The tables of the report as they may be shown; unchanged where the rule is off."""

    shares: pd.DataFrame
    monthly: pd.DataFrame
    measured: pd.DataFrame
    profile: pd.DataFrame
    promise: pd.DataFrame | None


def population(behaviour: pd.DataFrame, assigned: pd.DataFrame, *, smallest: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables of one row per customer without those who never ordered, where these are few, and ages of few joined.

    Who never ordered would follow from the number of all and of those with an order, which stand all over the page.
    """
    if not smallest:
        return behaviour, assigned
    never = behaviour["frequency"] == 0
    kept = behaviour[~never] if 0 < never.sum() < smallest else behaviour
    kept = kept.assign(age_band=merged(kept["age_band"], smallest=smallest, other=OTHER_AGES))
    return kept.reset_index(drop=True), assigned[assigned["customer_id"].isin(kept["customer_id"])].reset_index(
        drop=True
    )


def shown(
    behaviour: pd.DataFrame, assigned: pd.DataFrame, shares: pd.DataFrame, monthly: pd.DataFrame,
    measured: pd.DataFrame, profile: pd.DataFrame, promise: pd.DataFrame | None, *, smallest: int,
) -> Shown:  # fmt: skip
    """Return the tables with their blanks, chosen together, because one table gives away what another one hides.

    The first two have one row per customer and are shown to nobody.
    """
    if not smallest:
        return Shown(shares, monthly, measured, profile, promise)
    release = Release(smallest)
    members = _members(behaviour)
    for name, inside in members.items():
        release.count(name, int(inside.sum()), printed=name in ("everyone", "seen"), kept=True)
    _add_segments(release, shares, behaviour, assigned, members)
    _add_months(release, monthly)
    _add_measures(release, members)
    release.table("profile", profile, people=["customers"])
    release.total("seen", release.keys("profile", "customers", profile.index))
    if promise is not None:
        _add_promise(release, promise, shares)
    rate = ["return_rate", "low", "high"]
    return Shown(
        _with_middles(release.masked("segments", shares, dependents={"customers": shares.columns.drop(["segment", "about", "customers"])}),
                      smallest=smallest),
        release.masked("months", monthly, dependents={"customers_active": ["orders", "sales"], "previous_active": rate, "returned": rate}),
        _measured(release, measured, smallest=smallest),
        release.masked("profile", profile, dependents={"customers": profile.columns.drop(["cluster", "customers"])}),
        None if promise is None else release.masked("promise", promise, dependents=_costs(promise)),
    )  # fmt: skip


def _members(behaviour: pd.DataFrame) -> dict[str, pd.Series]:
    now, before = behaviour["window_orders"] > 0, behaviour["before_orders"] > 0
    seen = behaviour["frequency"] > 0
    return {
        "everyone": seen | ~seen, "seen": seen, "never": ~seen, "ordering": now, "ordering twice": behaviour["window_orders"] > 1,
        "not ordering": seen & ~now, "before": before, "not before": seen & ~before, "staying": now & before, "churned": before & ~now,
        "came": now & ~before,
    }  # fmt: skip


def _add_segments(release: Release, shares, behaviour, assigned, members) -> None:
    segment = behaviour["customer_id"].map(assigned.set_index("customer_id")["segment"])
    for row, name in shares["segment"].items():
        of_one = dominated(behaviour.loc[segment == name, "monetary"])
        release.count(("segments", "customers", row), shares.at[row, "customers"], guarded=of_one)
    release.total("everyone", release.keys("segments", "customers", shares.index))
    place = {name: ("segments", "customers", row) for row, name in shares["segment"].items()}
    for group, inside in members.items():  # the segment of who did not order is also what the measures leave over
        whole = [name for name in place if inside[segment == name].all()]
        if whole and inside.sum() == segment.isin(whole).sum():
            release.total(group, [place[name] for name in whole])


def _add_months(release: Release, monthly: pd.DataFrame) -> None:
    release.table("months", monthly, people=["customers_active", "previous_active", "returned"],
                  part_of={"returned": "previous_active"})  # fmt: skip
    rows = list(monthly.index)
    for before, row in zip([None, *rows], rows, strict=False):
        release.total(("months", "customers_active", row), [("months", "returned", row)])
        release.total("seen", [("months", "customers_active", row)])
        if before is not None:
            release.total(("months", "previous_active", row), [("months", "customers_active", before)])


def _add_measures(release: Release, members) -> None:
    for name, (whole, part) in _MEASURED.items():
        for key in filter(None, (whole, part)):
            release.count(("measure", name, key), int(members[key].sum()))
            release.total(key, [("measure", name, key)])
    parts = {"everyone": ("seen", "never"), "seen": ("ordering", "not ordering"), "before": ("staying", "churned"),
             "ordering": ("staying", "came")}  # fmt: skip
    for whole, of in parts.items():
        release.total(whole, of)
    release.total("seen", ["before", "not before"])
    release.total("ordering", ["ordering twice"])


def _measured(release: Release, measured: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    hidden = [
        name
        for name, keys in _MEASURED.items()
        if any(release.hides(("measure", name, key)) for key in filter(None, keys))
    ]
    if {"churn rate", "revenue per customer"} & set(hidden):
        hidden += ["simple lifetime value", "revenue per customer"]
    out = measured["measure"].isin(hidden) | (measured["n"] < smallest)
    return measured.assign(**{name: measured[name].where(~out) for name in ("value", "low", "high", "n")})


def _add_promise(release: Release, promise: pd.DataFrame, shares: pd.DataFrame) -> None:
    counts = _counts(promise)
    release.table("promise", promise, people=counts, part_of={"planned": "customers"})
    whole = promise.index[promise["segment"] == ALL]
    place = {name: ("segments", "customers", row) for row, name in shares["segment"].items()}
    for row, name in promise["segment"].items():
        release.total(("promise", "planned", row), [("promise", part, row) for part in ("treated", "holdout")])
        if name in place:
            release.total(place[name], [("promise", "customers", row)])  # the others may not be contacted
    for column in counts if len(whole) else ():
        release.total(("promise", column, whole[0]), release.keys("promise", column, promise.index.drop(whole)))


def _counts(promise: pd.DataFrame) -> Sequence[str]:
    return [name for name in ("customers", "planned", "treated", "holdout") if name in promise]


def _costs(promise: pd.DataFrame) -> dict[str, Sequence[str]]:
    others = [name for name in promise if name not in ("segment", *_counts(promise))]
    return dict.fromkeys(_counts(promise), others)


def _with_middles(shares: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Blank the middle values of segments in which fewer than `smallest` lie on either side of one that would be shown."""
    size = shares["customers"].fillna(0)
    made = shares.copy()
    for columns, beyond in ((["recency_days", "order_frequency", "order_amount"], size // 2),
                            (["frequency_low", "frequency_high"], size.map(lambda n: places(int(n))))):  # fmt: skip
        made[columns] = made[columns].where(beyond >= smallest)
    return made
