"""Small CSV files like those of the four source documents, drawn from the company, with faults written down.

What is about customers is about the same few of them, drawn by lot among those in the last campaign, so that their arm is
known; purchases and scores are of the products that its incentives apply to; opinions are drawn from all. The documents
clean their files before they count, so there is something to clean: numbers with a currency sign or in full-width digits,
empty cells, rows that stand twice.
"""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.collect.workshop.campaigns import CAMPAIGNS
from analysis.collect.workshop.incentives import CONTACT_COST
from analysis.collect.workshop.scenario import ENDS_ON, UTC_OFFSET_HOURS

CUSTOMERS, ROWS, OPINIONS = 50, 100, 60  # of the files about customers, products (at most) and needs (at most)
CAMPAIGN = CAMPAIGNS[-1].campaign_id
YEAR = ENDS_ON.year
MONTH_DAYS, YEAR_DAYS = 30, 366  # order_frequency is orders per month of 30 days, see segment.features
SIGN, WIDE, EMPTY, COPY = "currency sign", "full-width digits", "empty cell", "exact copy"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
PLANTED = {  # file: column and fault, as often as it stands here
    "customers": [("amount", SIGN)] * 3 + [("purchases", WIDE)] * 2 + [("referrals", EMPTY)],
    "purchase_weights": [("purchase_count", WIDE)] * 2 + [("purchase_amount", SIGN)] * 2,
    "purchases": [("purchase_amount", SIGN)] * 4 + [("purchase_amount", EMPTY)] * 2,
    "feedback": [("feedback_score", WIDE)] * 2 + [("feedback_score", EMPTY)],
    "incentives": [("incentive_amount", SIGN)] * 2,
    "customer_need": [("satisfied", WIDE)],
    "customer_inquiry": [("satisfied", WIDE)],
    "customer_feedback": [("score", WIDE)] * 2,
    "customer_behavior": [("order_amount", SIGN)] * 2,
    "customer_marketing": [("sales", SIGN)] * 2 + [("cost", EMPTY)],
}
COPIES = {"customers": 2, "purchases": 2, "feedback": 1, "customer_feedback": 1}  # rows that stand twice


class Documents(NamedTuple):
    """The files, and what is wrong in them."""

    files: dict[str, bytes]  # by name without ending
    faults: pd.DataFrame  # one row per faulty cell or row: file, line (the header is 1), column, fault, written


def documents(tables: dict[str, pd.DataFrame], *, rng: np.random.Generator) -> Documents:
    """Return the files and their faults from canonical tables without faults. Every file has a column that names its row."""
    files, faults = {}, []
    for name, table in _tables(tables, rng=rng).items():
        text, found = _soiled(_as_text(table), name, rng=rng)
        lines = io.StringIO(newline="")
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerows([list(text), *text.itertuples(index=False, name=None)])
        files[name] = lines.getvalue().encode("utf-8")
        faults += found
    return Documents(files, pd.DataFrame(faults, columns=["file", "line", "column", "fault", "written"]))


def _tables(tables: dict[str, pd.DataFrame], *, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    sent = tables["contacts"].query("campaign_id == @CAMPAIGN").sort_values("customer_id", ignore_index=True)
    sent = _some(sent, CUSTOMERS, rng=rng)
    orders = tables["orders"].query("quantity > 0")
    orders = orders.assign(day=orders["ordered_at"] + pd.Timedelta(hours=UTC_OFFSET_HOURS))
    theirs = orders[orders["customer_id"].isin(sent["customer_id"])]
    opinions = tables["feedback"][tables["feedback"]["given_at"].dt.year.eq(YEAR)]
    known = sent[["customer_id"]].merge(tables["customers"], on="customer_id")
    halves, senders = _half_years(theirs, sent["customer_id"]), tables["referrals"]["customer_id"].value_counts()
    year = halves.groupby("customer_id")[["purchase_count", "purchase_amount"]].sum().loc[sent["customer_id"]]
    count, amount = (year[name].to_numpy() for name in year)
    people = known[["customer_id", "age_band", "gender", "region"]]
    offered = tables["offers"].query("campaign_id == @CAMPAIGN")["product_id"]
    return {
        "customers": people.assign(
            purchases=count, amount=amount, referrals=known["customer_id"].map(senders).fillna(0).astype(int)
        ),
        "purchase_weights": halves,
        **_products(orders, tables["feedback"], offered, rng=rng),
        "customer_need": _some(_said(opinions, ["need"]), OPINIONS, rng=rng).drop(columns=["kind", "score"]),
        "customer_attribute": people.assign(channel=known["channel"]),
        "customer_inquiry": _some(_said(opinions, ["inquiry"]), OPINIONS, rng=rng).drop(columns=["kind", "score"]),
        "customer_feedback": _some(_said(opinions, ["feedback", "complaint"]), ROWS, rng=rng),
        "customer_behavior": known[["customer_id"]].assign(
            order_amount=np.where(count > 0, amount / np.maximum(count, 1), np.nan).round(2),
            order_frequency=np.round(count / YEAR_DAYS * MONTH_DAYS, 2),
        ),
        "customer_marketing": _marketing(sent, theirs, tables),
    }


def _half_years(orders: pd.DataFrame, customers: pd.Series) -> pd.DataFrame:
    """One row per customer and half of the last year, also of those who bought nothing; the later half weighs twice."""
    inside = orders[orders["day"].dt.year.eq(YEAR)]
    half = np.where(inside["day"].dt.month <= 6, f"{YEAR}-1", f"{YEAR}-2")
    sums = inside.groupby(["customer_id", half]).agg(count=("order_id", "nunique"), amount=("amount", "sum"))
    every = pd.MultiIndex.from_product([customers, [f"{YEAR}-1", f"{YEAR}-2"]], names=["customer_id", "half_year"])
    table = sums.reindex(every, fill_value=0).reset_index().round(2).astype({"amount": float})
    table.columns = ["customer_id", "half_year", "purchase_count", "purchase_amount"]
    return table.assign(purchase_weight=table["half_year"].str[-1].astype(int))


def _products(orders: pd.DataFrame, opinions: pd.DataFrame, offered: pd.Series, *, rng) -> dict[str, pd.DataFrame]:
    """One row per order line, opinion and order line with a coupon, of the products offered: at most ROWS by lot."""
    lines = orders[orders["product_id"].isin(offered)].sort_values(["order_id", "line_id"])
    lines = lines.assign(purchase_id=lines["order_id"] + "-" + lines["line_id"])
    sold = lines[lines["day"].dt.year.eq(YEAR) & lines["amount"].gt(0)].rename(columns={"amount": "purchase_amount"})
    cheaper = lines[lines["coupon_discount"].gt(0)].rename(columns={"coupon_discount": "incentive_amount"})
    scored = _said(opinions[opinions["product_id"].isin(offered)], ["feedback"]).drop(columns=["kind", "satisfied"])
    picked = {
        "purchases": sold[["purchase_id", "product_id", "purchase_amount"]],
        "feedback": scored.rename(columns={"score": "feedback_score"}),
        "incentives": cheaper[["purchase_id", "product_id", "incentive_amount"]],
    }
    return {name: _some(table, ROWS, rng=rng) for name, table in picked.items()}


def _said(opinions: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """One row per opinion of these kinds; one customer says at most one thing of a kind about a product on a day."""
    rows = opinions[opinions["kind"].isin(kinds)].sort_values(["customer_id", "given_at", "product_id", "kind"])
    day = (rows["given_at"] + pd.Timedelta(hours=UTC_OFFSET_HOURS)).dt.strftime("%Y-%m-%d")
    columns = ["customer_id", "given_on", "product_id", "kind", "channel", "score", "satisfied"]
    table = rows.assign(given_on=day, score=rows["score"].astype(int))[columns]
    return table.drop_duplicates(columns[:4]).reset_index(drop=True)


def _marketing(sent: pd.DataFrame, orders: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per customer of the campaign: arm, incentive, whether they used it, sales in its days, and its cost."""
    begins = sent["contacted_on"].min()
    inside = orders[orders["day"].between(begins, begins + pd.Timedelta(days=28), inclusive="left")]
    used = tables["responses"].query("campaign_id == @CAMPAIGN and kind == 'redeem'")["customer_id"]
    table = sent[["customer_id", "arm", "incentive_id"]].rename(columns={"incentive_id": "incentive"})
    table["incentive"] = table["incentive"].fillna("nothing")
    table["used"] = table["customer_id"].isin(used).astype(int)
    table["sales"] = table["customer_id"].map(inside.groupby("customer_id")["amount"].sum()).fillna(0.0).round(2)
    unit = table["incentive"].map(tables["incentives"].set_index("incentive_id")["cost"]).fillna(0.0)
    return table.assign(cost=unit * table["used"] + CONTACT_COST * table["arm"].eq("treated"))


def _some(table: pd.DataFrame, most: int, *, rng: np.random.Generator) -> pd.DataFrame:
    """At most so many rows by lot, in their order."""
    return table.iloc[np.sort(rng.choice(len(table), min(most, len(table)), replace=False))].reset_index(drop=True)


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Every cell as it is written: two decimals for money, nothing for what is not known."""
    written = {}
    for name, column in table.items():
        form = "{:.2f}" if pd.api.types.is_float_dtype(column) else "{}"
        written[name] = ["" if pd.isna(value) else form.format(value) for value in column.tolist()]
    return pd.DataFrame(written, dtype=object)


def _soiled(table: pd.DataFrame, name: str, *, rng: np.random.Generator) -> tuple[pd.DataFrame, list[tuple]]:
    """Plant the faults of a file, each in a row of its own that is not empty; a small file takes as many as it has rows."""
    found = [(name, row + 2, column, EMPTY, "") for column in table for row in np.flatnonzero(table[column].eq(""))]
    whole = [row for row in rng.permutation(len(table)) if not table.iloc[row].eq("").any()]
    whole.sort(key=lambda row: table.iloc[row].eq("0.00").any())  # a sum of nothing last: faults shall matter
    for row, (column, fault) in zip(whole, PLANTED.get(name, []), strict=False):
        place = table.columns.get_loc(column)
        table.iat[row, place] = _written(table.iat[row, place], fault)
        found.append((name, int(row) + 2, column, fault, table.iat[row, place]))
    copies = whole[len(PLANTED.get(name, [])) :][: COPIES.get(name, 0)]
    found += [(name, len(table) + 2 + number, "", COPY, "") for number in range(len(copies))]
    return pd.concat([table, table.iloc[copies]], ignore_index=True), found


def _written(value: str, fault: str) -> str:
    """A value as somebody else would have written it."""
    if fault == SIGN:
        return f"¥{float(value):,.2f}"
    return value.translate(_WIDE) if fault == WIDE else ""
