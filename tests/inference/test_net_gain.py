import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.interval import Interval
from analysis.inference.net_gain import NO_COST, NOT_CLEAR, Known, net_gain, return_on_cost


def known(value, below, above=None):
    return Known(value, Interval(value - below, value + (below if above is None else above)))


def test_errors_add_up_in_squares_where_gain_and_cost_go_their_own_ways():
    # reaches of 30 and 40 make one of 50 (a triangle of Pythagoras) around 200 - 120
    assert net_gain(known(200.0, 30.0), known(120.0, 40.0), correlation=0) == (30, 130)


def test_what_moves_together_leaves_the_difference_of_the_errors():
    assert net_gain(known(200.0, 30.0), known(120.0, 40.0), correlation=1) == pytest.approx((70, 90))
    assert net_gain(known(200.0, 30.0), known(120.0, 40.0), correlation=-1) == pytest.approx((10, 150))


def test_low_gain_meets_high_cost():
    # below: 30 of the gain and 40 above the cost; above: 60 of the gain and 80 below the cost
    found = net_gain(known(200.0, 30.0, 60.0), known(120.0, 80.0, 40.0), correlation=0)
    assert found == pytest.approx((80 - 50, 80 + 100))


def test_a_certain_cost_moves_the_interval_of_the_gain():
    assert net_gain(known(200.0, 30.0, 60.0), known(120.0, 0.0), correlation=0) == (50, 140)
    assert return_on_cost(known(200.0, 30.0, 60.0), known(100.0, 0.0), correlation=0).interval == pytest.approx(
        (0.7, 1.6)
    )


def test_an_end_without_limit_stays_so():
    gain, cost = Known(200.0, Interval(-np.inf, np.inf)), known(100.0, 10.0)
    assert net_gain(gain, cost, correlation=0.5) == (-np.inf, np.inf)
    assert return_on_cost(gain, cost, correlation=0.5).interval == (-np.inf, np.inf)


def fieller(gain, cost, error_gain, error_cost, correlation, z):
    """Fieller's limits of gain / cost by his formula (1954, equation 3), variances and covariance times z squared."""
    v11, v22, v12 = (z * error_gain) ** 2, (z * error_cost) ** 2, z**2 * correlation * error_gain * error_cost
    root = np.sqrt((gain * cost - v12) ** 2 - (cost**2 - v22) * (gain**2 - v11))
    return tuple((gain * cost - v12 + sign * root) / (cost**2 - v22) for sign in (-1, 1))


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.9])
@pytest.mark.parametrize("gain", [250.0, 20.0, -90.0])
def test_symmetrical_errors_give_the_interval_of_fieller(gain, correlation):
    found = return_on_cost(known(gain, 1.96 * 30), known(100.0, 1.96 * 12), correlation=correlation)
    expected = fieller(gain, 100.0, 30, 12, correlation, 1.96)
    assert found.value == gain / 100 - 1 and found.interval == pytest.approx([end - 1 for end in expected])


reach = st.floats(0.1, 300)


@given(st.floats(-500, 500), reach, reach, st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.floats(-0.95, 0.95))
def test_a_return_is_in_its_interval_as_long_as_the_net_gain_at_that_price_may_be_zero(
    gain, below, above, less, more, r
):
    gain, cost = known(gain, below, above), known(100.0, 100 * less, 100 * more)
    found = return_on_cost(gain, cost, correlation=r)
    for end, side in zip(found.interval, ("low", "high"), strict=True):
        factor = 1 + end  # what each unit of cost would have to bring
        priced = Known(
            abs(factor) * 100, Interval(*sorted((abs(factor) * cost.interval.low, abs(factor) * cost.interval.high)))
        )
        if factor < 0:  # gain minus a negative multiple of cost: the cost is added, its ends change sides
            priced = Known(-priced.value, Interval(-priced.interval.high, -priced.interval.low))
        net = net_gain(gain, priced, correlation=r if factor >= 0 else -r)
        assert getattr(net, side) == pytest.approx(0, abs=1e-6 * (1 + abs(gain.value) + abs(factor) * 100))
    assert found.interval.low <= found.value <= found.interval.high


def test_without_a_cost_that_is_clear_of_zero_there_is_no_return():
    assert return_on_cost(known(5.0, 1.0), known(0.0, 0.0), correlation=0).refused == NO_COST
    unclear = return_on_cost(known(5.0, 1.0), known(10.0, 10.0), correlation=0)
    assert unclear.refused == NOT_CLEAR and np.isnan(unclear.value) and np.isnan(unclear.interval.low)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="correlation 1.2 must lie between -1 and 1"):
        net_gain(known(1.0, 1.0), known(1.0, 1.0), correlation=1.2)
    with pytest.raises(ValueError, match="the gain 5 lies outside its interval 6 to 7"):
        net_gain(Known(5.0, Interval(6.0, 7.0)), known(1.0, 1.0), correlation=0)
