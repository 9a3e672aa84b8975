"""A file is opened as what it is: a regular file, whole, unchanged while it is read, unpacked only where that is declared."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from analysis.collect.loading import encodings
from analysis.collect.loading.contract import Export
from analysis.collect.loading.kinds_of_file import refuse_other_kinds
from analysis.collect.loading.loaded import FileError, Remark

CHUNK = 4 * 2**20  # bytes read at a time
MOST_UNPACKED, FREE = 200, 64 * 2**20  # times its own size that a packed file may have, once it is larger than FREE
ENDS = b"\r\n"


class _Hashed:
    """A file whose bytes go into a SHA-256 as they are read, once and in order."""

    def __init__(self, raw: BinaryIO) -> None:
        self.raw, self.digest, self.taken = raw, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        content = self.raw.read(size)
        self.digest.update(content)
        self.taken += len(content)
        return content


class Opened:
    """The text of a file, chunk by chunk as UTF-8 with line ends \\n or \\r\\n; `sha256` is known when all is read."""

    def __init__(self, file: Path, export: Export) -> None:
        self.file, self.export, self.name = file, export, file.name
        self.remarks: list[Remark] = []
        self.sha256 = ""

    def chunks(self) -> Iterator[bytes]:
        """Give the text. Raises FileError for what is no text, is cut or packed badly, or changes while it is read."""
        before = _regular(self.file, self.name)
        with self.file.open("rb") as raw:
            hashed = _Hashed(raw)
            unpacked = self._unpacked(hashed)
            stated = "encoding" in self.export.model_fields_set
            text = encodings.as_utf8(
                unpacked, declared=self.export.encoding, stated=stated, file=self.name, remarks=self.remarks
            )
            yield from self._with_usual_line_ends(text)
            self.sha256 = hashed.digest.hexdigest()
            now = (os.fstat(raw.fileno()), self.file.stat())
            if (
                any((one.st_size, one.st_mtime_ns) != (before.st_size, before.st_mtime_ns) for one in now)
                or hashed.taken != before.st_size
            ):
                raise FileError(
                    self.name, "it changed while it was read", "it is still being written; wait until it is whole"
                )
        self._compare_with_sidecar()

    def _unpacked(self, raw: _Hashed) -> Iterator[bytes]:
        first = raw.read(CHUNK)
        if not self.export.compressed:
            refuse_other_kinds(first, file=self.name)
            while first:
                yield first
                first = raw.read(CHUNK)
            return
        if first[:2] != b"\x1f\x8b":
            what = "it is empty" if not first else "it is declared as compressed and is not gzip"
            raise FileError(self.name, what, "declare compressed: false, or export it again")
        yield from self._gunzipped(first, raw)

    def _gunzipped(self, first: bytes, raw: _Hashed) -> Iterator[bytes]:
        given = 0
        source = gzip.GzipFile(fileobj=_Before(first, raw), mode="rb")
        while True:
            try:
                chunk = source.read(CHUNK)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                cut = (
                    "ends inside its compressed content"
                    if isinstance(error, EOFError)
                    else "cannot be unpacked without a fault"
                )
                raise FileError(self.name, f"it {cut}", "transfer or export it again") from None
            if not given:
                refuse_other_kinds(chunk, file=self.name, compressed=True)
            if not chunk:
                return
            given += len(chunk)
            if given > FREE and given > MOST_UNPACKED * raw.taken:
                raise FileError(
                    self.name,
                    f"unpacked it is more than {MOST_UNPACKED} times as large",
                    "if that is right, unpack it yourself",
                )
            yield chunk

    def _with_usual_line_ends(self, text: Iterator[bytes]) -> Iterator[bytes]:
        """Give the text; one whose lines all end with a carriage return alone gets line feeds instead."""
        first = next((chunk for chunk in text if chunk), b"")
        if not first.strip(ENDS):
            raise FileError(self.name, "it has no content", "export it again")
        alone = b"\r" in first and b"\n" not in first
        if alone:
            self.remarks.append(
                Remark(self.name, "note", "Its lines end with a carriage return alone and were read so.")
            )
        line = 1
        while first is not None:
            if alone and b"\n" in first:
                line += first[: first.index(b"\n")].count(b"\r")
                raise FileError(self.name, "lines end in two ways", "export it with one kind of line end", line=line)
            line += first.count(b"\r") if alone else 0
            yield first.replace(b"\r", b"\n") if alone else first
            first = next(text, None)

    def _compare_with_sidecar(self) -> None:
        beside = self.file.with_name(self.file.name + ".sha256")
        if not beside.is_file():
            return
        said = beside.read_text(encoding="utf-8", errors="replace").split()
        if not said or said[0].lower() != self.sha256:
            raise FileError(self.name, f"its content is not the one of {beside.name}", "transfer it again")


class _Before:
    """A packed file from which the first bytes were already read."""

    def __init__(self, first: bytes, raw: _Hashed) -> None:
        self.first, self.raw = first, raw

    def read(self, size: int = -1) -> bytes:
        if not self.first:
            return self.raw.read(size)
        given, self.first = (self.first, b"") if size < 0 else (self.first[:size], self.first[size:])
        return given


def _regular(file: Path, name: str) -> os.stat_result:
    """Return what the system says of a file. Raises FileError where it is none, or lies elsewhere behind a link."""
    if not file.exists():
        raise FileError(name, "it is not there", "look at the name")
    if file.is_symlink() and file.resolve().parent != file.parent.resolve():
        raise FileError(name, "it is a link out of its folder", "put the file itself there")
    said = file.stat()
    if not stat.S_ISREG(said.st_mode):
        raise FileError(name, "it is no regular file", "put a file there")
    return said
