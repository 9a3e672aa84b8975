"""The truth about campaigns and customers, in the words of the answer key."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop import buying
from analysis.collect.workshop.campaigns import CAMPAIGNS, RUNS_DAYS
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.scenario import DAYS, Scenario, day

YEAR, QUARTER = 365, 91


def customers(
    people: pd.DataFrame, left: np.ndarray, *, ends: int = DAYS, clock: Clock, scenario: Scenario
) -> pd.DataFrame:
    """One row per customer: the true parameters and what they mean from the day `ends` on.

    left_day is the day of leaving, counted from the first day of the data (infinite for who has not left); here says who is a
    customer at the end. orders_expected are those expected from joining to the end, orders_next_year and sales_next_year
    those of the year after it (without any campaign), churn_next_quarter the chance to leave in the 91 days after it.
    lifetime_orders and lifetime_margin are what is still to come, without discounting: 1 / drop orders, however long they take.
    Who has left has 0 of all that is to come, and a churn of 1.
    """
    here = (people["joined_day"].to_numpy() < ends) & (left >= ends)
    sold = 1 - scenario.cancelled
    process = {"clock": clock, "process": scenario.process}
    value = people["value"].to_numpy(dtype=float)
    since_joined = buying.span(people, people["joined_day"].to_numpy(), ends, **process)
    year, quarter = (buying.span(people, ends, ends + days, **process) for days in (YEAR, QUARTER))
    next_year = buying.expected_orders(year) * here * sold
    remaining = sold / people["drop"].to_numpy(dtype=float) * here
    return people.assign(
        left_day=left,
        here=here,
        orders_expected=buying.expected_orders(since_joined) * sold,
        orders_next_year=next_year,
        sales_next_year=next_year * value,
        churn_next_quarter=np.where(here, 1 - buying.chance_to_stay(quarter), 1.0),
        lifetime_orders=remaining,
        lifetime_margin=remaining * value * scenario.margin,
    ).sort_values("customer_id", ignore_index=True)


def campaigns(sums: pd.DataFrame, *, scenario: Scenario) -> pd.DataFrame:
    """One row per campaign, from the sums of one part of the customers or of several.

    Money and orders are per treated customer, in the window (the days it runs) or the whole (twice that). effect_* is what
    happened with the campaign minus what would have happened without; expected_* the same on average over chance.
    naive_difference is sales in the window of the treated minus those of all others of the audience who could be compared with
    them (held out, or not mailed); naive_bias is that minus the effect: what a naive report gets wrong. profit is the margin of
    the effect in the whole minus redemptions and messages, in currency for the whole campaign.
    """
    numbers = [name for name in sums.columns if name not in ("campaign_id", "group")]
    table = sums.groupby(["campaign_id", "group"])[numbers].sum()
    return pd.DataFrame([_campaign(campaign, table.loc[campaign.campaign_id], scenario) for campaign in CAMPAIGNS])


def _campaign(campaign, groups: pd.DataFrame, scenario: Scenario) -> dict:
    treated = groups.loc["treated"]
    compared = groups[groups.index.isin(["holdout", "not mailed"])].sum()
    n, others = treated["customers"], compared["customers"]

    def per_head(column: str) -> float:
        return (treated[f"{column}_with"] - treated[f"{column}_without"]) / n

    of_others = compared["sales_window_with"] / others if others else np.nan
    naive = treated["sales_window_with"] / n - of_others
    return {
        "campaign_id": campaign.campaign_id, "kind": campaign.kind, "rule": campaign.rule, "fault": campaign.fault,
        "starts_on": pd.Timestamp(day(campaign.begins)), "ends_on": pd.Timestamp(day(campaign.begins + RUNS_DAYS - 1)),
        "planned_treated_share": np.nan if campaign.treated_share is None else campaign.treated_share,
        "treated": int(n), "compared": int(others), "lost": int(groups["customers"].get("lost", 0)),
        "contaminated": int(compared["getting"]), "redeemed": int(treated["used"]),
        "effect_orders_window": per_head("orders_window"), "effect_orders_whole": per_head("orders_whole"),
        "effect_sales_window": per_head("sales_window"), "effect_sales_whole": per_head("sales_whole"),
        "expected_orders_window": treated["expected_orders_window"] / n,
        "expected_sales_window": treated["expected_sales_window"] / n,
        "expected_sales_whole": treated["expected_sales_whole"] / n,
        "expected_profit": treated["expected_profit"],
        "naive_difference": naive, "naive_error": _standard_error(treated, compared),
        "naive_bias": naive - per_head("sales_window"),
        "profit": treated["sales_whole_with"] * scenario.margin - treated["sales_whole_without"] * scenario.margin
        - treated["used_cost"],
    }  # fmt: skip


def _standard_error(*groups: pd.Series) -> float:
    """Standard error of the naive difference: the root of the sum of variance / customers of the groups (Welch)."""
    if any(group["customers"] < 2 for group in groups):
        return np.nan
    parts = [
        (group["squares_window_with"] - group["sales_window_with"] ** 2 / group["customers"])
        / (group["customers"] - 1) / group["customers"]
        for group in groups
    ]  # fmt: skip
    return float(np.sqrt(sum(parts)))
