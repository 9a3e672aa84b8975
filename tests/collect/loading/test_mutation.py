"""One structural byte of an order file is inserted, deleted or replaced: nothing but free text may come out changed and unsaid."""

import random
from decimal import Decimal

import pyarrow.parquet as pq

from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError
from analysis.collect.loading.text_files import load

ORDERS = Export(
    columns={
        "order_id": {"header": "order", "kind": "id", "filled": True, "key": True, "pattern": "O[0-9]{6}"},
        "customer_id": {"header": "customer", "kind": "id", "filled": True, "pattern": "C[0-9]{4}"},
        "day": {"header": "day", "kind": "date", "format": "%Y-%m-%d", "filled": True},
        "note": {"header": "note"},
        "pieces": {"header": "pieces", "kind": "whole", "least": 1, "most": 9, "filled": True},
        "amount": {"header": "amount", "kind": "money", "decimals": 2, "filled": True},
    },
    tables={},
)
NOTES = ["", "gift", "5 kg", "ring, then wait", 'the "red" one', "caf\u00e9", "\u7b2c\u4e8c", "it's late"]
BYTES = [b",", b'"', b"\n", b"\r", b";", b"\t", b"\x00", b"\\", b" "]
TRIES = 100  # of many more: see benchmarks/README.md


def orders(dice, count=40):
    rows = []
    for number in range(count):
        note = dice.choice(NOTES)
        rows.append((f"O{number:06d}", f"C{dice.randrange(9999):04d}", f"2025-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
                     note, str(dice.randrange(1, 10)), f"{dice.randrange(99999) / 100:.2f}"))  # fmt: skip
    return rows


def written(rows):
    quoted = lambda cell: '"' + cell.replace('"', '""') + '"' if any(s in cell for s in ',"') else cell  # noqa: E731
    return "".join(",".join(map(quoted, row)) + "\n" for row in rows).encode()


def one_mutation(dice, tmp_path, body, rows):
    """Return "told", "same", "free text" or, with the change, what came out wrong without a word."""
    kind, new = dice.choice(["insert", "delete", "replace"]), dice.choice(BYTES)
    places = [at for at, sign in enumerate(body) if sign in b',"\n.-'] if kind == "delete" else range(len(body))
    place = dice.choice(places)  # a digit taken away leaves a valid amount, which nobody can see
    changed = body[:place] + (b"" if kind == "delete" else new) + body[place + (kind != "insert") :]
    file = tmp_path / "orders.csv"
    file.write_bytes(b"order,customer,day,note,pieces,amount\n" + changed)
    try:
        loaded = load(file, ORDERS, into=tmp_path / "orders.parquet")
    except FileError:
        return "told"
    kept = {row["order_id"]: row for row in pq.read_table(tmp_path / "orders.parquet").to_pylist()}
    before = {row[0]: (row[1], row[2], int(row[4]), Decimal(row[5])) for row in rows}
    after = {name: (row["customer_id"], str(row["day"]), row["pieces"], row["amount"]) for name, row in kept.items()}
    if any(before.get(name) != row for name, row in after.items()):
        return f"wrong after {kind} of {new!r} at {place}: {changed[max(0, place - 40) : place + 40]!r}"
    if len(after) < len(before):
        return "told" if loaded.aside else f"lost after {kind} of {new!r} at {place}"
    notes = {row[0]: row[3] or None for row in rows}
    return "same" if all(notes[name] == row["note"] for name, row in kept.items()) else "free text"


def test_no_byte_changes_an_order_without_a_word(tmp_path):
    dice = random.Random(20261127)
    rows = orders(dice)
    outcomes = [one_mutation(dice, tmp_path, written(rows), rows) for _ in range(TRIES)]
    assert set(outcomes) <= {"told", "same", "free text"}
    assert outcomes.count("told") > TRIES * 0.8
