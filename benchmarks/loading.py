"""Order lines as CSV become typed Parquet in two ways; each prints its seconds, CPU seconds and peak memory as JSON.

python benchmarks/loading.py make FOLDER N KIND         write FOLDER/KIND_N.csv; KIND is clean, quoted or gb18030
python benchmarks/loading.py ours|duckdb FILE           load one of them into FILE.parquet
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

BLOCK = 200_000  # lines written at a time
COLUMNS = {
    "order_id": {"header": "order_id", "kind": "id", "filled": True, "key": True, "pattern": "O[0-9]{9}"},
    "line": {"header": "line", "kind": "whole", "least": 1, "filled": True},
    "customer_id": {"header": "customer_id", "kind": "id", "filled": True, "key": True},
    "product": {"header": "product", "filled": True},
    "ordered_on": {"header": "ordered_on", "kind": "date", "format": "%Y-%m-%d", "filled": True},
    "quantity": {"header": "quantity", "kind": "whole", "least": 0, "filled": True},
    "amount": {"header": "amount", "kind": "money", "decimals": 2, "filled": True},
    "discount": {"header": "discount", "kind": "money", "decimals": 2},
}
SCHEMA = {
    "order_id": "VARCHAR", "line": "BIGINT", "customer_id": "VARCHAR", "product": "VARCHAR", "ordered_on": "DATE",
    "quantity": "BIGINT", "amount": "DECIMAL(18,2)", "discount": "DECIMAL(18,2)",
}  # fmt: skip
WORDS = {
    "clean": ["bread", "green tea", "olive oil", "rice 5 kg", "pasta", "milk", "soap bar", "apples"],
    "quoted": ['"bread, white"', '"tea ""green"""', '"oil"', '"rice, 5 kg"', '"pasta"', '"milk, 3.5 %"', '"soap"', '"apples"'],
    "gb18030": ["面包", "绿茶", "橄榄油", "大米五公斤", "意大利面", "牛奶", "肥皂", "苹果"],
}  # fmt: skip


def make(folder: Path, number: int, kind: str) -> None:
    """Write order lines of which nothing is wrong: plain (clean), with a quoted column (quoted), or in Chinese (gb18030)."""
    for name, words in [(kind, WORDS[kind])]:
        generator = np.random.default_rng([20261127, len(name)])
        with (folder / f"{name}_{number}.csv").open(
            "w", encoding="gb18030" if name == "gb18030" else "utf-8", newline=""
        ) as file:
            file.write(",".join(COLUMNS) + "\n")
            for first in range(0, number, BLOCK):
                file.write(_lines(generator, words, first, min(BLOCK, number - first)))


def _lines(generator: np.random.Generator, words: list[str], first: int, count: int) -> str:
    days = np.datetime64("2024-01-01") + generator.integers(0, 730, count)
    customers, kinds = generator.integers(0, 500_000, count), generator.integers(0, len(words), count)
    pieces, cents = generator.integers(1, 12, count), generator.integers(0, 20_000, count)
    saved = generator.integers(0, 300, count)
    rows = zip(
        range(first, first + count), customers, kinds, np.datetime_as_string(days), pieces, cents, saved, strict=True
    )
    return "".join(
        f"O{row // 3:09d},{row % 3 + 1},C{customer:07d},{words[kind]},{day},{piece},{cent / 100:.2f},{less / 100:.2f}\n"
        for row, customer, kind, day, piece, cent, less in rows
    )


def ours(file: Path) -> dict:
    """The project's loader."""
    from analysis.collect.loading.contract import Export
    from analysis.collect.loading.text_files import load

    encoding = "gb18030" if file.name.startswith("gb18030") else "utf-8"
    export = Export(columns=COLUMNS, tables={}, encoding=encoding)
    loaded = load(file, export, into=file.with_suffix(".parquet"))
    return {"rows": loaded.kept, "amount": str(loaded.totals["amount"])}


def duckdb(file: Path) -> dict:
    """DuckDB in its strictest way: declared columns, nothing guessed, strict mode."""
    import duckdb

    con = duckdb.connect()
    con.execute("set memory_limit = '900MB'")
    into, path = (str(one).replace("'", "''") for one in (file.with_suffix(".parquet"), file))
    con.execute(f"""
        copy (select * from read_csv('{path}', columns = {SCHEMA}, header = true, auto_detect = false, strict_mode = true,
                                     delim = ',', quote = '"', escape = '"'))
        to '{into}' (format parquet, compression zstd)
    """)
    rows, amount = con.execute(f"select count(*), sum(amount) from '{into}'").fetchone()
    return {"rows": rows, "amount": str(amount)}


def main(way: str, place: Path, number: int = 0, kind: str = "clean") -> None:
    """Run one way and print what it took."""
    if way == "make":
        return make(place, number, kind)
    import duckdb as _  # noqa: F401  imports are not what is compared
    import pyarrow.parquet  # noqa: F401

    if way == "ours":
        from analysis.collect.loading import text_files  # noqa: F401
    began, cpu = time.perf_counter(), time.process_time()
    result = {"ours": ours, "duckdb": duckdb}[way](place)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3} | result))
    return None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:4]), *sys.argv[4:])
