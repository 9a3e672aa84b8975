"""Which encoding the bytes of a text are in: what they would be valid in, and how a few of its lines would read."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from analysis.collect.describe.evidence import OPEN, Evidence, of, visible

OTHERS = ("gb18030", "big5", "shift_jis", "cp1252", "cp1250", "cp1251")
MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)  # byte order mark -> encoding of the contract, codec that takes the mark off
SAMPLES = 3  # lines
CHINESE = range(0x4E00, 0xA000)


class Encoding(NamedTuple):
    """How to read the bytes for looking at them, and the evidence. The codec is one that fits; it may not be the one meant."""

    codec: str
    evidence: Evidence


def encoding(head: bytes, *, whole: bool) -> Encoding:
    """Return how the bytes at the beginning of a text can be read. A cut character at their end counts only where they are `whole`."""
    for mark, name, codec in MARKS:
        if head.startswith(mark):
            return Encoding(codec, Evidence(f"{name}, by its byte order mark", "encoding", name))
    if _fits(head, "utf-8", whole=whole):
        lines = _lines(head, "utf-8")
        if not lines:
            return Encoding("utf-8", Evidence("ASCII alone, so UTF-8 fits", "encoding", "utf-8"))
        words = f"valid UTF-8, with signs beyond ASCII in {of(len(lines), head.count(10) or 1)} lines"
        return Encoding("utf-8", Evidence(words, "encoding", "utf-8", _samples(lines)))
    possible = sorted(
        (name for name in OTHERS if _fits(head, name, whole=whole)), key=lambda name: -_chinese(head, name)
    )
    if not possible:
        return Encoding("latin-1", Evidence("neither UTF-8 nor another one that is known here", "encoding", OPEN))
    samples = tuple(f"{name}: {line}" for name in possible for line in _samples(_lines(head, name)))
    words = f"not UTF-8; valid {', '.join(possible)}; only who reads the lines can say which is meant"
    return Encoding(possible[0], Evidence(words, "encoding", OPEN, samples))


def _fits(head: bytes, name: str, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _lines(head: bytes, name: str) -> list[str]:
    """Return the lines with signs beyond ASCII."""
    return [line for line in head.decode(name, errors="ignore").splitlines() if not line.isascii()]


def _samples(lines: list[str]) -> tuple[str, ...]:
    return tuple(visible(line) for line in lines[:SAMPLES])


def _chinese(head: bytes, name: str) -> int:
    return sum(ord(sign) in CHINESE for sign in head[:100_000].decode(name, errors="ignore"))
