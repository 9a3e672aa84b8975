"""The lines of a study file: settings as YAML, each with a comment beside it that says what was seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

PLAIN = re.compile(r"[A-Za-z_][\w ]*(?<! )")
WORDS = {"yes", "no", "on", "off", "true", "false", "null", "none", "y", "n"}
BREAK = 96  # signs, after which a long comment goes above its line


def scalar(value: Any) -> str:
    """Return a value as YAML in one line: text in quotes where YAML might read it as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(scalar(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(name)}: {scalar(one)}' for name, one in value.items())}}}"
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and value.isascii() and value.casefold() not in WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return str(value)


def line(name: str, value: Any, *, depth: int = 0, why: Iterable[str] = ()) -> list[str]:
    """Return a setting as lines, with what was seen as comments: behind it where it is short, else above."""
    indent = "  " * depth
    text = f"{indent}{scalar(name)}: {scalar(value)}"
    said = ["".join(sign if sign.isprintable() else " " for sign in one) for one in why]
    if len(said) == 1 and len(text) + len(said[0]) < BREAK:
        return [f"{text} # {said[0]}"]
    return [*(f"{indent}# {one}" for one in said), text]


def block(name: str, *, depth: int = 0) -> str:
    """Return the line that opens a level."""
    return f"{'  ' * depth}{scalar(name)}:"
