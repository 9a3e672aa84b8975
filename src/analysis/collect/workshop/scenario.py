"""What differs between one simulated company and another: size, trade and calendar, each with its true parameters.

Parameters are named as in their sources: `r`, `alpha`, `a`, `b` of the BG/NBD model (Fader, Hardie and Lee 2005, Marketing
Science 24, 275-284) and `p`, `q`, `gamma` of the Gamma-Gamma model (Fader and Hardie 2013, "The Gamma-Gamma Model of
Monetary Value"). Time is counted in days from STARTS_ON, money in the study's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal

SIZES = {"S": 2_000, "M": 50_000, "L": 1_000_000}  # customers
STARTS_ON = date(2023, 1, 1)
ENDS_ON = date(2024, 12, 31)
DAYS = (ENDS_ON - STARTS_ON).days + 1
KNOWN_BEFORE_DAYS = 365  # customers who were there when the data begins joined in this many days before it
MONTH = 30.4375  # days
UTC_OFFSET_HOURS = 8  # the shops' clock is Asia/Shanghai; moments are written in UTC


@dataclass(frozen=True)
class Scenario:
    """The true parameters of one trade."""

    name: str
    process: Literal["poisson", "monthly"]  # orders by chance at a rate, or on one day of each month
    r: float  # shape of the gamma distribution of order rates
    alpha: float  # its scale, in days: the mean rate is r / alpha per day
    a: float  # beta distribution of the chance to leave after an order
    b: float
    p: float  # shape of the value of a customer's orders
    q: float  # shape of the gamma distribution of the customers' rate parameters
    gamma: float  # its scale, in currency: the mean value of an order is p gamma / (q - 1)
    lines: float  # mean number of lines of an order
    cancelled: float  # share of orders that are cancelled: booked with a quantity and sales of zero
    visits: float  # visits without an order per order, while a customer stays
    margin: float  # share of sales that is left when goods are paid
    season: float  # height of the yearly wave, as a share of the mean
    trend: float  # growth per year, as a share
    weekdays: tuple[float, ...]  # weight of Monday to Sunday; the mean is 1


_SHOP = (0.85, 0.85, 0.9, 0.95, 1.15, 1.2, 1.1)
_EVEN = (1.0,) * 7
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("ecommerce", "poisson", r=0.9, alpha=45, a=1.2, b=14, p=6, q=4, gamma=30, lines=1.8, cancelled=0, visits=1.5,
                 margin=0.40, season=0.25, trend=0.05, weekdays=_SHOP),
        Scenario("travel", "poisson", r=0.6, alpha=400, a=1.1, b=5, p=4, q=3.5, gamma=1500, lines=1.2, cancelled=0.15, visits=6.0,
                 margin=0.18, season=0.45, trend=0.03, weekdays=_EVEN),
        Scenario("finance", "monthly", r=1, alpha=MONTH, a=1.2, b=40, p=20, q=4, gamma=15, lines=1.0, cancelled=0, visits=1.0,
                 margin=0.60, season=0, trend=0, weekdays=_EVEN),
    )
}  # fmt: skip


def scenario_named(name: str) -> Scenario:
    """Return a scenario by name. Raises ValueError with the nearest names."""
    return SCENARIOS[_known("scenario", name, SCENARIOS)]


def customers_of(size: str, *, sample: float = 1.0) -> int:
    """Return the number of customers of a size; `sample` is the share of them that is simulated, at least 200 customers."""
    whole = SIZES[_known("size", size, SIZES)]
    if not 0 < sample <= 1:
        raise ValueError(
            f"sample={sample} is out of range; the nearest valid value is {1 if sample > 1 else 'beyond 0'}"
        )
    return whole if sample == 1 else max(200, round(whole * sample))


def day(number: float) -> date:
    """Return the date of a day counted from STARTS_ON, which is day 0."""
    return STARTS_ON + timedelta(days=int(number))


def _known(what: str, name: str, known: dict) -> str:
    if name not in known:
        close = get_close_matches(str(name), list(known), n=1, cutoff=0.4) or sorted(known)
        raise ValueError(f"no {what} {name!r}; the nearest are {', '.join(close)}")
    return name
