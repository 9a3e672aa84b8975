"""The plan: who gets what within the budget, and who is held out.

The order of steps decides what the campaign can teach. Who may not be contacted is out before anything else: in neither
arm, for else the arms would differ by consent. Then the budget says how many customers of each segment are
planned: segments in the order of their strategies, and in the one where the money ends, customers at random. Then the
holdout is drawn among the planned, at random, with the same share in every segment. So

- treated and held out differ by chance alone. Had the holdout been drawn first and the budget spent on the treated
  only, those cut would all come from one arm, and the arms would no longer be alike;
- who is cut inside the segment where the money ends is chance too, not the size of past spend. Past spend does not say
  who would answer to an incentive, and with a random cut the result holds for those cut as well: they can be next;
- a customer held out costs nothing, so the same budget reaches more customers. That is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import ROUND_FLOOR, ROUND_HALF_UP

import numpy as np
import pandas as pd

from analysis.design.holdout import draw_order, held_out
from analysis.design.strategies import cents

TREATED, HOLDOUT, NOT_PLANNED = "treated", "holdout", "not planned"
REASONS = {
    TREATED: "gets the strategy of the segment",
    HOLDOUT: "drawn at random to get nothing, for comparison",
    "no strategy": "no incentive for this segment",
    "budget": "the budget ended",
}


def affordable(customers: pd.Series, strategies: pd.DataFrame, *, budget: float, share: float) -> pd.DataFrame:
    """One row per segment, by priority: how many the budget reaches, and what that costs.

    Parameters
    ----------
    customers
        Number of customers by segment (the index). Segments without a number have none.
    strategies
        One row per segment, as `strategies.strategies` makes it.
    budget
        In currency. The expected cost of all treated customers together never exceeds it.
    share
        Share of the planned customers who are held out.

    Returns
    -------
    segment, customers, planned, treated, holdout (counts), expected_cost and largest_cost (if every treated customer
    used everything), in currency for the whole segment. Once the budget ends, later segments get nothing unless what
    they get is free.

    Raises ValueError for a budget below zero and for a segment that has customers but no row in `strategies`.
    """
    if not budget >= 0:
        raise ValueError(f"budget={budget} is out of range; the nearest valid value is 0")
    if unknown := sorted(set(customers.index) - set(strategies["segment"])):
        known = ", ".join(sorted(strategies["segment"]))
        raise ValueError(f"segment {unknown[0]!r} has customers but no row among the strategies, which are for {known}")
    left = cents(budget, rounding=ROUND_FLOOR)
    rows = []
    for strategy in strategies.itertuples(index=False):
        total = int(customers.get(strategy.segment, 0))
        one = cents(strategy.expected_cost, rounding=ROUND_HALF_UP)
        planned = 0 if pd.isna(strategy.priority) else total if one == 0 else _planned(total, left // one, share=share)
        holdout = held_out(planned, share=share)
        treated = planned - holdout
        rows.append((strategy.segment, total, planned, treated, holdout, treated * one / 100,
                     treated * cents(strategy.largest_cost, rounding=ROUND_HALF_UP) / 100))  # fmt: skip
        ended = planned < total and not pd.isna(strategy.priority)
        left = 0 if ended else left - treated * one
    names = ["segment", "customers", "planned", "treated", "holdout", "expected_cost", "largest_cost"]
    return pd.DataFrame(rows, columns=names)


def plan(
    customers: pd.DataFrame, strategies: pd.DataFrame, *, budget: float, share: float, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per customer, by customer_id: gift, incentive, arm, expected and largest cost, and the reason.

    Takes one row per customer (customer_id, segment and, where some may not be contacted, `barred`: the reason, else
    missing), and the rest as `affordable` does, of those who may be contacted. Everyone is in the plan, those who get
    nothing too. `arm` is treated, holdout or not planned. Only treated customers have a gift, an incentive and a cost:
    what others would have got stands with their segment, and a list that names it would invite sending it.
    The same customers, budget, share and generator give the same plan, whatever the order of the rows; with the same
    share and generator a larger budget plans the same customers and more.

    Raises ValueError for a customer in two rows or without a segment.
    """
    if (nowhere := customers["segment"].isna()).any():
        raise ValueError(f"customer {customers.loc[nowhere, 'customer_id'].iloc[0]!r} has no segment; a plan needs one")
    in_order = customers.sort_values("customer_id", kind="stable").reset_index(drop=True)
    table = in_order[["customer_id", "segment"]]
    barred = in_order["barred"].fillna("").astype("str") if "barred" in in_order else pd.Series("", index=table.index)
    allowed = table[barred == ""]
    reach = affordable(allowed["segment"].value_counts(), strategies, budget=budget, share=share).set_index("segment")
    # one draw serves both: the first are held out, the next treated, the rest cut; who is barred has no place
    place = draw_order(allowed, rng=rng).reindex(table.index)
    given = strategies.set_index("segment").loc[table["segment"]].reset_index(drop=True)
    planned, held = (place < table["segment"].map(reach[arm]).astype("int64") for arm in ("planned", "holdout"))
    treated = planned & ~held
    return table.assign(
        gift=given["gift"].astype("str").where(treated),
        incentive=given["incentive"].astype("str").where(treated),
        arm=np.select([held, treated], [HOLDOUT, TREATED], NOT_PLANNED),
        expected_cost=given["expected_cost"].where(treated, 0.0),
        largest_cost=given["largest_cost"].where(treated, 0.0),
        reason=np.select(
            [barred != "", held, treated, given["priority"].isna()],
            [barred.to_numpy(dtype="U"), REASONS[HOLDOUT], REASONS[TREATED], REASONS["no strategy"]],
            REASONS["budget"],
        ),
    )


def _planned(total: int, payable: int, *, share: float) -> int:
    """Return the largest number of planned customers, up to `total`, of whom no more than `payable` are treated."""
    return bisect_right(range(total + 1), payable, key=lambda planned: planned - held_out(planned, share=share)) - 1
