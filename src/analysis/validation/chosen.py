"""Campaigns whose customers a rule chose: the comparison with others in three ways, its checks, and the word that is printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.bands import bands
from analysis.inference.comparison_checks import FAILS, OF_THE_COMPARISON
from analysis.inference.observational import compared
from analysis.monitor.comparison import DAY, Lists, Rules, Windows, windows
from analysis.monitor.days_of_use import Uses, spent_when_used
from analysis.monitor.event_time import from_before
from analysis.monitor.evidence import DIFFERENCES, METHODS, ROBUST, Looked, look
from analysis.monitor.evidence import NAIVE as PLAIN
from analysis.monitor.past import Past, traits
from analysis.monitor.pseudo_campaigns import pseudo_campaigns
from analysis.monitor.untouched import scaled_change
from analysis.validation import populations
from analysis.validation.outcomes import FAMILY, NAIVE, WIDENED, Outcome, claim, interval

RULES = Rules(bands=5, min_history_days=21, min_days=14, min_per_arm=5, min_contacted=50)  # as the notebook asks for
DAYS = 28
EARLIER = 5 * DAYS  # days of data before the start
STARTS = pd.Timestamp("2023-07-03")
DATA_FROM = (STARTS - EARLIER * DAY).date()
RUNS = pd.DataFrame({
    "campaign_id": ["1"], "kind": ["A"], "starts_on": [STARTS], "ends_on": [STARTS + (DAYS - 1) * DAY],
    "measured_until": [STARTS + (DAYS - 1) * DAY], "closed": [True], "days": [DAYS], "cost": [np.nan],
})  # fmt: skip
WHO = ("level", "lot", "rise", "cause", "cause offered", "cause used")
OFFERED = 0.5  # share of orders that are of categories in which the campaign offers something
HIDDEN = 0.5  # more orders, by a hidden cause
# Share of orders of what is offered on which the offer is used: of those that come anyway, of those it brings.
USED, BROUGHT = 0.1, 0.9
NOT_REJECTED = (0.8, 1.0)  # of fair comparisons: by no check
CAUSED = (0.0, 0.1)  # of worlds with a hidden cause
WEEKS = 8  # before the start, in the picture week by week
SEEDED = {
    "rise": ", where a rise was picked",
    "cause": ", where something else was the cause",
    "cause offered": ", where something else was the cause of just what was offered",
    "cause used": ", where something else was the cause of just what was offered and used",
}
FEW = "fewer than 50 contacted customers have comparable ones"


def trial(
    rng: np.random.Generator, *, customers: int, silent: float, sigma: float, contacted: float, who: str, effect: float = 0.0
) -> list[Outcome]:  # fmt: skip
    """Make one campaign in which a share `contacted` is contacted, and return what is said of it.

    `who` are contacted: "level", more of those who order often, as a fair rule would; "lot"; "rise", those who ordered most in
    the weeks before; "cause", by level, but something else makes the contacted order a half more in the same weeks, of everything;
    "cause offered", the same but only of what the campaign offers, as the campaign itself would; "cause used", the same, and the offer
    is used on these orders as often as on those that a campaign brings. An effect is on what it offers, and mostly comes with use.
    """
    rate = rng.gamma(populations.SHAPE, populations.mean_orders(silent) / populations.SHAPE, customers)
    value = populations.ORDER * rng.lognormal(0, sigma, customers)
    usual, offered = _orders(rng, rate, first=0, days=EARLIER + DAYS), None
    recent = (usual["day"] >= EARLIER - DAYS) & (usual["day"] < EARLIER)
    chosen = _chosen(rng, rate, np.bincount(usual["customer"][recent], minlength=customers), share=contacted, who=who)
    more = [_orders(rng, rate * chosen * effect, first=EARLIER, days=DAYS, offered=1.0, used=BROUGHT)]
    if who.startswith("cause"):
        share, used = OFFERED if who == "cause" else 1.0, BROUGHT if who == "cause used" else USED
        more.append(_orders(rng, rate * chosen * HIDDEN, first=EARLIER, days=DAYS, offered=share, used=used))
    orders = {name: np.concatenate([usual[name], *(part[name] for part in more)]) for name in usual}
    past, offered = _past(orders, value, customers), orders["offered"]
    redeemed = orders["used"] & (orders["day"] >= EARLIER) & chosen[orders["customer"]]
    used = Uses(*(np.unique(np.column_stack([orders["customer"], orders["day"]])[redeemed], axis=0).T))
    spared = _past({name: column[~offered] for name, column in orders.items()}, value, customers)
    lists = Lists.of(pd.DataFrame({"1": chosen}), RUNS)
    found = _look(past, spared, used, lists, rng)
    gain = rate * value * effect / (DAYS / 7)  # of each customer, per week, if contacted
    outcomes = _said(found, gain=gain, who=who, effect=effect)
    if who in ("level", "lot"):
        outcomes += _weeks(past, lists, rng, gain=gain)
    return outcomes


def _orders(
    rng, rate: np.ndarray, *, first: int, days: int, offered: float = OFFERED, used: float = USED
) -> dict[str, np.ndarray]:
    """Orders of everyone over some days from the `first`: customer, day, whether of what the campaign offers and whether it is used.

    Only the contacted, while the campaign runs, can use it.
    """
    number = rng.poisson(rate * days / DAYS)
    customer = np.repeat(np.arange(len(rate)), number)
    of_offered = rng.random(len(customer)) < offered
    return {
        "customer": customer,
        "day": rng.integers(first, first + days, len(customer)),
        "offered": of_offered,
        "used": of_offered & (rng.random(len(customer)) < used),
    }


def _past(orders: dict[str, np.ndarray], value: np.ndarray, customers: int) -> Past:
    order = np.lexsort((orders["customer"], orders["day"]))
    customer = orders["customer"][order]
    return Past(orders["day"][order], customer, value[customer], customers, pd.Timestamp(DATA_FROM))


def _chosen(rng, rate: np.ndarray, before: np.ndarray, *, share: float, who: str) -> np.ndarray:
    noise = rng.logistic(size=len(rate))
    lasting = np.log(rate + 1e-3) + noise
    by = {"lot": noise, "rise": before + 0.1 * noise}.get(who, lasting)
    return by > np.quantile(by, 1 - share)


def _look(past: Past, spared: Past, used: Uses, lists: Lists, rng) -> Looked | None:
    now, earlier = (windows(STARTS, days=DAYS, data_from=DATA_FROM, moved_back=back) for back in (0, 1))
    untouched = pd.DataFrame({f"1 {part}": spared.spent(getattr(now, part)) for part in ("before", "after")})
    chosen = lists.contacted("1")
    return look(
        _table(past, now, lists), _table(past, earlier, lists),
        scaled_change(untouched, past.spent(now.before), chosen, campaign_id="1", weeks=DAYS / 7),
        traits(past, now, lists, campaign_id="1"), past.spent(now.after) / (DAYS / 7), ~chosen,
        pseudo_campaigns(past, RUNS, lists, rules=RULES), spent_when_used(past, used, now.after) / (DAYS / 7),
        rules=RULES, rng=rng, unit="per customer and week",
    )  # fmt: skip


def _table(past: Past, found: Windows, lists: Lists) -> pd.DataFrame:
    stratum = lists.strata(found, past.spent(found.history), campaign_id="1", bands=RULES.bands)
    change = (past.spent(found.after) - past.spent(found.before)) / (DAYS / 7)
    return pd.DataFrame({"stratum": stratum, "contacted": lists.contacted("1"), "change": change})


def _said(found: Looked | None, *, gain: np.ndarray, who: str, effect: float) -> list[Outcome]:
    """What is said of each number; its truth is the mean gain of exactly the contacted that the method speaks of."""
    clean, nothing = who in ("level", "lot"), effect == 0
    outcomes, methods = [], None if found is None else found.methods.set_index("method")
    truth = {name: np.nan if found is None else _mean(gain[found.about[name]]) for name in METHODS}
    if clean:  # with a hidden cause the estimate cannot be right; what counts is the word
        ours = _method("campaign by rule, per week", methods, DIFFERENCES, truth[DIFFERENCES], nothing=nothing)
        both = _method("campaign by rule, doubly robust", methods, ROBUST, truth[ROBUST], nothing=nothing)
        outcomes += [one._replace(of=WIDENED) for one in (ours, both)]
        none = np.nan, (np.nan, np.nan)
        before = none if found is None or found.before is None else (found.before.effect, found.before.interval)
        outcomes.append(interval("placebo of a campaign by rule", *before, 0.0, nothing=True, why=FEW))
    outcomes.append(
        _method("campaign by rule, per week", methods, PLAIN, truth[PLAIN], nothing=nothing and "cause" not in who,
                method=f"{NAIVE}: contacted against all others")
    )  # fmt: skip
    return [*outcomes, *_claims(found, who=who, clean=clean, nothing=nothing)]


def _method(
    estimate: str, methods: pd.DataFrame | None, name: str, truth: float, *, nothing: bool, method: str = ""
) -> Outcome:
    value, *limits = (np.nan,) * 3 if methods is None else methods.loc[name, ["effect_per_week", "low", "high"]]
    return interval(estimate, value, limits, truth, nothing=nothing, method=method, why=FEW)


def _claims(found: Looked | None, *, who: str, clean: bool, nothing: bool) -> list[Outcome]:
    name = "verdict of a comparison"
    word = None if found is None else found.verdict.word
    gain = None if word is None else word.startswith("consistent")
    if clean:
        refused = None if word is None else word == "not causal"
        held = None if found is None else not any(c.state == FAILS for c in found.checks if c.name in OF_THE_COMPARISON)
        outcomes = [
            claim(name, "not causal, of a fair comparison", refused, FAMILY),
            claim(name, "not rejected by any check, of a fair comparison", held, NOT_REJECTED),
        ]
        said = "a gain, where the campaign did nothing" if nothing else "a gain, where there is one"
        return [*outcomes, claim(name, said, gain, FAMILY if nothing else (np.nan, np.nan))]
    caused = None if word is None else "caused" in word
    said = "a gain, where the campaign did nothing" + SEEDED[who]
    return [
        claim(name, "caused, where there is a hidden cause", caused, CAUSED),
        # in principle no data can tell "cause used" from an effect
        claim(name, said, gain, (np.nan, np.nan) if who == "cause used" else FAMILY),
    ]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def _weeks(past: Past, lists: Lists, rng, *, gain: np.ndarray) -> list[Outcome]:
    """The first week of the picture before and after, and the band of all its weeks."""
    around = windows(STARTS, days=7 * WEEKS, data_from=DATA_FROM)
    stratum = lists.strata(around, past.spent(around.history), campaign_id="1", bands=RULES.bands)
    contacted = lists.contacted("1")
    used = compared(stratum, contacted, min_per_arm=RULES.min_per_arm)
    truth = _mean(gain[contacted & used])
    first = [STARTS + 7 * week * DAY for week in range(-WEEKS, DAYS // 7)]
    spent = [past.spent((day, day + 6 * DAY))[used] for day in first]
    found = bands(from_before(np.column_stack(spent), weeks=WEEKS), contacted[used], stratum[used], rng=rng)
    name, limits = "week by week around the start", (found.low[WEEKS], found.high[WEEKS])
    clear = bool(((found.band_low > 0) | (found.band_high < 0)).any())
    says = "zero lies outside the band in some week" + (", where there is an effect" if truth else "")
    return [
        interval(name, found.difference[WEEKS], limits, truth, nothing=truth == 0),
        claim(name, says, clear, (np.nan, np.nan) if truth else FAMILY),
    ]
