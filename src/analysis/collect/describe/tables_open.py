"""Which canonical table a file that nobody knows may fill: its columns are questions, each with those that it may come from."""

from __future__ import annotations

import re

from analysis.collect.describe.columns_seen import Seen
from analysis.collect.describe.evidence import OPEN, Stated
from analysis.identity import HOUSEHOLD

HOME_WORDS = re.compile(
    r"house ?_?hold|haushalt|\bfamily ?_?id|^account ?_?id$|家庭"
)  # of headers that may name what customers share


def tables(columns: list[Seen], names: dict[str, str]) -> list[Stated]:
    """Return the tables that the columns may fill, each column of a table with those that it may come from."""
    money = [names[seen.header] for seen in columns if seen.kind == "money"]
    moments = [names[seen.header] for seen in columns if seen.kind in ("moment", "date")]
    counts = [names[seen.header] for seen in columns if seen.kind in ("whole", "number")]
    keys = [names[seen.header] for seen in columns if seen.kind == "id" or seen.mails]
    keys = keys or [names[seen.header] for seen in columns if seen.kind in ("whole", "text")]
    mails = [names[seen.header] for seen in columns if seen.mails]
    if money and moments:
        when = "ordered_at" if any(seen.kind == "moment" for seen in columns) else "ordered_on"
        roles = {"order_id": keys, "line_id": [], "customer_id": keys, "product_id": keys, when: moments, "quantity": counts,
                 "amount": money}  # fmt: skip
        zero = {"discount": 0, "coupon_discount": 0, "coupon_match": 0}
        return [
            Stated(("tables", "orders", "columns", role), OPEN, _candidates(role, held)) for role, held in roles.items()
        ] + [Stated(("tables", "orders", "columns", role), value) for role, value in zero.items()]
    # What customers share stands in several rows; a column with another value in each is one of ids of their own.
    homes = [
        names[seen.header] for seen in columns
        if HOME_WORDS.search(seen.header.casefold()) and seen.kind in ("id", "whole", "text") and 1 < seen.distinct < seen.filled
    ]  # fmt: skip
    roles = {"customer_id": keys} | ({"email": mails} if mails else {}) | ({HOUSEHOLD: homes} if homes else {})
    return [
        Stated(("tables", "customers", "columns", role), OPEN, _candidates(role, held)) for role, held in roles.items()
    ]


def _candidates(role: str, held: list[str]) -> tuple[str, ...]:
    if role == "line_id":
        return (
            "a column that numbers the lines of an order; or take this line out and write numbered: line_id beside columns",
        )
    return (f"may be {', '.join(held[:6])}" if held else "no column looks like it; a constant is written \"'order'\"",)
