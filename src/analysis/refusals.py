"""How a wrong study, parameter or value is refused: one line with its name, its value and the nearest valid ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic import BaseModel, ValidationError


class StudyError(ValueError):
    """An unknown study, parameter or value; the message is one line."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known names most like `name`, in words; some of them where none is like it."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)[:8]
    return "the nearest are " + ", ".join(close) if close else "there are none"


_LIMITS = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}


def in_one_line(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first fault that pydantic found in a study as one line in plain words."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    kind, context = first["type"], first.get("ctx", {})
    if kind == "value_error":
        return f"{context['error']}"
    if kind == "extra_forbidden":
        return f"no setting {where!r}; {nearest(where, list(model.model_fields))}"
    if kind == "missing":
        return f"the setting {where!r} is missing"
    shown = f"{where}={first['input']}"
    if kind in _LIMITS:
        beyond = "beyond " if kind in ("greater_than", "less_than") else ""
        return f"{shown} is out of range; the nearest valid value is {beyond}{context[_LIMITS[kind]]}"
    if kind.startswith("date"):
        return f"{shown} is not a date; write it like 2017-09-30"
    if kind in ("int_parsing", "float_parsing", "int_type", "float_type", "int_from_float"):
        return f"{shown} is not {'a whole number' if 'int' in kind else 'a number'}; write it like {'5' if 'int' in kind else '0.5'}"
    if kind in ("bool_parsing", "bool_type"):
        return f"{shown} is neither true nor false; write one of the two"
    if kind == "string_type":
        return f"{shown} is not text; put it in quotes"
    if kind == "tuple_type":
        return f"{shown} is not a list; write it like [{first['input']}]"
    if kind == "finite_number":
        return f"{shown} is not a finite number; write it like 0.5"
    if kind == "literal_error":
        return f"{shown} is not known; valid is {context['expected']}"
    return f"{shown}: {first['msg'].lower()}"
