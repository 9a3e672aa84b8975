"""Bytes of a declared encoding become UTF-8, strictly; where they are of another one the evidence is said and nothing is guessed."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from analysis.collect.loading.kinds_of_file import mark_of
from analysis.collect.loading.loaded import FileError, Remark

OFTEN = ("gb18030", "big5", "shift_jis", "cp1252")  # encodings of which a message can say that the bytes would fit
UTF8 = "utf-8"


def as_utf8(
    chunks: Iterator[bytes], *, declared: str, stated: bool, file: str, remarks: list[Remark]
) -> Iterator[bytes]:
    """Give the chunks as UTF-8 without a byte order mark. UTF-8 itself is passed on unread: its faults belong to single lines.

    `stated` says whether the contract names the encoding; where it does not, a byte order mark of UTF-16 is believed.
    Raises FileError where the mark or the bytes are not of the declared encoding.
    """
    first = next(chunks, b"")
    encoding = _agreed(first, _codec(declared, file), stated, file, remarks)
    if encoding == UTF8:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder, line = codecs.getincrementaldecoder(encoding)("strict"), 1
    for chunk in _and_then(first, chunks):
        _refuse_utf8(chunk, encoding, file)
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line += chunk[: max(error.start, 0)].count(b"\n")
            raise FileError(
                file, f"bytes are not {declared}{evidence(chunk, but=encoding)}", "export it in one encoding", line=line
            ) from None
        line += text.count("\n")
        yield text.encode()
    try:
        last = decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileError(file, f"it ends inside a character of {declared}", "export it again", line=line) from None
    yield last.encode()


def evidence(sample: bytes, *, but: str = UTF8) -> str:
    """Return the encodings in which bytes would be valid, in words; that they would be valid does not say that they are it."""
    valid = [encoding for encoding in OFTEN if encoding != but and _decodes(sample, encoding)]
    return f"; they are valid {', '.join(valid)}" if valid else ""


def _agreed(head: bytes, declared: str, stated: bool, file: str, remarks: list[Remark]) -> str:
    found = mark_of(head)
    if not found:
        if declared in ("utf-16", "utf-32"):
            raise FileError(
                file,
                f"it has no byte order mark of {declared}",
                f"declare encoding: {declared}-le, or export it as UTF-8",
            )
        return declared
    mark, encoding = found
    if declared == encoding or declared.startswith(f"{encoding}-"):
        return encoding
    if encoding == "utf-16" and not stated:
        remarks.append(Remark(file, "note", "It is UTF-16 by its byte order mark and was read so."))
        return encoding
    raise FileError(
        file,
        f"it begins with the byte order mark of {encoding} and is declared as {declared}",
        f"declare encoding: {encoding}",
    )


def _codec(declared: str, file: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise FileError(
            file, f"the encoding {declared!r} is not known", "write it like utf-8, gb18030 or cp1252"
        ) from None
    return {"utf-8-sig": UTF8, "ascii": UTF8, "gbk": "gb18030", "gb2312": "gb18030"}.get(name, name)


def _refuse_utf8(chunk: bytes, encoding: str, file: str) -> None:
    """Raise FileError where bytes declared as an older encoding are valid UTF-8 and not ASCII: that is no accident."""
    if encoding.startswith("utf-") or chunk.isascii():
        return
    tail = len(chunk)
    while (
        tail and len(chunk) - tail < 4 and 0x80 <= chunk[tail - 1] < 0xC0
    ):  # a character may be cut by the end of the chunk
        tail -= 1
    if tail and chunk[tail - 1] >= 0xC0:
        tail -= 1
    if not chunk[:tail].isascii() and _decodes(chunk[:tail], UTF8):
        raise FileError(file, f"it is declared as {encoding} and its bytes are valid UTF-8", "declare encoding: utf-8")


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _and_then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
