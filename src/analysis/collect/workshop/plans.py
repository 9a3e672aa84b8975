"""What a plan is truly worth, and the best plan that a budget can buy, from the true effects.

Choosing one incentive or none for each customer under a budget is the multiple-choice knapsack problem. Taking the steps of
each customer's upper hull in the order of profit per cost is best among all plans of the same cost, and what it leaves to
the optimum is less than the profit of the one step that no longer fits (Sinha and Zoltners 1979, Operations Research 27,
503-515).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.effects import expected_effects
from analysis.collect.workshop.incentives import positions
from analysis.collect.workshop.scenario import Scenario


class BestPlan(NamedTuple):
    """The best plan under a budget, its true profit and cost in currency, and the profit that no plan can pass."""

    plan: pd.DataFrame  # one row per customer who gets something: customer_id, incentive_id
    profit: float
    cost: float
    bound: float


def best_plan(effects: pd.DataFrame, *, budget: float) -> BestPlan:
    """The most profitable plan whose expected cost keeps to the budget; `effects` has one row per customer and incentive.

    Raises ValueError for a budget below zero.
    """
    return best_of(steps_that_pay(effects), budget=budget)


def best_of(steps: pd.DataFrame, *, budget: float) -> BestPlan:
    """The same from the steps of `steps_that_pay`, which can be made for one part of the customers after the other."""
    if not budget >= 0:
        raise ValueError(f"budget={budget} is out of range; the nearest valid value is 0")
    steps = in_order(steps)
    spent = steps["more_cost"].cumsum()
    taken = steps[spent <= budget]
    # a step is the move of one customer to a dearer incentive: the last step taken says what the customer gets
    plan = taken.drop_duplicates("customer_id", keep="last")[["customer_id", "incentive_id"]]
    profit, cost = float(taken["more_profit"].sum()), float(taken["more_cost"].sum())
    rest = steps.iloc[len(taken) : len(taken) + 1]
    part = float(((budget - cost) / rest["more_cost"] * rest["more_profit"]).sum()) if len(rest) else 0.0
    return BestPlan(plan.sort_values("customer_id", ignore_index=True), profit, cost, profit + part)


def plan_value(
    people: pd.DataFrame, plan: pd.DataFrame, *, begins: int, days: int, clock: Clock, scenario: Scenario
) -> pd.DataFrame:
    """One row per customer of `people`: the true expected effect of a plan (customer_id, gift, incentive, arm).

    Customers who are not in the plan, or in another arm than treated, get nothing. Without `arm` everyone is treated, without
    `gift` nobody has one. Raises ValueError for a customer in two rows and for one that the company does not have.
    """
    given = given_to(people, plan)
    found = expected_effects(
        people, given.gift, given.incentive, begins=begins, days=days, clock=clock, scenario=scenario
    )
    found.insert(0, "customer_id", people["customer_id"].to_numpy())
    return found


class Given(NamedTuple):
    """What each customer gets, in the order of the customers: positions of incentives, -1 for nothing; and the arm."""

    gift: np.ndarray
    incentive: np.ndarray
    arm: np.ndarray  # treated, holdout, or empty for who is in no arm


def given_to(people: pd.DataFrame, plan: pd.DataFrame) -> Given:
    """Return what each customer of `people` gets by a plan; see `plan_value` for its columns."""
    if plan["customer_id"].duplicated().any():
        twice = plan.loc[plan["customer_id"].duplicated(), "customer_id"].iloc[0]
        raise ValueError(f"customer {twice!r} has two rows in the plan; a plan needs one")
    if len(strange := plan[~plan["customer_id"].isin(people["customer_id"])]):
        raise ValueError(f"customer {strange['customer_id'].iloc[0]!r} of the plan is not a customer of this company")
    rows = plan.set_index("customer_id").reindex(people["customer_id"])
    present = people["customer_id"].isin(plan["customer_id"]).to_numpy()
    arm = rows["arm"].fillna("").to_numpy(dtype=object) if "arm" in rows else np.where(present, "treated", "")
    arm = np.where(np.isin(arm.astype(str), ["treated", "holdout"]), arm.astype(str), "")
    parts = [
        np.where(arm == "treated", positions(rows[name]), -1) if name in rows else np.full(len(rows), -1)
        for name in ("gift", "incentive")
    ]
    return Given(parts[0], parts[1], arm)


def in_order(steps: pd.DataFrame) -> pd.DataFrame:
    """One row per step, numbered from 1 in the order in which a budget takes them: the best profit per cost first."""
    order = ["each", "customer_id", "more_cost"]
    table = steps.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return table.assign(step=np.arange(1, len(table) + 1))


def steps_that_pay(effects: pd.DataFrame) -> pd.DataFrame:
    """One row per step of a customer to a dearer incentive that pays: what it adds to profit and cost, and profit per cost."""
    wide = effects.pivot(index="customer_id", columns="incentive_id", values=["profit", "cost"])
    profit, cost = wide["profit"].to_numpy(), wide["cost"].to_numpy()
    at_profit, at_cost = np.zeros(len(wide)), np.zeros(len(wide))
    names, steps, row = wide["profit"].columns.to_numpy(), [], np.arange(len(wide))
    for _ in names:  # each round moves every customer by one step, so there are at most as many as incentives
        more_profit, more_cost = profit - at_profit[:, None], cost - at_cost[:, None]
        pays = (more_profit > 0) & (more_cost > 0)
        each = np.where(pays, more_profit / np.where(pays, more_cost, 1), -np.inf)
        best = each.argmax(axis=1)
        moved = each[row, best] > 0
        steps.append(pd.DataFrame({
            "customer_id": wide.index[moved], "incentive_id": names[best[moved]], "more_profit": more_profit[row, best][moved],
            "more_cost": more_cost[row, best][moved], "each": each[row, best][moved],
        }))  # fmt: skip
        at_profit = np.where(moved, profit[row, best], at_profit)
        at_cost = np.where(moved, cost[row, best], at_cost)
    return pd.concat(steps, ignore_index=True)
