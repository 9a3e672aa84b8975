"""Populations that are hardly one: pages say what cannot be told, and no number is made of nothing."""

import html
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd

from analysis import engine
from analysis.monitor.campaigns import product_rankings
from analysis.report.campaign import products
from analysis.segment.clusters import clusters
from analysis.segment.rfm import scores

STUDY = """
like: usual
title: Tiny
about: a shop with hardly anyone
time_zone: UTC
currency: EUR
pseudonyms: none
public_data: true
smallest_group: 0
starts_on: 2024-01-01
ends_on: 2024-12-31
as_of: 2024-12-31
seed: 7
budget: 100
stability_draws: 10
exports:
  orders:
    title: Orders
    files: "*.csv"
    currency: EUR
    columns:
      order: {header: order, kind: id, filled: true, key: true}
      customer: {header: customer, kind: id, filled: true}
      day: {header: day, kind: date, format: "%Y-%m-%d", filled: true}
      amount: {header: amount, kind: money, decimals: 2, filled: true}
    tables:
      orders:
        numbered: line_id
        columns:
          {order_id: order, customer_id: customer, product_id: "'goods'", ordered_at: day, quantity: "1", amount: amount,
           discount: "0", coupon_discount: "0", coupon_match: "0"}
      customers: {one_per: customer_id, latest: day, columns: {customer_id: customer}}
"""


def words_of(page):
    """The text of a page without its code, figures and files."""
    body = page.split("<main", 1)[1]
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script|svg|pre)\b.*?</\1>", " ", body, flags=re.S)))


def test_a_study_of_one_customer_with_one_order_makes_pages_without_a_number_of_nothing(tmp_path):
    incoming = tmp_path / "data" / "incoming" / "tiny"
    for folder in (incoming, tmp_path / "studies"):
        folder.mkdir(parents=True)
    (tmp_path / "studies" / "tiny.yml").write_text(STUDY)
    (incoming / "orders.csv").write_text("order,customer,day,amount\n1,C1,2024-11-11,10.00\n")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "tiny"],
        env=os.environ | {"ANALYSIS_WORKSPACE": str(tmp_path), "ANALYSIS_STUDIES": str(tmp_path / "studies")},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    words = {
        name: words_of((tmp_path / "reports" / "tiny" / f"{name}.html").read_text())
        for name in ("index", "loyalty", "conversion", "campaign")
    }
    for name, text in words.items():
        assert not re.search(r"\b(?:nan|NaN|NaT|inf|None|Traceback)\b|<NA>", text), name
    assert "too few or too much alike for K-means" in words["loyalty"]
    assert "Nobody ordered in the 91 days before the last window" in words["loyalty"]  # so no lifetime value
    assert "cannot tell what is usual" in words["campaign"]
    assert "Too few" in words["conversion"] and "Fewer than" not in words["conversion"]


def alike(n, **changes):
    columns = {"customer_id": [f"c{at:02d}" for at in range(n)], "frequency": 1, "monetary": 10.0, "recency_days": 50,
               "order_frequency": 0.6, "order_amount": 10.0, "discount_share": 0.0}  # fmt: skip
    return pd.DataFrame(columns | changes)


def test_a_column_that_is_the_same_for_all_says_nothing_about_clusters():
    rng = np.random.default_rng(3)
    table = alike(20, recency_days=rng.integers(1, 90, 20), order_amount=rng.uniform(1, 99, 20))
    varies = {"recency_days": "log", "order_amount": "log"}
    with_constant, without = (
        clusters(table, k=3, draws=10, rng=np.random.default_rng(1), features=features).table
        for features in (varies | {"discount_share": "plain"}, varies)
    )
    assert with_constant.equals(without) and with_constant["cluster"].nunique() == 3
    assert scores(alike(20), bins=5).drop(columns="customer_id").to_numpy().tolist() == [[1, 1, 1]] * 20


def test_names_that_look_like_ours_or_like_nothing_are_groups_of_their_own():
    names = ["", "None", "nan", "Other", "other", "all other", "ALL", None]
    goods = pd.DataFrame(
        {"product_id": [str(at) for at in range(len(names))], "department": pd.array(names, dtype="str")}
    )
    lines = goods[["product_id"]].assign(amount=[float(2**at) for at in range(len(names))], coupon_discount=0.0)
    found = product_rankings(
        engine.with_money(engine.lazy(lines), ["amount", "coupon_discount"]), goods, by="department"
    )
    assert dict(zip(found["department"], found["purchase_amount"], strict=True)) == {
        name: 2.0**at
        for at, name in enumerate(names)
        if name is not None  # the product of no department is left out
    }
    made = html.unescape(str(products.section(found, None, currency="EUR", period="2024")))
    assert made.count("<tr>") == 1 + 7  # every name has its row, in the table behind the figure of eight


def test_a_figure_of_many_groups_shows_the_first_and_the_table_has_them_all():
    many = [f"group {at:05d}" for at in range(500)]
    goods = pd.DataFrame({"product_id": many, "department": many})
    lines = goods[["product_id"]].assign(amount=[float(500 - at) for at in range(500)], coupon_discount=0.0)
    found = product_rankings(
        engine.with_money(engine.lazy(lines), ["amount", "coupon_discount"]), goods, by="department"
    )
    made = str(products.section(found, None, currency="EUR", period="2024"))
    drawn, behind = made.split("<table", 1)
    assert behind.count('scope="row"') == 500
    assert {name for name in many if name in drawn.replace("\xa0", " ")} == set(many[: products.SHOWN])
