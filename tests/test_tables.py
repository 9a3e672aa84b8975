"""The declarations of the canonical tables hold together."""

import pytest

from analysis.tables import CANONICAL


@pytest.mark.parametrize("table", CANONICAL.values(), ids=CANONICAL)
def test_every_key_date_and_reference_is_a_declared_column(table):
    assert set(table.key) <= set(table.names)
    assert table.seen_on is None or table.seen_on in table.names
    assert set(table.refers_to) <= set(table.names)
    moments = set(table.of_kind("moment"))
    assert {column.day_of for column in table.columns if column.day_of} <= moments
    assert len(set(table.names)) == len(table.names)


@pytest.mark.parametrize("table", CANONICAL.values(), ids=CANONICAL)
def test_tables_come_after_those_they_refer_to(table):
    order = list(CANONICAL)
    assert all(order.index(target) < order.index(table.name) for target in table.refers_to.values())


@pytest.mark.parametrize("table", CANONICAL.values(), ids=CANONICAL)
def test_every_table_and_column_says_what_it_is(table):
    assert table.grain
    assert all(column.meaning for column in table.columns)
    assert all(rule.because for rule in table.rules)


def test_nothing_with_a_date_is_seen_before_its_day():
    dated = {name for name, table in CANONICAL.items() if table.of_kind("date")}
    assert {name for name, table in CANONICAL.items() if table.seen_on} == dated
