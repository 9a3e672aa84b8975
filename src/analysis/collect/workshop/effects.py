"""The true effect of an incentive on each customer: what is expected with it, minus what is expected without it.

Expected over all that chance does after the first day of the offer, for a customer with known parameters; exact, from the
formulas of `buying`. The window is the days the offer runs, the whole is the window and as many days after it, so that orders
pulled forward count in the window and cancel in the whole. Sales are those of orders that are not cancelled.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop import buying
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.incentives import CONTACT_COST, INCENTIVES, answers, together
from analysis.collect.workshop.scenario import Scenario

EFFECTS = (
    "orders_window",
    "orders_whole",
    "sales_window",
    "sales_whole",
    "visits_window",
    "redeemed",
    "cost",
    "profit",
)


def expected_effects(
    people: pd.DataFrame,
    gift: np.ndarray,
    incentive: np.ndarray,
    *,
    begins: int,
    days: int,
    clock: Clock,
    scenario: Scenario,
) -> pd.DataFrame:
    """One row per customer, as in `people`: the effect of what each gets from the day `begins`, for `days` days.

    `gift` and `incentive` hold positions in INCENTIVES, -1 for nothing; a customer can get both. `people` says in `here`
    who is a customer that day: has joined and not left. Columns: additional orders and sales (currency) in the window and in
    the whole, additional visits, redeemed (expected redemptions), cost (redemptions and messages, in currency) and profit:
    margin of the additional sales in the whole, minus cost.
    """
    one, two = answers(people, gift), answers(people, incentive)
    answer = together(one, two)
    extra, pulled, put_off = (answer[part] for part in ("extra", "pulled", "put_off"))
    process, sold, value = scenario.process, 1 - scenario.cancelled, people["value"].to_numpy(dtype=float)
    window = buying.span(people, begins, begins + days, clock=clock, process=process)
    after = buying.span(people, begins + days, begins + 2 * days, clock=clock, process=process)
    more = extra * window.rate * window.model_days
    usual, later = buying.expected_orders(window), buying.expected_orders(after) * buying.chance_to_stay(window)
    made = (1 - put_off) * usual + more + pulled * later
    none_later = buying.expected_power(after, 1 - pulled * sold)
    none = buying.expected_power(window, 1 - (1 - put_off) * sold, if_stayed=none_later) * np.exp(-more * sold)
    here = people["here"].to_numpy(dtype=float)
    sales = ((1 + answer["amount"]) * made - usual) * value
    visits = answer["visits"] * scenario.visits * window.rate * window.model_days
    found = {
        "orders_window": (made - usual) * sold, "orders_whole": (made - usual - pulled * later) * sold,
        "sales_window": sales * sold, "sales_whole": (sales - pulled * later * value) * sold, "visits_window": visits,
        "redeemed": (one["redeem"] + two["redeem"]) * (1 - none),
    }  # fmt: skip
    found = {name: values * here for name, values in found.items()}
    unit_cost = np.append(INCENTIVES["cost"].to_numpy(), 0.0)
    use = one["redeem"] * unit_cost[gift] + two["redeem"] * unit_cost[incentive]
    messages = CONTACT_COST * ((gift >= 0) | (incentive >= 0))
    found["cost"] = use * (1 - none) * here + messages
    found["profit"] = scenario.margin * found["sales_whole"] - found["cost"]
    return pd.DataFrame(found)[list(EFFECTS)]


def every_effect(people: pd.DataFrame, *, begins: int, days: int, clock: Clock, scenario: Scenario) -> pd.DataFrame:
    """One row per customer and incentive: customer_id, incentive_id and the columns of `expected_effects`."""
    nothing = np.full(len(people), -1)
    parts = [
        expected_effects(
            people, nothing, np.full(len(people), k), begins=begins, days=days, clock=clock, scenario=scenario
        ).assign(customer_id=people["customer_id"].to_numpy(), incentive_id=name)
        for k, name in enumerate(INCENTIVES["incentive_id"])
    ]
    table = pd.concat(parts, ignore_index=True)[["customer_id", "incentive_id", *EFFECTS]]
    return table.sort_values(["customer_id", "incentive_id"], ignore_index=True)
