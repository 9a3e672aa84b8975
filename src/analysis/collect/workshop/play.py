"""The world goes on under a plan: the same customers, new weeks, and outcomes that follow what the plan gives to whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop import behaviour, buying, company, lines, plans, truth
from analysis.collect.workshop.answering import answered
from analysis.collect.workshop.campaigns import CAMPAIGNS, RUNS_DAYS
from analysis.collect.workshop.clock import Clock, dates
from analysis.collect.workshop.incentives import CONTACT_COST, INCENTIVES
from analysis.collect.workshop.products import covered
from analysis.collect.workshop.scenario import DAYS, UTC_OFFSET_HOURS, scenario_named
from analysis.randomness import generator

ROUND_DAYS = (
    2 * RUNS_DAYS
)  # the offer runs in the first half; in the second, orders that were pulled forward are missing


class Played(NamedTuple):
    """One round: what the company sees, and the truth behind it."""

    tables: dict[
        str, pd.DataFrame
    ]  # canonical tables of the new weeks only: orders, visits, feedback, campaigns, contacts, ...
    customers: pd.DataFrame  # one row per customer: the truth after the round, from which the next one goes on
    truth: dict[str, float]  # the plan's effect on sales and profit, in currency: expected, and as it happened


def play(customers: pd.DataFrame, plan: pd.DataFrame, *, round_number: int, seed: int, scenario: str) -> Played:
    """Play one round of eight weeks; the offer runs in the first four.

    `customers` is the truth of the answer key (truth_customers) or of the round before, `plan` what the design room writes: one row per
    customer_id with gift, incentive (incentive_id or missing) and arm; see `plans.plan_value`. Rounds count from 1, the first
    begins on the day after the data ends. Nobody joins in these weeks. The same seed, customers and plan give the same
    round, and what a customer would do without an offer is the same under every plan.
    """
    if round_number < 1:
        raise ValueError(f"round_number={round_number} is out of range; the nearest valid value is 1")
    trade, clock = scenario_named(scenario), Clock(scenario_named(scenario))

    def rng(use: str) -> np.random.Generator:
        return generator(seed, f"workshop {scenario} round {round_number} {use}")

    everyone = customers.sort_values("customer_id", ignore_index=True)
    begins, name = DAYS + (round_number - 1) * ROUND_DAYS, f"{len(CAMPAIGNS) + round_number:02d}"
    ends, run = begins + ROUND_DAYS, {"begins": begins, "days": RUNS_DAYS}
    given = plans.given_to(everyone, plan)
    since = np.where(everyone["here"], begins, ends)  # who has left makes no order
    before, left = buying.draw_orders(everyone, since, ends, clock=clock, scenario=trade, rng=rng("orders"))
    now = answered(
        before, everyone, given.gift, given.incentive, clock=clock, scenario=trade, rng=rng("answers"), **run
    )
    expected = plans.plan_value(everyone, plan, clock=clock, scenario=trade, **run)
    shelf = company.catalogue(seed=seed, scenario=scenario)
    used = now.used.assign(campaign_id=name)
    sold = lines.order_lines(
        now.orders, used, everyone, shelf.products, scenario=trade, utc_offset_hours=UTC_OFFSET_HOURS,
        first_order=1 + 50 * 10**8 + round_number * 10**8, rng=rng("lines"),
    )  # fmt: skip
    days = {"begins": begins, "ends": ends, "utc_offset_hours": UTC_OFFSET_HOURS}
    sent = _sent(given, name)
    there_until = np.where(everyone["here"], left, begins)
    main = np.where(given.incentive >= 0, given.incentive, given.gift)
    tables = {
        "orders": sold,
        "visits": behaviour.visits(
            now.orders, everyone, there_until, ((begins, main),), clock=clock, scenario=trade, rng=rng("visits"), **days
        ),
        "feedback": behaviour.feedback(now.orders, sold, everyone, shelf.products, rng=rng("feedback"), **days),
        "campaigns": _campaign(name, begins, sent),
        "contacts": company.contacts(sent, everyone, begins={name: begins}),
        "offers": _offers(name, given, shelf.products),
        "responses": company.responses(sent, used, now.orders, everyone, begins={name: begins}, rng=rng("responses")),
    }
    after = truth.customers(
        everyone, np.where(everyone["here"], left, everyone["left_day"]), ends=ends, clock=clock, scenario=trade
    )
    happened = {state: _sales(orders) for state, orders in (("with", now.orders), ("without", before))}
    cost = INCENTIVES["cost"].to_numpy()[used["incentive"]].sum() + CONTACT_COST * sent["arm"].eq("treated").sum()
    effect = happened["with"] - happened["without"]
    return Played(tables, after, {
        "sales_without_plan": happened["without"], "sales_effect": effect, "cost": float(cost),
        "profit": trade.margin * effect - float(cost), "expected_sales_effect": float(expected["sales_whole"].sum()),
        "expected_cost": float(expected["cost"].sum()), "expected_profit": float(expected["profit"].sum()),
    })  # fmt: skip


def _sent(given: plans.Given, name: str) -> pd.DataFrame:
    """One row per planned customer, as `campaigns.run` has its contacts; the incentive stands before the gift."""
    who = np.flatnonzero(given.arm != "")
    main = np.where(given.incentive >= 0, given.incentive, given.gift)[who]
    treated = given.arm[who] == "treated"
    share = treated.mean() if 0 < treated.sum() < len(who) else np.nan
    return pd.DataFrame(
        {"campaign_id": name, "who": who, "arm": given.arm[who], "incentive": main, "propensity": share}
    )


def _campaign(name: str, begins: int, sent: pd.DataFrame) -> pd.DataFrame:
    cost = company.FIXED_COST + CONTACT_COST * len(sent)
    return pd.DataFrame({
        "campaign_id": [name], "name": [f"Campaign {name}"], "kind": ["by plan"], "channel": ["email"],
        "starts_on": dates(np.array([begins])), "ends_on": dates(np.array([begins + RUNS_DAYS - 1])), "cost": [round(cost, 2)],
    })  # fmt: skip


def _offers(name: str, given: plans.Given, products: pd.DataFrame) -> pd.DataFrame:
    kinds = sorted({*given.gift[given.gift >= 0], *given.incentive[given.incentive >= 0]})
    goods = products["product_id"].to_numpy()[covered(products, int(name))]
    rows = [(name, INCENTIVES["incentive_id"][kind], product) for kind in kinds for product in goods]
    return pd.DataFrame(rows, columns=["campaign_id", "incentive_id", "product_id"])


def _sales(orders: pd.DataFrame) -> float:
    return float(orders.loc[~orders["cancelled"], "value"].sum().round(2))
