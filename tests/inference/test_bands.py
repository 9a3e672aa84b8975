import numpy as np
import pytest

from analysis.inference.bands import bands
from analysis.inference.observational import difference_in_differences

EIGHT = np.array([True] * 4 + [False] * 4)


def test_difference_and_weights_are_those_of_the_comparison_by_strata():
    import pandas as pd

    rng = np.random.default_rng(1)
    outcomes, contacted, strata = rng.normal(size=(60, 3)), np.arange(60) % 3 == 0, np.arange(60) // 30
    found = bands(outcomes, contacted, strata, rng=rng, draws=199)
    for column in range(3):
        table = pd.DataFrame({"stratum": strata, "contacted": contacted, "change": outcomes[:, column]})
        assert found.difference[column] == pytest.approx(difference_in_differences(table, min_per_arm=2).effect)
    assert (found.band_low <= found.low).all() and (found.high <= found.band_high).all()


def test_limits_agree_with_drawing_one_label_after_another():
    """A slow literal version: the same order by lot, one customer at a time, and quantiles by sorting."""
    y = np.array([[9.0, 1.0], [7.0, 0.0], [8.0, 0.0], [0.0, 2.0], [2.0, 5.0], [1.0, 0.0], [3.0, 1.0], [0.0, 0.0]])
    strata = np.zeros(8)
    found = bands(y, EIGHT, strata, rng=np.random.default_rng(3), draws=399)
    rng = np.random.default_rng(3)
    hit = rng.hypergeometric(4, 4, 7, size=(399, 1))  # the eighth customer buys nothing and is not drawn
    order = rng.permuted(np.broadcast_to(np.arange(7, dtype=np.int32), (399, 7)), axis=1)

    def studentised(values, contacted):
        one, other = values[contacted], values[~contacted]
        error = np.sqrt((one.var() / (len(one) - 1)) + other.var() / (len(other) - 1))
        return (one.mean() - other.mean()) / error if error > 0 else 0.0, error

    drawn = []
    for number, places in zip(hit[:, 0], order, strict=True):
        drawn.append([])
        for column in y.T:
            contacted = np.array([place < number for place in places])
            values = np.concatenate([column[:7], np.zeros(1)])
            labels = np.concatenate([contacted, [number < 4]])  # the eighth fills the arm that has room
            drawn[-1].append(studentised(values, labels)[0])
    ordered = np.sort(np.array(drawn), axis=0)
    error = [studentised(column, EIGHT)[1] for column in y.T]
    assert found.low == pytest.approx(found.difference - ordered[389] * error, abs=1e-4)
    assert found.high == pytest.approx(found.difference - ordered[9] * error, abs=1e-4)


def test_where_nothing_happens_limits_and_band_miss_as_often_as_they_say_even_with_few_buyers():
    rng = np.random.default_rng(5)
    one, every = [], []
    for _ in range(300):
        rate, size = rng.gamma(0.1, 1.0, 600), rng.lognormal(0, 1.5, 600)
        y = rng.poisson(rate[:, None], (600, 6)) * size[:, None]
        contacted = np.zeros(600, dtype=bool)
        contacted[rng.permutation(600)[:60]] = True
        found = bands(y, contacted, np.arange(600) % 2, rng=rng, draws=399)
        one.append((found.low[0] > 0) | (found.high[0] < 0))
        every.append(((found.band_low > 0) | (found.band_high < 0)).any())
    error = np.sqrt(0.05 * 0.95 / 300)
    assert abs(np.mean(one) - 0.05) < 3 * error and abs(np.mean(every) - 0.05) < 3 * error


def test_an_outcome_in_which_nobody_differs_has_no_limits():
    y = np.column_stack([np.arange(8.0), np.zeros(8)])
    found = bands(y, EIGHT, np.zeros(8), rng=np.random.default_rng(1), draws=99)
    assert (
        found.difference[1] == 0
        and np.isnan(found.low[1])
        and np.isnan(found.band_high[1])
        and np.isfinite(found.low[0])
    )


def test_the_same_generator_gives_the_same_limits_and_a_thin_stratum_is_refused():
    rng = np.random.default_rng(2)
    y = rng.normal(size=(40, 2))
    contacted = np.arange(40) % 4 == 0
    first, second = (bands(y, contacted, np.zeros(40), rng=np.random.default_rng(7), draws=99) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    with pytest.raises(ValueError) as raised:
        bands(y, contacted, np.arange(40) // 4, rng=rng, draws=99)
    assert str(raised.value) == "a stratum has 1 customers of one group; the least is 2 of each"
