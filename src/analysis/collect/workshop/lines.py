"""From orders to order lines: products, pieces, exact money that adds up to the order, and the offers used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop.clock import moments
from analysis.collect.workshop.incentives import INCENTIVES
from analysis.collect.workshop.people import numbered
from analysis.collect.workshop.products import covered
from analysis.collect.workshop.scenario import Scenario

MOST_LINES = 8
STAFF_DISCOUNT = 0.2
OFFER_DISCOUNT = 0.1
_HOME = {"web": "web", "app": "app", "shop": "shop", "referral": "web"}


def order_lines(
    orders: pd.DataFrame, used: pd.DataFrame, people: pd.DataFrame, products: pd.DataFrame, *,
    scenario: Scenario, utc_offset_hours: float, first_order: int, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """One row per order line, by order and line; a cancelled order has one line with a quantity and sales of zero.

    `orders` has one row per order (who is a row of `people`), `used` one per offer used (campaign_id, who, day, incentive).
    Sales are before coupons. A coupon or discount that is used stands as coupon_discount on the first line of its order, which is
    then a product that the campaign covers; gifts and points leave no mark in the order.
    """
    orders = orders.sort_values(["day", "who"], ignore_index=True)
    n = np.minimum(1 + rng.poisson(scenario.lines - 1, len(orders)), MOST_LINES)
    n[orders["cancelled"]] = 1
    at = np.repeat(np.arange(len(orders)), n)
    first = np.concatenate([[0], np.cumsum(n)[:-1]]).astype(np.int64)
    product = rng.choice(len(products), len(at), p=products["demand"])
    coupon = np.zeros(len(at))
    for campaign_id, rows in used.groupby("campaign_id"):
        of_order = orders.reset_index().merge(rows[["who", "day", "incentive"]], on=["who", "day"])
        line = first[of_order["index"]]
        product[line] = rng.choice(covered(products, int(campaign_id)), len(line))
        paper = INCENTIVES["form"].isin(["coupon", "discount"]).to_numpy()
        face = np.where(paper, INCENTIVES["face_value"], 0.0)
        np.add.at(coupon, line, face[of_order["incentive"]])
    weight = rng.exponential(1.0, len(at)) * products["level"].to_numpy()[product] + 1e-9
    cents = _shared(np.round(orders["value"].to_numpy() * 100).astype(np.int64), weight, at, first)
    sold = ~orders["cancelled"].to_numpy()[at]
    amount = np.where(sold, cents / 100, 0.0)
    who = orders["who"].to_numpy()[at]
    staff = people["account"].eq("staff").to_numpy()[who]
    off = np.where(staff, STAFF_DISCOUNT, np.where(rng.random(len(at)) < 0.2, OFFER_DISCOUNT, 0.0))
    number = np.arange(len(at)) - first[at] + 1
    return pd.DataFrame({
        "order_id": numbered("O", first_order + at, width=10),
        "line_id": numbered("", number, width=1),
        "customer_id": people["customer_id"].to_numpy()[who],
        "product_id": products["product_id"].to_numpy()[product],
        "ordered_at": moments(orders["day"].to_numpy(), utc_offset_hours=utc_offset_hours)[at],
        "quantity": np.where(sold, 1 + rng.poisson(0.25, len(at)), 0),
        "amount": amount,
        "discount": np.round(amount * off / (1 - off), 2),
        "coupon_discount": np.where(sold, coupon, 0.0),
        "coupon_match": 0.0,
        "channel": home_channel(people["channel"], orders["who"].to_numpy(), rng=rng)[at],
    })  # fmt: skip


def home_channel(channels: pd.Series, who: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Where each event takes place: four times in five where the customer was won, else anywhere."""
    home = channels.map(_HOME).to_numpy()[who]
    return np.where(rng.random(len(who)) < 0.8, home, np.array(["web", "app", "shop"])[rng.integers(0, 3, len(who))])


def _shared(cents: np.ndarray, weight: np.ndarray, at: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Share each order's cents among its lines by weight; the first line takes what rounding leaves."""
    total = np.bincount(at, weights=weight, minlength=len(cents))
    part = np.floor(cents[at] * weight / total[at]).astype(np.int64)
    left = cents - np.bincount(at, weights=part, minlength=len(cents)).astype(np.int64)
    part[first] += left
    return part
