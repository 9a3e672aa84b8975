"""The parts of written dates and moments as whole numbers: of cells that follow the declared format, and of no others."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.collect.loading.arrays import bytes_of, lengths, matches
from analysis.collect.loading.formats import FIXED, LOOSE, MONTHS, Format


def parts(cells: pa.StringArray, format: Format) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return each part as whole numbers of the cells that are written so, and which cells are. No part is checked for its range."""
    if not format.width:
        return _loose(cells, format)
    fits = lengths(cells) == format.width
    taken = cells if fits.all() else cells.filter(pa.array(fits))
    matrix = bytes_of(taken).data.reshape(-1, format.width)
    sound = np.ones(len(matrix), dtype=bool)
    found, at = {}, 0
    for sign, text in format.pieces:
        if not sign:
            for place, letter in enumerate(text.encode()):
                sound &= matrix[:, at + place] == letter
            at += len(text)
            continue
        value = np.zeros(len(matrix), dtype=np.int32)
        for place in range(FIXED[sign]):
            digit = matrix[:, at + place] - np.uint8(ord("0"))  # anything else than a digit is above nine
            sound &= digit <= 9
            value = value * 10 + digit
        found[sign] = value
        at += FIXED[sign]
    if not sound.all():
        fits[fits] = sound
        found = {sign: value[sound] for sign, value in found.items()}
    return found, fits


def _loose(cells: pa.StringArray, format: Format) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The same for parts of differing width: each cell by a regular expression."""
    groups = ""
    for sign, text in format.pieces:
        pattern = LOOSE.get(sign) or (f"[0-9]{{{FIXED[sign]}}}" if sign in FIXED else "")
        groups += f"(?P<{sign.removeprefix('-')}_>{pattern})" if sign else re.escape(text)
    fits = matches(cells, groups)
    taken = cells if fits.all() else cells.filter(pa.array(fits))
    cut = pc.extract_regex(taken, rf"\A{groups}\z")
    found = {}
    for place, field in enumerate(cut.type):
        found[field.name.removesuffix("_")] = _number(cut.field(place), field.name.removesuffix("_"))
    return found, fits


def _number(cells: pa.StringArray, sign: str) -> np.ndarray:
    if sign in ("b", "B"):
        names = [name[:3] if sign == "b" else name for name in MONTHS]
        return pc.index_in(cells, pa.array(names)).to_numpy(zero_copy_only=False).astype(np.int32) + 1
    if sign == "p":
        return pc.equal(pc.utf8_lower(cells), "pm").to_numpy(zero_copy_only=False).astype(np.int32)
    if sign == "z":
        return _offset(cells)
    return pc.cast(cells, pa.int64()).to_numpy(zero_copy_only=False)


def _offset(cells: pa.StringArray) -> np.ndarray:
    """Minutes east of Greenwich of Z, +0130 and -08:00."""
    digits = pc.replace_substring(pc.replace_substring(cells, "Z", "+0000"), ":", "")
    clock = pc.cast(pc.utf8_slice_codeunits(digits, 1), pa.int64()).to_numpy(zero_copy_only=False)
    minus = pc.starts_with(digits, "-").to_numpy(zero_copy_only=False)
    return np.where(minus, -1, 1) * (clock // 100 * 60 + clock % 100)
