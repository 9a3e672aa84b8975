"""The size of the holdout: the smallest share that shows the effect, among the customers whom the budget reaches."""

from copy import deepcopy
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis.design import sizing
from analysis.design.allocation import affordable
from analysis.design.sizing import NOTHING_KNOWN, ONE_ARM, UNSURE, holdout_size, strata, visible
from analysis.inference.experiments import power_two_means
from analysis.inference.lot_power import Stratum, rehearse

STRATEGIES = pd.DataFrame(
    {
        "segment": ["big", "small"],
        "priority": pd.array([1, 2], "Int64"),
        "expected_cost": [2.0, 1.0],
        "largest_cost": [3.0, 2.0],
    }
)
CUSTOMERS = pd.Series({"big": 600, "small": 200})
OUTCOMES = {
    "big": np.random.default_rng([5]).gamma(9.0, 300 / 9, 600),  # sd a third of the mean
    "small": np.random.default_rng([6]).gamma(4.0, 25.0, 200),
}


@pytest.fixture(autouse=True)
def fewer_lots(monkeypatch):
    """Rehearse with a quarter of the lots: what is tried here does not hang on the last per cent."""
    monkeypatch.setattr(sizing, "rehearse", partial(rehearse, lots=500))


def size(**changes):
    rng = np.random.default_rng([7])
    options = {"budget": 1e6, "effect": 0.15, "power": 0.8, "max_holdout": 0.5, "rng": rng} | changes
    outcomes = options.pop("outcomes", OUTCOMES)
    return holdout_size(CUSTOMERS, STRATEGIES, outcomes, **options)


def test_planned_segments_are_the_strata_and_one_without_a_baseline_is_like_the_others():
    reach = affordable(CUSTOMERS, STRATEGIES, budget=1e6, share=0.1)
    both = strata(reach, OUTCOMES)
    assert [(one.treated, one.holdout) for one in both] == [(540, 60), (180, 20)]
    assert both[1].outcomes is OUTCOMES["small"]
    alone = strata(reach, {"big": OUTCOMES["big"]})
    assert np.array_equal(alone[1].outcomes, OUTCOMES["big"]) and alone[1].holdout == 20
    assert strata(reach, {}) == [] == strata(reach.assign(treated=0, holdout=0), OUTCOMES)


def test_the_share_found_shows_the_effect_and_one_clearly_smaller_does_not():
    found = size()
    assert found.reached and found.smallest_effect <= 0.15 and found.refused is None

    def smallest(share):
        reach = affordable(CUSTOMERS, STRATEGIES, budget=1e6, share=share)
        return visible(strata(reach, OUTCOMES), power=0.8, rng=np.random.default_rng([7])).effect

    assert smallest(found.share) == found.smallest_effect  # the same chance gives the same number
    assert smallest(0.75 * found.share) > 0.15


def test_the_textbook_formula_agrees_for_one_segment_of_normal_spend():
    outcomes = {"big": np.random.default_rng([8]).normal(100.0, 30.0, 600)}
    customers, given = pd.Series({"big": 600}), STRATEGIES.head(1)
    found = holdout_size(customers, given, outcomes, budget=1e6, effect=0.1, power=0.8, max_holdout=0.5,
                         rng=np.random.default_rng([9]))  # fmt: skip
    mean, sd = outcomes["big"].mean(), outcomes["big"].std(ddof=1)
    held = round(600 * found.share)
    assert power_two_means(600 - held, held, effect=0.1 * mean, sd=sd, alpha=0.05) == pytest.approx(0.8, abs=0.05)


def test_a_smaller_budget_plans_fewer_and_needs_a_larger_share():
    only = {"big": OUTCOMES["big"]}
    assert size(budget=400, outcomes=only).share > size(budget=1e6, outcomes=only).share
    assert size(budget=400).planned < size().planned == 800


def test_where_the_cap_binds_the_smallest_visible_effect_is_said():
    found = size(max_holdout=0.05)
    assert (found.share, found.reached) == (0.05, False) and found.smallest_effect > 0.15


def test_without_a_baseline_or_a_budget_nothing_is_promised():
    blind, broke = size(outcomes={}, max_holdout=0.3), size(budget=0, max_holdout=0.3)
    assert (blind.share, blind.reached, blind.known, blind.planned) == (0.3, False, 0, 800)
    assert (broke.share, broke.reached, broke.planned) == (0.3, False, 0)
    assert np.isnan([blind.smallest_effect, broke.smallest_effect]).all()
    assert blind.refused == broke.refused == NOTHING_KNOWN


def test_too_few_buyers_are_said_and_no_share_is_said_to_be_enough():
    rare = {name: np.where(np.arange(len(values)) < 5, values, 0.0) for name, values in OUTCOMES.items()}
    found = size(outcomes=rare)
    assert (found.share, found.reached) == (0.5, False)
    assert found.refused.startswith("Fewer than 28 buyers are expected in the smaller arm; the test needs 20")


def test_a_segment_without_a_baseline_is_counted():
    found = size(outcomes={"big": OUTCOMES["big"]})
    assert (found.planned, found.known) == (800, 600)


def test_one_arm_shows_nothing():
    reach = affordable(CUSTOMERS, STRATEGIES, budget=1e6, share=0.1).assign(holdout=0)
    assert visible(strata(reach, OUTCOMES), power=0.8, rng=np.random.default_rng([1])).refused == ONE_ARM


def test_the_generator_is_left_as_it_was():
    rng = np.random.default_rng([7])
    before = deepcopy(rng)
    size(rng=rng, max_holdout=0.05)
    assert rng.random() == before.random()


def test_customers_too_uneven_for_a_promise_are_told_so():
    planned = [Stratum(np.array([0, 0, 0, 1, 1, 1, 1, 1, 40.0]), 300, 300)]
    found = visible(planned, power=0.98, rng=np.random.default_rng([10]))
    assert np.isnan(found.effect) and found.refused == UNSURE
    found = visible(planned, power=0.8, rng=np.random.default_rng([10]))
    assert found.effect > 0 and found.refused is None
