"""The experiment table: an arm a row, made in one pass of the engine over the customers, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from analysis.inference.aggregates import Aggregates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

TIMES = " x "  # between the names of two measures, in the column of their products


def experiment_table(
    customers: nw.LazyFrame, *, measures: Sequence[str], products: Sequence[tuple[str, str]] = (), by: Sequence[str]
) -> nw.LazyFrame:
    """One row per arm (and stratum, whatever `by` names): customers, the total of each measure and of its square, products.

    `customers` has one row per customer with each measure known, zeros included; an unknown one would leave the total of
    the others and the count of all. Columns are `customers`, the measures by name, `spend x spend` for a square and
    `spend x orders` for a product. Exact decimals and whole numbers are summed exactly, whatever the number of threads.
    """
    pairs = list(dict.fromkeys([(name, name) for name in measures] + [tuple(pair) for pair in products]))
    totals = {name: nw.col(name).sum() for name in measures}
    totals |= {one + TIMES + other: (nw.col(one) * nw.col(other)).sum() for one, other in pairs}
    return customers.group_by(*by).agg(customers=nw.len(), **totals)


def aggregates(row: pd.Series) -> Aggregates:
    """Return a row of the table as what `inference.aggregates` reads."""
    numbers = {
        name: float(value) for name, value in row.items() if isinstance(value, (int, float)) or hasattr(value, "item")
    }
    products = {tuple(name.split(TIMES)): value for name, value in numbers.items() if TIMES in name}
    measures = {one for one, other in products if one == other}
    return Aggregates(numbers["customers"], {name: numbers[name] for name in sorted(measures)}, products)
