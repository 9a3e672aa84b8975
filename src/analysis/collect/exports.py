"""Text exports as they came (CSV and its like): the records that name a customer are taken out, all others keep their bytes."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from analysis import places
from analysis.identity import IDS

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
HEADERS = {
    *IDS, "customer id", "customerid", "customer number", "client id", "user id", "contact id", "household_id",
    "客户编号", "客户id", "会员编号",
}  # fmt: skip
ENCODINGS = ("utf-8", "gb18030", "latin-1")  # the last takes any bytes; a byte order mark goes before all
SHORT = 6  # characters; a shorter id of digits alone is looked for only where the header says that customers stand


def remove(
    place: Path,
    customers: Collection[str],
    *,
    addresses: Collection[str],
    headers: Collection[str] = (),
    only_count: bool = False,
) -> dict[Path, int]:
    """Take the records that name one of the customers out of a text export, or out of all below a folder; return them by file.

    `headers` are those of further columns that hold ids of customers, as a study's contracts say.
    """
    own = {*HEADERS, *(header.casefold() for header in headers)}
    found = {file: _remove_records(file, customers, addresses, own, only_count) for file in _exports(place)}
    return {file: records for file, records in found.items() if records}


def left_over(place: Path, customers: Collection[str], *, addresses: Collection[str]) -> list[Path]:
    """Return the files in which records cannot be taken out (Excel, say), and those that still name somebody inside a text."""
    files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else []
    unread = [file for file in files if not file.name.lower().endswith((*ENDINGS, ".parquet", ".json", ".md"))]
    words = [re.escape(word.strip()) for word in (*_sure(customers), *addresses)]
    word = re.compile(rf"(?<![\w@.-])(?:{'|'.join(words)})(?![\w@.-])", re.I)
    return unread + [file for file in _exports(place) if words and word.search(_text(_content(file))[0])]


def holds_customers(header: str) -> bool:
    """Say whether a column with this header holds ids of customers."""
    return header.strip("\ufeff \t").casefold() in HEADERS


def _exports(place: Path) -> list[Path]:
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    return [file for file in files if file.is_file() and file.name.lower().endswith(ENDINGS)]


def _content(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.name.lower().endswith(".gz") else file.read_bytes()


def _remove_records(
    file: Path, customers: Collection[str], addresses: Collection[str], headers: Collection[str], only_count: bool
) -> int:
    text, encoding = _text(_content(file))
    kept, removed, of_customers = [], 0, set()
    for number, (record, raw) in enumerate(_records(text)):
        if number == 0:
            of_customers = {
                column for column, name in enumerate(record) if name.strip("\ufeff \t").casefold() in headers
            }
        names = _names(record, customers, addresses, of_customers)
        removed += names
        kept += [] if names else [raw]
    if removed and not only_count:
        left = "".join(kept).encode(encoding)
        with places.replacing(file) as unfinished:
            unfinished.write_bytes(gzip.compress(left, mtime=0) if file.name.lower().endswith(".gz") else left)
    return removed


def _sure(customers: Collection[str]) -> set[str]:
    """Return the ids that can hardly be anything else, in whatever column they stand."""
    return {name for name in customers if len(name) >= SHORT or not name.isdigit()}


def _names(record: list[str], customers: Collection[str], addresses: Collection[str], of_customers: set[int]) -> bool:
    sure = _sure(customers)
    folded = {address.strip().casefold() for address in addresses}
    for place, field in enumerate(record):
        plain = field.strip().removeprefix("'")
        if plain in (customers if place in of_customers else sure) or plain.casefold() in folded:
            return True
    return False


def _records(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield each record as fields and as it stands in the text, its line end and line breaks inside quotes included."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    first = text.split("\n", 1)[0]
    for record in csv.reader(lines(), delimiter=max(",;\t|", key=first.count)):
        yield record, "".join(taken)
        taken.clear()


def _text(content: bytes) -> tuple[str, str]:
    """Return the text and the encoding that gives back its very bytes."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16-le" if content[:2] == b"\xff\xfe" else "utf-16-be"
        return content.decode(encoding), encoding
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == content:
            return text, encoding
    return content.decode("latin-1"), "latin-1"
