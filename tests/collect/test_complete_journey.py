"""The source's published totals come out of our tables, before and after cleaning."""

import narwhals as nw
import pytest

from analysis import engine, places
from analysis.collect import clock, complete_journey, manifest
from analysis.tables import CANONICAL


@pytest.fixture(scope="module")
def raw():
    return complete_journey.tables()


def rows(frame):
    return int(engine.collect(frame.select(n=nw.len()))["n"].iloc[0])


def test_the_published_counts_and_sums_come_out(raw):
    orders = engine.with_money(raw["orders"], ["amount", "discount", "coupon_discount", "coupon_match"])
    found = engine.collect(
        orders.select(
            lines=nw.len(),
            customers=nw.col("customer_id").n_unique(),
            orders=nw.col("order_id").n_unique(),
            products=nw.col("product_id").n_unique(),
            amount=nw.col("amount").sum(),
            discount=nw.col("discount").sum(),
            coupons=nw.col("coupon_discount").sum(),
            match=nw.col("coupon_match").sum(),
        )
    ).iloc[0]
    assert found.to_dict() == {
        "lines": 1_469_307,
        "customers": 2_469,
        "orders": 155_848,
        "products": 68_509,
        "amount": 4_596_039.58,
        "discount": 791_650.64,
        "coupons": 26_359.90,
        "match": 4_542.65,
    }


def test_campaigns_contacts_and_redemptions_are_all_there(raw):
    contacts = engine.collect(raw["contacts"])
    responses = engine.collect(raw["responses"])
    kinds = engine.collect(raw["campaigns"])["kind"].value_counts().to_dict()
    assert kinds == {"Type A": 4, "Type B": 17, "Type C": 6}
    assert (len(contacts), contacts["customer_id"].nunique()) == (6_589, 1_559)
    assert (len(responses), len(responses[["campaign_id", "customer_id"]].drop_duplicates())) == (2_102, 792)
    assert responses["customer_id"].nunique() == 410


def test_every_column_is_declared_and_every_declared_table_is_there_or_explained(raw):
    assert tuple(raw) == complete_journey.TABLES
    assert set(raw) | set(complete_journey.ABSENT) == set(CANONICAL)
    for name, frame in raw.items():
        assert set(frame.collect_schema().names()) <= set(CANONICAL[name].names)


@pytest.fixture(scope="module")
def moments(raw):
    return clock.order_moments(raw["orders"], time_zone="America/New_York")


def test_every_redemption_falls_on_an_order_day_only_by_the_shops_clock(raw, moments):
    days = clock.redemptions_on_order_days(moments, raw["responses"])
    assert days == (2_102, 1_869, 2_102)


def test_hours_add_up_to_all_orders_by_either_clock(moments):
    hours = clock.orders_by_hour(moments)
    assert hours["orders_as_they_came"].sum() == hours["orders_on_the_shops_clock"].sum() == 155_848
    assert hours.set_index("hour")["orders_on_the_shops_clock"].idxmin() == 4


def test_a_sample_keeps_whole_households(raw):
    sample = complete_journey.tables(sample=0.1)
    households = engine.collect(sample["customers"])["customer_id"]
    assert all(int(number) % 100 < 10 for number in households)
    kept = engine.collect(raw["orders"].filter(nw.col("customer_id").is_in(households.tolist())).select(n=nw.len()))[
        "n"
    ].iloc[0]
    assert rows(sample["orders"]) == kept
    assert rows(sample["campaigns"]) == 27


def test_the_manifest_knows_rows_and_hashes_of_what_is_written(tmp_path):
    tables = {"campaigns": complete_journey.tables()["campaigns"]}
    manifest.write_raw(tables, folder=tmp_path)
    content = manifest.manifest(tmp_path, source="here", source_files={}, not_used={}, absent={"visits": "none"})
    manifest.write_manifest(content, tmp_path)
    assert manifest.read_manifest(tmp_path) == content
    assert content["tables"]["campaigns"] == {"rows": 27, "sha256": places.sha256(tmp_path / "campaigns.parquet")}
    overview = manifest.overview(content).set_index("table")
    assert overview.loc["campaigns", "rows"] == 27
    assert overview["rows"].isna().sum() == len(CANONICAL) - 1  # what is not there has no rows, which is not zero
