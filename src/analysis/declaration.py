"""What a canonical table is declared with: columns, rules for rows, and the table itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import narwhals as nw

Kind = Literal["id", "text", "money", "number", "whole", "date", "moment"]


@dataclass(frozen=True)
class Column:
    """One column: `kind` is its type, `unit` its unit where it has one, `needed` says that an empty cell sets the row aside.

    A `personal` one names a person and is not carried past clean.
    `day_of` names the moment whose local day this column is where the source does not have it.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    needed: bool = False
    personal: bool = False
    day_of: str = ""


@dataclass(frozen=True)
class Rule:
    """A reason to set a row aside: rows for which `broken` is true, in words that follow "the row is set aside because"."""

    name: str
    because: str
    broken: Callable[[], nw.Expr]


@dataclass(frozen=True)
class Table:
    """A canonical table: one row per `grain`, unique by `key`; `seen_on` is the date after which a row is not yet seen."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    seen_on: str | None = None
    refers_to: dict[str, str] = field(default_factory=dict)  # column -> table whose key it must be in

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def of_kind(self, *kinds: Kind) -> list[str]:
        """Names of the columns of these kinds."""
        return [column.name for column in self.columns if column.kind in kinds]
