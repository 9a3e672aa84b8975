"""A piece of a page, safe to print: every value put into one is escaped on the way.

`Fragment("<p>{}</p>").format(value)` escapes `value`; `Fragment + text` escapes the text; an f-string gives back a
plain string, which is escaped when it is used. So forgetting a step shows markup as text and never runs it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Fragment(Markup):
    """A piece of HTML made by this package, marked as ours where a notebook keeps it as an output."""

    part: str
    plain: str

    def __new__(cls, html: Any = "", encoding: str | None = None, errors: str = "strict", *, part="text", plain=""):
        new = super().__new__(cls, html, encoding, errors) if encoding else super().__new__(cls, html)
        new.part, new.plain = part, plain
        return new

    def named(self, part: str, plain: str) -> "Fragment":
        """Return the same piece with its part of the page and the words that stand for it as plain text."""
        return Fragment(str(self), part=part, plain=plain)

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, str], dict[str, dict]]:
        return {"text/html": str(self)}, {"text/html": {"analysis": True, "part": self.part}}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # IPython prints a kind of str as one, with all its markup, unless it has this method
        printer.text(self.plain or " ".join(self.striptags().split())[:80])


def text(value: object) -> Fragment:
    """Return a value as escaped text; a Fragment passes as it is, and control characters show as �."""
    return value if isinstance(value, Fragment) else Fragment(escape(cleaned(value)))


def cleaned(value: object) -> str:
    """Return a value as plain text with � for what no page can show: control characters, turned text, half pairs."""
    return _CONTROL.sub("\ufffd", str(value))


def join(pieces: Iterable[object], between: str = "") -> Fragment:
    """Return pieces one after the other, each escaped unless it is a Fragment."""
    return Fragment(text(between)).join([text(piece) for piece in pieces])


def tag(name: str, *content: object, attributes: Mapping[str, object] | None = None) -> Fragment:
    """Return an element with escaped content; an attribute of None or False is left out, one of True stands alone."""
    written = []
    for key, value in (attributes or {}).items():
        if value is True:
            written.append(Fragment(f" {key}"))
        elif value is not None and value is not False:
            written.append(Fragment(f' {key}="') + text(value) + Fragment('"'))
    return Fragment(f"<{name}") + join(written) + Fragment(">") + join(content) + Fragment(f"</{name}>")
