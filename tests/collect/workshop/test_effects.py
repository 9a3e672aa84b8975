"""True effects: expected ones against a world drawn many times, and the best plan against trying every plan."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.collect.workshop import buying, effects, plans
from analysis.collect.workshop.answering import answered
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.incentives import INCENTIVES, answers, positions
from analysis.collect.workshop.scenario import MONTH, SCENARIOS

NOTHING = -1


def copies(n, *, kind, channel="web", rate=1 / 20, drop=0.15, value=40.0):
    """The same customer many times: of each chance the mean comes close to what is expected."""
    return pd.DataFrame({
        "customer_id": [f"C{i:06d}" for i in range(n)], "type": kind, "channel": channel, "rate": rate, "drop": drop, "due": 4.0,
        "value": value, "here": True,
    })  # fmt: skip


@pytest.mark.parametrize("scenario", ["ecommerce", "travel", "finance"])
@pytest.mark.parametrize(
    ("kind", "gift", "incentive"),
    [
        ("persuadable", None, "twenty-off"),
        ("early", "thank-you", "twenty-off"),
        ("put off", None, "ten-off"),
        ("sure", "thank-you", None),
    ],
)
def test_expected_effects_are_the_mean_of_many_worlds(scenario, kind, gift, incentive):
    n, trade = 12_000, SCENARIOS[scenario]
    clock, everyone = Clock(trade), copies(n, kind=kind, rate=1 / MONTH if scenario == "finance" else 1 / 20)
    get = [np.full(n, positions(pd.Series([name], dtype="str"))[0]) for name in (gift, incentive)]
    rng = np.random.default_rng([5])
    before, _ = buying.draw_orders(everyone, np.full(n, 100), 156, clock=clock, scenario=trade, rng=rng)
    now = answered(before, everyone, *get, begins=100, days=28, clock=clock, scenario=trade, rng=rng)
    expected = effects.expected_effects(everyone, *get, begins=100, days=28, clock=clock, scenario=trade).iloc[0]

    def per_customer(orders, until, weights=None):
        span = orders[orders["day"].lt(until) & ~orders["cancelled"]]
        return np.bincount(span["who"], weights=None if weights is None else span[weights], minlength=n)

    for name, until, weights in (
        ("orders_window", 128, None), ("orders_whole", 156, None), ("sales_window", 128, "value"), ("sales_whole", 156, "value"),
    ):  # fmt: skip
        found = per_customer(now.orders, until, weights) - per_customer(before, until, weights)
        assert found.mean() == pytest.approx(expected[name], abs=4.5 * found.std() / n**0.5 + 1e-3), name
    redeemed = np.bincount(now.used["who"], minlength=n)
    assert redeemed.mean() == pytest.approx(expected["redeemed"], abs=4.5 * redeemed.std() / n**0.5 + 1e-9)


def test_who_would_have_come_anyway_takes_the_offer_and_brings_no_further_order():
    everyone, trade = copies(1, kind="sure"), SCENARIOS["ecommerce"]
    found = effects.every_effect(everyone, begins=731, days=28, clock=Clock(trade), scenario=trade)
    assert found["orders_whole"].abs().max() == 0 and (found["redeemed"] > 0.3).all() and (found["profit"] < 0).all()


def test_an_offer_pulls_orders_forward_without_making_any():
    everyone, trade = copies(1, kind="early"), SCENARIOS["ecommerce"]
    found = effects.every_effect(everyone, begins=731, days=28, clock=Clock(trade), scenario=trade)
    assert (found["orders_window"] > 3 * found["orders_whole"]).all()


def test_who_has_left_answers_nothing_and_still_costs_a_message():
    everyone, trade = copies(1, kind="persuadable").assign(here=False), SCENARIOS["ecommerce"]
    found = effects.every_effect(everyone, begins=731, days=28, clock=Clock(trade), scenario=trade)
    assert found["sales_whole"].tolist() == [0] * 5 and found["profit"].tolist() == [-0.2] * 5


def test_nothing_has_no_effect_and_no_cost():
    everyone, trade = copies(2, kind="persuadable"), SCENARIOS["ecommerce"]
    found = effects.expected_effects(
        everyone, np.full(2, NOTHING), np.full(2, NOTHING), begins=731, days=28, clock=Clock(trade), scenario=trade
    )
    assert (found == 0).all(axis=None)


def test_the_same_incentive_has_another_effect_in_another_channel():
    both = pd.concat([copies(1, kind="persuadable", channel="shop"), copies(1, kind="persuadable", channel="app")])
    gift, points = (
        answers(both, np.full(2, positions(pd.Series([name]))[0]))["extra"] for name in ("thank-you", "double-points")
    )
    assert gift[0] > gift[1] and points[0] < points[1]


def choices(seed, *, customers=4, kinds=3):
    rng = np.random.default_rng([seed])
    rows = list(product([f"C{i}" for i in range(customers)], [f"k{k}" for k in range(kinds)]))
    table = pd.DataFrame(rows, columns=["customer_id", "incentive_id"])
    return table.assign(profit=rng.normal(2, 3, len(rows)).round(2), cost=rng.uniform(0.5, 4, len(rows)).round(2))


def every_plan(table):
    """Cost and profit of every plan there is: one incentive or none for each customer."""
    options = [
        [(0.0, 0.0), *zip(rows["cost"], rows["profit"], strict=True)]
        for _, rows in table.groupby("customer_id", sort=True)
    ]
    return np.array([np.sum(chosen, axis=0) for chosen in product(*options)])


@pytest.mark.parametrize("seed", range(25))
def test_the_best_plan_is_the_best_of_all_plans_up_to_one_step(seed):
    table = choices(seed)
    tried = every_plan(table)
    for budget in (0.0, 2.0, 5.0, 9.0, 100.0):
        best = plans.best_plan(table, budget=budget)
        optimum = tried[tried[:, 0] <= budget + 1e-9, 1].max()
        assert best.cost <= budget + 1e-9 and best.profit <= optimum + 1e-9 <= best.bound + 2e-9
        same_cost = tried[tried[:, 0] <= best.cost + 1e-9, 1].max()  # nothing of its own cost is better
        assert best.profit == pytest.approx(same_cost)
        chosen = best.plan.merge(table, on=["customer_id", "incentive_id"])
        assert (chosen["profit"].sum(), chosen["cost"].sum()) == pytest.approx((best.profit, best.cost))


def test_a_budget_below_zero_is_refused():
    with pytest.raises(ValueError, match="budget=-1 is out of range; the nearest valid value is 0"):
        plans.best_plan(choices(0), budget=-1)


def test_the_value_of_the_best_plan_is_what_the_effects_say():
    trade = SCENARIOS["ecommerce"]
    everyone = pd.concat([copies(20, kind=kind) for kind in ("persuadable", "sure", "early")], ignore_index=True)
    everyone["customer_id"] = [f"C{i:03d}" for i in range(60)]
    run = {"begins": 731, "days": 28, "clock": Clock(trade), "scenario": trade}
    best = plans.best_plan(effects.every_effect(everyone, **run), budget=60)
    plan = best.plan.rename(columns={"incentive_id": "incentive"})
    worth = plans.plan_value(everyone, plan, **run)
    assert worth["profit"].sum() == pytest.approx(best.profit) and 0 < worth["cost"].sum() <= 60


def test_a_plan_with_strangers_twins_or_unknown_incentives_is_refused():
    everyone = copies(2, kind="sure")
    for rows, message in (
        ([("C000000", "ten-off"), ("C000000", "ten-off")], "customer 'C000000' has two rows in the plan"),
        ([("Bo", "ten-off")], "customer 'Bo' of the plan is not a customer"),
        (
            [("C000000", "free-car")],
            f"no incentive 'free-car' in this company; it has {', '.join(INCENTIVES['incentive_id'])}",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            plans.given_to(everyone, pd.DataFrame(rows, columns=["customer_id", "incentive"]))
