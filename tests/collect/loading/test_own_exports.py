"""A study whose orders stand in PostgreSQL and whose customers in a workbook: one way through, and no secret on it."""

import json
import stat
from datetime import date, timedelta

import pandas as pd
import pytest
import xlsxwriter

from analysis import places
from analysis.collect import sources
from analysis.run import command, notebook, steps
from analysis.study import Study

STUDY = """
like: usual
title: Shop
about: a shop
source_note: the shop's own database and list of customers
time_zone: Europe/Berlin
currency: EUR
pseudonyms: none
public_data: true
smallest_group: 0
starts_on: 2024-01-01
ends_on: 2024-06-30
as_of: 2024-06-30
seed: 7
budget: 100
exports:
  orders:
    title: Orders of the shop
    url: postgresql://reader@127.0.0.1:{port}/shop
    password: SHOP_PASSWORD
    table: sales
    currency: EUR
    columns:
      order: {{header: id, kind: id, filled: true, key: true}}
      customer: {{header: customer, kind: id, filled: true}}
      article: {{header: article, kind: id, filled: true}}
      at: {{header: at, kind: moment, filled: true}}
      amount: {{header: amount, kind: money, decimals: 2, filled: true}}
    tables:
      orders:
        numbered: line_id
        columns: {{order_id: order, customer_id: customer, product_id: article, ordered_at: at, quantity: "1", amount: amount,
                  discount: 0, coupon_discount: 0, coupon_match: 0}}
  people:
    files: people*.xlsx
    columns:
      customer: {{header: Number, kind: id, filled: true, key: true}}
      since: {{header: Since, kind: date, filled: true}}
      region: {{header: Region}}
    tables:
      customers:
        columns: {{customer_id: customer, joined_on: since, region: region}}
"""
SALES = """create table sales as select i as id, 'K' || (i % 20) as customer, 'A' || (i % 5) as article,
    timestamptz '2024-01-02 09:00+01' + i * interval '14 hours' as at, ((i * 37 % 500) / 10.0)::numeric(8, 2) as amount,
    'anna' || i || '@example.org' as mail from generate_series(1, 300) i"""


@pytest.fixture(scope="module")
def shop(postgres, tmp_path_factory):
    """A workspace with the study, the workbook and the way to the database, gone after these tests."""
    folder = tmp_path_factory.mktemp("own")
    postgres.run(SALES)
    (folder / "studies").mkdir()
    (folder / "studies" / "shop.yml").write_text(STUDY.format(port=postgres.port), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_WORKSPACE", str(folder))
        patch.setenv("ANALYSIS_STUDIES", str(folder / "studies"))
        patch.setenv("SHOP_PASSWORD", postgres.reader)
        incoming = places.incoming("shop")
        incoming.mkdir(parents=True)
        with xlsxwriter.Workbook(incoming / "people 2024.xlsx") as book:
            page, as_date = book.add_worksheet("People"), book.add_format({"num_format": "dd.mm.yyyy"})
            page.write_row(0, 0, ["Number", "Since", "Region"])
            for at in range(20):
                page.write_string(at + 1, 0, f"K{at}")
                page.write_datetime(at + 1, 1, date(2023, 1, 1) + timedelta(days=at), as_date)
                page.write_string(at + 1, 2, "north" if at % 2 else "south")
        yield folder


@pytest.fixture(scope="module")
def collected(shop):
    """The study after it was checked and its first notebook run, as the command does it."""
    study = Study.load("shop")
    sources.source(study).check()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOP_PASSWORD", "not the one")  # the notebook has no use for it
        notebook.run(next(step for step in steps.steps_of(study) if step.name == "collect"), study)
    return study


def every_file(folder):
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".lock"}


def test_rows_of_both_become_canonical_tables(collected):
    raw = places.raw("shop")
    orders, customers = (pd.read_parquet(raw / f"{name}.parquet") for name in ("orders", "customers"))
    assert (len(orders), orders["customer_id"].nunique(), len(customers)) == (300, 20, 20)
    cents = sum(i * 37 % 500 for i in range(1, 301)) * 10
    assert round(100 * orders["amount"].astype(float).sum()) == cents
    first = orders.loc[orders["order_id"] == "1"].iloc[0]
    assert str(first["ordered_at"]) == "2024-01-02 22:00:00"  # 23:00 in Berlin
    assert str(customers.set_index("customer_id")["joined_on"]["K3"])[:10] == "2023-01-04"
    content = json.loads((raw / "manifest.json").read_text(encoding="utf-8"))
    told = {row["file"]: (row["rows"], row["kept"], len(row["sha256"])) for row in content["loading"]["files"]}
    assert told == {"orders": (300, 300, 64), "people 2024.xlsx": (20, 20, 64)}
    assert content["tables"]["orders"]["rows"] == 300


def test_nothing_that_a_run_leaves_behind_holds_the_password_or_a_column_that_was_not_asked_for(
    collected, shop, postgres
):
    from urllib.parse import quote

    left = {file: content for file, content in every_file(shop).items() if file.parent.name != "studies"}
    assert any(file.suffix == ".ipynb" for file in left) and any(file.suffix == ".html" for file in left)
    for secret in (postgres.reader, quote(postgres.reader, safe=""), "hunter2", "@example.org"):
        assert [file for file, content in left.items() if secret.encode() in content] == []
    staged = list(places.staged("shop").glob("*.parquet"))
    assert len(staged) == 2 and {stat.S_IMODE(file.stat().st_mode) for file in staged} == {0o600}


@pytest.mark.parametrize(
    ("secret", "said"),
    [("wrong-4711", 'FATAL: password authentication failed for user "reader"'), ("", None)],
)
def test_a_run_that_does_not_get_in_ends_in_one_line_and_leaves_everything_as_it_was(
    collected, shop, postgres, monkeypatch, capsys, secret, said
):
    monkeypatch.setenv("SHOP_PASSWORD", secret)
    before = every_file(shop)
    assert command.main(["report", "shop"]) == 2
    told = capsys.readouterr()
    place = f"orders (127.0.0.1:{postgres.port}/shop, table sales)"
    if said:
        server = f'connection failed: connection to server at "127.0.0.1", port {postgres.port} failed'
        assert told.err == f"{place}: the database says: {server}: {said}; put that right and run again\n"
    else:
        assert told.err == (
            f"{place}: the environment variable SHOP_PASSWORD, which holds the password, is not set; set it where the study is run, "
            "in a shell by: read -rs SHOP_PASSWORD && export SHOP_PASSWORD\n"
        )
    assert "wrong-4711" not in told.out + told.err
    assert every_file(shop) == before


def test_only_what_changed_in_the_database_makes_the_study_stale(collected, shop, postgres):
    loaded = places.staged("shop") / "loaded.json"
    before = loaded.read_bytes()
    sources.source(collected).check()
    assert loaded.read_bytes() == before
    postgres.run("update sales set amount = amount + 0.01 where id = 7")
    sources.source(collected).check()
    assert loaded.read_bytes() != before
