"""Campaigns by lot, looked at by part of the range and by who redeemed: halo, and redeemers who would have bought anyway."""

from __future__ import annotations

import numpy as np

from analysis.inference.permutation import Randomised, compare
from analysis.monitor.halo import OFFERED, OTHER, SAME
from analysis.monitor.redeemed_anyway import bounds
from analysis.validation import populations
from analysis.validation.lots import DRAWS
from analysis.validation.outcomes import Outcome, claim, interval

NAMES = {
    OFFERED: "campaign by lot, offered products", SAME: "campaign by lot, same categories", OTHER: "campaign by lot, other categories",
}  # fmt: skip
SHARES = {OFFERED: 0.3, SAME: 0.2, OTHER: 0.5}  # of the orders
ANYWAY = "redeemers who would have bought anyway"


def parts(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float, changes: tuple[float, float, float]
) -> list[Outcome]:  # fmt: skip
    """Make one campaign that changes the number of orders of each part of the range by a share of its own.

    Some customers order often, most seldom; each order is of one part, and its value the customer's own.
    """
    mean = populations.mean_orders(silent)
    rate = rng.gamma(populations.SHAPE, mean / populations.SHAPE, customers)
    value, treated = (
        populations.ORDER * rng.lognormal(0, sigma, customers),
        np.arange(customers) >= round(customers * holdout),
    )
    found, truths = {}, {}
    for (part, share), change in zip(SHARES.items(), changes, strict=True):
        spend = rng.poisson(rate * share * (1 + change * treated)) * value
        found[part] = compared(spend, treated, rng=rng)
        truths[part] = change * share * mean * populations.ORDER * np.exp(sigma**2 / 2)
    return said_of(found, truths, names=NAMES)


def said_of(found: dict[str, Randomised], truths: dict[str, float], *, names: dict[str, str]) -> list[Outcome]:
    """Return each comparison beside its truth, under the name of its estimate."""
    return [
        interval(
            names[part],
            one.difference,
            one.interval,
            truths[part],
            nothing=truths[part] == 0,
            why=(one.refused or "").split(":")[0],
        )
        for part, one in found.items()
    ]


def compared(spend: np.ndarray, treated: np.ndarray, *, rng: np.random.Generator) -> Randomised:
    """Compare as `lot_effects.found_by_lot` does, by fewer lots drawn again than a report."""
    buyers = spend[treated & (spend > 0)], spend[~treated & (spend > 0)]
    return compare(*buyers, n_treated=int(treated.sum()), n_holdout=int((~treated).sum()), rng=rng, draws=DRAWS)


def redeemers(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, induced: float, redeem: tuple[float, float]
) -> list[Outcome]:  # fmt: skip
    """Make one campaign that makes a share `induced` of the others buy; `redeem` are the shares of who bought anyway and of who did not."""
    held, always = round(customers * holdout), rng.random(customers) < 1 - silent
    more = ~always & (rng.random(customers) < induced)
    used = rng.random(customers) < np.where(always, redeem[0], np.where(more, redeem[1], 0.0))
    bought = (always | more)[held:]
    made = bounds(
        int(used[held:].sum()), buyers_treated=int(bought.sum()), treated=bought.size, buyers_holdout=int(always[:held].sum()),
        holdout=held,
    )  # fmt: skip
    truth = int((used & always)[held:].sum())
    inside = made.least_low - 1e-9 <= truth <= made.most_high + 1e-9
    return [claim(ANYWAY, "between the least and the most, where they are", inside, (0.95, 1.0))]
