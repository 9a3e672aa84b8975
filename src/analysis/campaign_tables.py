"""The canonical tables about campaigns: the campaigns themselves, who was contacted, what was offered, who responded."""

from __future__ import annotations

import narwhals as nw

from analysis.declaration import Column, Rule, Table

CAMPAIGNS = Table(
    "campaigns",
    "campaign",
    ("campaign_id",),
    (
        Column("campaign_id", "id", "the campaign", needed=True),
        Column("name", "text", "name of the campaign"),
        Column("kind", "text", "kind of campaign", needed=True),
        Column("channel", "text", "channel of the contact"),
        Column("starts_on", "date", "first day on which its coupons can be used", needed=True),
        Column("ends_on", "date", "last day on which its coupons can be used", needed=True),
        Column("cost", "money", "fixed cost of the campaign; empty where unknown", "currency"),
    ),
    rules=(Rule("ends before it starts", "it ends before it starts", lambda: nw.col("ends_on") < nw.col("starts_on")),),
    seen_on="starts_on",
)

CONTACTS = Table(
    "contacts",
    "customer in a campaign",
    ("campaign_id", "customer_id"),
    (
        Column("campaign_id", "id", "the campaign", needed=True),
        Column("customer_id", "id", "the customer contacted", needed=True),
        Column("contacted_on", "date", "day of the contact", needed=True),
        Column("arm", "text", "treated, or holdout where some were held out", needed=True),
        Column("incentive_id", "id", "incentive offered; empty where it was one of many"),
        Column("propensity", "number", "chance of being treated, where it was random", "share"),
    ),
    seen_on="contacted_on",
    refers_to={"campaign_id": "campaigns", "customer_id": "customers"},
)

OFFERS = Table(
    "offers", "campaign, incentive and product it applies to", ("campaign_id", "incentive_id", "product_id"),
    (
        Column("campaign_id", "id", "the campaign", needed=True),
        Column("incentive_id", "id", "the coupon or other incentive", needed=True),
        Column("product_id", "id", "a product it can be used for", needed=True),
    ),
    refers_to={"campaign_id": "campaigns"},
)  # fmt: skip

RESPONSES = Table(
    "responses",
    "response",
    ("campaign_id", "customer_id", "incentive_id", "responded_on", "kind"),
    (
        Column("campaign_id", "id", "the campaign", needed=True),
        Column("customer_id", "id", "who responded", needed=True),
        Column("incentive_id", "id", "the incentive used", needed=True),
        Column("responded_on", "date", "business day of the response", needed=True),
        Column("kind", "text", "open, click, redeem or convert", needed=True),
        Column("amount", "money", "value of the response; empty where the source does not say", "currency"),
    ),
    rules=(
        Rule("not contacted", "the customer was not in the campaign", lambda: ~nw.col("was_contacted")),
        Rule("outside the campaign", "it is dated before or after the campaign",
             lambda: (nw.col("responded_on") < nw.col("starts_on")) | (nw.col("responded_on") > nw.col("ends_on"))),
    ),
    seen_on="responded_on",
    refers_to={"campaign_id": "campaigns", "customer_id": "customers"},
)  # fmt: skip
