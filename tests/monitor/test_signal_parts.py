"""Parts of a signal: by hand, by adding up, and by who must not be found."""

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.signal_parts import BEFORE, foremost, signal_parts, with_parts

WEEKS = pd.date_range("2024-01-01", periods=10, freq="7D")


@pytest.fixture
def control():
    """Ten weeks of sales with 100 expected; the ninth is odd, at 60."""
    table = pd.DataFrame({
        "measure": "sales", "week_starts_on": WEEKS.as_unit("s"), "value": [100.0] * 8 + [60.0, 100.0], "centre": 100.0,
        "signal": None,
    })  # fmt: skip
    table.loc[8, "signal"] = "single week below the limit"
    return table.astype({"signal": "str"})


@pytest.fixture
def products(table):
    return table("product_id department", ("milk", "DAIRY"), ("ham", "MEAT"))


def lines(order_lines, *, odd=(30, 30), people=("Ann", "Ben")):
    """Each of the people buys milk and ham for 70 and 30 together, in the odd week for `odd`."""
    rows = []
    for week, monday in enumerate(WEEKS):
        for product, amount in zip(("milk", "ham"), odd if week == 8 else (70, 30), strict=True):
            rows += [(who, str(monday.date()), product, amount / len(people)) for who in people]
    return order_lines(rows)


def test_the_part_that_fell_is_named_with_its_size_by_hand(control, products, order_lines):
    parts = signal_parts(control, lines(order_lines), products).set_index("part")
    assert parts["dimension"].unique().tolist() == ["department"]  # one channel is no dimension
    # usual shares 0.7 and 0.3 of 100 expected; milk 30 instead of 70, ham 30 as usual
    assert parts["expected"].to_dict() == pytest.approx({"DAIRY": 70, "MEAT": 30})
    assert parts["gap"].to_dict() == pytest.approx({"DAIRY": -40, "MEAT": 0}, abs=1e-9)
    first = foremost(signal_parts(control, lines(order_lines), products))
    assert first[["part", "stands_out"]].to_numpy().tolist() == [["DAIRY", True]]
    assert first["share"][0] == pytest.approx(1.0) and first["usual"][0] == pytest.approx(0.7)


def test_a_change_spread_as_sales_are_stands_out_nowhere(control, products, order_lines):
    first = foremost(signal_parts(control, lines(order_lines, odd=(42, 18)), products))
    assert first["share"][0] == pytest.approx(first["usual"][0]) and not first["stands_out"][0]


def test_gaps_of_each_dimension_add_up_to_the_whole(control, products, order_lines):
    control["value"] = [100.0] * 6 + [60.0] * 4
    control["signal"] = [None] * 9 + ["lasting fall"]
    longer = pd.concat(
        [control.iloc[:4].assign(week_starts_on=WEEKS[:4] - pd.Timedelta(weeks=4)), control], ignore_index=True
    )
    longer = longer.astype({"signal": "str"}).assign(centre=np.linspace(100, 90, 14))
    amounts = np.arange(14) + 30.0
    days = [str(day.date()) for day in longer["week_starts_on"]]
    orders = order_lines(
        [("Ann", day, "milk", 70) for day in days]
        + [("Ben", day, "ham", a) for day, a in zip(days, amounts, strict=True)]
    )
    then = pd.DataFrame({"customer_id": ["Ann"], "segment": ["loyal"]})
    asked = []
    parts = signal_parts(longer, orders, products, segments_on=lambda day: asked.append(day) or then)
    assert str(asked[0]) == "2023-12-17"  # the day before the eight weeks before the four
    assert set(parts["dimension"]) == {"department", "segment"} and set(parts["part"]) >= {"loyal", "not seen before"}
    whole = (70 + amounts[-4:]).mean() - longer["centre"].iloc[-4:].mean()
    assert parts.groupby("dimension")["gap"].sum().tolist() == pytest.approx([whole, whole])
    assert parts.groupby("dimension")["share"].sum().tolist() == pytest.approx([1, 1])
    assert parts["weeks"].unique().tolist() == [4]


def test_parts_of_few_are_not_told(control, products, order_lines):
    many = lines(order_lines, people=("Ann", "Ben", "Cem", "Dan", "Eve"))
    assert signal_parts(control, many, products, smallest=5)["told"].all()
    two = signal_parts(control, lines(order_lines), products, smallest=5)
    assert not two["told"].any() and two[["value", "gap", "share"]].isna().all(axis=None)
    assert foremost(two).empty


def test_without_signal_or_enough_weeks_before_there_are_no_parts(control, products, order_lines):
    assert signal_parts(control.assign(signal=None).astype({"signal": "str"}), lines(order_lines), products).empty
    assert signal_parts(control.iloc[10 - BEFORE :], lines(order_lines), products).empty


def test_the_control_table_keeps_its_rows(control, products, order_lines):
    first = foremost(signal_parts(control, lines(order_lines), products))
    beside = with_parts(control, first)
    assert len(beside) == len(control) and beside["part"].notna().sum() == 1
    assert beside.loc[8, ["part_of", "part"]].tolist() == ["department", "DAIRY"]
    assert with_parts(control, first.head(0))["part"].isna().all()
