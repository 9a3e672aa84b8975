"""Which numbers of the conversion report stay blank, because few people stand behind them or would follow from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from analysis.disclosure import Release

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.conversion.contacts import Matched

ALL = "all"
STEPS = ("visited", "bought_promoted", "redeemed")
COMPARED = ("visited", "bought_promoted")
DIMENSIONS = ("segment", "age_band")
RATE = ("rate", "low", "high")


class Few:
    """What of the contacts may be shown: a contact is a person in a campaign, and contacts of fewer people than `smallest` are few.

    Each number has a name (scope, name, what), such as ("kind", "TypeA", "redeemed"). With `smallest` 0 all is shown.
    """

    def __init__(self, smallest: int = 0) -> None:
        self.smallest = smallest
        self.release = Release(smallest)
        self.no_funnels = False  # whether funnels by channel, segment and so on stay away as a whole

    def add(self, scope: str, name: Hashable, rows: pd.DataFrame, *, steps: Sequence[str] = ("redeemed",)) -> None:
        """Add the contacts of a group, one row each, how many of them took each step, and how many did not."""
        self._count((scope, name, "contacted"), rows)
        for step in steps:
            hit = rows[step].astype(bool)
            self._count((scope, name, step), rows[hit])
            self._count((scope, name, f"not {step}"), rows[~hit], printed=False)
            self.release.total((scope, name, "contacted"), [(scope, name, step), (scope, name, f"not {step}")])

    def inside(
        self, scope: str, name: Hashable, parts: Iterable[tuple[str, Hashable]], *, steps: Sequence[str] = ("redeemed",)
    ) -> None:
        """Say that the groups `parts` lie in one group, each contact in one at most."""
        parts = list(parts)
        for what in ("contacted", *steps, *(f"not {step}" for step in steps)):
            self.release.total((scope, name, what), [(*part, what) for part in parts])

    def hides(self, scope: str, name: Hashable, *what: str) -> bool:
        """Return whether any of these numbers of a group stays blank."""
        return any(self.release.hides((scope, name, one)) for one in what or ("contacted", "redeemed"))

    def blank(
        self, frame: pd.DataFrame, keys: Sequence[tuple[str, Hashable]], columns: Sequence[str], *, what: Sequence[str]
    ) -> pd.DataFrame:
        """Return the table with `columns` blank in rows whose group, by `keys`, hides any of `what`."""
        if not self.smallest or frame.empty:
            return frame
        hidden = [self.hides(*key, *what) for key in keys]
        made = frame.copy()
        for column in columns:
            made[column] = made[column].astype(object if made[column].dtype == object else float).mask(hidden)
        return made

    def _count(self, key: Hashable, rows: pd.DataFrame, *, printed: bool = True) -> None:
        guarded = 0 < rows["customer_id"].nunique() < self.smallest
        self.release.count(
            key, len(rows), printed=printed, guarded=guarded, kept=key[0] == "people" or key[:2] == ("kind", ALL)
        )


ALL_SHOWN = Few()


def of_page(
    outcomes: pd.DataFrame, pairs: Matched, same: pd.DataFrame, past: pd.DataFrame, by_group: pd.DataFrame,
    *, on: pd.Timestamp, smallest: int,
) -> Few:  # fmt: skip
    """Return what may be shown, from the tables of one row per contact behind the page; see the sections for their names."""
    few = Few(smallest)
    if not smallest:
        return few
    _add_kinds(few, outcomes)
    _add_halves(few, outcomes, on)
    for side, rows in (("during", pairs.during), ("earlier", pairs.before)):
        _add_split(few, side, rows, COMPARED)
    for kind in (ALL, *sorted(pairs.during["kind"].dropna().unique())):
        few.release.total(("during", kind, "contacted"), [("earlier", kind, "contacted")])
        few.inside("kind", kind, [("during", kind)], steps=COMPARED)
    _add_split(few, "same", same, ("redeemed",))
    for kind in (ALL, *sorted(same["kind"].dropna().unique())):
        few.inside("kind", kind, [("same", kind)])
    _add_history(few, past)
    _add_groups(few, by_group)
    return few


def shown_funnel(funnel: pd.DataFrame, few: Few) -> pd.DataFrame:
    """Return the funnel without rows that say too much; of all contacts, what runs still or began before stays out where it is few."""
    if not few.smallest:
        return funnel
    scope = {"all": "kind", "kind": "kind", "campaign": "campaign"}
    told = [
        row["step"] == "contacted" and not few.hides(scope[row["scope"]], row["name"], "contacted")
        or row["step"] in STEPS and (row["scope"] != "campaign" or row["step"] == "redeemed")
        and not few.hides(scope[row["scope"]], row["name"], "contacted", row["step"])
        for row in funnel.to_dict("records")
    ]  # fmt: skip
    made = funnel[told].reset_index(drop=True)
    hidden = [name for name in ("window_closed", "seen_from_start") if few.hides(ALL, ALL, name)]
    return made.assign(**dict.fromkeys(hidden, float("nan")))


def shown_row(redeemed: pd.Series, few: Few) -> pd.Series:
    """Return the funnel's row of all contacts that redeemed, without the shares not wholly seen where those are of few."""
    hidden = [name for name in ("window_closed", "seen_from_start") if few.hides(ALL, ALL, name)]
    return redeemed.mask(redeemed.index.isin(hidden)) if hidden else redeemed


def _split(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {ALL: rows, **{str(kind): part for kind, part in rows.groupby("kind")}}


def _add_split(few: Few, scope: str, rows: pd.DataFrame, steps: Sequence[str]) -> None:
    parts = _split(rows)
    for kind, part in parts.items():
        few.add(scope, kind, part, steps=steps)
    few.inside(scope, ALL, [(scope, kind) for kind in parts if kind != ALL], steps=steps)


def _add_kinds(few: Few, outcomes: pd.DataFrame) -> None:
    _add_split(few, "kind", outcomes, STEPS)
    for kind, part in outcomes.groupby("kind"):
        campaigns = dict(list(part.groupby("campaign_id")))
        for name, rows in campaigns.items():
            few.add("campaign", name, rows)
        few.inside("kind", kind, [("campaign", name) for name in campaigns])
    seen = outcomes[outcomes["seen_from_start"].astype(bool)]
    _add_split(few, "seen", seen, ("redeemed",))
    for kind in (ALL, *sorted(seen["kind"].dropna().unique())):
        few.inside("kind", kind, [("seen", kind)])
    redeemed = outcomes[outcomes["redeemed"].astype(bool)]
    few._count((ALL, ALL, "odd"), redeemed[~redeemed["bought_promoted"].astype(bool)])
    few.release.total(("kind", ALL, "redeemed"), [(ALL, ALL, "odd")])
    for name in ("window_closed", "seen_from_start"):
        few._count((ALL, ALL, name), outcomes[~outcomes[name].astype(bool)])
        few.release.total(("kind", ALL, "contacted"), [(ALL, ALL, name)])
    people = outcomes.drop_duplicates("customer_id").assign(
        redeemed=lambda t: t["customer_id"].isin(redeemed["customer_id"])
    )
    few.add("people", ALL, people)


def _add_halves(few: Few, outcomes: pd.DataFrame, on: pd.Timestamp) -> None:
    whole = outcomes[outcomes["window_closed"].astype(bool) & outcomes["seen_from_start"].astype(bool)]
    for kind, part in _split(whole).items():
        later = part["contacted_on"] >= on
        few.add("later", kind, part[later])
        few.add("sooner", kind, part[~later])
        few.inside("kind", kind, [("later", kind), ("sooner", kind)])


def _add_history(few: Few, past: pd.DataFrame) -> None:
    from analysis.report.conversion.contacts import ALL_KINDS

    for history, rows in past.groupby("history"):
        few.add("history", (ALL_KINDS, history), rows)
        kinds = dict(list(rows.groupby("kind")))
        for kind, part in kinds.items():
            few.add("history", (kind, history), part)
        few.inside("history", (ALL_KINDS, history), [("history", (kind, history)) for kind in kinds])
    for kind, part in past.groupby("kind"):
        few.inside("seen", kind, [("history", (kind, history)) for history in part["history"].unique()])
    few.inside("seen", ALL, [("history", (ALL_KINDS, history)) for history in past["history"].unique()])


def _add_groups(few: Few, by_group: pd.DataFrame) -> None:
    """Groups come counted: contacts of fewer than `smallest` customers are few, and so are all parts of them."""
    release = few.release
    for dimension in DIMENSIONS:
        rows = by_group[by_group["dimension"] == dimension]
        for row in rows.to_dict("records"):
            name, of_few = (dimension, str(row["group"])), 0 < row["customers"] < few.smallest
            release.count(("group", name, "customers"), row["customers"])
            release.count(("group", name, "contacted"), row["contacted"], guarded=of_few)
            release.count(("group", name, "redeemed"), row["reached"])
            release.count(("group", name, "not redeemed"), row["contacted"] - row["reached"], printed=False)
            release.total(("group", name, "contacted"), [("group", name, "redeemed"), ("group", name, "not redeemed")])
        names = [("group", (dimension, str(group))) for group in rows["group"]]
        few.inside("kind", ALL, names)
        release.total(("people", ALL, "contacted"), [(*name, "customers") for name in names])
