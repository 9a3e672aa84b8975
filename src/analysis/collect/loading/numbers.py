"""Whole numbers, numbers and amounts of money from text: by the declared way of writing alone, exactly or not at all."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading.arrays import Cast, among, bytes_of, chosen, lengths, mask, matches
from analysis.collect.loading.contract import Column, Export

MOST_DECIMALS, DIGITS = 4, 18  # decimals of an amount where a contract does not say how many; its digits in all
MOST_DECIMALS_OF_NUMBERS = 15  # a share or a score is no amount: 0.142857142857143 is as good as 0.14
BLANKS, APOSTROPHES = "[ \u00a0\u202f]", "['\u2019]"
KNOWN = np.zeros(256, dtype=bool)
KNOWN[list(b"0123456789.-")] = True


def whole(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return int64: digits, a minus where one is declared, no more than 18 digits. 12.00, 1e2, 0x10 and 1_000 do not fit."""
    plain, fits = _plain(cells, column, export, decimals=(0, 0))
    return _cast(plain, fits, pa.int64(), "not a whole number", column)


def money(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return decimal128(18, s), where s is the declared number of decimals or 4: never rounded."""
    least, most = _decimals(column)
    plain, fits = _plain(cells, column, export, decimals=(least, most))
    return _cast(plain, fits, pa.decimal128(DIGITS, most), f"not an amount{_like(column, export)}", column)


def number(cells: pa.StringArray, column: Column, export: Export) -> Cast:
    """Return float64 of decimal numbers; inf, nan and powers of ten do not fit, and minus zero is zero."""
    plain, fits = _plain(cells, column, export, decimals=_decimals(column))
    cast = _cast(plain, fits, pa.float64(), f"not a number{_like(column, export)}", column)
    return Cast(pc.add(cast.values, 0.0), cast.faults)


def exactly(cells: pa.StringArray, column: Column, export: Export) -> pa.Array:
    """Return the cells of a column of numbers as exact decimals, null where one is no number; for sums that must agree."""
    least, most = (0, 0) if column.kind == "whole" else _decimals(column)
    plain, fits = _plain(cells, column, export, decimals=(least, most))
    return among(chosen(plain, fits).cast(pa.decimal128(38, most)), fits)


def _decimals(column: Column) -> tuple[int, int]:
    if column.decimals is None:
        return 0, MOST_DECIMALS_OF_NUMBERS if column.kind == "number" else MOST_DECIMALS
    return column.decimals, column.decimals


def _like(column: Column, export: Export) -> str:
    mark = export.decimal_mark_of(column)
    if column.decimals is None:
        return f" like 9{mark}9" if column.kind == "number" else f" like 9{mark}{'9' * MOST_DECIMALS} or fewer decimals"
    return f" like 9{mark}{'9' * column.decimals}" if column.decimals else " without decimals"


def _plain(
    cells: pa.StringArray, column: Column, export: Export, *, decimals: tuple[int, int]
) -> tuple[pa.StringArray, np.ndarray]:
    """Return the cells as -9.99 and whether each follows the declared grammar; others stay as they are."""
    mark, thousands = export.decimal_mark_of(column), export.thousands_of(column)
    usual = (
        not column.currency_sign and column.negative == "-" and not thousands and (mark == "." or decimals == (0, 0))
    )
    if usual and _all_plain(cells, *decimals):
        return cells, np.ones(len(cells), dtype=bool)
    fits = matches(cells, _grammar(column, mark=mark, thousands=thousands, decimals=decimals))
    if not usual:
        cells = pc.if_else(pa.array(fits), _rewritten(cells, column, mark=mark, thousands=thousands), cells)
    room = DIGITS - decimals[1] if column.kind == "money" else DIGITS
    if (long := lengths(cells) > room).any():  # the digits before the mark are counted only where it matters
        digits = lengths(pc.replace_substring_regex(cells, r"\..*|-", ""))
        fits &= ~(long & (digits > room))
    return cells, fits


def _all_plain(cells: pa.StringArray, least: int, most: int) -> bool:
    """Say whether all cells are digits with an optional minus before them and exactly so many decimals; quickly, for most blocks are."""
    data, starts, ends = bytes_of(cells)
    if not len(starts) or least != most or not KNOWN[data].all() or (ends - starts).max() > DIGITS - (most == 0):
        return False
    marks = int(np.count_nonzero(data == ord(".")))
    first = starts
    if int(np.count_nonzero(data == ord("-"))):
        negative = data[starts] == ord("-")
        if int(np.count_nonzero(negative)) != int(np.count_nonzero(data == ord("-"))):
            return False
        first = starts + negative
    if most == 0:
        return marks == 0 and bool((ends > first).all())
    at = ends - most - 1
    return marks == len(starts) and bool((at > first).all()) and bool((data[at] == ord(".")).all())


def _grammar(column: Column, *, mark: str, thousands: str, decimals: tuple[int, int]) -> str:
    least, most = decimals
    digits = r"[0-9]{1,18}"
    if thousands:
        digits = rf"(?:[0-9]{{1,3}}(?:{_class(thousands)}[0-9]{{3}})+|{digits})"
    cents = "" if not most else rf"(?:{re.escape(mark)}[0-9]{{{max(least, 1)},{most}}})" + ("" if least else "?")
    amount = digits + cents
    signs = "|".join(re.escape(sign) for sign in column.currency_sign)
    before = (rf"(?:(?:{signs}){BLANKS}?)", rf"(?:{BLANKS}?(?:{signs}))") if signs else ("", "")
    if column.negative == "()":
        shapes = [rf"{a}{amount}{b}" for a, b in _sides(before)]
        return "|".join(s for shape in shapes for s in (shape, rf"\({shape}\)"))
    if column.negative == "trailing -":
        return "|".join(rf"{a}{amount}-?{b}" for a, b in _sides(before))
    return "|".join(rf"-?{a}{amount}{b}" for a, b in _sides(before)) + (rf"|{before[0]}-{amount}" if signs else "")


def _sides(signs: tuple[str, str]) -> list[tuple[str, str]]:
    return [("", ""), (signs[0], ""), ("", signs[1])] if signs[0] else [("", "")]


def _class(thousands: str) -> str:
    return {" ": BLANKS, "'": APOSTROPHES}.get(thousands, re.escape(thousands))


def _rewritten(cells: pa.StringArray, column: Column, *, mark: str, thousands: str) -> pa.StringArray:
    for sign in sorted(column.currency_sign, key=len, reverse=True):
        cells = pc.replace_substring(cells, sign, "")
    if column.currency_sign:
        cells = pc.replace_substring_regex(cells, BLANKS, "")
    if thousands:
        cells = pc.replace_substring_regex(cells, _class(thousands), "")
    if mark != ".":
        cells = pc.replace_substring(cells, mark, ".")
    if column.negative == "()":
        return pc.replace_substring_regex(cells, r"\A\((.*)\)\z", r"-\1")
    return pc.replace_substring_regex(cells, r"\A(.*)-\z", r"-\1") if column.negative == "trailing -" else cells


def _cast(plain: pa.StringArray, fits: np.ndarray, kind: pa.DataType, rule: str, column: Column) -> Cast:
    if fits.all():
        values, faults = plain.cast(kind), []
    else:
        values, faults = among(chosen(plain, fits).cast(kind), fits), [(rule, ~fits)]
    for bound, beyond, word in ((column.least, pc.less, "below"), (column.most, pc.greater, "above")):
        if bound is not None and (outside := mask(beyond(values, _bound(bound, kind)))).any():
            faults.append((f"{word} {bound:g}", outside))
    return Cast(values, faults)


def _bound(bound: float, kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_decimal(kind):
        return pa.scalar(Decimal(repr(bound)).quantize(Decimal(1).scaleb(-6)), pa.decimal128(30, 6))
    return pa.scalar(float(bound), pa.float64())
