"""What every customer spent on every day, held so that any span of days is summed at once: dates can be moved without the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis import engine

if TYPE_CHECKING:
    from datetime import date

    from analysis.monitor.comparison import Lists, Windows

Span = tuple[pd.Timestamp, pd.Timestamp]
TRAITS = ("earlier spend", "earlier order days", "time since the last order", "recent share of spend",
          "other contact before", "other contact meanwhile")  # fmt: skip


class Past(NamedTuple):
    """One entry per customer and day with an order, by day: place of the customer, and sales in currency."""

    day: np.ndarray  #: from the first day of the data, 0
    customer: np.ndarray
    amount: np.ndarray
    customers: int
    data_from: pd.Timestamp

    @classmethod
    def read(cls, orders: nw.LazyFrame, customers: pd.Index, *, data_from: date) -> Past:
        """Return the days of `customers`, in whose order everything is counted; orders of others are left out."""
        daily = engine.collect(orders.group_by("customer_id", "ordered_on").agg(amount=nw.col("amount").sum()))
        place = customers.get_indexer(daily["customer_id"])
        first = pd.Timestamp(data_from)
        day = (pd.to_datetime(daily["ordered_on"]) - first).dt.days.to_numpy()
        amount = daily["amount"].astype(float).to_numpy()
        order = np.lexsort((place, day))
        order = order[place[order] >= 0]
        return cls(day[order], place[order], amount[order], len(customers), first)

    def spent(self, span: Span) -> np.ndarray:
        """Sales of every customer in a span of days, both ends included; 0 without an order."""
        here = self._rows(span)
        return np.bincount(self.customer[here], weights=self.amount[here], minlength=self.customers)

    def order_days(self, span: Span) -> np.ndarray:
        """Days with an order of every customer in a span."""
        return np.bincount(self.customer[self._rows(span)], minlength=self.customers)

    def last_order(self, span: Span) -> np.ndarray:
        """Days from the last order in a span to its end; the length of the span for who has none."""
        here, last = self._rows(span), (span[1] - self.data_from).days
        latest = np.full(self.customers, (span[0] - self.data_from).days - 1)
        latest[self.customer[here]] = self.day[here]  # by day, so that the last one stays
        return last - latest

    def _rows(self, span: Span) -> slice:
        first, last = ((day - self.data_from).days for day in span)
        return slice(*np.searchsorted(self.day, [first, last + 1]))


def traits(past: Past, found: Windows, lists: Lists, *, campaign_id: str) -> pd.DataFrame:
    """One row per customer: what is known of them from the history, before both windows, and of contact by other campaigns.

    Nothing comes from the window before, for the reason that `comparison` gives.
    """
    begins, ends = found.history
    weeks = ((ends - begins).days + 1) / 7
    spent = past.spent(found.history)
    recent = past.spent((begins + (ends - begins) // 2, ends))
    columns = (
        np.log1p(np.maximum(spent, 0) / weeks),
        np.log1p(past.order_days(found.history) / weeks),
        np.log1p(past.last_order(found.history)),
        np.divide(recent, spent, out=np.full(len(spent), 0.5), where=spent > 0),
        *(lists.by_others(span, campaign_id=campaign_id).astype(float) for span in (found.before, found.after)),
    )
    return pd.DataFrame(dict(zip(TRAITS, columns, strict=True)))
