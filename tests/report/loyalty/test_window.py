from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from analysis.report.loyalty import window
from analysis.report.loyalty.phrases import amount

NAN = float("nan")


@pytest.fixture
def behaviour():
    return pd.DataFrame({
        "frequency": [9, 9, 9, 9, 0],  # the last has no order at all and does not count
        "window_sales": [12.0, 22.0, 31.0, 0.0, 99.0],
        "before_sales": [10.0, 20.0, 30.0, 0.0, 1.0],
    })  # fmt: skip


def test_each_customer_is_compared_with_themselves(behaviour):
    found = window.window_change(behaviour, what="sales", comparable=True, rng=np.random.default_rng(1))
    assert (found.now, found.before, found.difference, found.customers) == (16.25, 15.0, 1.25, 4)
    paired = ttest_rel([12, 22, 31, 0], [10, 20, 30, 0]).confidence_interval()
    assert (found.low, found.high) == pytest.approx((paired.low, paired.high))
    assert found.word == "no clear change"


def test_the_mean_now_has_an_interval_from_fifty_customers_with_an_order(behaviour):
    many = pd.DataFrame({"frequency": 9, "window_sales": np.r_[0.0, np.random.default_rng(2).lognormal(3, 1, 50)]})
    found = window.window_change(many, what="sales", comparable=False, rng=np.random.default_rng(1))
    assert 0 < found.now_low < found.now < found.now_high
    assert found.now_high - found.now > found.now - found.now_low  # the tail is above
    fewer = window.window_change(many.head(50), what="sales", comparable=False, rng=np.random.default_rng(1))
    assert np.isnan([fewer.now_low, fewer.now_high]).all() and fewer.now > 0


def test_a_rise_of_nearly_everyone_is_up_and_the_same_backwards_is_down(behaviour):
    many = pd.concat([behaviour.iloc[:3]] * 10)
    assert window.window_change(many, what="sales", comparable=True, rng=np.random.default_rng(1)).word == "up"
    swapped = many.rename(columns={"window_sales": "before_sales", "before_sales": "window_sales"})
    assert window.window_change(swapped, what="sales", comparable=True, rng=np.random.default_rng(1)).word == "down"


def test_without_a_full_window_before_the_change_is_not_known(behaviour):
    found = window.window_change(behaviour, what="sales", comparable=False, rng=np.random.default_rng(1))
    assert found.word == "cannot tell" and found.now == 16.25 and np.isnan([found.before, found.difference]).all()


def test_nobody_with_an_order_gives_no_numbers(behaviour):
    found = window.window_change(behaviour.iloc[4:], what="sales", comparable=True, rng=np.random.default_rng(1))
    assert found.customers == 0 and found.word == "cannot tell" and np.isnan(found.now)


@pytest.mark.parametrize(("as_of", "reaches"), [(date(2017, 1, 20), True), (date(2017, 1, 19), False)])
def test_two_windows_of_ten_days_need_twenty_days(as_of, reaches):
    dates = {"data_from": date(2017, 1, 1), "as_of": as_of, "window_days": 10}
    assert window.reaches_back(**dates) is reaches


def test_a_window_covers_no_more_days_than_the_data():
    of = {"data_from": date(2017, 1, 1), "window_days": 91}
    assert window.covered_days(as_of=date(2017, 1, 20), **of) == 20
    assert window.covered_days(as_of=date(2017, 12, 31), **of) == 91


@pytest.mark.parametrize(
    ("low", "high", "word", "said"),
    [(7.2, 28.8, "up", "up from 459 USD in the 91 days before (by 7 to 29 USD)"),
     (-28.8, -7.2, "down", "down from 459 USD in the 91 days before (by 7 to 29 USD)"),
     (-3, 8, "no clear change", "no clear change from 459 USD in the 91 days before"),
     (NAN, NAN, "cannot tell", "cannot tell the change: the data has no such period before")],
)  # fmt: skip
def test_a_change_is_said_with_its_size_where_there_is_one(low, high, word, said):
    found = window.WindowChange(477, 456, 499, 459, 18, low, high, 2469, word)
    assert window.against_before(found, window_days=91, fmt=amount("USD", like=477)) == said
