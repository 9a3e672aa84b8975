"""Opinions by department, and what customers do after one: whether those who were not satisfied order again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.monitor.conversion import rate_of
from analysis.monitor.order_days import of_customers, with_next
from analysis.monitor.satisfaction import satisfaction

if TYPE_CHECKING:
    from datetime import date

    import narwhals as nw

ANSWERS = {True: "satisfied", False: "not satisfied"}


def with_department(feedback: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return the opinions with the department of their product, missing where the product is in none."""
    return feedback.merge(products[["product_id", "department"]], on="product_id", how="left", validate="many_to_one")


def by_department(feedback: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of opinion, `by` ("all", "channel", "department") and name, as `satisfaction.satisfaction` has them.

    `feedback` as `with_department` returns it. Opinions on no product, or one in no department, count in "all" and "channel".
    """
    table = satisfaction(feedback.assign(product_id=feedback["department"]))
    return table.assign(by=table["by"].replace("product", "department")).sort_values(
        ["kind", "by", "name"], ignore_index=True
    )


def followed(feedback: pd.DataFrame, orders: nw.LazyFrame, *, again_days: int, as_of: date) -> pd.DataFrame:
    """One row per opinion that says satisfied or not: customer_id, kind, satisfied, ordered_again.

    `ordered_again` is an order of goods on one of the `again_days` days after the opinion; an order on its day does not
    count, because it may have come before. Opinions whose days are not over by `as_of` are left out, also where an order has come
    already: those without one could not be left in.
    """
    said = feedback.dropna(subset=["satisfied"])[["customer_id", "kind", "given_on", "satisfied"]]
    said = said.assign(given_on=pd.to_datetime(said["given_on"]), satisfied=said["satisfied"] == 1)
    whole = said[said["given_on"] + pd.Timedelta(days=again_days) <= pd.Timestamp(as_of)]
    days = of_customers(whole["customer_id"], orders, as_of=as_of)
    table = with_next(whole, days, on="given_on", same_day=False)
    table["ordered_again"] = table["ordered_on"] - table["given_on"] <= pd.Timedelta(days=again_days)
    table["satisfied"] = table["satisfied"].astype(bool)
    return table.sort_values(["customer_id", "given_on", "kind"])[
        ["customer_id", "kind", "satisfied", "ordered_again"]
    ].reset_index(drop=True)


def again_shares(followed: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row per kind of opinion (and "all") and answer: opinions, customers, again, rate, low, high.

    Wilson's interval on the effective number of opinions: those of one customer are alike (`conversion.effective_contacts`).
    """
    rows = []
    for kind, part in [("all", followed), *followed.groupby("kind", sort=True)]:
        for satisfied, name in ANSWERS.items():
            group = part[part["satisfied"] == satisfied]
            found = rate_of(group["ordered_again"].to_numpy(dtype=bool), group["customer_id"], confidence=confidence)
            rows.append({"kind": kind, "answer": name, "opinions": found["contacted"], "customers": group["customer_id"].nunique(),
                         "again": found["reached"], **{limit: found[limit] for limit in ("rate", "low", "high")}})  # fmt: skip
    return pd.DataFrame(rows)
