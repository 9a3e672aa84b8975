"""The whole company, one part of the customers at a time: every canonical table, and the truth behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop import behaviour, buying, campaigns, lines, people, products, truth
from analysis.collect.workshop.clock import Clock, dates
from analysis.collect.workshop.incentives import CONTACT_COST, INCENTIVES
from analysis.collect.workshop.scenario import DAYS, UTC_OFFSET_HOURS, scenario_named
from analysis.randomness import generator

PART = 50_000  # customers of one part; a part fits into memory whatever the size of the company
BEGINS = {one.campaign_id: one.begins for one in campaigns.CAMPAIGNS}  # first day of each campaign
FIXED_COST = 200.0  # currency, of one campaign


class Part(NamedTuple):
    """One part of the customers."""

    tables: dict[str, pd.DataFrame]  # customers, orders, visits, feedback, referrals, contacts, responses
    customers: pd.DataFrame  # one row per customer: the truth, see `truth.customers`
    sums: pd.DataFrame  # one row per campaign and group: sums of its truth, see `campaigns.run`


class Catalogue(NamedTuple):
    """What all parts share: one row per product with its truth, and the three small canonical tables."""

    products: pd.DataFrame
    tables: dict[str, pd.DataFrame]  # products, incentives, offers


def catalogue(*, seed: int, scenario: str) -> Catalogue:
    """Make the products, the incentives and which incentive of which campaign applies to which product."""
    known = products.products(scenario_named(scenario).name, rng=generator(seed, "workshop products"))
    tables = {
        "products": known[["product_id", "name", "category", "department", "brand"]],
        "incentives": INCENTIVES[["incentive_id", "form", "face_value", "cost"]].sort_values("incentive_id"),
        "offers": offers(known),
    }
    return Catalogue(known, tables)


def offers(products_: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign, incentive and product that the incentive applies to."""
    rows = []
    for one in campaigns.CAMPAIGNS:
        kinds = INCENTIVES["incentive_id"] if one.incentive == "any" else filter(None, [one.incentive])
        goods = products_["product_id"].to_numpy()[products.covered(products_, int(one.campaign_id))]
        rows += [(one.campaign_id, kind, product) for kind in kinds for product in goods]
    return pd.DataFrame(rows, columns=["campaign_id", "incentive_id", "product_id"])


def part(number: int, customers: int, *, seed: int, scenario: str, shelf: Catalogue) -> Part:
    """Make the part with this number (from 0) of as many customers; `shelf` is what all parts share."""
    trade, clock = scenario_named(scenario), Clock(scenario_named(scenario))

    def rng(use: str) -> np.random.Generator:
        return generator(seed, f"workshop {scenario} part {number} {use}")

    everyone = people.people(customers, scenario=trade, first=1 + number * PART, rng=rng("people"))
    joined = everyone["joined_day"].to_numpy()
    orders, left = buying.draw_orders(everyone, joined, DAYS, clock=clock, scenario=trade, rng=rng("orders"))
    went = campaigns.run(everyone, orders, left, clock=clock, scenario=trade, rng=rng("campaigns"))
    seen = went.orders[went.orders["day"].ge(0) & went.orders["day"].lt(DAYS)]
    at_home = {"utc_offset_hours": UTC_OFFSET_HOURS}
    sold = lines.order_lines(
        seen,
        went.used,
        everyone,
        shelf.products,
        scenario=trade,
        first_order=1 + number * 10**8,
        rng=rng("lines"),
        **at_home,
    )
    days = {"begins": 0, "ends": DAYS}
    tables = {
        "customers": known_customers(everyone),
        "orders": sold,
        "visits": behaviour.visits(
            seen, everyone, left, went.given, clock=clock, scenario=trade, rng=rng("visits"), **days, **at_home
        ),
        "feedback": behaviour.feedback(seen, sold, everyone, shelf.products, rng=rng("feedback"), **days, **at_home),
        "referrals": behaviour.referrals(everyone, rng=rng("referrals"), **days),
        "contacts": contacts(went.contacts, everyone, begins=BEGINS),
        "responses": responses(went.contacts, went.used, seen, everyone, begins=BEGINS, rng=rng("responses")),
    }
    return Part(tables, truth.customers(everyone, left, clock=clock, scenario=trade), went.sums)


def known_customers(everyone: pd.DataFrame) -> pd.DataFrame:
    """One row per customer: what the company knows."""
    known = everyone[list(people.KNOWN)].copy()
    known.insert(1, "joined_on", dates(known.pop("joined_day").to_numpy()))
    return known


def campaign_table(contacts_by_campaign: pd.Series) -> pd.DataFrame:
    """One row per campaign, from the number of messages sent in each (index campaign_id)."""
    begins = np.array([one.begins for one in campaigns.CAMPAIGNS])
    names = [one.campaign_id for one in campaigns.CAMPAIGNS]
    sent = contacts_by_campaign.reindex(names).fillna(0).to_numpy(dtype=float)
    return pd.DataFrame({
        "campaign_id": names, "name": [f"Campaign {name}" for name in names],
        "kind": [one.kind for one in campaigns.CAMPAIGNS], "channel": [one.channel for one in campaigns.CAMPAIGNS],
        "starts_on": dates(begins), "ends_on": dates(begins + campaigns.RUNS_DAYS - 1),
        "cost": np.round(FIXED_COST + CONTACT_COST * sent, 2),
    })  # fmt: skip


def contacts(rows: pd.DataFrame, everyone: pd.DataFrame, *, begins: dict[str, int]) -> pd.DataFrame:
    """One row per customer in a campaign, contacted on its first day."""
    days = rows["campaign_id"].map(begins)
    return pd.DataFrame({
        "campaign_id": rows["campaign_id"], "customer_id": everyone["customer_id"].to_numpy()[rows["who"]],
        "contacted_on": dates(days.to_numpy()), "arm": rows["arm"],
        "incentive_id": _incentive(rows["incentive"]), "propensity": rows["propensity"],
    })  # fmt: skip


def responses(
    sent: pd.DataFrame, used: pd.DataFrame, orders: pd.DataFrame, everyone: pd.DataFrame, *,
    begins: dict[str, int], rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """One row per response: who opened and clicked on which day, and who redeemed in which order, of those contacted."""
    offered = sent[sent["incentive"].ge(0)].reset_index(drop=True)
    delay = np.floor(np.minimum(rng.exponential(2.0, len(offered)), campaigns.RUNS_DAYS - 1.0))
    chance = rng.random(len(offered))
    seen = offered.assign(day=offered["campaign_id"].map(begins).astype(float) + delay, amount=np.nan)
    redeemed = used.merge(offered[["campaign_id", "who"]], on=["campaign_id", "who"]).merge(
        orders[["who", "day", "value"]], on=["who", "day"], validate="many_to_one"
    )
    parts = [
        seen[chance < 0.45].assign(kind="open"),
        seen[chance < 0.15].assign(kind="click"),
        redeemed.rename(columns={"value": "amount"}).assign(kind="redeem"),
    ]
    rows = pd.concat(parts, ignore_index=True)
    return pd.DataFrame({
        "campaign_id": rows["campaign_id"], "customer_id": everyone["customer_id"].to_numpy()[rows["who"]],
        "incentive_id": _incentive(rows["incentive"]), "responded_on": dates(rows["day"].to_numpy()),
        "kind": rows["kind"], "amount": rows["amount"],
    })  # fmt: skip


def _incentive(position: pd.Series) -> np.ndarray:
    return np.append(INCENTIVES["incentive_id"].to_numpy(dtype=object), None)[position.to_numpy(dtype=int)]
