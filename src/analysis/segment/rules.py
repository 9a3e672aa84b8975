"""Named segments from rules in words: the first rule that holds takes the customer."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Rules = Sequence[tuple[str, str]]  # name of the segment, comparisons such as "purchases >= 10 and region == North"

OPERATORS: dict[str, Callable] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_COMPARISON = re.compile(
    r"""\s*(?P<column>\w+)\s*(?P<sign>>=|<=|==|>|<)\s*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>=]+))\s*(?P<more>and\b|$)""",
    re.VERBOSE,
)


class Comparison(NamedTuple):
    """One part of a rule. `value` is the text after the sign; `number` the same as a number, NaN where it is a word."""

    column: str
    sign: str
    value: str
    number: float


def parse(when: str) -> tuple[Comparison, ...]:
    """The comparisons of a rule, all of which must hold, joined by "and".

    A comparison is a column, one of >= <= == > <, and a number; with == also a word, in quotes where it holds a space.
    Nothing else is understood and nothing is executed. Raises ValueError with the part that is not understood.
    """
    found, at, more = [], 0, True
    while more:
        match = _COMPARISON.match(when, at)
        if not match:
            raise ValueError(f"rule {when!r}: cannot read {when[at:].strip()!r}; write it like 'recency_days > 91'")
        value = next(match[group] for group in ("double", "single", "bare") if match[group] is not None)
        number = _number(value)
        if np.isnan(number) and match["sign"] != "==":
            raise ValueError(f"rule {when!r}: {match['sign']} needs a number, not {value!r}; words compare with ==")
        found.append(Comparison(match["column"], match["sign"], value, number))
        at, more = match.end(), match["more"] == "and"
    return tuple(found)


def named_segments(customers: pd.DataFrame, rules: Rules, *, otherwise: str) -> pd.DataFrame:
    """One row per customer: customer_id and segment, the name of the first rule that holds, or `otherwise`.

    `customers` has one row per customer with the columns that the rules name. What is not known never satisfies a
    comparison, so a customer of whom nothing is known is in `otherwise`. Raises ValueError for a column that is not
    there, with the nearest, and for a comparison of a column that holds words with a number by order.
    """
    taken_by = _first_match(_matches(customers, rules), customers=len(customers))
    names = np.array([name for name, _ in rules] + [otherwise], dtype=object)
    table = customers[["customer_id"]].assign(segment=names[taken_by])
    return table.sort_values("customer_id", ignore_index=True)


def reach(customers: pd.DataFrame, rules: Rules, *, otherwise: str) -> pd.DataFrame:
    """One row per rule, in their order, `otherwise` last: customers matched by it at all, and taken by it.

    Columns: position, segment, when, matched, taken, share (taken of all customers), shadowed_by: the earlier rule that
    holds wherever this one does, so that no customer, in this data or any other, can reach it.
    """
    import pandas as pd

    matches = _matches(customers, rules)
    taken = np.bincount(_first_match(matches, customers=len(customers)), minlength=len(rules) + 1)
    table = pd.DataFrame([*rules, (otherwise, "no rule holds")], columns=["segment", "when"])
    table.insert(0, "position", range(1, len(table) + 1))
    return table.assign(
        matched=[*(int(match.sum()) for match in matches), int(taken[-1])],
        taken=taken,
        share=taken / len(customers) if len(customers) else np.nan,
        shadowed_by=[*_shadows(rules), None],
    )


def _matches(customers: pd.DataFrame, rules: Rules) -> list[np.ndarray]:
    return [np.logical_and.reduce([_holds(customers, part) for part in parse(when)]) for _, when in rules]


def _first_match(matches: list[np.ndarray], *, customers: int) -> np.ndarray:
    """Position of the first rule that holds for each customer; the number of rules where none does."""
    return np.argmax(np.vstack([*matches, np.ones(customers, dtype=bool)]), axis=0)


def _holds(customers: pd.DataFrame, part: Comparison) -> np.ndarray:
    from pandas.api.types import is_numeric_dtype

    if part.column not in customers:
        raise ValueError(f"no column {part.column!r} for the rule; {_nearest(part.column, list(customers.columns))}")
    values = customers[part.column]
    if is_numeric_dtype(values):
        if np.isnan(part.number):
            raise ValueError(f"column {part.column!r} holds numbers and cannot be {part.value!r}")
        return OPERATORS[part.sign](values.to_numpy(dtype=float, na_value=np.nan), part.number)
    if part.sign != "==":
        raise ValueError(f"column {part.column!r} holds words; compare it with ==, not {part.sign}")
    return (values == part.value).fillna(False).to_numpy(dtype=bool)


def _shadows(rules: Rules) -> list[str | None]:
    """For each rule the first earlier one that it implies: every comparison of that one follows from one of its own."""
    parsed = [(name, parse(when)) for name, when in rules]
    return [
        next((name for name, earlier in parsed[:i] if all(any(_implies(b, a) for b in parts) for a in earlier)), None)
        for i, (_, parts) in enumerate(parsed)
    ]


def _implies(narrow: Comparison, wide: Comparison) -> bool:
    """Whether a value that satisfies `narrow` always satisfies `wide`."""
    if narrow.column != wide.column:
        return False
    if narrow.sign == "==":
        if wide.sign == "==":
            return narrow.value == wide.value or narrow.number == wide.number
        return bool(OPERATORS[wide.sign](narrow.number, wide.number))
    if narrow.sign[0] != wide.sign[0]:
        return False
    at_least_as_far = OPERATORS[wide.sign[0] + "="](narrow.number, wide.number)
    same_point_but_open = narrow.number == wide.number and (len(narrow.sign), len(wide.sign)) == (2, 1)
    return bool(at_least_as_far and not same_point_but_open)


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return float("nan")
    return number if np.isfinite(number) else float("nan")


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)[:8]
    return "the nearest are " + ", ".join(close)
