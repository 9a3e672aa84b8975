"""Which windows and which customers a campaign is compared with.

Nobody drew lots for who was contacted, so the comparison is a choice. This is ours, made before any result was seen
(but for one limit, see `Rules`):

- *After* is the campaign's measured window, *before* the same number of days just before its start. The change of a
  customer is spend per week after minus spend per week before; what differs lastingly between customers cancels.
- Comparable customers are those of the same stratum who were not contacted by this campaign and could have been: who
  had joined and agreed when it began (`naive.audience`). A stratum is a band of
  spend in the *history*, all days before the window before, and whether another campaign contacted the customer in
  the window before and in the window after.
- The bands do not come from the window before, although that would look more alike. A customer there by luck falls
  back afterwards, each to the own usual level; those contacted have the higher one, so equal spend before would turn
  into a gap after without any effect. Bands from an earlier time share no luck with either window. The price:
  customers picked for a recent rise or fall are not caught by the bands. The placebo, which moves all dates back by
  one window, is there to catch it. Source: Angrist and Pischke (2009), Mostly Harmless Econometrics, section 5.3;
  Chabé-Ferret (2017), Toulouse School of Economics working paper 824.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

DAY = pd.Timedelta(days=1)


class Rules(NamedTuple):
    """What a comparison asks for; each number changes the finding, so each has to be said."""

    bands: int  #: bands of spend in the history, cut at quantiles of all customers
    min_history_days: int  #: days of data before the window before, to tell who is comparable
    min_days: int  #: days of the campaign that are in the data
    min_per_arm: int  #: contacted and comparable customers in a stratum; below that it is left out
    #: contacted customers in the strata that are left; below that there is no estimate. Added after a first run had
    #: shown estimates that rested on 5 and 11 customers; the other rules are older than any result.
    min_contacted: int


class Windows(NamedTuple):
    """First and last day of the window after, the window before and the history; `days` is the length of two."""

    after: tuple[pd.Timestamp, pd.Timestamp]
    before: tuple[pd.Timestamp, pd.Timestamp]
    history: tuple[pd.Timestamp, pd.Timestamp]
    days: int


def windows(starts_on: pd.Timestamp, *, days: int, data_from: date, moved_back: int = 0) -> Windows:
    """Return the windows of a campaign that is measured over `days`; `moved_back` windows earlier for a placebo."""
    start = starts_on - moved_back * days * DAY
    before = start - days * DAY
    return Windows(
        (start, start + (days - 1) * DAY), (before, start - DAY), (pd.Timestamp(data_from), before - DAY), days
    )


def why_not(found: Windows, *, rules: Rules) -> str | None:
    """Return in one sentence why these windows allow no estimate, or None where they do."""
    min_days, min_history_days = rules.min_days, rules.min_history_days
    begins = found.history[0]
    if found.days < min_days:
        return f"Only {found.days} days of the window are in the data; an estimate needs {min_days}."
    if found.after[0] < begins:
        return f"The campaign began on {found.after[0]:%Y-%m-%d}, before the data begins on {begins:%Y-%m-%d}."
    history = (found.history[1] - begins).days + 1
    if history < min_history_days:
        has = max((found.after[0] - begins).days, 0)
        return (f"Only {has} days of data come before it; an estimate needs {found.days} to compare with "
                f"and {min_history_days} more to find comparable customers.")  # fmt: skip
    return None


def spend_in_windows(orders: nw.LazyFrame, spans: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]]) -> nw.LazyFrame:
    """One row per customer with an order: sales (currency) in each named span of days, both ends included."""
    daily = orders.group_by("customer_id", "ordered_on").agg(amount=nw.col("amount").sum())
    sums = {
        name: nw.when((nw.col("ordered_on") >= first.date()) & (nw.col("ordered_on") <= last.date()))
        .then(nw.col("amount"))
        .otherwise(0)
        .sum()
        for name, (first, last) in spans.items()
    }
    return daily.group_by("customer_id").agg(**sums)


def reached_by(contacts: pd.DataFrame, campaigns: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """One row per customer (index, sorted), one column per campaign: whether it contacted and did not hold out."""
    everyone = pd.Index(customers["customer_id"].sort_values(), name="customer_id")
    treated = contacts[contacts["arm"] == "treated"].assign(reached=True)
    table = treated.pivot(index="customer_id", columns="campaign_id", values="reached")
    return table.reindex(index=everyone, columns=campaigns["campaign_id"].sort_values()).notna()


def changes(
    found: Windows, spend: pd.DataFrame, reached: pd.DataFrame, campaigns: pd.DataFrame, *, campaign_id: str, bands: int
) -> pd.DataFrame:
    """One row per customer: stratum, contacted, change (sales per week after minus before), ready to compare.

    `spend` (sales in `after`, `before` and `history`) and `reached` (see `reached_by`) have one row per customer in one
    order; `campaigns` says when each runs.
    """
    lists = Lists.of(reached, campaigns)
    stratum = lists.strata(found, spend["history"].to_numpy(), campaign_id=campaign_id, bands=bands)
    change = (spend["after"].to_numpy() - spend["before"].to_numpy()) / (found.days / 7)
    return pd.DataFrame({"stratum": stratum, "contacted": lists.contacted(campaign_id), "change": change})


class Lists(NamedTuple):
    """Who is on the list of which campaign or could have been, and when each runs: one row per customer, one column per campaign."""

    on_it: np.ndarray
    could: np.ndarray
    starts_on: np.ndarray
    ends_on: np.ndarray
    place: dict[str, int]  #: column of each campaign

    @classmethod
    def of(cls, reached: pd.DataFrame, campaigns: pd.DataFrame, could: pd.DataFrame | None = None) -> Lists:
        """Return the lists of the campaigns in `reached`, see `reached_by`; without `could`, a table alike, all could have been."""
        runs = campaigns.set_index("campaign_id").loc[list(reached.columns)]
        days = (runs[name].to_numpy().astype("datetime64[D]") for name in ("starts_on", "ends_on"))
        on_it = reached.to_numpy(dtype=bool)
        able = np.ones_like(on_it) if could is None else could[reached.columns].to_numpy(dtype=bool)
        return cls(on_it, able, *days, {name: column for column, name in enumerate(reached.columns)})

    def contacted(self, campaign_id: str) -> np.ndarray:
        """Whether a campaign contacted each customer."""
        return self.on_it[:, self.place[campaign_id]]

    def asked(self, campaign_id: str) -> np.ndarray:
        """Whether each customer was contacted by a campaign or could have been."""
        column = self.place[campaign_id]
        return self.on_it[:, column] | self.could[:, column]

    def by_others(self, span: tuple[pd.Timestamp, pd.Timestamp], *, campaign_id: str) -> np.ndarray:
        """Whether any other campaign that runs on a day of the span contacted each customer."""
        first, last = (np.datetime64(day, "D") for day in span)
        runs = (self.starts_on <= last) & (self.ends_on >= first)
        runs[self.place[campaign_id]] = False
        return self.on_it[:, runs].any(axis=1)

    def strata(self, found: Windows, history: np.ndarray, *, campaign_id: str, bands: int) -> np.ndarray:
        """Stratum of each customer, from 0: band of spend in the history, contact by others before and after.

        The last stratum is of those who could not have been contacted, and nobody in it was.
        """
        before, after = (self.by_others(span, campaign_id=campaign_id) for span in (found.before, found.after))
        stratum = spend_band(history, bands=bands) * 4 + before * 2 + after
        return np.where(self.asked(campaign_id), stratum, 4 * bands)


def spend_band(spend: np.ndarray | pd.Series, *, bands: int) -> np.ndarray:
    """Return the band of each customer, 0 for the lowest spend, by quantile cut points; equal spend, equal band."""
    spend = np.asarray(spend)
    cuts = np.quantile(spend, np.arange(1, bands) / bands)
    return np.searchsorted(cuts, spend, side="left")
