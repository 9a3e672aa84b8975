"""Campaigns by lot, the effect on those who redeemed: who redeems chooses to, and who buys much redeems more often."""

from __future__ import annotations

import numpy as np

from analysis.inference.means import sums, welch_difference
from analysis.inference.redeemers import compare_redeemers
from analysis.validation.lots import DRAWS, MEAN
from analysis.validation.outcomes import NAIVE, Outcome, interval

NAME = "campaign by lot, on those who redeemed"
SETTINGS = (  # name, in words, options: chosen before any result was seen
    ("redeemers 2000", "2,000 customers, 10 % held out, 50 % without an order, 16 % redeem",
     {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0}),
    ("redeemers 10000", "10,000 customers, 10 % held out, 90 % without an order, 6 % redeem",
     {"customers": 10_000, "holdout": 0.1, "silent": 0.9, "sigma": 1.5}),
    ("redeemers none", "10,000 customers, 10 % held out, 90 % without an order, 6 % redeem to no effect",
     {"customers": 10_000, "holdout": 0.1, "silent": 0.9, "sigma": 1.5, "more": 0.0, "order": 0.0}),
)  # fmt: skip
CHOSE = f"{NAIVE}: redeemers against the held out"


def trial(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float,
    use: tuple[float, float] = (0.3, 0.03), more: float = 0.5, order: float = 1.0,
) -> list[Outcome]:  # fmt: skip
    """Make one campaign in which a share of those who buy anyway redeems, and a smaller one of the others (`use`).

    Who buys anyway spends `more` when redeeming, as a share; who would not have bought places an order of `order` times
    the usual mean. Without both, redeeming does nothing. Who does not redeem is left as they are.
    """
    treated, buying = np.arange(customers) >= round(customers * holdout), 1 - silent
    buys = rng.random(customers) < buying
    usual, extra = (rng.lognormal(np.log(MEAN) - sigma**2 / 2, sigma, customers) for _ in range(2))
    would = rng.random(customers) < np.where(buys, *use)
    redeemed = would & treated
    added = np.where(redeemed, np.where(buys, more * usual, order * extra), 0.0)
    spend = np.where(buys, usual, 0.0) + added
    rows = np.column_stack([spend, redeemed])
    sizes = {"n_treated": int(treated.sum()), "n_holdout": int((~treated).sum())}
    found = compare_redeemers(rows[treated], rows[~treated], rng=rng, draws=DRAWS, **sizes)
    truth = MEAN * (buying * use[0] * more + silent * use[1] * order) / (buying * use[0] + silent * use[1])
    nothing = not (more or order)
    chose = welch_difference(sums(spend[redeemed]), sums(spend[~treated])) if redeemed.sum() > 1 else None
    naive = [] if chose is None else [interval(NAME, chose.difference, chose.interval, truth, nothing=nothing, method=CHOSE)]  # fmt: skip
    why = (found.refused or "").split(":")[0]
    return [interval(NAME, found.effect, found.interval, truth, nothing=nothing, why=why), *naive]
