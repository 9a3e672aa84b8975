"""Loyalty of each customer in a window: the weighted score and the ranks by count, spend and feedback."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

BEHAVIOURS = ("purchases", "spend", "feedback", "referrals", "use")  # as named in the loyalty weights


class LoyaltyScore(NamedTuple):
    """The score of each customer, and what it is made of."""

    table: pd.DataFrame  # one row per customer: customer_id, loyalty_score (0 to 1)
    used: dict[str, float]  # behaviour: its part of the weight, adding up to 1
    left_out: tuple[str, ...]  # behaviours with a weight for which the data has no table


def behaviours(
    behaviour: pd.DataFrame,
    *,
    as_of: date,
    window_days: int,
    visits: pd.DataFrame | None = None,
    feedback: pd.DataFrame | None = None,
    referrals: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per customer: what they did in the `window_days` up to and with `as_of`, one column per behaviour known.

    purchases (orders), spend (currency), use (days), and, where their table is given, feedback (opinions given) and
    referrals (count). `visits`, `feedback` and `referrals` have one row per event. Use is days with a visit; without a
    table of visits it is days with an order. A behaviour without a table has no column: it is not known, not 0.
    """
    table = behaviour[["customer_id"]].assign(
        purchases=behaviour["window_orders"], spend=behaviour["window_sales"], use=behaviour["use_days"]
    )
    events = (
        ("use", visits, "visited_at"),
        ("feedback", feedback, "given_at"),
        ("referrals", referrals, "referred_on"),
    )
    for name, rows, when in events:
        if rows is not None:
            counts = _in_window(rows, when=when, as_of=as_of, window_days=window_days, by_day=name == "use")
            table[name] = table["customer_id"].map(counts).fillna(0).astype("int64")
    return table.sort_values("customer_id", ignore_index=True)


def loyalty_score(behaviours: pd.DataFrame, *, weights: Mapping[str, float]) -> LoyaltyScore:
    """sum(P_i W_i) / sum(W_i) over the behaviours i that the data knows, one row per customer of `behaviours`.

    P_i scales a behaviour to 0..1: the share of the other customers who did less of it. Who did least has 0, who did
    more than anybody else 1, equal values are equal, and one giant moves nobody but himself - scaled by minimum and
    maximum instead, he would press everyone else to 0. A behaviour without a column is left out, the rest reweighted.
    The score places customers among each other; it has no unit and does not compare with another study's.

    Raises ValueError for a weight of an unknown behaviour, one below 0, or when no behaviour with a weight is known.
    Source: the loyalty formula of the loyalty chapter that this study follows; P_i is SQL's percent_rank.
    """
    import pandas as pd

    for name, weight in weights.items():
        if name not in BEHAVIOURS:
            close = difflib.get_close_matches(name, BEHAVIOURS, n=1, cutoff=0.4) or BEHAVIOURS
            raise ValueError(f"weight for {name!r}: no such behaviour; the nearest are {', '.join(close)}")
        if weight < 0:
            raise ValueError(f"weight of {name} is {weight}; the least is 0")
    known = {name: weight for name, weight in weights.items() if name in behaviours and weight > 0}
    if not known:
        raise ValueError(f"no behaviour with a weight is known: weights for {', '.join(weights) or 'none'}")
    used = {name: weight / sum(known.values()) for name, weight in known.items()}
    score = sum(share_below(behaviours[name]) * weight for name, weight in sorted(used.items()))
    table = pd.DataFrame({"customer_id": behaviours["customer_id"], "loyalty_score": score.clip(0, 1)})
    left_out = tuple(name for name, weight in weights.items() if weight > 0 and name not in known)
    return LoyaltyScore(table.sort_values("customer_id", ignore_index=True), used, left_out)


def share_below(values: pd.Series) -> pd.Series:
    """Share of the other customers with a smaller value, 0 to 1, for each; missing where unknown, 0 for one alone."""
    others = max(values.notna().sum() - 1, 1)
    return (values.rank(method="min") - 1) / others


def ranks(behaviours: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: purchase_count_rank, spend_rank and feedback_count_rank inside the window, 1 is the most.

    Equal values have equal ranks and the next rank is skipped. feedback_count_rank is missing without feedback.
    """
    by = {"purchase_count_rank": "purchases", "spend_rank": "spend", "feedback_count_rank": "feedback"}
    table = behaviours.reindex(columns=["customer_id", *by.values()])
    ranked = {
        rank: table[column].astype(float).rank(method="min", ascending=False).astype("Int64")
        for rank, column in by.items()
    }
    return table[["customer_id"]].assign(**ranked).sort_values("customer_id", ignore_index=True)


def _in_window(rows: pd.DataFrame, *, when: str, as_of: date, window_days: int, by_day: bool) -> pd.Series:
    import pandas as pd

    days = pd.to_datetime(rows[when]).dt.normalize()
    inside = (days > pd.Timestamp(as_of - timedelta(days=window_days))) & (days <= pd.Timestamp(as_of))
    events = pd.DataFrame({"customer_id": rows["customer_id"], "day": days})[inside]
    return (events.drop_duplicates() if by_day else events).groupby("customer_id").size()
