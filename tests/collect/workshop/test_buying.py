"""Drawn orders agree with the formulas of their sources, and the formulas with slow sums."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import dblquad

from analysis.collect.workshop import buying
from analysis.collect.workshop.clock import Clock
from analysis.collect.workshop.people import people
from analysis.collect.workshop.scenario import MONTH, SCENARIOS, Scenario

SHOP, BANK = SCENARIOS["ecommerce"], SCENARIOS["finance"]


def alike(customers, *, rate=0.04, drop=0.1, due=3.0, value=50.0):
    return pd.DataFrame({"rate": rate, "drop": drop, "due": due, "value": value}, index=range(customers))


def test_the_expected_orders_of_a_population_are_those_of_a_double_integral():
    """Fader, Hardie and Lee (2005), equation (9), against the integral over rate and drop that it solves."""
    from scipy.stats import beta, gamma

    small = Scenario(**{**SHOP.__dict__, "r": 2.0, "alpha": 50, "a": 2.0, "b": 6.0})

    def of_one(drop, rate):
        density = gamma.pdf(rate, 2, scale=1 / 50) * beta.pdf(drop, 2, 6)
        return (1 - np.exp(-rate * drop * 120)) / drop * density

    slow, _ = dblquad(of_one, 0, 0.6, 1e-9, 1 - 1e-9, epsabs=1e-7)
    assert buying.population_orders(small, 120) == pytest.approx(slow, rel=1e-4)


@pytest.mark.parametrize("trade", [SHOP, BANK], ids=["by chance", "monthly"])
def test_drawn_orders_and_leaving_agree_with_the_formulas_within_chance(trade):
    n, everyone, clock = 20_000, alike(20_000, rate=1 / 25), Clock(trade)
    if trade.process == "monthly":
        everyone["rate"] = 1 / MONTH
    orders, left = buying.draw_orders(
        everyone, np.zeros(n), 200, clock=clock, scenario=trade, rng=np.random.default_rng([1])
    )
    span = buying.span(everyone, 0, 200, clock=clock, process=trade.process)
    counts = np.bincount(orders["who"], minlength=n)
    error = counts.std() / n**0.5
    assert counts.mean() == pytest.approx(buying.expected_orders(span)[0], abs=4 * error)
    stayed = np.isinf(left).mean()
    assert stayed == pytest.approx(buying.chance_to_stay(span)[0], abs=4 * (0.25 / n) ** 0.5)
    # the chance that none of the orders is left when each is lost with a chance of 0.7
    assert (0.7**counts).mean() == pytest.approx(
        buying.expected_power(span, 0.7)[0], abs=4 * (0.7**counts).std() / n**0.5
    )


def test_nobody_orders_before_joining_or_after_leaving_and_the_last_order_is_the_leaving():
    everyone = people(500, scenario=SHOP, first=1, rng=np.random.default_rng([2]))
    joined = everyone["joined_day"].to_numpy()
    orders, left = buying.draw_orders(
        everyone, joined, 731, clock=Clock(SHOP), scenario=SHOP, rng=np.random.default_rng([3])
    )
    assert (orders["day"] >= joined[orders["who"]]).all() and (orders["day"] <= left[orders["who"]]).all()
    last = orders.groupby("who")["day"].max()
    gone = np.flatnonzero(np.isfinite(left))
    assert last.loc[gone].to_numpy() == pytest.approx(left[gone])


def test_who_has_not_left_goes_on_as_if_new():
    """One span of 200 days expects what 120 days and, for those who stay, 80 more expect together."""
    everyone, clock = alike(1), Clock(SHOP)
    whole, first, second = (
        buying.span(everyone, begins, ends, clock=clock, process="poisson")
        for begins, ends in ((0, 200), (0, 120), (120, 200))
    )
    apart = buying.expected_orders(first) + buying.chance_to_stay(first) * buying.expected_orders(second)
    assert buying.expected_orders(whole) == pytest.approx(apart)
    at_end = buying.expected_power(second, 0.3)
    assert buying.expected_power(whole, 0.3) == pytest.approx(buying.expected_power(first, 0.3, if_stayed=at_end))


def test_persons_of_the_company_order_as_often_as_the_population_formula_says(part):
    """Only orders before the first campaign, on the model's clock, of persons who joined in the month before the data."""
    truth, orders = part.customers, part.tables["orders"]
    clock = Clock(SHOP)
    cohort = truth[truth["account"].eq("person") & truth["joined_day"].between(0, 30)]
    day = (orders["ordered_at"] + pd.Timedelta(hours=8) - pd.Timestamp("2023-01-01")).dt.days
    early = orders[day < 91].drop_duplicates("order_id")["customer_id"].value_counts()
    counts = cohort["customer_id"].map(early).fillna(0)
    expected = [buying.population_orders(SHOP, t) for t in clock.between(cohort["joined_day"].to_numpy(), 91)]
    assert counts.mean() == pytest.approx(np.mean(expected), abs=4 * counts.std() / len(counts) ** 0.5)


def test_values_of_orders_have_the_mean_of_the_gamma_gamma_model():
    """Fader and Hardie (2013): the mean value over customers is p gamma / (q - 1) = 6 x 30 / 3 = 60."""
    from analysis.collect.workshop.people import parameters

    _, _, value = parameters(40_000, scenario=SHOP, rng=np.random.default_rng([4]))
    assert value.mean() == pytest.approx(60, abs=4 * value.std() / 200)


def test_the_clock_runs_as_long_as_the_days_weigh_and_back():
    clock = Clock(SHOP)
    days = np.array([-300.5, 0.0, 100.25, 730.9])
    assert clock.day_of(clock.at(days)) == pytest.approx(days)
    week = clock.between(0.0, 7.0)
    assert clock.between(0.0, 364.0) / 364 == pytest.approx(1.02, abs=0.02)  # a year with a trend of 5 %
    assert week > 0 and clock.between(5.0, 2.0) == 0
