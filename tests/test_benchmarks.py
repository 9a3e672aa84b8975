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


@pytest.mark.parametrize("kind", ["clean", "quoted", "gb18030"])
def test_our_loader_and_the_strict_one_of_the_engine_load_the_same_rows(kind, tmp_path):
    loading = benchmark("loading")
    loading.make(tmp_path, 500, kind)
    file = tmp_path / f"{kind}_500.csv"
    ours = loading.ours(file)
    assert ours["rows"] == 500
    if kind != "gb18030":
        kept = pd.read_parquet(file.with_suffix(".parquet")).drop(columns="_line")
        assert loading.duckdb(file) == ours
        pd.testing.assert_frame_equal(kept, pd.read_parquet(file.with_suffix(".parquet")), check_dtype=False)


def test_a_reader_that_repairs_is_silent_and_one_that_stops_or_sets_aside_has_told(tmp_path):
    broken_files = benchmark("broken_files")
    clean = tmp_path / "clean.csv"
    clean.write_text("order,note\nO1,a\nO2,b\n", encoding="utf-8")
    for content, expected in {
        "order,note\nO1,a\nO2,b\n": ("equal", "equal"),
        "order,note\nO1,a\nO2\n": ("told", "silent"),
        "order,note\nO1,a\nO2,b,x\n": ("told", "told"),
        "order,note\nO1,a,x\nO2,b\n": ("told", "silent"),  # pandas makes the first column an index
    }.items():
        (tmp_path / "broken.csv").write_text(content, encoding="utf-8")
        found = [
            broken_files.outcome(reader, tmp_path / "broken.csv", clean)
            for reader in (broken_files.ours, broken_files.pandas)
        ]
        assert tuple(found) == expected, content
