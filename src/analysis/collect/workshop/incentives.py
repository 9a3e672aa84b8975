"""The incentives in their four forms, and what each does to customers of each type and channel, while it runs.

Nothing here is measured from life; the numbers are chosen so that each trap of a campaign is there. Persuadable customers
order more; the sure would have come anyway and take the gift; early ones order sooner and less later (pull-forward); some are
put off by mail; the indifferent do not look. An answer is made of parts, each for one customer and incentive:

- extra: additional orders, as a share of the customer's own rate, while the offer runs
- pulled: chance that an order of the equally long time afterwards comes while the offer runs instead
- put_off: chance that an order in that time is not made
- amount: additional value of orders made in that time, as a share
- visits: additional visits without an order, as a share of the customer's own
- redeem: chance that a customer who orders in that time uses the offer with the first of these orders
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop.people import CHANNELS, TYPES

PARTS = ("extra", "pulled", "put_off", "amount", "visits", "redeem")
INCENTIVES = pd.DataFrame(
    [
        ("thank-you", "gift", "thank-you gift", 15.0, 6.0),
        ("double-points", "points", "double points for four weeks", 8.0, 3.0),
        ("twenty-off", "coupon", "20 off the next order", 20.0, 20.0),
        ("ten-off", "coupon", "10 off any order", 10.0, 10.0),
        ("category-discount", "discount", "8 less in one department", 8.0, 8.0),
    ],
    columns=["incentive_id", "form", "name", "face_value", "cost"],
)
CONTACT_COST = 0.2  # currency, for each message sent
_BY_TYPE = {  # extra, pulled, put_off, amount, visits, redeem at strength 1
    "persuadable": (0.60, 0.00, 0.00, 0.06, 0.80, 0.70),
    "sure": (0.00, 0.00, 0.00, 0.01, 0.10, 0.80),
    "early": (0.05, 0.45, 0.00, 0.00, 0.40, 0.75),
    "put off": (0.00, 0.00, 0.35, 0.00, -0.30, 0.05),
    "indifferent": (0.00, 0.00, 0.00, 0.00, 0.00, 0.10),
}
_BY_INCENTIVE = {  # the strength of each part
    "thank-you": (0.45, 0.20, 0.30, 0.50, 0.60, 1.00),
    "double-points": (0.50, 0.30, 0.60, 1.50, 0.80, 0.70),
    "twenty-off": (1.30, 1.20, 1.00, 0.50, 1.20, 0.90),
    "ten-off": (0.90, 0.90, 1.00, 0.30, 1.00, 0.80),
    "category-discount": (0.70, 0.60, 1.00, 2.00, 1.00, 0.60),
}
_EXTRA_BY_CHANNEL = {  # times the extra orders: web, app, shop, referral
    "gift": (0.7, 0.7, 1.5, 1.1),
    "points": (0.8, 1.7, 0.6, 1.0),
    "coupon": (1.2, 1.0, 0.8, 1.0),
    "discount": (1.3, 0.9, 0.9, 0.9),
}


Answer = dict[str, np.ndarray]  # by part, one value per customer


def answers(people: pd.DataFrame, incentive: np.ndarray) -> Answer:
    """The parts of the answer of each customer of `people` to the incentive of each, 0 where it is -1 (nothing).

    `incentive` holds positions in INCENTIVES.
    """
    if (incentive < 0).all():
        return {part: np.zeros(len(incentive)) for part in PARTS}
    strength = np.vstack([np.array([_BY_INCENTIVE[name] for name in INCENTIVES["incentive_id"]]), np.zeros(len(PARTS))])
    channels = np.vstack([np.array([_EXTRA_BY_CHANNEL[form] for form in INCENTIVES["form"]]), np.zeros(len(CHANNELS))])
    of_type = np.array([_BY_TYPE[name] for name in TYPES])
    answer = dict(zip(PARTS, (of_type[_position(people["type"], TYPES)] * strength[incentive]).T, strict=True))
    answer["extra"] = answer["extra"] * channels[incentive, _position(people["channel"], CHANNELS)]
    return answer


def together(one: Answer, other: Answer) -> Answer:
    """The answer to two incentives at once; shares add, chances are those of either.

    Each incentive keeps its own chance of redemption, so `redeem` is left out.
    """
    either = {part: 1 - (1 - one[part]) * (1 - other[part]) for part in ("pulled", "put_off")}
    return {part: one[part] + other[part] for part in ("extra", "amount", "visits")} | either


def positions(incentive_ids: pd.Series) -> np.ndarray:
    """Positions in INCENTIVES, -1 for nothing. Raises ValueError for an incentive that this company does not have."""
    known = pd.Index(INCENTIVES["incentive_id"])
    found = known.get_indexer(incentive_ids)
    strange = incentive_ids[(found < 0) & incentive_ids.notna().to_numpy()]
    if len(strange):
        raise ValueError(f"no incentive {strange.iloc[0]!r} in this company; it has {', '.join(known)}")
    return found


def _position(values: pd.Series, names: tuple[str, ...]) -> np.ndarray:
    return pd.Index(names).get_indexer(values)
