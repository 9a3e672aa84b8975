from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.inference.means import sums, welch_difference
from analysis.monitor.experiment_table import aggregates, experiment_table

PEOPLE = pd.DataFrame({
    "arm": ["treated", "treated", "treated", "holdout", "holdout"], "channel": ["web", "web", "shop", "web", "shop"],
    "spend": [0.0, 10.5, 2.0, 3.25, 0.0], "orders": [0, 2, 1, 1, 0],
})  # fmt: skip


def made(people, **options):
    lazy = engine.with_money(engine.lazy(people), ["spend"])
    return engine.collect(
        experiment_table(lazy, measures=("spend", "orders"), products=[("spend", "orders")], **options)
    )


def test_each_arm_is_a_row_of_sums_by_hand():
    table = made(PEOPLE, by=["arm"]).set_index("arm")
    assert table.loc["treated"].to_dict() == {
        "customers": 3, "spend": 12.5, "orders": 3, "spend x spend": 114.25, "orders x orders": 5, "spend x orders": 23.0
    }  # fmt: skip
    assert table.loc["holdout", "spend x spend"] == 3.25**2


def test_strata_are_rows_of_their_own_and_read_as_aggregates():
    table = made(PEOPLE, by=["arm", "channel"]).set_index(["arm", "channel"])
    web = aggregates(table.loc["treated", "web"])
    assert (web.n, web.totals) == (2, {"orders": 2, "spend": 10.5}) and web.product("orders", "spend") == 21.0


@given(
    st.lists(st.tuples(st.booleans(), st.decimals(0, 9_999_999, places=2), st.integers(0, 9)), min_size=4, max_size=30)
)
@settings(max_examples=15, deadline=None)
def test_sums_are_exact_to_the_cent(rows):
    people = pd.DataFrame(rows, columns=["treated", "spend", "orders"]).assign(
        spend=lambda table: table["spend"].astype(float)
    )
    table = made(people, by=["treated"]).set_index("treated")
    for arm, row in table.iterrows():
        spend = [Decimal(value) for treated, value, _ in rows if treated == arm]
        assert row["spend"] == float(sum(spend)) and row["spend x spend"] == pytest.approx(
            float(sum(value**2 for value in spend)), rel=1e-15
        )


def test_the_table_gives_the_same_comparison_as_the_customers():
    people = pd.concat([PEOPLE] * 5, ignore_index=True).assign(spend=lambda table: table["spend"] + table.index / 4)
    rows = [
        aggregates(row) for _, row in made(people, by=["arm"]).set_index("arm").sort_index(ascending=False).iterrows()
    ]
    by_customer = [sums(people.loc[people["arm"] == arm, "spend"]) for arm in ("treated", "holdout")]
    found, expected = welch_difference(*(row.sums("spend") for row in rows)), welch_difference(*by_customer)
    assert found.interval == pytest.approx(expected.interval) and found.p_value == pytest.approx(expected.p_value)
