"""What looks wrong about whole exports though every row of them could be read: told in words, and nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import narwhals as nw

from analysis.collect.loading.contract import Export
from analysis.collect.suspicions import amounts, days, orders, people
from analysis.collect.suspicions.telling import Remarks


def suspicions(
    tables: Mapping[str, nw.LazyFrame],
    exports: Mapping[str, Export],
    rows: Mapping[str, nw.LazyFrame],
    *,
    ends_on: date,
    smallest: int,
) -> Remarks:
    """Return remarks on the canonical raw tables and the rows of exports they come from; none holds the content of a cell.

    `ends_on` is the last business day that the study names, `smallest` the fewest people or rows that are told as a number.
    """
    return [
        *people.shared(exports, rows, smallest=smallest),
        *people.unmatched(tables, exports, rows, smallest=smallest),
        *orders.unclear(tables, smallest=smallest),
        *orders.over_refunded(tables, smallest=smallest),
        *orders.over_discounted(tables, smallest=smallest),
        *orders.dominating(tables),
        *amounts.two_prices(tables, smallest=smallest),
        *amounts.slipped(tables),
        *days.after_the_end(tables, ends_on=ends_on, smallest=smallest),
        *days.out_of_turn(tables, smallest=smallest),
        *days.part_of_a_month(ends_on),
    ]
