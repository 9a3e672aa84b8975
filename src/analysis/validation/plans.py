"""The planner: whether the effect that it promises to show is shown as often as promised, and whether arms are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.design import allocation, baseline, sizing
from analysis.design.balance import balance
from analysis.design.promise import TOTAL, promise
from analysis.inference.experiments import smallest_effect_mean
from analysis.inference.permutation import compare
from analysis.validation import populations
from analysis.validation.lots import DRAWS
from analysis.validation.outcomes import NAIVE, Outcome, claim, interval

POWER, ALPHA = 0.8, 0.05
GOAL = (POWER - 0.02, POWER + 0.02)  # the promise is kept to 2 points
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
    before, now = (rng.poisson(rate) * value for _ in range(2))
    members = pd.DataFrame({
        "customer_id": np.arange(customers), "segment": np.where(rate > np.quantile(rate, 0.8), "often", "seldom"),
    })  # fmt: skip
    spent = pd.DataFrame({"customer_id": np.arange(customers), "spend": before})[before > 0]
    usual = baseline.outcomes(members, spent)
    counts, money = members["segment"].value_counts(), {"budget": 10.0 * customers}
    wanted = {"effect": effect, "power": POWER, "rng": rng}
    if share is None:
        share = sizing.holdout_size(counts, STRATEGIES, usual, max_holdout=0.5, **wanted, **money).share
    reach = allocation.affordable(counts, STRATEGIES, share=share, **money)
    promised = promise(reach, usual, **wanted).set_index("segment").loc[TOTAL]
    plan = allocation.plan(members, STRATEGIES, share=share, rng=rng, **money)
    treated = plan.sort_values("customer_id")["arm"].to_numpy() == allocation.TREATED
    alike = balance(plan, spent, measure="spend", rng=rng).set_index("segment").loc[TOTAL]
    return [
        interval("balance of the arms", alike["difference"], alike[["low", "high"]], 0.0, nothing=True),
        *_shown(now, treated, promised["smallest_effect"], rng=rng),
        *_formula(now, treated, before, rng=rng),
    ]


def _shown(now: np.ndarray, treated: np.ndarray, promised: float, *, rng, method: str = "") -> list[Outcome]:
    """Let the treated spend more by what was promised, and look whether the test of the report says so."""
    if np.isnan(promised):
        return [claim("promise of the plan", SHOWS, None, GOAL, method=method)]
    arms = now[treated] * (1 + promised), now[~treated]
    found = compare(*(a[a > 0] for a in arms), n_treated=len(arms[0]), n_holdout=len(arms[1]), rng=rng, draws=DRAWS)
    seen = not found.refused and found.p_value < ALPHA and found.difference > 0  # promised and refused is not kept
    return [claim("promise of the plan", SHOWS, bool(seen), GOAL, method=method)]


def _formula(now: np.ndarray, treated: np.ndarray, before: np.ndarray, *, rng) -> list[Outcome]:
    """What a power formula for normal means would have promised, judged by the same test."""
    n_treated, n_holdout = int(treated.sum()), int((~treated).sum())
    least = smallest_effect_mean(n_treated, n_holdout, before.std(ddof=1), power=POWER, alpha=ALPHA)
    return _shown(now, treated, least / before.mean(), rng=rng, method=f"{NAIVE}: formula for normal means")
