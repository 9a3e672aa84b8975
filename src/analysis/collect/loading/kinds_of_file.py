"""What a file is by its first bytes: a text with separators, or something else under its name, which is refused by its own name."""

from __future__ import annotations

import codecs

from analysis.collect.loading.loaded import FileError

BEGINNINGS = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "unpack it, or name it .xlsx if it is a workbook"),
    (b"PK\x05\x06", "an empty ZIP archive", "export it again"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "name it .xls, or save it as CSV"),
    (b"\x1f\x8b", "compressed with gzip", "declare compressed: true"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it"),
    (b"BZh", "compressed with bzip2", "unpack it"),
    (b"\xfd7zXZ\x00", "compressed with xz", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it"),
    (b"%PDF", "a PDF", "export the table as CSV"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"SQLite format 3\x00", "a SQLite database", "read it as a database"),
    (b"{\\rtf", "a text of a word processor (RTF)", "export the table as CSV"),
)  # fmt: skip
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}  # byte order mark -> encoding; the longer ones first


def refuse_other_kinds(head: bytes, *, file: str, compressed: bool = False) -> None:
    """Raise FileError where the first bytes (unpacked ones, if the file was declared to be compressed) are no text."""
    if not head:
        raise FileError(file, "it is empty", "export it again")
    for beginning, kind, way_out in BEGINNINGS:
        if head.startswith(beginning) and not (
            len(beginning) < 4 and head[:64].isascii() and beginning == b"BZh" and b"," in head[:64]
        ):
            fix = "it is compressed twice; unpack it" if compressed and beginning == b"\x1f\x8b" else way_out
            raise FileError(file, f"it is {kind}", fix)
    mark = mark_of(head)
    start = head[len(mark[0]) if mark else 0 :][:4096].lstrip(b" \t\r\n\x00").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")):
        raise FileError(file, "it is a web page (HTML), most likely an error or a login", "export it again, logged in")
    if start.startswith((b"<?xml", b"<soap", b"<error")):
        raise FileError(file, "it is XML", "export it as CSV")
    if (
        (start[:1] == b"{" and b":" in start)
        or start[:2] in (b"[{", b"[[")
        or (start[:1] == b"[" and start[1:].lstrip()[:1] in (b"{", b"["))
    ):
        raise FileError(file, "it is JSON", "export it as CSV")
    if not mark and head[:200].count(b"\x00") > len(head[:200]) // 4:
        raise FileError(
            file, "it looks like UTF-16 without a byte order mark", "declare encoding: utf-16-le, or export it as UTF-8"
        )


def mark_of(head: bytes) -> tuple[bytes, str] | None:
    """Return the byte order mark at the beginning and the encoding that it stands for."""
    return next(((mark, encoding) for mark, encoding in MARKS.items() if head.startswith(mark)), None)
