"""The size of the holdout: the smallest share that shows the effect, among the customers whom the budget reaches."""

import numpy as np
import pandas as pd
import pytest

from analysis.design.allocation import affordable
from analysis.design.sizing import holdout_size, pooled, visible
from analysis.inference.experiments import power_two_means

STRATEGIES = pd.DataFrame(
    {
        "segment": ["big", "small"],
        "priority": pd.array([1, 2], "Int64"),
        "expected_cost": [2.0, 1.0],
        "largest_cost": [3.0, 2.0],
    }
)
BASELINE = pd.DataFrame(
    {"segment": ["big", "small"], "mean": [300.0, 100.0], "sd": [200.0, 80.0], "residual_sd": [100.0, 60.0]}
)
CUSTOMERS = pd.Series({"big": 600, "small": 200})


def size(**changes):
    options = {"budget": 1e6, "effect": 0.1, "power": 0.8, "max_holdout": 0.5} | changes
    return holdout_size(CUSTOMERS, STRATEGIES, BASELINE, **options)


def test_spread_is_pooled_inside_segments_with_the_planned_as_weights():
    reach = affordable(CUSTOMERS, STRATEGIES, budget=1e6, share=0.1)
    known, mean, sd, residual = pooled(reach, BASELINE)
    assert (known, mean) == (800, (600 * 300 + 200 * 100) / 800)
    assert sd == pytest.approx(np.sqrt((600 * 200**2 + 200 * 80**2) / 800))
    assert residual == pytest.approx(np.sqrt((600 * 100**2 + 200 * 60**2) / 800))


def test_the_share_is_the_smallest_step_that_reaches_the_power():
    found = size()
    assert found.reached

    def power_at(share):  # every step tried in turn, without halving
        treated, held = affordable(CUSTOMERS, STRATEGIES, budget=1e6, share=share)[["treated", "holdout"]].sum()
        return power_two_means(treated, held, effect=0.1 * found.mean, sd=found.residual_sd, alpha=0.05)

    steps = [round(step / 1000, 3) for step in range(1, 501)]
    assert found.share == next(step for step in steps if power_at(step) >= 0.8)
    assert found.smallest_effect <= 0.1


def test_the_textbook_formula_for_two_means_agrees():
    # n per arm = 2 (1.95996 + 0.84162)^2 (sd / effect)^2 (normal approximation): with half held out of one segment
    baseline = BASELINE.head(1).assign(mean=100.0, residual_sd=50.0)
    needed = 2 * (1.959964 + 0.841621) ** 2 * (50 / 10) ** 2  # 392.4 per arm, in a treatment of 10 on 100
    found = [
        holdout_size(
            pd.Series({"big": n}), STRATEGIES.head(1), baseline, budget=1e6, effect=0.1, power=0.8, max_holdout=0.5
        )
        for n in (int(2 * needed) - 8, int(2 * needed) + 8)
    ]
    assert [one.reached for one in found] == [False, True]
    assert found[0].smallest_effect == pytest.approx(0.1, abs=0.001)


def test_a_smaller_budget_plans_fewer_and_needs_a_larger_share():
    assert size(budget=800).share > size().share
    assert size(budget=800).planned < size().planned == 800


def test_where_the_cap_binds_the_smallest_visible_effect_is_said():
    found = size(max_holdout=0.05)
    assert (found.share, found.reached) == (0.05, False)
    assert found.smallest_effect > 0.1
    # what is said to be visible is seen with just the stated power: 30 of 600 and 10 of 200 are held out
    effect = found.smallest_effect * found.mean
    assert power_two_means(760, 40, effect=effect, sd=found.residual_sd, alpha=0.05) == pytest.approx(0.8)


def test_the_variance_saved_is_told():
    assert size().variance_saved == pytest.approx(1 - (600 * 100**2 + 200 * 60**2) / (600 * 200**2 + 200 * 80**2))


def test_without_a_baseline_or_a_budget_nothing_is_promised():
    unknown = BASELINE.assign(mean=np.nan, sd=np.nan, residual_sd=np.nan)
    blind = holdout_size(CUSTOMERS, STRATEGIES, unknown, budget=1e6, effect=0.1, power=0.8, max_holdout=0.3)
    broke = size(budget=0, max_holdout=0.3)
    assert (blind.share, blind.reached, blind.known, blind.planned) == (0.3, False, 0, 800)
    assert (broke.share, broke.reached, broke.planned) == (0.3, False, 0)
    assert np.isnan([blind.smallest_effect, broke.smallest_effect, blind.mean]).all()


def test_a_segment_without_a_baseline_is_left_out_of_the_figures_and_counted():
    found = holdout_size(CUSTOMERS, STRATEGIES, BASELINE.head(1), budget=1e6, effect=0.1, power=0.8, max_holdout=0.5)
    assert (found.planned, found.known, found.mean) == (800, 600, 300.0)


def test_an_effect_on_a_mean_of_zero_has_no_relative_size():
    assert np.isnan(visible(100, 50, mean=0.0, sd=10.0, power=0.8))
