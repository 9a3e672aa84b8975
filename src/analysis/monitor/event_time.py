"""Contacted and comparable customers week by week around the start of a campaign: the picture before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import engine
from analysis.inference.observational import difference_in_differences
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import DAY, Rules, changes, reached_by, spend_in_windows, why_not, windows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import narwhals as nw

COLUMNS = ["kind", "week", "campaign_id", "contacted", "comparable", "contacted_mean", "comparable_mean",
           "difference", "low", "high"]  # fmt: skip


def event_time(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, customers: pd.DataFrame, *,
    as_of: date, data_from: date, weeks: int, rules: Rules, confidence: float = 0.95,
    methods: Mapping[str, str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row per kind and week around the start (-`weeks` to `weeks` - 1): sales per customer and week, in currency.

    Of each kind the campaign with the most contacts whose weeks, and the history that `rules` ask for, are all in the
    data. Week 0 is the seven days from its start. `comparable_mean` is weighted to the strata of the contacted, see
    `comparison`; `difference` is contacted minus comparable in that week, with its interval. A gap that is there
    before week 0 is not the campaign's; a step at week 0 may be. A kind without such a campaign, or without comparable
    customers, has no row.

    `methods` says per campaign how it is measured (see `effects`): with "lot" the comparable are those held out by lot
    and nobody else, and a campaign that is not among them is not shown. Without it all are compared.
    """
    runs = begun(campaigns, as_of=as_of)
    methods = dict.fromkeys(runs["campaign_id"], "comparable customers") if methods is None else methods
    reached = reached_by(contacts, runs, customers)
    shown = runs[runs["campaign_id"].isin(list(methods))]
    chosen = _biggest(shown, reached, weeks=weeks, data_from=data_from, as_of=as_of, rules=rules)
    if chosen.empty:
        return pd.DataFrame(columns=COLUMNS)
    span = range(-weeks, weeks)
    around = {
        row.campaign_id: windows(row.starts_on, days=7 * weeks, data_from=data_from) for row in chosen.itertuples()
    }
    spans = {f"{row.campaign_id} {week}": (row.starts_on + 7 * week * DAY, row.starts_on + (7 * week + 6) * DAY)
             for row in chosen.itertuples() for week in span}  # fmt: skip
    spans |= {f"{name} {part}": getattr(found, part) for name, found in around.items() for part in found._fields[:3]}
    spend = engine.collect(spend_in_windows(orders, spans)).set_index("customer_id").astype(float)
    spend = spend.reindex(reached.index, fill_value=0.0)  # no order in the data: spent nothing
    rows = []
    for row in chosen.itertuples():
        own = pd.DataFrame({part: spend[f"{row.campaign_id} {part}"] for part in ("after", "before", "history")})
        groups = changes(around[row.campaign_id], own, reached, runs, campaign_id=row.campaign_id, bands=rules.bands)
        if methods[row.campaign_id] == "lot":
            members = contacts.loc[contacts["campaign_id"] == row.campaign_id, "customer_id"]
            groups = groups[reached.index.isin(members)].assign(stratum=0)
        used = groups[_has_both(groups, min_per_arm=rules.min_per_arm)]
        for week in span if len(used) else ():
            table = used.assign(change=spend[f"{row.campaign_id} {week}"].to_numpy()[used.index])
            found = difference_in_differences(table, min_per_arm=rules.min_per_arm, confidence=confidence)
            mean = table.loc[table["contacted"], "change"].sort_values().mean()
            rows.append([row.kind, week, row.campaign_id, found.contacted_used, found.comparable_used, mean,
                         mean - found.effect, found.effect, *found.interval])  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["kind", "week"]).reset_index(drop=True)


def _biggest(
    runs: pd.DataFrame, reached: pd.DataFrame, *, weeks: int, data_from: date, as_of: date, rules: Rules
) -> pd.DataFrame:
    """One row per kind: its campaign with the most contacts among those whose weeks are all in the data; ties by id."""
    fits = [
        row.starts_on + 7 * weeks * DAY <= pd.Timestamp(as_of) + DAY
        and why_not(windows(row.starts_on, days=7 * weeks, data_from=data_from), rules=rules) is None
        for row in runs.itertuples()
    ]  # fmt: skip
    fits = pd.Series(fits, index=runs.index, dtype=bool)
    sized = runs.assign(contacted=reached.sum().reindex(runs["campaign_id"]).to_numpy())[fits]
    ordered = sized.sort_values(["kind", "contacted", "campaign_id"], ascending=[True, False, True])
    return ordered.drop_duplicates("kind")


def _has_both(groups: pd.DataFrame, *, min_per_arm: int) -> pd.Series:
    """Whether the stratum of each customer holds enough contacted and enough comparable customers."""
    contacted = groups.groupby("stratum")["contacted"]
    n = contacted.transform("sum")
    return (n >= min_per_arm) & (contacted.transform("size") - n >= min_per_arm)
