"""Rows of a database become typed Parquet: seconds, CPU seconds and peak memory for 100,000 and 1,000,000 rows, one process each.

python benchmarks/databases.py                 rows of a SQLite file that is made for it, the way that needs no server
python benchmarks/databases.py URL VARIABLE    rows that PostgreSQL makes up; VARIABLE names the environment variable of the password
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (100_000, 1_000_000)
COLUMNS = {
    "order_id": {"header": "id", "kind": "id", "filled": True},
    "customer_id": {"header": "customer", "kind": "id", "filled": True},
    "amount": {"header": "amount", "kind": "money", "decimals": 2},
    "ordered_on": {"header": "day", "kind": "date", "format": "%Y-%m-%d"},
    "quantity": {"header": "pieces", "kind": "whole"},
}
POSTGRES = """select i as id, 'C' || i % 50000 as customer, (i % 9999 / 100.0)::numeric(9, 2) as amount,
    date '2024-01-01' + i % 300 as day, i % 7 as pieces from generate_series(1, {rows}) i"""


def main(url: str, variable: str) -> None:
    """Print one line per size."""
    print(f"{'rows':>10}{'seconds':>9}{'cpu':>8}{'MB':>7}   {url or 'SQLite'}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for rows in SIZES:
            if not url:
                _make(Path(folder) / f"{rows}.db", rows)
            words = [sys.executable, __file__, "load", folder, str(rows), url, variable]
            environment = os.environ | {"ANALYSIS_WORKSPACE": folder}
            done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
            told = json.loads(done.stdout)
            print(f"{told['rows']:>10,}{told['seconds']:>9.1f}{told['cpu']:>8.1f}{told['megabytes']:>7.0f}")


def load(folder: Path, rows: int, url: str, variable: str) -> dict:
    """Load the rows, and say what it took."""
    from analysis.collect.loading import databases
    from analysis.collect.loading.contract import Export

    origin = {"url": url, "password": variable, "query": POSTGRES.format(rows=rows)}
    if not url:
        origin = {"url": f"sqlite:///{rows}.db", "table": "orders"}
    began = time.perf_counter()
    loaded = databases.load(Export(columns=COLUMNS, tables={}, **origin), name="rows", into=folder / f"{rows}.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"rows": loaded.kept, "seconds": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime,
            "megabytes": used.ru_maxrss / 1024}  # fmt: skip


def _make(file: Path, rows: int) -> None:
    connection = sqlite3.connect(file)
    connection.execute("create table orders (id integer, customer text, amount real, day text, pieces integer)")
    lines = (
        (i, f"C{i % 50000}", i % 9999 / 100, f"2024-{i % 9 + 1:02d}-{i % 28 + 1:02d}", i % 7)
        for i in range(1, rows + 1)
    )
    connection.executemany("insert into orders values (?, ?, ?, ?, ?)", lines)
    connection.commit()
    connection.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        print(json.dumps(load(Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:6])))
    else:
        main(*(sys.argv[1:3] or ("", "")))
