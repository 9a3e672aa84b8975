"""Campaigns whose customers a rule chose: the comparison with others, its placebo, and the word that is printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.means import sums, welch_difference
from analysis.inference.observational import Estimate, difference_in_differences, verdict
from analysis.monitor.comparison import Rules, changes, windows
from analysis.validation import populations
from analysis.validation.outcomes import FAMILY, NAIVE, Outcome, claim, interval

RULES = Rules(bands=5, min_history_days=21, min_days=14, min_per_arm=5, min_contacted=50)  # as the notebook asks for
DAYS = 28
STARTS = pd.Timestamp("2023-07-03")
DATA_FROM = (STARTS - pd.Timedelta(days=5 * DAYS)).date()
RUNS = pd.DataFrame({
    "campaign_id": ["1"], "kind": ["A"], "starts_on": [STARTS], "ends_on": [STARTS + pd.Timedelta(days=DAYS - 1)],
    "measured_until": [STARTS + pd.Timedelta(days=DAYS - 1)], "closed": [True], "days": [DAYS], "cost": [np.nan],
})  # fmt: skip
WHO = ("level", "lot", "rise", "cause")


def trial(
    rng: np.random.Generator, *, customers: int, silent: float, sigma: float, contacted: float, who: str, effect: float = 0.0
) -> list[Outcome]:  # fmt: skip
    """Make one campaign in which a share `contacted` is contacted, and return what is said of it.

    `who` are contacted: "level", more of those who order often, as a fair rule would; "lot"; "rise", those who ordered most in
    the weeks before; "cause", by level, but something else makes the contacted spend a half more in the same weeks.
    """
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, customers)
    value = populations.ORDER * rng.lognormal(0, sigma, customers)
    history, before2, before = (
        rng.poisson(rate * length) for length in (3, 1, 1)
    )  # orders, in lengths of the campaign
    chosen = _chosen(rng, rate, before, share=contacted, who=who)
    raised = 1 + chosen * (effect + 0.5 * (who == "cause"))
    weeks = rng.poisson((rate * raised / 4)[:, None], (customers, 4))
    spans = {"after": weeks.sum(axis=1), "before": before, "before2": before2, "history": history}
    spend = pd.DataFrame({name: orders * value for name, orders in spans.items()})
    reached = pd.DataFrame({"1": chosen})
    truth = float((rate * value * effect)[chosen].mean()) / (DAYS / 7)
    main = _table(spend.rename(columns={"before2": "-"}).assign(history=spend["history"] + spend["before2"]), reached)
    moved = spend[["before", "before2", "history"]].set_axis(["after", "before", "history"], axis=1)
    placebo = _estimate(_table(moved, reached, moved_back=1))
    return [
        *_said(_estimate(main), placebo, truth=truth, who=who, effect=effect),
        *_naive(spend["after"].to_numpy() / (DAYS / 7), chosen, truth=truth, nothing=effect == 0 and who != "cause"),
        *([_week(main, weeks[:, 0] * value, truth)] if who == "lot" else []),
    ]


def _chosen(rng, rate: np.ndarray, before: np.ndarray, *, share: float, who: str) -> np.ndarray:
    noise = rng.logistic(size=len(rate))
    lasting = np.log(rate + 1e-3)
    by = {"level": lasting + noise, "cause": lasting + noise, "lot": noise, "rise": before + 0.1 * noise}[who]
    return by > np.quantile(by, 1 - share)


def _table(spend: pd.DataFrame, reached: pd.DataFrame, *, moved_back: int = 0) -> pd.DataFrame:
    found = windows(STARTS, days=DAYS, data_from=DATA_FROM, moved_back=moved_back)
    return changes(found, spend, reached, RUNS, campaign_id="1", bands=RULES.bands)


def _estimate(table: pd.DataFrame) -> Estimate | None:
    found = difference_in_differences(table, min_per_arm=RULES.min_per_arm)
    return found if found.contacted_used >= RULES.min_contacted else None


def _said(found: Estimate | None, placebo: Estimate | None, *, truth: float, who: str, effect: float) -> list[Outcome]:
    few, unknown = "fewer than 50 contacted customers have comparable ones", (np.nan, np.nan)
    clean = who in ("level", "lot")
    value, limits = (np.nan, unknown) if found is None else (found.effect, found.interval)
    outcomes = []
    if clean:  # with a hidden cause the estimate cannot be right; what counts is the word
        outcomes.append(interval("campaign by rule, per week", value, limits, truth, nothing=effect == 0, why=few))
        check = (np.nan, unknown) if placebo is None else (placebo.effect, placebo.interval)
        outcomes.append(interval("placebo of a campaign by rule", *check, 0.0, nothing=True, why=few))
    word = None if found is None else verdict(found, placebo).word
    gain = None if word is None else word.startswith("consistent")
    refused = None if word is None else word == "not causal"
    if clean:
        outcomes.append(claim("verdict of a comparison", "not causal, of a fair comparison", refused, (0.0, 0.056)))
    if effect == 0:
        seeded = {"rise": ", where a rise was picked", "cause": ", where something else was the cause"}.get(who, "")
        outcomes.append(
            claim("verdict of a comparison", f"a gain or loss, where the campaign did nothing{seeded}", gain, FAMILY)
        )
    else:
        outcomes.append(claim("verdict of a comparison", "a gain or loss, where there is one", gain))
    return outcomes


def _naive(after: np.ndarray, chosen: np.ndarray, *, truth: float, nothing: bool) -> list[Outcome]:
    found = welch_difference(sums(after[chosen]), sums(after[~chosen]))
    method = f"{NAIVE}: contacted against all others"
    return [
        interval("campaign by rule, per week", found.difference, found.interval, truth, nothing=nothing, method=method)
    ]


def _week(main: pd.DataFrame, spent: np.ndarray, truth: float) -> Outcome:
    """The first week of the picture before and after; by lot, so that the gap is the effect."""
    found = difference_in_differences(main.assign(change=spent), min_per_arm=RULES.min_per_arm)
    return interval("week by week around the start", found.effect, found.interval, truth, nothing=truth == 0)
