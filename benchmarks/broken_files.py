"""Broken files against what they should be: how often each reader is right, says so, or is silently wrong.

python benchmarks/broken_files.py READER FOLDER     FOLDER/broken/x.csv belongs to FOLDER/clean/x.csv; prints one JSON
python benchmarks/broken_files.py make FOLDER N     write N damaged copies of small order files with the clean ones

A file counts as *equal* where all rows come out as in the clean one, as *told* where the reader stops, or sets rows aside and
gives nothing that the clean file does not have, and as *silent* otherwise. All is compared as text, by name of the column.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

Rows = list[tuple[str, ...]]
NOTES = ["", "gift", "5 kg", "ring, then wait", 'the "red" one', "café", "第二", "it's late"]
DAMAGE = [
    b",",
    b'"',
    b"\n",
    b"\r",
    b";",
    b"\x00",
    b'""',
    b'","',
    b"\xe9",
    b"order,customer,day,note,amount\n",
    b"TOTAL,,,,9.99\n",
]


def make(folder: Path, number: int) -> None:
    """Write order files of 60 rows, each with one damage at a random place, and the same files without it."""
    for part in ("broken", "clean"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    dice = random.Random(20261127)
    for at in range(number):
        held = io.StringIO(newline="")
        writer = csv.writer(held, lineterminator="\n")
        writer.writerow(["order", "customer", "day", "note", "amount"])
        for row in range(60):
            day = f"2025-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
            writer.writerow(
                [
                    f"O{row:05d}",
                    f"C{dice.randrange(9999):04d}",
                    day,
                    dice.choice(NOTES),
                    f"{dice.randrange(99999) / 100:.2f}",
                ]
            )
        clean = held.getvalue().encode()
        new, first = dice.choice(DAMAGE), clean.index(b"\n") + 1
        lines = [first, *(place + 1 for place in range(first, len(clean) - 1) if clean[place] == 10)]
        place = dice.choice(lines) if len(new) > 9 else dice.randrange(first, len(clean))
        gone = dice.choice([0, 0, 1]) if len(new) < 9 else 0
        (folder / "clean" / f"{at:05d}.csv").write_bytes(clean)
        (folder / "broken" / f"{at:05d}.csv").write_bytes(clean[:place] + new + clean[place + gone :])


def ours(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """The project's loader with every column as text: the structure alone, without the half of the work that types do."""
    return _ours(file, {name: {"header": name} for name in names})


def typed(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """The project's loader with a contract for the files that `make` writes."""
    kinds = {
        "order": {"kind": "id", "pattern": "O[0-9]{5}", "filled": True, "key": True},
        "customer": {"kind": "id", "pattern": "C[0-9]{4}", "filled": True},
        "day": {"kind": "date", "format": "%Y-%m-%d", "filled": True},
        "amount": {"kind": "money", "decimals": 2, "filled": True},
    }
    return _ours(file, {name: {"header": name, **kinds.get(name, {})} for name in names})


def _ours(file: Path, columns: dict) -> tuple[Rows, bool]:
    import pyarrow.parquet as pq

    from analysis.collect.loading.contract import Export
    from analysis.collect.loading.text_files import load

    with tempfile.TemporaryDirectory() as folder:
        loaded = load(file, Export(columns=columns, tables={}), into=Path(folder) / "rows.parquet")
        rows = pq.read_table(Path(folder) / "rows.parquet").select(list(columns)).to_pylist()
    return [tuple("" if value is None else str(value) for value in row.values()) for row in rows], bool(loaded.aside)


def duckdb_auto(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """DuckDB as it comes."""
    import duckdb

    return _texts(duckdb.connect().read_csv(str(file), all_varchar=True), names), False


def duckdb_strict(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """DuckDB with declared columns, nothing guessed, strict mode."""
    import duckdb

    said = dict.fromkeys(names, "VARCHAR")
    path = str(file).replace("'", "''")
    return _texts(
        duckdb.connect().sql(
            f"from read_csv('{path}', columns = {said}, header = true, auto_detect = false, strict_mode = true, delim = ',', "
            "quote = '\"', escape = '\"')"
        ),
        names,
    ), False


def pandas(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """pandas with every column as text."""
    import pandas as pd

    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    return [tuple(map(str, row)) for row in frame[names].to_numpy().tolist()], False


def polars(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """polars with every column as text."""
    import polars as pl

    return [
        tuple(value or "" for value in row) for row in pl.read_csv(file, infer_schema=False).select(names).rows()
    ], False


def pyarrow(file: Path, names: list[str]) -> tuple[Rows, bool]:
    """pyarrow with every column as text."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    options = arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    rows = arrow.read_csv(file, convert_options=options).select(names).to_pylist()
    return [tuple(value or "" for value in row.values()) for row in rows], False


def _texts(relation, names: list[str]) -> Rows:  # noqa: ANN001
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    return [tuple(value or "" for value in row) for row in relation.project(quoted).fetchall()]


READERS: dict[str, Callable] = {
    "ours": ours, "typed": typed, "duckdb_auto": duckdb_auto, "duckdb_strict": duckdb_strict, "pandas": pandas, "polars": polars,
    "pyarrow": pyarrow,
}  # fmt: skip


def outcome(reader: Callable, broken: Path, clean: Path) -> str:
    """Return what a reader made of one file: equal, told or silent."""
    with clean.open(encoding="utf-8", newline="") as file:
        names, *rows = [tuple(row) for row in csv.reader(file, strict=True)]
    try:
        found, aside = reader(broken, list(names))
    except Exception:  # noqa: BLE001  whatever a reader says, it said something
        return "told"
    if found == rows:
        return "equal"
    return "told" if aside and not Counter(found) - Counter(rows) else "silent"


def main(way: str, folder: Path, number: int = 0) -> None:
    """Score one reader on all pairs of a folder."""
    if way == "make":
        return make(folder, number)
    pairs = [(file, folder / "clean" / file.name) for file in sorted((folder / "broken").iterdir())]
    counts = Counter(outcome(READERS[way], *pair) for pair in pairs)
    print(json.dumps({"files": len(pairs), **{name: counts[name] for name in ("equal", "told", "silent")}}))
    return None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
