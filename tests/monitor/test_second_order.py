"""From a first order to a second, by hand."""

from datetime import date

import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.second_order import by_day, newly_seen, time_to_second

LINES = pd.DataFrame(
    [
        ("Ann", "2024-01-05", 1),  # seen at the beginning: she may have ordered before
        ("Ann", "2024-03-01", 1),
        ("Ben", "2024-02-10", 1),
        ("Ben", "2024-02-10", 2),  # the same day is no second order
        ("Ben", "2024-02-20", 1),
        ("Cem", "2024-03-10", 0),  # no goods, no order
        ("Cem", "2024-03-12", 1),
        ("Cem", "2024-04-02", 1),  # after the last day: not seen
        ("Dan", "2024-03-11", 1),
    ],
    columns=["customer_id", "ordered_on", "quantity"],
)
DATES = {"data_from": date(2024, 1, 1), "as_of": date(2024, 3, 31)}


def customers():
    lines = LINES.assign(ordered_on=pd.to_datetime(LINES["ordered_on"]).dt.date)
    return newly_seen(engine.lazy(lines), window_days=31, **DATES)


def test_a_second_order_is_one_of_goods_on_a_later_day_that_is_seen():
    table = customers().set_index("customer_id")
    assert table.index.tolist() == ["Ben", "Cem", "Dan"]
    assert table["second_on"].dt.strftime("%m-%d").fillna("-").tolist() == ["02-20", "-", "-"]
    assert table["half"].tolist() == ["earlier", "later", "later"]  # the middle of 1 February to 31 March is 1 March


def test_the_share_that_ordered_again_is_one_of_three_from_the_tenth_day_on():
    curve = time_to_second(customers(), as_of=DATES["as_of"])
    row = by_day(curve, days=30)
    assert (row["days"], row["again_by"], row["customers"], row["rate"]) == (10, 1, 3, pytest.approx(1 / 3))
    assert by_day(curve, days=9)["rate"] == 0
    assert by_day(curve, days=30, kind="later") is None  # nobody of that half ordered again


def test_nobody_is_newly_seen_where_the_window_is_as_long_as_the_data():
    lines = LINES.assign(ordered_on=pd.to_datetime(LINES["ordered_on"]).dt.date)
    none = newly_seen(engine.lazy(lines), window_days=120, **DATES)
    assert none.empty
    assert by_day(time_to_second(none, as_of=DATES["as_of"]), days=30) is None
