"""What campaigns by lot were worth: net value and return on investment where the cost depends on who redeems."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.interval import Interval
from analysis.inference.means import sums, welch_difference
from analysis.inference.net_gain import Known
from analysis.inference.permutation import compare
from analysis.monitor.afterwards import AFTER, BOTH
from analysis.monitor.net_values import worth
from analysis.validation import populations
from analysis.validation.lots import DRAWS, MEAN, WELCH
from analysis.validation.outcomes import Outcome, interval
from analysis.validation.ranges import compared, said_of

MARGIN, CONTACT, VALUE = (
    0.4,
    0.2,
    10.0,
)  # share of sales; currency for each message; currency for each incentive redeemed
NET, ROI = "campaign by lot, net value", "campaign by lot, return on investment"
SPANS = {AFTER: "campaign by lot, weeks after", BOTH: "campaign by lot, both together"}
NET_BOTH = "campaign by lot, net value of both"


def trial(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float, effect: float, redeem: float
) -> list[Outcome]:  # fmt: skip
    """Make one campaign: `effect` raises the spend of each buyer, and the share `redeem` of treated buyers redeem.

    The truth is what such a campaign is worth on average over customers such as these: margin times what it adds, minus what
    those who redeem cost and what contact costs.
    """
    held, buying = round(customers * holdout), 1 - silent
    amount = rng.lognormal(np.log(MEAN) - sigma**2 / 2, sigma, customers)
    spend = np.where(rng.random(customers) < buying, amount, 0.0)
    treated, rest = spend[held:] * (1 + effect), spend[:held]
    cost = np.where((treated > 0) & (rng.random(treated.size) < redeem), VALUE, 0.0)
    contact, n = CONTACT * treated.size, treated.size
    spent = n * buying * redeem * VALUE + contact
    truth = n * MARGIN * buying * MEAN * effect - spent
    found = compare(treated[treated > 0], rest[rest > 0], n_treated=n, n_holdout=held, rng=rng, draws=DRAWS)
    options = {"nothing": effect == 0, "why": (found.refused or "").split(":")[0]}
    if found.refused:
        limits = Interval(np.nan, np.nan)
        return [interval(name, np.nan, limits, true, **options) for name, true in ((NET, truth), (ROI, truth / spent))]
    added = Known(found.total, Interval(found.interval.low * n, found.interval.high * n))
    made = worth(added, treated, rest, cost, margin=MARGIN, contact=contact)
    plain = welch_difference(sums(MARGIN * treated - cost), sums(MARGIN * rest))
    return [
        interval(NET, made.net, made.interval, truth, **options),
        interval(ROI, made.roi.value, made.roi.interval, truth / spent, **options),
        interval(NET, made.net, (limit * n - contact for limit in plain.interval), truth, method=WELCH, **options),
    ]


def afterwards(
    rng: np.random.Generator, *, customers: int, holdout: float, silent: float, sigma: float, extra: float, pulled: float,
    redeem: float,
) -> list[Outcome]:  # fmt: skip
    """Make one campaign that adds `extra` orders as a share of the usual ones and pulls a share `pulled` of those of the weeks
    after forward into its own days. Some customers order often, most seldom; the value of an order is a customer's own.
    """
    held, mean = round(customers * holdout), populations.mean_orders(silent)
    rate = rng.gamma(populations.SHAPE, mean / populations.SHAPE, customers)
    value, treated = populations.ORDER * rng.lognormal(0, sigma, customers), np.arange(customers) >= held
    moved = rng.poisson(rate * pulled) * treated
    during = rng.poisson(rate * (1 + extra * treated)) + moved
    after = rng.poisson(rate * (1 - pulled * treated))
    people = pd.DataFrame({"before": during * value, "spend": after * value})
    cost = np.where((during > 0) & (rng.random(customers) < redeem), VALUE, 0.0)[treated]
    arms = people[treated], people[~treated]
    found = {
        AFTER: compared(people["spend"].to_numpy(), treated, rng=rng),
        BOTH: compared(people.sum(axis=1).to_numpy(), treated, rng=rng),
    }
    worth_of_order = populations.ORDER * np.exp(sigma**2 / 2)
    truths = {AFTER: -pulled * mean * worth_of_order, BOTH: extra * mean * worth_of_order}
    outcomes = said_of(found, truths, names=SPANS)
    both, n = found[BOTH], int(treated.sum())
    share = 1 - (1 + mean * (1 + extra + pulled) / populations.SHAPE) ** -populations.SHAPE  # of the treated who order
    truth = n * (MARGIN * truths[BOTH] - share * redeem * VALUE - CONTACT)
    added = Known(both.total, Interval(both.interval.low * n, both.interval.high * n))
    if both.refused:
        return [*outcomes, interval(NET_BOTH, np.nan, (np.nan, np.nan), truth, why=both.refused.split(":")[0])]
    made = worth(added, *(arm.sum(axis=1) for arm in arms), cost, margin=MARGIN, contact=CONTACT * n)
    return [*outcomes, interval(NET_BOTH, made.net, made.interval, truth)]
