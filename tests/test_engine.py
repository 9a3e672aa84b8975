"""The engine sums money exactly, keeps the shops' clock, and writes the same bytes with any number of threads."""

import hashlib
import os
import subprocess
import sys
from datetime import datetime

import narwhals as nw
import pandas as pd
import pytest

from analysis import engine


def test_ten_dimes_are_one_dollar():
    dimes = engine.with_money(engine.lazy(pd.DataFrame({"amount": [0.1] * 10})), ["amount"])
    assert sum([0.1] * 10) != 1  # what floats make of it
    assert engine.collect(dimes.select(nw.col("amount").sum()))["amount"].iloc[0] == 1


@pytest.mark.parametrize(
    ("utc", "local"),
    [
        ("2017-07-01 03:30:00", "2017-06-30 23:30:00"),  # summer, four hours behind
        ("2018-01-01 04:01:20", "2017-12-31 23:01:20"),  # winter, five hours behind: still the old year
        ("2017-03-12 06:59:59", "2017-03-12 01:59:59"),  # the last second before the clocks go forward
        ("2017-03-12 07:00:00", "2017-03-12 03:00:00"),
    ],
)
def test_moments_become_the_shops_clock(utc, local):
    moments = engine.lazy(pd.DataFrame({"at": [pd.Timestamp(utc)]}))
    found = engine.collect(engine.with_local_time(moments, "at", time_zone="America/New_York"))["at"].iloc[0]
    assert found == datetime.fromisoformat(local)


def test_a_time_zone_is_a_value_and_never_a_statement():
    import duckdb

    moments = engine.lazy(pd.DataFrame({"at": [pd.Timestamp("2017-01-01")]}))
    with pytest.raises(duckdb.Error, match="(?i)time ?zone"):
        engine.collect(engine.with_local_time(moments, "at", time_zone="x') as at, (select 1) as \"y"))


WRITE = """
import sys, numpy as np, pandas as pd
from pathlib import Path
from analysis import engine
rng = np.random.default_rng(1)
frame = pd.DataFrame({"key": rng.permutation(300_000).astype(str), "amount": rng.random(300_000).round(2)})
engine.write(engine.with_money(engine.lazy(frame), ["amount"]), Path(sys.argv[1]), sort_by=["key"])
"""


def test_a_table_has_the_same_bytes_with_one_thread_and_with_four(tmp_path):
    hashes = set()
    for threads, zone in (("1", "UTC"), ("4", "Asia/Shanghai")):
        path = tmp_path / f"{threads}.parquet"
        environment = os.environ | {"ANALYSIS_THREADS": threads, "TZ": zone}
        subprocess.run([sys.executable, "-c", WRITE, str(path)], check=True, env=environment)
        hashes.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_what_is_held_is_computed_once_and_stays_as_it_was():
    frame = engine.lazy(pd.DataFrame({"amount": [1, 2]})).with_columns(drawn=nw.col("amount") * 2)
    first, second = engine.hold(frame), engine.hold(frame.filter(nw.col("amount") > 1))
    assert engine.collect(first)["drawn"].tolist() == [2, 4]
    assert engine.collect(second)["drawn"].tolist() == [4]


def test_collected_rows_come_sorted_by_all_columns_whatever_order_the_engine_has_them_in():
    frame = engine.lazy(pd.DataFrame({"who": ["Bo", "Al", "Al"], "paid": [1.0, 3.0, 2.0]}))
    assert engine.collect(frame).to_dict("list") == {"who": ["Al", "Al", "Bo"], "paid": [2.0, 3.0, 1.0]}
