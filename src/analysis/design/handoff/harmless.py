"""Text that a spreadsheet shows as it is: never run as a formula, never taken for a number or a date."""

from __future__ import annotations

import re

_RUNS = tuple("=+-@\t\r\n\0＝＋－＠")
_STARTS_A_FORMULA = (*_RUNS, "'")  # the apostrophe itself, so that `restored` can tell it from ours
_BEHIND_A_SEPARATOR = re.compile(r"([;,|\t][\s\"]*)(?=[=+\-@＝＋－＠])")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*")
_KEPT_AS_IT_IS = re.compile("0|[1-9][0-9]{0,14}")  # a spreadsheet keeps fifteen digits and writes them as they came
_TAKEN_FOR_ANOTHER = re.compile(
    r"[.,]?[0-9].*|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]?[0-9]+|true|false", re.I | re.S
)


def spreadsheet_safe(text: str, *, is_id: bool = False) -> str:
    """Return text that a spreadsheet shows and never runs: a leading ' where it would begin a formula.

    An identifier also gets the ' where a spreadsheet would turn it into something else: leading zeros, more than
    fifteen digits, and what looks like a number with an exponent, a date or a truth value. Whole numbers of up to
    fifteen digits stay bare: a spreadsheet writes them back as they were. `restored` takes the ' off again.
    """
    at_risk = is_id and not _KEPT_AS_IT_IS.fullmatch(text) and _TAKEN_FOR_ANOTHER.fullmatch(text)
    return f"'{text}" if at_risk or text.startswith(_STARTS_A_FORMULA) else text


def importer_safe(text: str, *, is_phone: bool = False) -> str:
    """Return text for a file that a system imports: a leading ' only where a spreadsheet would run the cell.

    Importers are no spreadsheets: they keep 007 as it is, and take an apostrophe for a letter. So ids stay bare, and
    phones that are nothing but a + and digits with what people write between them: no program made of these does harm.
    """
    if is_phone and _PHONE.fullmatch(text):
        return text
    return f"'{split_safe(text)}" if text.startswith(_RUNS) else split_safe(text)


def split_safe(text: str) -> str:
    """Return text in which no part begins a formula when a spreadsheet cuts it at another separator than ours."""
    return _BEHIND_A_SEPARATOR.sub(r"\1'", text)


def restored(cell: str) -> str:
    """Return the text that `spreadsheet_safe` was given, for the program that reads the file."""
    return cell.removeprefix("'")
