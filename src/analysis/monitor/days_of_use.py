"""What customers bought on days on which they used an offer of a campaign: the only gain that its offers can have brought by use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.monitor.conversion import REDEEMING

if TYPE_CHECKING:
    from analysis.monitor.past import Past


class Uses(NamedTuple):
    """One entry per customer and day with a redemption of one campaign: place of the customer, day from the first of the data."""

    customer: np.ndarray
    day: np.ndarray


def uses(responses: pd.DataFrame | None, everyone: pd.Index, past: Past, *, campaign_id: str) -> Uses | None:
    """Return who redeemed or converted when, customers in the order of `everyone`; None where no redemption is known."""
    if responses is None:
        return None
    own = responses[(responses["campaign_id"] == campaign_id) & responses["kind"].isin(REDEEMING)]
    place = everyone.get_indexer(own["customer_id"])
    day = (pd.to_datetime(own["responded_on"]) - past.data_from).dt.days.to_numpy()[place >= 0]
    pairs = np.unique(np.column_stack([place[place >= 0], day]), axis=0)
    return Uses(*pairs.T) if len(pairs) else None


def spent_when_used(past: Past, used: Uses, span: tuple[pd.Timestamp, pd.Timestamp]) -> np.ndarray:
    """Sales of every customer in a span, on the days on which they used an offer; all of what they bought then."""
    first, last = ((day - past.data_from).days for day in span)
    here = slice(*np.searchsorted(past.day, [first, last + 1]))
    customer, day, amount = past.customer[here], past.day[here], past.amount[here]
    pairs, wanted = (of * past.customers + who for of, who in ((day, customer), (used.day, used.customer)))
    hit = np.isin(pairs, wanted)
    return np.bincount(customer[hit], weights=amount[hit], minlength=past.customers)
