"""Random tables are written, damaged and loaded; the strict referee says which rows there can be, and no other one may come out."""

import random

import pyarrow.parquet as pq
import pytest

from analysis.collect.loading import opening
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError
from analysis.collect.loading.text_files import load

BITS = ["a", "b", "7", " ", "''", '"', '""', ",", "\u4e2d", "\u00e9", "x y", ".", "-", "\t", "\\", ";"]
BREAKS = ["\n", "\r\n", "a,b\n", "\n1,2,3\n"]
DAMAGE = [b'"', b",", b"\n", b"\r", b"a", b"\x00", b"\xe9", b" ", b'""', b'","', b"\r\n", b"\n\n"]
FILES = 200  # of many more: see benchmarks/README.md


def table(dice, *, columns, breaks):
    bits = BITS + (BREAKS if breaks else [])
    cell = lambda: "".join(dice.choice(bits) for _ in range(dice.choice([0, 1, 1, 2, 3, 6])))  # noqa: E731
    return [tuple(cell() for _ in range(columns)) for _ in range(dice.choice([1, 3, 8, 20]))]


def written(dice, rows):
    end, quote_all = dice.choice(["\n", "\r\n"]), dice.random() < 0.3
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            must = any(sign in cell for sign in ',"\r\n') or quote_all or dice.random() < 0.1
            cells.append('"' + cell.replace('"', '""') + '"' if must else cell)
        lines.append(",".join(cells) + end)
    text = "".join(lines)
    return text.removesuffix(end) if dice.random() < 0.1 else text


def damaged(dice, body, places):
    """Return the body with one change at each place, the last place first."""
    for place, kind, new in sorted(places, reverse=True):
        tail = body[place:] if kind == "insert" else body[place + 1 :]
        body = body[:place] + (b"" if kind == "delete" else new) + tail
    return body


def one_file(dice, tmp_path, monkeypatch, strict):
    """Make, damage and load one file; return a fault of the loader in words, None where it did well."""
    columns, multiline = dice.choice([2, 3, 4]), dice.random() < 0.5
    rows = table(dice, columns=columns, breaks=multiline or dice.random() < 0.2)
    header = ",".join(f"c{at}" for at in range(columns)).encode() + b"\n"
    body = written(dice, rows).encode()
    kinds = [(dice.randrange(len(body)), dice.choice(["delete", "insert", "replace"]), dice.choice(DAMAGE))
             for _ in range(dice.choice([0, 1, 1, 1, 1]))] if body else []  # fmt: skip
    content = header + damaged(dice, body, kinds)
    truth = strict(content, separator=",", columns=columns)
    allowed = {*rows, *(truth.rows if truth.sound else ())}
    monkeypatch.setattr(opening, "CHUNK", dice.choice([40, 64, 200, 1000, 10**6]))
    file = tmp_path / "f.csv"
    file.write_bytes(content)
    names = {f"c{at}": {"header": f"c{at}", "multiline": multiline} for at in range(columns)}
    plain = not multiline and any(sign in cell for row in rows for cell in row for sign in "\r\n")
    try:
        loaded = load(file, Export(columns=names, tables={}, allow_empty=True), into=tmp_path / "f.parquet")
    except FileError as error:
        return None if kinds or plain else f"refused a sound file: {error}"
    kept = [tuple(row[name] or "" for name in names) for row in pq.read_table(tmp_path / "f.parquet").to_pylist()]
    if wrong := [row for row in kept if row not in allowed]:
        return f"kept {wrong[0]!r}, set aside {len(loaded.aside)}, after {kinds!r} of {body!r}"
    if not loaded.aside and (kept != truth.rows or not truth.sound):
        return f"kept {kept!r} and said nothing of {content!r}"
    if truth.sound and not plain and not loaded.aside and kept != truth.rows:
        return f"lost rows of {content!r}"
    return None


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_file_gives_a_row_that_no_reading_has(seed, tmp_path, monkeypatch, strict):
    dice = random.Random(20261127 + seed)
    assert [fault for _ in range(FILES // 4) if (fault := one_file(dice, tmp_path, monkeypatch, strict))] == []
