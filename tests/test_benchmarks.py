"""What the benchmark compares gives the same table, or the comparison means nothing."""

import importlib.util

import pandas as pd
import pytest

from analysis import engine, places
from analysis.collect import complete_journey


def benchmark(name):
    spec = importlib.util.spec_from_file_location(name, places.project_root() / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def customer_table():
    return benchmark("customer_table")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, customer_table):
    with pytest.MonkeyPatch.context() as patch:
        small = complete_journey.tables(sample=0.03)
        patch.setattr(complete_journey, "tables", lambda: small)
        path = tmp_path_factory.mktemp("bench")
        customer_table.copies(path, 2)
    return path


def test_our_table_hand_written_sql_and_pandas_agree(customer_table, folder):
    ours, sql, pandas = (
        getattr(customer_table, way)(folder, 2)[customer_table.KEYS].reset_index(drop=True)
        for way in ("ours", "sql", "pandas")
    )
    assert len(ours) > 100
    pd.testing.assert_frame_equal(ours, sql, check_dtype=False, rtol=1e-9)
    pd.testing.assert_frame_equal(ours, pandas, check_dtype=False, rtol=1e-9)


def test_every_copy_has_customers_and_orders_of_its_own(folder):
    lines = engine.collect(engine.scan(folder / "orders_2.parquet").select("customer_id", "order_id"))
    copies = lines["customer_id"].str.split("-").str[0]
    assert set(copies) == {"0", "1"} and copies.value_counts().nunique() == 1
    assert lines["order_id"].str.split("-").str[0].eq(copies).all()


def test_our_experiment_table_and_hand_written_sql_agree(tmp_path):
    module = benchmark("experiment_table")
    module.customers(tmp_path, 20_000)
    ours, sql = module.ours(tmp_path, 20_000), module.sql(tmp_path, 20_000)
    assert list(ours) == list(sql) == list(module.MEASURES)
    for name in module.MEASURES:
        assert ours[name] == pytest.approx(sql[name], rel=1e-9), name
    assert (
        ours["adjusted"][1] < ours["mean"][1]
    )  # spend before foretells spend, so that adjusting is seen to do something
