"""The execution list: who is planned, in which arm, and who of them is sent something."""

from __future__ import annotations

import pandas as pd

from analysis.design.allocation import NOT_PLANNED, TREATED

COLUMNS = ["customer_id", "segment", "gift", "incentive", "forms", "arm"]


def assignment(plan: pd.DataFrame, strategies: pd.DataFrame) -> pd.DataFrame:
    """One row per planned customer, by customer_id: customer_id, segment, gift, incentive, forms, arm.

    Takes the plan (one row per customer) and the strategies (one row per segment). Keep it: who was treated and who was
    held out cannot be known later from what was sent. Those held out have no gift, incentive and forms.
    """
    forms = strategies.set_index("segment")["forms"]
    planned = plan[plan["arm"] != NOT_PLANNED].sort_values("customer_id", ignore_index=True)
    listed = planned["segment"].map(forms).where(planned["arm"] == TREATED)
    return planned.assign(forms=listed)[COLUMNS]


def send(assigned: pd.DataFrame) -> pd.DataFrame:
    """One row per treated customer of the assignment: the only list that leaves the house."""
    return assigned[assigned["arm"] == TREATED].reset_index(drop=True)
