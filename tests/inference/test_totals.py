"""Intervals of products of means: against the t interval, by the literal resampling, and where the tail is long."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference import totals
from analysis.inference.means import mean_interval, sums
from analysis.inference.totals import totals_interval


def generator(*seed):
    return np.random.default_rng([17, *seed])


def test_where_the_mean_is_normal_the_interval_is_that_of_student():
    values = generator(1).gamma(16.0, 5.0, 900)
    found, plain = totals_interval(values, (1,), rng=generator(2)), mean_interval(sums(values))
    width = plain.high - plain.low
    assert found == pytest.approx(plain, abs=0.06 * width)


def test_the_limits_are_those_of_resamples_worked_out_one_by_one():
    rows = generator(3).lognormal(2, 1, (60, 2))
    found = totals_interval(rows, (1, -1), rng=generator(4), draws=99)
    rows = rows[np.lexsort(rows.T[::-1])]

    def log_ratio(sample):
        ratio = sample[:, 0].sum() / sample[:, 1].sum()
        over = (sample[:, 0] - ratio * sample[:, 1]) / sample[:, 0].mean()  # Cochran's residuals, on the scale of log
        return np.log(ratio), np.sqrt((over**2).sum() / 60 / 59)

    centre, error = log_ratio(rows)
    drawn = generator(4).integers(60, size=(99, 60))
    missed = sorted((log_ratio(rows[pick])[0] - centre) / log_ratio(rows[pick])[1] for pick in drawn)
    assert found == pytest.approx((np.exp(centre - missed[97] * error), np.exp(centre - missed[1] * error)))


def test_a_long_tail_is_held_more_often_than_by_student():
    held = np.zeros(2)
    for world in range(150):
        values = generator(5, world).lognormal(0, 1.5, 150)
        both = totals_interval(values, (1,), rng=generator(6, world), draws=199), mean_interval(sums(values))
        held += [interval.low <= np.exp(1.5**2 / 2) <= interval.high for interval in both]
    assert held[0] >= 0.89 * 150 and held[0] > held[1]


def test_three_totals_are_sales_per_stayer_over_the_share_that_left():
    rng = generator(7)
    stayed = rng.random(500) < 0.6
    sales = np.where(stayed, rng.gamma(9.0, 3.0, 500), 0.0)
    low, high = totals_interval(np.column_stack([sales, stayed, ~stayed]), (1, -1, -1), rng=rng)
    value = sales.sum() / stayed.sum() / (~stayed).mean()
    assert low < value < high
    # by hand: the two parts vary apart, the logarithm of a share of 0.4 by sqrt(0.6 / 0.4 / 500)
    error = np.hypot(sales[stayed].std() / sales[stayed].mean() / np.sqrt(stayed.sum()), np.sqrt(0.6 / 0.4 / 500))
    assert np.log(high / low) == pytest.approx(2 * 1.96 * error, rel=0.12)


def test_very_many_customers_are_resampled_in_groups_and_the_interval_stays(monkeypatch):
    values = generator(8).lognormal(0, 1, 3_500)
    alone = totals_interval(values, (1,), rng=generator(9))
    monkeypatch.setattr(totals, "UNITS", 1_000)
    grouped = totals_interval(values, (1,), rng=generator(9))
    assert grouped == pytest.approx(alone, abs=0.15 * (alone.high - alone.low))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.1, 100), min_size=50, max_size=60), st.floats(0.01, 1000))
def test_the_order_and_the_unit_of_values_do_not_matter(values, unit):
    found = totals_interval(values, (1,), rng=generator(10), draws=99)
    turned = totals_interval(np.array(values)[::-1] * unit, (1,), rng=generator(10), draws=99)
    assert turned == pytest.approx(tuple(unit * limit for limit in found), rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("values", [np.arange(50.0), np.full(80, 3.0), np.r_[np.zeros(500), np.ones(49)]])
def test_too_few_above_zero_or_nobody_who_differs_gives_no_interval(values):
    assert np.isnan(totals_interval(values, (1,), rng=generator(11))).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: totals_interval([[1.0, 2.0]], (1,), rng=rng), "2 columns but 1 powers; each column needs one"),
        (
            lambda rng: totals_interval([1.0, -2.0], (1,), rng=rng),
            "value -2; every value must be known and the least is 0",
        ),
        (lambda rng: totals_interval([1.0, np.nan], (1,), rng=rng), "value nan; every value must be known"),
        (
            lambda rng: totals_interval([1.0, 2.0], (1,), rng=rng, draws=9),
            "9 draws are too few for confidence 0.95; take 39",
        ),
    ],
)
def test_what_cannot_be_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(generator(12))
