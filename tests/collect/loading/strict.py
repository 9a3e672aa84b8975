"""The grammar of RFC 4180 read sign by sign: a slow referee, written apart from the loader and in another way."""

from typing import NamedTuple


class Reading(NamedTuple):
    """The rows that a text has, and whether all of it follows the grammar and no row holds a sign that no text should."""

    rows: list[tuple[str, ...]]
    sound: bool


def read(content: bytes, *, separator: str, columns: int) -> Reading:
    """Read all rows behind the header. Where the grammar breaks, the reading ends there and is not sound."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Reading([], False)
    text = text.removesuffix("\r") + ("\n" if text.endswith("\r") else "")  # the last line end was cut in two
    rows, row, cell, at, sound = [], [], "", 0, True
    state = "begin"
    while at <= len(text):
        sign = text[at] if at < len(text) else "end"
        if sign == "\r" and state != "quoted" and text[at : at + 2] == "\r\n":
            at += 1
            sign = "\n"
        if state == "quoted":
            if sign == "end":
                return Reading(rows, False)
            if sign == '"' and text[at + 1 : at + 2] == '"':
                cell += '"'
                at += 1
            elif sign == '"':
                state = "closed"
            else:
                cell += sign
        elif sign == separator or sign == "\n" or sign == "end":
            if not (sign == "end" and not row and state == "begin"):
                row.append(cell)
            cell, state = "", "begin"
            if sign != separator:
                if row and row != [""]:
                    good = len(row) == columns and not any(_misplaced(sign) for sign in "".join(row))
                    sound = sound and good
                    rows += [tuple(row)] if good else []
                row = []
        elif sign == '"' and state == "begin":
            state = "quoted"
        elif sign == '"' or state == "closed" or sign == "\r":
            return Reading(rows, False)
        else:
            cell, state = cell + sign, "bare"
        at += 1
    return Reading(rows[1:], sound)


def _misplaced(sign: str) -> bool:
    code = ord(sign)
    return (
        (code < 32 and sign not in "\t\r\n") or 127 <= code < 160 or sign in "\ufffd\ufeff" or 0xE000 <= code <= 0xF8FF
    )
