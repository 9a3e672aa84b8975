"""Whole exports on their way into a study: twice, of another system, of people alone, with an e-mail address as the id."""

import stat
from datetime import date

import narwhals as nw
import pandas as pd
import pytest

from analysis import engine, keys, places
from analysis.clean import contract, pseudonyms
from analysis.clean.quarantine import clean
from analysis.collect import sources
from analysis.refusals import StudyError
from analysis.study import Study
from analysis.tables import CANONICAL

STUDY = """
like: usual
title: Shop
about: a shop
source_note: the shop's own export
time_zone: Europe/Berlin
currency: EUR
starts_on: 2024-01-01
ends_on: 2024-05-31
as_of: 2024-05-31
seed: 7
budget: 100
exports:
  orders:
    files: orders*.csv
    daily: {daily}
    columns:
      order: {{header: order, kind: id, key: true}}
      customer: {{header: customer, kind: id}}
      day: {{header: day, kind: date, format: "%Y-%m-%d"}}
      amount: {{header: amount, kind: money, decimals: 2}}
    tables:
      orders:
        numbered: line_id
        columns: {{order_id: order, customer_id: customer, product_id: "'cup'", ordered_on: day, quantity: "1", amount: amount,
                  discount: 0, coupon_discount: 0, coupon_match: 0}}
"""


@pytest.fixture
def shop(workspace, monkeypatch):
    """Return a function that puts files (name to customers, one order each) there, and gives the written remarks and orders."""
    (workspace / "studies").mkdir()
    monkeypatch.setenv("ANALYSIS_STUDIES", str(workspace / "studies"))
    incoming = places.incoming("shop")
    incoming.mkdir(parents=True)

    def written(files, *, daily=False):
        (workspace / "studies" / "shop.yml").write_text(STUDY.format(daily=str(daily).lower()), encoding="utf-8")
        for old in incoming.iterdir():
            old.unlink()
        for name, customers in files.items():
            lines = [f"{who}-{at},{who},2024-05-{at % 28 + 1:02},{at % 5 + 2}.50" for at, who in enumerate(customers)]
            (incoming / name).write_text("\n".join(["order,customer,day,amount", *lines, ""]), encoding="utf-8")
        study = Study.load("shop")
        sources.source(study).check()
        sources.write(study, places.raw("shop"))
        remarks = pd.read_parquet(places.raw("shop") / "loading" / "remarks.parquet")
        return [tuple(row) for row in remarks.to_numpy()], pd.read_parquet(places.raw("shop") / "orders.parquet")

    return written


OURS, THEIRS = [f"c{n}" for n in range(30)], [f"2-{n}" for n in range(30)]


def test_the_same_export_under_two_names_is_read_once(shop):
    for _ in range(2):  # and said once, however often the files are looked at
        told, orders = shop({"orders.csv": OURS, "orders (1).csv": OURS})
    assert told == [("orders.csv", "note", "has the same content as orders (1).csv and is read once")]
    assert orders["customer_id"].sort_values().tolist() == sorted(OURS)


def test_an_export_of_another_system_is_told_beside_the_load_before_and_again_by_a_second_run(shop):
    assert shop({"orders.csv": OURS})[0] == []
    strange = (
        "orders", "warning", "fewer than 10 % of the customers at the load before are there again: the file may be that of another system, "
        "or the ids are made anew with every export; ask the sender",
    )  # fmt: skip
    for _ in range(2):  # the second run reads the same files and says the same
        told, _ = shop({"orders.csv": THEIRS})
        assert [row for row in told if row[0] == "orders"] == [strange]
    assert shop({"orders.csv": [*THEIRS, "2-30"]})[0] == []
    kept = places.staged("shop") / "before.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "2-17" not in kept.read_text(encoding="utf-8")


def test_a_day_without_a_file_is_told(shop):
    told, _ = shop({"orders-2024-05-01.csv": OURS[:20], "orders-2024-05-03.csv": OURS[20:]}, daily=True)
    assert told == [
        ("orders", "warning", "1 of 3 days have no file: 2024-05-02; what happened then is not in the data, so ask the sender for them"),
    ]  # fmt: skip


def test_an_export_of_no_orders_is_refused_in_words(shop, workspace):
    with pytest.raises(StudyError) as refused:
        text = STUDY.replace(
            "      orders:\n        numbered: line_id\n", "      customers:\n        one_per: customer_id\n"
        )
        text = text[: text.index("        columns: {{order_id")] + "        columns: {{customer_id: customer}}\n"
        places.incoming("shop").joinpath("orders.csv").write_text(
            "order,customer,day,amount\n1,c1,2024-05-01,2.50\n", encoding="utf-8"
        )
        (workspace / "studies" / "shop.yml").write_text(text.format(daily="false"), encoding="utf-8")
        study = Study.load("shop")
        sources.source(study).check()
        sources.write(study, places.raw("shop"))
    assert str(refused.value) == "study 'shop': no export fills the table orders; a study needs order lines"


def test_an_id_that_is_an_e_mail_address_does_not_get_past_the_door():
    orders = pd.DataFrame({
        "order_id": ["o1", "o2"], "line_id": "1", "customer_id": ["ann@x.example", "+49 30 123456"], "product_id": "cup",
        "ordered_at": pd.to_datetime(["2024-05-01", "2024-05-02"]).astype("datetime64[us]"), "quantity": 1, "amount": 2.5, "discount": 0.0,
        "coupon_discount": 0.0, "coupon_match": 0.0,
    })  # fmt: skip
    typed = {"orders": contract.typed(engine.lazy(orders), CANONICAL["orders"], time_zone="UTC")}
    names = pseudonyms.pseudonyms(typed, key=keys.Key(bytes(32)), as_of=date(2024, 6, 1))
    past = engine.collect(
        pseudonyms.replaced(typed, names)["orders"].with_columns(nw.col("ordered_on").cast(nw.String))
    )
    assert past["order_id"].tolist() == ["o1", "o2"] and past["customer_id"].nunique() == 2
    assert not any(sign in past.to_csv() for sign in ("@", "ann", "123456"))


def test_a_key_that_comes_twice_cannot_multiply_order_lines():
    products = pd.DataFrame({"product_id": ["cup", "cup", "jug"], "name": ["Cup", "Mug", "Jug"]})
    typed = contract.typed(engine.lazy(products), CANONICAL["products"], time_zone="UTC")
    result = clean(typed, CANONICAL["products"], valid={}, as_of=date(2024, 5, 31))
    orders = engine.lazy(pd.DataFrame({"order_id": ["o1", "o2", "o3"], "product_id": ["cup", "jug", "jug"]}))
    assert (
        len(engine.collect(orders.join(result.valid, on="product_id", how="left"))) == 3
    )  # with both cups it would be 4
    assert result.set_aside["reason"].tolist() == ["same key", "same key"]
