"""Contacted and comparable customers week by week around the start of a campaign: the picture before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.inference.bands import bands
from analysis.inference.observational import compared, difference_in_differences
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import DAY, Lists, Rules, reached_by, why_not, windows
from analysis.monitor.naive import audiences
from analysis.monitor.past import Past
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import narwhals as nw

COLUMNS = ["kind", "week", "campaign_id", "contacted", "contacted_left_out", "comparable", "contacted_mean", "comparable_mean",
           "difference", "low", "high", "band_low", "band_high"]  # fmt: skip


def event_time(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, customers: pd.DataFrame, *,
    as_of: date, data_from: date, weeks: int, rules: Rules, seed: int, confidence: float = 0.95,
    methods: Mapping[str, str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row per kind and week around the start (-`weeks` to `weeks` - 1): sales per customer and week, in currency.

    Of each kind the campaign with the most contacts whose weeks, and the history that `rules` ask for, are all in the
    data. Week 0 is the seven days from its start. All numbers are of the `contacted` who have comparable customers; for
    `contacted_left_out` nothing is said. `comparable_mean` is weighted to the strata of the contacted, see
    `comparison`. `difference` is contacted minus comparable in that week, less what that is on average in the weeks before
    the start; `low` and `high` are its interval, `band_low` and `band_high` the band that holds for all weeks together (see
    `bands`). A slope before week 0 is not the campaign's; a step at week 0 may be. A kind without such a campaign, or
    without comparable customers, has no row.

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
    past = Past.read(orders, reached.index, data_from=data_from)
    lists = Lists.of(reached, runs, audiences(customers, runs))
    parts = []
    for row in chosen.itertuples():
        name = row.campaign_id
        members = contacts.loc[contacts["campaign_id"] == name, "customer_id"]
        around = windows(row.starts_on, days=7 * weeks, data_from=data_from)
        stratum = lists.strata(around, past.spent(around.history), campaign_id=name, bands=rules.bands)
        groups = pd.DataFrame({"stratum": stratum, "contacted": lists.contacted(name)})
        if methods[name] == "lot":
            groups = groups[reached.index.isin(members)].assign(stratum=0)
        both = compared(groups["stratum"].to_numpy(), groups["contacted"].to_numpy(), min_per_arm=rules.min_per_arm)
        used, left_out = groups[both], int(groups.loc[~both, "contacted"].sum())
        if len(used):
            spent = [past.spent(_week(row.starts_on, week))[used.index] for week in range(-weeks, weeks)]
            rng = generator(seed, f"weeks around {name}")
            table = _by_week(np.column_stack(spent), used, weeks=weeks, rng=rng, confidence=confidence)
            parts.append(table.assign(kind=row.kind, campaign_id=name, contacted_left_out=left_out))
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts)[COLUMNS].sort_values(["kind", "week"]).reset_index(drop=True)


def _by_week(
    spent: np.ndarray, used: pd.DataFrame, *, weeks: int, rng: np.random.Generator, confidence: float
) -> pd.DataFrame:
    """One row per week: means of both groups, and the difference with its limits; `spent` has a row per row of `used`."""
    contacted, strata = used["contacted"].to_numpy(), used["stratum"].to_numpy()
    found = bands(from_before(spent, weeks=weeks), contacted, strata, rng=rng, confidence=confidence)
    mean = np.sort(spent[contacted], axis=0).mean(axis=0)  # sorted: sums do not depend on the order of customers
    level = [
        difference_in_differences(used.assign(change=week), min_per_arm=2).effect for week in spent.T
    ]  # of the strata that are left, each has both
    return pd.DataFrame({
        "week": np.arange(-weeks, weeks), "contacted": int(contacted.sum()), "comparable": int((~contacted).sum()),
        "contacted_mean": mean, "comparable_mean": mean - level, **found._asdict(),
    })  # fmt: skip


def from_before(spent: np.ndarray, *, weeks: int) -> np.ndarray:
    """Spend of each week (columns) less the customer's own mean of the `weeks` before the start, which are the first columns."""
    return spent - spent[:, :weeks].mean(axis=1, keepdims=True)


def _week(starts_on: pd.Timestamp, week: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    return starts_on + 7 * week * DAY, starts_on + (7 * week + 6) * DAY


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
