"""The files of the source documents say of their customers what the company's tables say, but for what was planted."""

import io

import pandas as pd
import pytest

from analysis.clean.written import cleaned
from analysis.collect import workshop
from analysis.collect.workshop import answer_key, making, source_documents

MONEY = [
    "purchases",
    "amount",
    "referrals",
    "purchase_count",
    "purchase_amount",
    "purchase_weight",
    "used",
    "sales",
    "cost",
]


@pytest.fixture(scope="module")
def company():
    return making.company(size="S", seed=7, scenario="ecommerce", dirt=False)


@pytest.fixture(scope="module")
def files(company):
    read = {
        name: pd.read_csv(io.BytesIO(file), dtype="str", keep_default_na=False)
        for name, file in company.documents.files.items()
    }
    return {
        name: cleaned(table, numbers=[column for column in MONEY if column in table]).table
        for name, table in read.items()
    }


def test_there_are_eleven_small_files_of_twenty_to_hundred_rows(company, files):
    assert [f"source_documents/{name}.csv" for name in company.documents.files] == list(workshop.FILES)
    assert {name: len(table) for name, table in files.items() if not 20 <= len(table) <= 100} == {}
    for name in ("customers", "customer_attribute", "customer_behavior", "customer_marketing"):
        assert len(files[name]) == files[name]["customer_id"].nunique() == 50, name


def test_a_customer_s_purchases_are_their_orders_of_the_year_on_the_shops_days(company, files):
    """The slow way: order by order."""
    orders = company.tables["orders"]
    for row in files["customers"].dropna().head(12).itertuples():
        days = {}
        for line in orders[orders["customer_id"].eq(row.customer_id) & orders["quantity"].gt(0)].itertuples():
            local = line.ordered_at + pd.Timedelta(hours=8)
            if local.year == 2024:
                days.setdefault(line.order_id, []).append(line.amount)
        assert row.purchases == len(days)
        assert row.amount == pytest.approx(sum(map(sum, days.values())), abs=0.005)


def test_the_halves_of_the_year_add_up_to_the_year(files):
    """Two files about the same customers, by two ways: an identity where neither has an empty cell."""
    halves = files["purchase_weights"].groupby("customer_id")[["purchase_count", "purchase_amount"]].sum()
    year = files["customers"].set_index("customer_id")
    assert halves["purchase_count"].to_dict() == year["purchases"].to_dict()
    assert halves["purchase_amount"].to_dict() == pytest.approx(year["amount"].to_dict(), abs=0.011)


def test_arms_are_those_of_the_last_campaign_and_only_who_was_sent_something_costs(company, files):
    sent, contacts = files["customer_marketing"], company.tables["contacts"].query("campaign_id == '11'")
    arms = contacts.set_index("customer_id")["arm"]
    assert sent.set_index("customer_id")["arm"].to_dict() == arms.loc[sent["customer_id"]].to_dict()
    assert set(sent["arm"]) == {"treated", "holdout"}
    held = sent[sent["arm"].eq("holdout")]
    assert set(held["incentive"]) == {"nothing"} and held["cost"].fillna(0).eq(0).all() and held["used"].eq(0).all()
    assert sent.loc[sent["arm"].eq("treated"), "cost"].min() > 0


def test_the_same_seed_writes_the_same_files_with_or_without_dirt_and_the_key_names_what_was_planted(tmp_path):
    for dirt in (False, True):
        workshop.write(tmp_path / str(dirt), size="S", seed=3, scenario="finance", dirt=dirt, sample=0.1)
    for file in workshop.FILES:
        assert (tmp_path / "False" / file).read_bytes() == (tmp_path / "True" / file).read_bytes(), file
    key = pd.DataFrame(answer_key.read_key(tmp_path / "True")["source_documents"])
    planted = key[key["fault"].ne("empty cell")].groupby("file").size()
    meant = pd.Series(
        {name: sum(fault != "empty cell" for _, fault in faults) for name, faults in source_documents.PLANTED.items()}
    )
    assert planted.to_dict() == meant.add(pd.Series(source_documents.COPIES), fill_value=0).astype(int).to_dict()
