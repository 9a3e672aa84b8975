"""Small expressions of a contract, such as "quantity * price" or "starts_with(invoice, 'C')", as lazy expressions of the engine.

Only what stands in `FUNCTIONS` and `OPERATORS` is understood and nothing is executed: a study file cannot run code.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

import narwhals as nw

from analysis.refusals import nearest

OPERATORS: dict[type, Callable] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.And: operator.and_, ast.Or: operator.or_,
}  # fmt: skip


def names_in(text: str) -> set[str]:
    """Return the columns that an expression names. Raises ValueError where it is not an expression."""
    nodes = list(ast.walk(_parsed(text)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}


def check(text: str, columns: Collection[str]) -> None:
    """Raise ValueError, naming the nearest valid thing, for an expression that cannot be read or names no column of these."""
    expression(text)
    for name in sorted(names_in(text)):
        if name not in columns:
            raise ValueError(f"expression {text!r}: no column {name!r}; {nearest(name, columns)}")


def condition(text: str) -> nw.Expr:
    """Return an expression that is true or false in every row: what cannot be known, such as a cell that is empty, is false."""
    return _as_expression(expression(text)).fill_null(False)


def column(text: str) -> nw.Expr:
    """Return an expression as a column, also where it is a constant."""
    return _as_expression(expression(text))


def expression(text: str) -> Any:
    """Return the expression, or the constant that it is. Raises ValueError with the part that is not understood."""
    return _built(_parsed(text), text)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(
            f'expression {text!r} cannot be read; write it like "quantity * price" or "status == \'paid\'"'
        ) from None


def _built(node: ast.expr, text: str) -> Any:
    match node:
        case ast.Name(id=name):
            return nw.col(name)
        case ast.Constant(value=bool() | str() | int() as value):
            return value
        case ast.Constant(value=float()):
            return Decimal(ast.get_source_segment(text.strip(), node) or "")  # 0.01 is a hundredth, not nearly one
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_built(inner, text) if isinstance(inner, ast.Constant) else _built(inner, text) * -1
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return ~_as_expression(_built(inner, text))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_operand(left, text), _operand(right, text))
        case ast.BoolOp(op=sign, values=parts):
            found = [_as_expression(_built(part, text)) for part in parts]
            together = found[0]
            for part in found[1:]:
                together = OPERATORS[type(sign)](together, part)
            return together
        case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Tuple(elts=values) | ast.List(elts=values)]):
            return _as_expression(_built(left, text)).is_in([_built(value, text) for value in values])
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_as_expression(_built(left, text)), _operand(right, text))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_built(argument, text) for argument in arguments))
        case ast.Call(func=ast.Name(id=name)):
            raise ValueError(f"expression {text!r}: no function {name!r}; {nearest(name, FUNCTIONS)}")
    part = ast.get_source_segment(text.strip(), node) or text
    raise ValueError(f"expression {text!r}: {part!r} is not understood; there are columns, numbers, 'text', + - *, "
                     "== != < <= > >=, and, or, not, in, and " + ", ".join(sorted(FUNCTIONS)))  # fmt: skip


def _operand(node: ast.expr, text: str) -> Any:
    found = _built(node, text)
    return _as_expression(found) if isinstance(found, Decimal) else found


def _as_expression(value: Any) -> nw.Expr:
    if isinstance(value, Decimal):
        scale = max(0, -value.as_tuple().exponent)
        return nw.lit(str(value)).cast(nw.Decimal(18, scale))
    return value if isinstance(value, nw.Expr) else nw.lit(value)


def _text(value: Any) -> nw.Expr:
    return _as_expression(value).cast(nw.String)


def _when(test: Any, then: Any, otherwise: Any) -> nw.Expr:
    holds = _as_expression(test).fill_null(False)
    return nw.when(holds).then(_as_expression(then)).otherwise(_as_expression(otherwise))


FUNCTIONS: dict[str, Callable[..., nw.Expr]] = {
    "abs": lambda value: _as_expression(value).abs(),
    "coalesce": lambda *values: nw.coalesce(*(_as_expression(value) for value in values)),
    "concat": lambda *parts: nw.concat_str(*(_text(part) for part in parts)),
    "contains": lambda value, part: _text(value).str.contains(part, literal=True),
    "day": lambda value: _as_expression(value).dt.date(),
    "is_empty": lambda value: _as_expression(value).is_null(),
    "lower": lambda value: _text(value).str.to_lowercase(),
    "starts_with": lambda value, part: _text(value).str.starts_with(part),
    "text": _text,
    "trim": lambda value: _text(value).str.strip_chars(" "),
    "when": _when,
    "without": lambda value, ending: _text(value).str.replace_all(f"{re.escape(ending)}$", ""),
}
