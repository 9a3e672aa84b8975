"""Worlds of contacts, several with each customer: what the conversion report prints of them."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd

from analysis.inference.proportions import wilson_interval
from analysis.monitor import conversion, redemption_time, satisfaction
from analysis.report.conversion import before, contacts, groups, history, kinds, opening, timing
from analysis.validation.outcomes import FAMILY, NAIVE, WHOLE, Outcome, claim, interval

CAMPAIGNS = 6  # one every four weeks, of two kinds in turn and a third at the end
KINDS = ("A", "B", "A", "B", "A", "C")
STARTS = pd.date_range("2023-01-02", periods=CAMPAIGNS, freq="28D", unit="us")
OPEN = 28  # days
AS_OF = STARTS[-1] + pd.Timedelta(days=14)  # the last campaign still runs: half of its days are not seen
DAILY = 0.12  # chance to redeem on a day, of who has not and will
HALF_WAY = 10  # days after the contact at which the curve is looked at
SEGMENTS = ("few", "some", "most")


def trial(rng: np.random.Generator, *, customers: int, rate: float, alike: float, few: bool = False) -> list[Outcome]:
    """Make one world and return what the conversion report says of it; with `few`, without groups and opinions.

    Each customer redeems with an own chance, beta distributed with mean `rate`; `alike` is the sum of the two shapes, and
    infinite where all have the same chance. No campaign, kind, group or time differs from another.
    """
    own = np.full(customers, rate) if np.isinf(alike) else rng.beta(rate * alike, (1 - rate) * alike, customers)
    outcomes = _outcomes(rng, own)
    return [
        *_rates(outcomes, rate=rate, alike=alike),
        *_differences(rng, outcomes, same_chance=bool(np.isinf(alike))),
        *_times(outcomes, rate=rate),
        *([] if few else [*_groups(rng, outcomes, customers), _satisfied(rng, customers)]),
    ]


def _outcomes(rng, own: np.ndarray) -> pd.DataFrame:
    """One row per contact, as `monitor.conversion.contact_outcomes` makes it; everyone is in half of the campaigns."""
    campaign, who = np.nonzero(rng.random((CAMPAIGNS, len(own))) < 0.5)
    will = rng.random(len(who)) < own[who]
    days = _days(rng, len(who))
    contacted_on = STARTS[campaign]
    redeemed_on = pd.Series(contacted_on + pd.to_timedelta(days, unit="D")).where(will)
    redeemed_on = redeemed_on.where(redeemed_on <= AS_OF)
    return pd.DataFrame({
        "campaign_id": np.char.add("c", campaign.astype(str)), "customer_id": who, "kind": np.array(KINDS)[campaign],
        "contacted_on": contacted_on, "visited": rng.random(len(who)) < 0.3, "bought_promoted": rng.random(len(who)) < 0.2,
        "redeemed": redeemed_on.notna(), "redeemed_on": redeemed_on, "window_closed": campaign < CAMPAIGNS - 1,
        "seen_from_start": True,
    })  # fmt: skip


def _days(rng, n: int) -> np.ndarray:
    """Days to redemption of those who redeem: geometric, cut at the end of the campaign."""
    last = 1 - (1 - DAILY) ** OPEN
    return np.floor(np.log1p(-rng.random(n) * last) / np.log(1 - DAILY)).astype(int)


def _by_day(day: int) -> float:
    """Share of those who redeem that has done so by this day."""
    return (1 - (1 - DAILY) ** (day + 1)) / (1 - (1 - DAILY) ** OPEN)


def _rates(outcomes: pd.DataFrame, *, rate: float, alike: float) -> list[Outcome]:
    closed = outcomes[outcomes["window_closed"]]  # the last campaign still runs, so not all of its redemptions are seen
    table = conversion.funnel(closed).set_index(["scope", "step"]).sort_index()
    every, one = (table.loc[[(scope, "redeemed")]].iloc[0] for scope in ("all", "campaign"))
    plain = wilson_interval(int(every["reached"]), int(every["contacted"]))
    return [
        interval("conversion rate, all contacts", every["rate"], (every["low"], every["high"]), rate),
        interval(
            "conversion rate, all contacts", every["rate"], plain, rate, method=f"{NAIVE}: contacts as independent"
        ),
        interval("conversion rate, one campaign", one["rate"], (one["low"], one["high"]), rate),
        _redeemers(closed, rate=rate, alike=alike),
    ]


def _redeemers(closed: pd.DataFrame, *, rate: float, alike: float) -> Outcome:
    """Customers that redeemed at least once; with k contacts the chance of none is E((1 - p)^k), mixed over k."""
    from scipy.special import betaln

    done, of = opening.redeemers(closed)
    k = np.arange(1, CAMPAIGNS)
    a, b = rate * alike, (1 - rate) * alike
    none = (1 - rate) ** k if np.isinf(alike) else np.exp(betaln(a, b + k) - betaln(a, b))
    chance = np.array([comb(CAMPAIGNS - 1, number) for number in k], dtype=float)
    truth = 1 - float((chance * none).sum() / chance.sum())
    return interval("customers that redeemed", done / of, opening.wilson_interval(done, of), truth)


def _differences(rng, outcomes: pd.DataFrame, *, same_chance: bool) -> list[Outcome]:
    halves = opening.halves(outcomes, on=STARTS[CAMPAIGNS // 2])
    earlier = outcomes.assign(visited=rng.random(len(outcomes)) < 0.3, bought_promoted=rng.random(len(outcomes)) < 0.2)
    visits = before.changes(contacts.Matched(outcomes, earlier))["visited"]
    closed = outcomes[outcomes["window_closed"]]
    first = kinds.leading(closed, contacts.of_every_kind(closed))
    found = [
        interval("redemption, later against earlier half", halves.estimate, (halves.low, halves.high), 0.0, nothing=True),
        interval("visits against just before", visits.estimate, (visits.low, visits.high), 0.0, nothing=True),
        claim("leading kind of campaign", "a kind is redeemed more often", first.clear, FAMILY),
        claim("leading kind of campaign", "a kind is redeemed more often", first.against.word == "up", FAMILY,
              method=f"{NAIVE}: the highest against the rest, not adjusted"),
    ]  # fmt: skip
    if same_chance:  # else who redeemed before does redeem more often
        again = history.again(contacts.with_history(closed))
        limits = (again.low, again.high)
        found.append(interval("redeemed before or not", again.estimate, limits, 0.0, nothing=True, why="fewer than 20"))
    return found


def _groups(rng, outcomes: pd.DataFrame, customers: int) -> list[Outcome]:
    named = pd.DataFrame({
        "customer_id": np.arange(customers), "segment": np.array(SEGMENTS)[rng.choice(3, customers, p=[0.1, 0.3, 0.6])],
        "age_band": np.array(["19-34", "35-64"])[rng.choice(2, customers)],
    })  # fmt: skip
    rows = pd.concat([conversion.conversion_by(outcomes, named, by=by) for by in ("segment", "age_band")])
    found = groups.compared(rows)
    clear = bool((found["verdict"] != "cannot tell").any())
    return [claim("redemption by group", "a group redeems more or less often", clear, FAMILY)]


def _times(outcomes: pd.DataFrame, *, rate: float) -> list[Outcome]:
    table = redemption_time.redemption_time(outcomes, as_of=AS_OF.date())
    every = table[table["kind"] == "all"].set_index("days")
    day = every.loc[HALF_WAY] if HALF_WAY in every.index else every.iloc[-1]
    middle = next(number for number in range(OPEN) if _by_day(number) >= 0.5)
    limits, value = timing.middle_day_interval(table), timing.day_by_which(table, share=0.5)
    unknown = (np.nan, np.nan)
    few = "fewer than ten redemptions"
    return [
        interval("time to redemption, the curve", day["rate"], (day["low"], day["high"]), rate * _by_day(HALF_WAY)),
        interval(
            "time to redemption, the middle day",
            np.nan if value is None else value,
            limits or unknown,
            middle,
            why=few,
            of=WHOLE,
        ),
    ]


def _satisfied(rng, customers: int) -> Outcome:
    """One to five opinions of each customer, who tends to be satisfied each time or never."""
    who = np.repeat(np.arange(customers), rng.integers(1, 6, customers))
    own = rng.beta(2.0, 1.0, customers)
    told = pd.DataFrame({
        "kind": "feedback", "channel": None, "product_id": None, "customer_id": who,
        "satisfied": (rng.random(len(who)) < own[who]).astype(float),
    })  # fmt: skip
    row = satisfaction.satisfaction(told).iloc[0]
    return interval("satisfaction", row["rate"], (row["low"], row["high"]), 2 / 3)
