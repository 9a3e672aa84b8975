"""The planner: whether the effect that it promises to show is shown as often as promised, and whether arms are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design import allocation, baseline, sizing
from analysis.design.balance import balance
from analysis.design.promise import TOTAL, promise
from analysis.inference.means import sums, welch_difference
from analysis.inference.permutation import compare
from analysis.validation import populations
from analysis.validation.lots import DRAWS
from analysis.validation.outcomes import NAIVE, Outcome, claim, interval

POWER, ALPHA = 0.8, 0.05
SHOWS = "the smallest effect that the plan promises to show"
STRATEGIES = pd.DataFrame({
    "segment": ["often", "seldom"], "priority": pd.array([1, 2], dtype="Int64"), "gift": ["", ""], "incentive": ["10", "10"],
    "expected_cost": [1.0, 1.0], "largest_cost": [2.0, 2.0],
})  # fmt: skip


def trial(
    rng: np.random.Generator, *, customers: int, silent: float, sigma: float, effect: float, share: float | None = None
) -> list[Outcome]:
    """Plan a campaign from what customers spent, let it have the promised effect, and look whether it is shown.

    The plan asks for `effect` and holds out what that needs, up to half, or the given `share`.
    The planned days are as long as the measured ones, and customers as they were: nothing but chance is against the plan.
    """
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, customers)
    value = populations.ORDER * rng.lognormal(0, sigma, customers)
    earlier, before, now = (rng.poisson(rate) * value for _ in range(3))
    members = pd.DataFrame({
        "customer_id": np.arange(customers), "segment": np.where(rate > np.quantile(rate, 0.8), "often", "seldom"),
    })  # fmt: skip
    spent = pd.DataFrame({"customer_id": np.arange(customers), "spend": before, "spend_before": earlier})
    spent = spent[(before > 0) | (earlier > 0)]
    usual = baseline.baseline(members, spent)
    counts, money = members["segment"].value_counts(), {"budget": 10.0 * customers}
    wanted = {"effect": effect, "power": POWER}
    if share is None:
        share = sizing.holdout_size(counts, STRATEGIES, usual, max_holdout=0.5, **wanted, **money).share
    reach = allocation.affordable(counts, STRATEGIES, share=share, **money)
    promised = promise(reach, usual, **wanted).set_index("segment").at[TOTAL, "smallest_effect"]
    plan = allocation.plan(members, STRATEGIES, share=share, rng=rng, **money)
    arm = plan.sort_values("customer_id")["arm"].to_numpy()
    treated = arm == allocation.TREATED
    outcome = np.where(treated, now * (1 + promised), now)
    alike = balance(plan, spent, measure="spend", rng=rng, draws=DRAWS).set_index("segment").loc[TOTAL]
    return [
        interval("balance of the arms", alike["difference"], alike[["low", "high"]], 0.0, nothing=True),
        *_shown(outcome, before, treated, members["segment"].to_numpy(), rng=rng),
    ]


def _shown(outcome: np.ndarray, before: np.ndarray, treated: np.ndarray, segment: np.ndarray, *, rng) -> list[Outcome]:
    arms = outcome[treated], outcome[~treated]
    found = compare(*(a[a > 0] for a in arms), n_treated=len(arms[0]), n_holdout=len(arms[1]), rng=rng, draws=DRAWS)
    seen = None if found.refused else found.p_value < ALPHA and found.difference > 0
    plain = welch_difference(*(sums(a) for a in arms))
    left = _adjusted(outcome, before, segment)
    planned = welch_difference(*(sums(a) for a in (left[treated], left[~treated])))
    goal, name = (POWER, 1.0), "promise of the plan"
    return [
        claim(name, SHOWS, seen, goal),
        claim(name, SHOWS, plain.p_value < ALPHA and plain.difference > 0, goal, method=f"{NAIVE}: Welch"),
        claim(name, SHOWS, planned.p_value < ALPHA and planned.difference > 0, goal,
              method="as the plan assumes"),
    ]  # fmt: skip


def _adjusted(outcome: np.ndarray, before: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """What is left of the outcome when a line through spend before is taken out in each segment."""
    left = np.empty_like(outcome)
    for name in np.unique(segment):
        own = segment == name
        moved = before[own] - before[own].mean()
        slope = moved @ outcome[own] / (moved @ moved) if moved.any() else 0.0
        left[own] = outcome[own] - outcome[own].mean() - slope * moved
    return left
