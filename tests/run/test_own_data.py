"""A study of somebody's own exports: twenty lines of YAML, two files, the three reports; or a message that says what is wrong."""

import csv
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

STUDY = """\
like: usual
title: Corner shop
about: a shop and its CRM
time_zone: Europe/Berlin
currency: EUR
starts_on: 2023-01-01
ends_on: 2024-06-30
as_of: 2024-06-30
seed: 7
budget: 300
exports:
  people:
    files: contacts.csv
    columns: {id: {header: Id, kind: id, filled: true, key: true}, mail: Email, town: Town, may: Consent}
    tables: {customers: {one_per: customer_id, columns: {customer_id: id, email: mail, region: town, consent: may}}}
  sales:
    files: "orders*.csv"
    separator: ";"
    decimal_mark: ","
    duplicates: drop
    columns:
      order: {header: Order, kind: id, filled: true, key: true}
      who: {header: Customer, kind: id, filled: true, key: true}
      item: {header: Article, kind: id, filled: true}
      at: {header: Date, kind: moment, format: "%d.%m.%Y %H:%M", filled: true}
      pieces: {header: Pieces, kind: whole, filled: true}
      price: {header: Price, kind: money, decimals: 2, filled: true}
    tables:
      orders:
        numbered: line_id
        columns: {order_id: order, customer_id: who, product_id: item, ordered_at: at, quantity: pieces, amount: pieces * price,
                  discount: 0, coupon_discount: 0, coupon_match: 0}
"""  # fmt: skip
HEADER = ["Order", "Customer", "Article", "Date", "Pieces", "Price"]
ARTICLES = ["cup", "jug", "plate", "=SUM(A1)", "<script>x</script>"]


def lines():
    """Order lines of 120 customers in eighteen months, drawn from a seed; customers have their own pace."""
    dice, rows = random.Random(3), []
    for number in range(120):
        pace, day = dice.choice([10, 25, 60, 150]), date(2023, 1, 1) + timedelta(dice.randrange(200))
        while day <= date(2024, 6, 30):
            order = f"{number:03d}-{day:%y%m%d}"
            for item in dice.sample(ARTICLES, dice.choice([1, 1, 2])):
                price = f"{dice.choice([4, 9, 15, 40])},{dice.choice(['00', '50'])}"
                rows.append(
                    [order, f"C{number:03d}", item, f"{day:%d.%m.%Y} 10:15", str(dice.choice([1, 1, 2])), price]
                )
            day += timedelta(1 + int(dice.expovariate(1 / pace)))
    return rows


def put(folder, name, rows):
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows])


def bring(folder: Path, *, swapped: bool = False) -> None:
    """Write the exports: two files of orders that overlap, and the contacts of the CRM."""
    folder.mkdir(parents=True, exist_ok=True)
    every = sorted(lines(), key=lambda row: (row[3][6:10], row[3][3:5], row[0], row[2]))
    first, second = every[: len(every) // 2 + 50], every[len(every) // 2 :]
    put(folder, "orders 1.csv", second[::-1] if swapped else first)
    put(folder, "orders 2.csv", first[::-1] if swapped else second)
    people = [["Id", "Email", "Town", "Consent"]]
    people += [
        [f"C{n:03d}", f"person{n}@example.org", ["Ulm", "Jena"][n % 2], "no" if n % 10 == 0 else "yes"]
        for n in range(118)
    ]
    with (folder / "contacts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(people)


def run(workspace: Path, studies: Path, *words: str):
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(workspace), "ANALYSIS_STUDIES": str(studies)}
    return subprocess.run(
        [sys.executable, "-m", "analysis", *words], env=environment, cwd=workspace, capture_output=True, text=True, check=False
    )  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A workspace in which the study has run once; tests read it, the last ones change it."""
    root = tmp_path_factory.mktemp("shop")
    (root / "studies").mkdir()
    (root / "studies" / "shop.yml").write_text(STUDY, encoding="utf-8")
    bring(root / "data" / "incoming" / "shop")
    done = run(root, root / "studies", "report", "shop")
    assert done.returncode == 0, done.stdout + done.stderr
    return root, done.stdout


def test_two_files_and_thirty_lines_give_three_reports(shop):
    root, said = shop
    assert "read       orders 1.csv:" in said
    pages = root / "reports" / "shop"
    for name in ("index", "loyalty", "conversion", "campaign"):
        html = (pages / f"{name}.html").read_text(encoding="utf-8")
        assert "rows set aside" in html
        assert "nan" not in html.lower().replace("maintenan", "").replace("financ", "").replace("finan", "")


def test_every_line_is_there_once_to_the_cent(shop):
    root, _ = shop
    orders = pd.read_parquet(root / "data" / "processed" / "shop" / "orders.parquet")
    once = {tuple(row) for row in lines()}
    assert len(orders) == len(once)
    cents = sum(int(row[4]) * int(row[5].replace(",", "")) for row in once)
    assert round(float(orders["amount"].astype(float).sum()) * 100) == cents


def test_no_id_address_or_script_of_the_exports_stands_on_a_page(shop):
    root, _ = shop
    for page in (root / "reports" / "shop").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert "@example.org" not in html
        assert "C001" not in html
        assert "<script>x" not in html


def test_nothing_changed_is_nothing_done(shop):
    root, _ = shop
    done = run(root, root / "studies", "report", "shop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing changed since the last run" in done.stdout


def test_a_file_that_does_not_fit_stops_with_its_line_and_column_and_leaves_everything_as_it_was(shop):
    root, _ = shop
    file = root / "data" / "incoming" / "shop" / "orders 1.csv"
    whole, page = file.read_bytes(), (root / "reports" / "shop" / "index.html").read_bytes()
    file.write_bytes(whole.replace(b";Pieces;", b";Piece count;"))
    done = run(root, root / "studies", "report", "shop")
    assert done.returncode == 2
    assert "orders 1.csv" in done.stderr
    assert "'Pieces'" in done.stderr
    assert "Piece count" in done.stderr
    assert "Traceback" not in done.stderr
    assert (root / "reports" / "shop" / "index.html").read_bytes() == page
    file.write_bytes(whole)


def test_files_in_another_order_give_the_same_tables(shop, tmp_path):
    root, _ = shop
    bring(tmp_path / "data" / "incoming" / "shop", swapped=True)
    (tmp_path / "keys").mkdir(mode=0o700)
    code = (
        "from analysis.collect import sources; from analysis.study import Study; from analysis import places;"
        "sources.write(Study.load('shop'), places.raw('shop'))"
    )
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(tmp_path), "ANALYSIS_STUDIES": str(root / "studies")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    for table in ("orders", "customers", "products"):
        here, there = (folder / "data" / "raw" / "shop" / f"{table}.parquet" for folder in (root, tmp_path))
        assert here.read_bytes() == there.read_bytes(), table


def test_who_is_forgotten_leaves_the_exports_too(shop):
    root, _ = shop
    before = pd.read_parquet(root / "data" / "raw" / "shop" / "orders.parquet")
    assert (before["customer_id"] == "C001").any()
    done = run(root, root / "studies", "forget", "C001", "--study", "shop")
    assert done.returncode == 0, done.stdout + done.stderr
    after = pd.read_parquet(root / "data" / "raw" / "shop" / "orders.parquet")
    assert not (after["customer_id"] == "C001").any()
    for file in (root / "data").rglob("*"):
        if file.is_file():
            assert b"person1@example.org" not in file.read_bytes(), file
    assert not (root / "data" / "raw" / "shop" / "loaded").exists()
