"""The canonical tables, each declared once: grain, key, columns with type, unit and meaning, and the rules for its rows.

The checks of `clean` and the data dictionary of the README both come from these declarations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.campaign_tables import CAMPAIGNS, CONTACTS, OFFERS, RESPONSES
from analysis.declaration import Column, Rule, Table
from analysis.identity import HOUSEHOLD, PERSONAL

if TYPE_CHECKING:
    import pandas as pd

CUSTOMERS = Table(
    "customers",
    "customer",
    ("customer_id",),
    (
        Column("customer_id", "id", "the customer", needed=True),
        Column("joined_on", "date", "day the customer joined; empty where the source does not say"),
        Column("age_band", "text", "age of the head of the household", "years"),
        Column("gender", "text", "gender as stated"),
        Column("region", "text", "region of residence"),
        Column("income_band", "text", "household income", "thousand per year"),
        Column("household_size", "text", "persons in the household"),
        Column(HOUSEHOLD, "id", "household or account that customers share, an id of its own; empty for who is alone"),
        Column("channel", "text", "channel through which the customer was won"),
        Column("consent", "text", "consent to be contacted"),
        *PERSONAL,
    ),
    seen_on="joined_on",
)

PRODUCTS = Table(
    "products",
    "product",
    ("product_id",),
    (
        Column("product_id", "id", "the product", needed=True),
        Column("name", "text", "what the product is"),
        Column("category", "text", "product category"),
        Column("department", "text", "department of the shop"),
        Column("brand", "text", "own brand (Private) or not (National)"),
    ),
)

ORDERS = Table(
    "orders",
    "order line",
    ("order_id", "line_id"),
    (
        Column("order_id", "id", "the order", needed=True),
        Column("line_id", "id", "the line inside its order", needed=True),
        Column("customer_id", "id", "who ordered", needed=True),
        Column("product_id", "id", "what was ordered", needed=True),
        Column("ordered_at", "moment", "moment of the order on the shops' clock; empty where only its day is known", "local time"),
        Column("ordered_on", "date", "business day of the order", "local day", needed=True, day_of="ordered_at"),
        Column("quantity", "number", "pieces; for fuel thousandths of a gallon; 0 on a coupon for a whole order", needed=True),
        Column("amount", "money", "sales of the line", "currency", needed=True),
        Column("discount", "money", "discount given with the loyalty card", "currency", needed=True),
        Column("coupon_discount", "money", "discount given for coupons", "currency", needed=True),
        Column("coupon_match", "money", "what the shop added to a coupon's value", "currency", needed=True),
        Column("channel", "text", "shop or site of the order"),
    ),
    rules=(
        Rule("nothing happened", "quantity, sales and coupon are all zero",
             lambda: nw.max_horizontal(nw.col("quantity", "amount", "coupon_discount").abs()) == 0),
        Rule("money without goods", "it has sales but a quantity of zero",
             lambda: (nw.col("quantity") == 0) & (nw.col("amount") != 0)),
        Rule("negative amount", "sales or a discount is below zero",
             lambda: nw.min_horizontal("amount", "discount", "coupon_discount", "coupon_match") < 0),
        Rule("negative quantity", "the quantity is below zero", lambda: nw.col("quantity") < 0),
    ),
    seen_on="ordered_on",
)  # fmt: skip

REFUNDS = Table(
    "refunds",
    "refund of an order line, or of a part of it",
    ("refund_id", "line_id"),
    (
        Column("refund_id", "id", "the refund", needed=True),
        Column("line_id", "id", "the line inside its refund", needed=True),
        Column("order_id", "id", "the order that it takes back; empty where the source does not say"),
        Column("customer_id", "id", "who got money back", needed=True),
        Column("product_id", "id", "what came back"),
        Column("refunded_at", "moment", "moment of the refund on the shops' clock", "local time"),
        Column("refunded_on", "date", "business day of the refund", "local day", needed=True, day_of="refunded_at"),
        Column("quantity", "number", "pieces that came back, above zero; empty where the source does not say"),
        Column("amount", "money", "money that went back, above zero", "currency", needed=True),
    ),
    rules=(
        Rule("nothing went back", "the amount is zero or below", lambda: nw.col("amount") <= 0),
    ),
    seen_on="refunded_on",
)  # fmt: skip

VISITS = Table(
    "visits", "use of the product or site", ("customer_id", "visited_at"),
    (
        Column("customer_id", "id", "who came", needed=True),
        Column("visited_at", "moment", "when", "local time", needed=True),
        Column("visited_on", "date", "day of the visit", "local day", needed=True, day_of="visited_at"),
        Column("channel", "text", "shop, site or app"),
    ),
    seen_on="visited_on",
)  # fmt: skip

FEEDBACK = Table(
    "feedback",
    "opinion given",
    ("customer_id", "given_at", "product_id", "kind"),
    (
        Column("customer_id", "id", "who gave it", needed=True),
        Column("product_id", "id", "the product it is about"),
        Column("given_at", "moment", "when", "local time", needed=True),
        Column("given_on", "date", "day on which it was given", "local day", needed=True, day_of="given_at"),
        Column("kind", "text", "need, inquiry, feedback or complaint", needed=True),
        Column("channel", "text", "how it came in"),
        Column("score", "number", "score given", "1 to 5"),
        Column("satisfied", "whole", "1 where the customer was satisfied, else 0"),
    ),
    seen_on="given_on",
)

REFERRALS = Table(
    "referrals",
    "referral",
    ("customer_id", "referred_customer_id"),
    (
        Column("customer_id", "id", "who referred", needed=True),
        Column("referred_customer_id", "id", "who came", needed=True),
        Column("referred_on", "date", "day of the referral", needed=True),
    ),
    seen_on="referred_on",
)

INCENTIVES = Table(
    "incentives",
    "kind of incentive",
    ("incentive_id",),
    (
        Column("incentive_id", "id", "the incentive", needed=True),
        Column("form", "text", "discount, gift, points or coupon", needed=True),
        Column("face_value", "money", "value shown to the customer", "currency"),
        Column("cost", "money", "cost of one use; empty where unknown", "currency"),
    ),
)

CANONICAL = {
    table.name: table
    for table in (
        CUSTOMERS, PRODUCTS, ORDERS, REFUNDS, VISITS, FEEDBACK, REFERRALS, INCENTIVES, CAMPAIGNS, CONTACTS, OFFERS, RESPONSES,
    )
}  # fmt: skip  # in an order in which a table comes after those it refers to

PANDAS = {
    "id": "str", "text": "str", "money": "float64", "number": "float64", "whole": "Int64",
    "date": "datetime64[s]", "moment": "datetime64[us]",
}  # fmt: skip  # how a column of each kind comes into pandas


def empty(name: str) -> pd.DataFrame:
    """Return a canonical table that a source lacks, without a row, for what would count its rows."""
    import pandas as pd

    columns = (one for one in CANONICAL[name].columns if not one.personal)
    return pd.DataFrame({one.name: pd.Series(dtype=PANDAS[one.kind]) for one in columns})
