"""The campaigns of the two years: what was sent to whom, by which rule, with which fault, and what it truly did.

One campaign begins every eight weeks and runs for four, so that no two touch the same weeks and the truth of each stands
alone. Only customers who have joined and consented can be contacted: the audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop.answering import answered
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.effects import expected_effects
from analysis.collect.workshop.incentives import CONTACT_COST, INCENTIVES, positions
from analysis.collect.workshop.scenario import Scenario

RUNS_DAYS = 28
EVERY_DAYS = 56
FIRST_DAY = 91
LOST_SHARE = 0.6  # of the treated without a recent order, where the lot was broken
LEAKED_SHARE = 0.3  # of the held out who get the offer anyway, where there was contamination
RECENT_DAYS = 90


@dataclass(frozen=True)
class Campaign:
    """One campaign as it was meant, and its fault."""

    campaign_id: str
    kind: str  # randomised, by rule, everyone, A/A
    incentive: str | None  # an incentive_id, "any" for one of all by lot, None for nothing
    treated_share: float | None = None  # where the lot decides
    rule: str = ""  # best or lapsed, where a rule decides
    fault: str = ""  # sample ratio mismatch, or contamination
    channel: str = "email"  # of the contact; who answers how does not depend on it

    @property
    def begins(self) -> int:
        """Return the first day."""
        return FIRST_DAY + EVERY_DAYS * (int(self.campaign_id) - 1)


CAMPAIGNS = (
    Campaign("01", "randomised", "ten-off", 0.5),
    Campaign("02", "by rule", "category-discount", rule="best", channel="text message"),
    Campaign("03", "A/A", None, 0.5),
    Campaign("04", "randomised", "double-points", 0.9, channel="app"),
    Campaign("05", "everyone", "ten-off"),
    Campaign("06", "randomised", "twenty-off", 0.5, fault="sample ratio mismatch"),
    Campaign("07", "randomised", "twenty-off", 0.5, fault="contamination", channel="app"),
    Campaign("08", "by rule", "ten-off", rule="lapsed", channel="text message"),
    Campaign("09", "A/A", None, 0.9),
    Campaign("10", "randomised", "thank-you", 0.95, channel="app"),
    Campaign("11", "randomised", "any", 0.5),
)


class Run(NamedTuple):
    """The campaigns as they went."""

    orders: pd.DataFrame  # one row per order, with all effects
    used: pd.DataFrame  # one row per offer used: campaign_id, who, day, incentive (position)
    given: tuple[
        tuple[int, np.ndarray], ...
    ]  # per campaign: first day, position of what each customer gets, -1 for nothing
    contacts: pd.DataFrame  # one row per contact: campaign_id, who, arm, incentive (position), propensity
    sums: pd.DataFrame  # one row per campaign and group of its audience: counts and sums, see `truth`


def run(
    people: pd.DataFrame,
    orders: pd.DataFrame,
    left: np.ndarray,
    *,
    clock: Clock,
    scenario: Scenario,
    rng: np.random.Generator,
) -> Run:
    """Let the campaigns happen to the orders, one after the other.

    `people` has one row per customer, `orders` one per order without any campaign, `left` the day on which each one left.
    """
    used, contacts, sums, given = [], [], [], []
    joined, consent = people["joined_day"].to_numpy(), people["consent"].eq("yes").to_numpy()
    for campaign in CAMPAIGNS:
        begins = campaign.begins
        people = people.assign(here=(joined <= begins) & (left > begins))
        group, gets, share = _assigned(campaign, (joined <= begins) & consent, orders, rng=rng)
        nothing = np.full(len(people), -1)
        expected = expected_effects(
            people, nothing, gets, begins=begins, days=RUNS_DAYS, clock=clock, scenario=scenario
        )
        now = answered(
            orders, people, nothing, gets, begins=begins, days=RUNS_DAYS, clock=clock, scenario=scenario, rng=rng
        )
        sums.append(_sums(campaign, group, gets, expected, orders, now.orders, now.used))
        orders = now.orders
        given.append((begins, gets))
        used.append(now.used.assign(campaign_id=campaign.campaign_id))
        logged = np.isin(group, ["treated", "holdout"])
        contacts.append(pd.DataFrame({
            "campaign_id": campaign.campaign_id, "who": np.flatnonzero(logged), "arm": group[logged],
            "incentive": np.where(group == "treated", gets, -1)[logged], "propensity": np.nan if share is None else share,
        }))  # fmt: skip
    used, contacts, sums = (pd.concat(parts, ignore_index=True) for parts in (used, contacts, sums))
    return Run(orders, used, tuple(given), contacts, sums)


def _assigned(campaign: Campaign, audience: np.ndarray, orders: pd.DataFrame, *, rng: np.random.Generator):
    """Return the group of each customer ("" outside the audience), the position of what each gets, and the treated share."""
    n, recent = len(audience), _recent_spend(orders, len(audience), begins=campaign.begins)
    if campaign.rule:
        limit = np.quantile(recent[audience], 0.7) if campaign.rule == "best" else 0.0
        chosen = recent > limit if campaign.rule == "best" else recent == 0
        group = np.where(chosen, "treated", "not mailed")
    elif campaign.treated_share is not None:
        group = np.where(rng.random(n) < campaign.treated_share, "treated", "holdout")
    else:
        group = np.full(n, "treated")
    group = np.where(audience, group, "").astype("<U12")
    if campaign.fault == "sample ratio mismatch":
        group[(group == "treated") & (recent == 0) & (rng.random(n) < LOST_SHARE)] = "lost"
    if campaign.incentive == "any":
        kinds = rng.integers(0, len(INCENTIVES), n)
    else:
        kinds = np.full(n, positions(pd.Series([campaign.incentive], dtype="str"))[0])
    gets = np.where(group == "treated", kinds, -1)
    if campaign.fault == "contamination":
        gets = np.where((group == "holdout") & (rng.random(n) < LEAKED_SHARE), kinds, gets)
    return group, gets, campaign.treated_share


def _recent_spend(orders: pd.DataFrame, customers: int, *, begins: int) -> np.ndarray:
    recent = orders[orders["day"].ge(begins - RECENT_DAYS) & orders["day"].lt(begins) & orders["day"].ge(0)]
    return np.bincount(recent["who"], weights=recent["value"] * ~recent["cancelled"], minlength=customers)


def _sums(campaign, group, gets, expected, before, after, used) -> pd.DataFrame:
    """One row per group: customers, getting, used, sales and orders in the window without and with, in the whole, expected."""
    n, begins = len(group), campaign.begins
    columns = {"customers": np.ones(n), "getting": gets >= 0, "used": np.bincount(used["who"], minlength=n)}
    cost = INCENTIVES["cost"].to_numpy()[used["incentive"]]
    columns["used_cost"] = np.bincount(used["who"], weights=cost, minlength=n) + CONTACT_COST * (gets >= 0)
    for name, days in (("window", RUNS_DAYS), ("whole", 2 * RUNS_DAYS)):
        for state, orders in (("without", before), ("with", after)):
            span = orders[orders["day"].ge(begins) & orders["day"].lt(begins + days) & ~orders["cancelled"]]
            columns[f"sales_{name}_{state}"] = np.bincount(span["who"], weights=span["value"], minlength=n)
            columns[f"orders_{name}_{state}"] = np.bincount(span["who"], minlength=n)
    table = pd.DataFrame(columns | {f"expected_{name}": expected[name].to_numpy() for name in expected}).astype(float)
    # the square of the sales of each customer, for the standard error of a comparison
    table["squares_window_with"] = table["sales_window_with"] ** 2
    table["group"] = group
    sums = table[table["group"] != ""].groupby("group").sum().reset_index()
    return sums.assign(campaign_id=campaign.campaign_id)
