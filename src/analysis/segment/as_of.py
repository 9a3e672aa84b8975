"""In which segment customers were on an earlier day: the study's rules on what was known by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.segment import features, rfm, rules

if TYPE_CHECKING:
    from datetime import date

    import narwhals as nw
    import pandas as pd


def segments_on(
    day: date, orders: nw.LazyFrame, customers: pd.DataFrame, products: nw.LazyFrame, *, segment_rules: rules.Rules,
    otherwise: str, window_days: int, bins: int, everyone: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """One row per customer with an order up to `day`, or of `everyone`: customer_id and segment as of the end of that day.

    Who changed since is where they were then, so that sorting weeks by it says nothing of the weeks themselves. Empty
    where nobody had ordered yet.
    """
    known = features.behaviour(orders, customers, products, as_of=day, window_days=window_days)
    known = known if everyone else known[known["frequency"] > 0]
    if known.empty:
        return known.reindex(columns=["customer_id", "segment"])
    scored = known.merge(rfm.scores(known, bins=bins), on="customer_id", validate="one_to_one")
    named = rules.named_segments(scored, segment_rules, otherwise=otherwise)
    return named.sort_values("customer_id", ignore_index=True)
