"""The promise that counts that the baseline is one sample: by hand, and against a known error of the sample."""

import numpy as np
import pytest

from analysis.inference import assurance
from analysis.inference.assurance import assured, spread_again
from analysis.inference.lot_power import Stratum, rehearse, shown, smallest_rise

AIMS = {"power": 0.8, "alpha": 0.05}


def generator(*seed):
    return np.random.default_rng([43, *seed])


def strata(n=400, sigma=1.0):
    outcomes = np.where(np.arange(n) < n // 2, 0.0, generator(1).lognormal(3, sigma, n))
    return [Stratum(outcomes, 3 * n // 4, n - 3 * n // 4)]


def test_samples_drawn_again_differ_as_the_delta_method_says():
    values = generator(2).gamma(4.0, 25.0, 2000)  # everyone buys: coefficient of variation a half, little skew
    apart = spread_again([Stratum(values, 1500, 500)], rng=generator(3))
    m, s = values.mean(), values.std()
    z = (values - m) / s
    # log(sd/mean): influence of one customer is (z squared - 1) / 2 - z s/m, over the root of n
    by_hand = ((z**2 - 1) / 2 - z * s / m).std() / np.sqrt(values.size)
    assert apart.std() == pytest.approx(by_hand, rel=0.15)
    assert apart.mean() == pytest.approx(0, abs=4 * by_hand / np.sqrt(len(apart)) + by_hand / 10)


def test_equal_outcomes_could_not_have_differed_and_change_nothing():
    assert (spread_again([Stratum(np.full(50, 7.0), 30, 20)], rng=generator(4)) == 0).all()


def test_the_promise_keeps_the_power_on_average_over_what_the_sample_could_have_been(monkeypatch):
    planned = strata()
    rehearsal = rehearse(planned, rng=generator(5))
    rise = smallest_rise(rehearsal, **AIMS).effect
    apart = np.tile([-0.4, 0.4], 100)  # half of the samples would have promised a third less, half a half more
    monkeypatch.setattr(assurance, "spread_again", lambda strata, rng: apart)
    found = assured(rehearsal, planned, rise, rng=generator(6), **AIMS)

    def kept(promise):  # the literal version, without a curve
        return np.mean([shown(rehearsal, promise * np.exp(one), alpha=0.05) for one in (-0.4, 0.4)])

    assert kept(rise) < 0.78 and kept(found) == pytest.approx(0.8, abs=0.01)


def test_a_larger_sample_is_trusted_more_and_the_promise_is_never_smaller():
    factors = []
    for n in (300, 4000):
        planned = strata(n, sigma=0.5)
        rehearsal = rehearse(planned, rng=generator(7))
        rise = smallest_rise(rehearsal, **AIMS).effect
        factors.append(assured(rehearsal, planned, rise, rng=generator(8), **AIMS) / rise)
    assert factors[0] > factors[1] >= 1 and factors[1] < 1.02


def test_a_promise_that_even_the_largest_rise_would_not_keep_is_refused():
    seen = np.array(
        [0, 0, 0, 1, 1, 1, 1, 1, 40.0]
    )  # nine customers, of whom one spends most: another nine could lack it, or have two
    planned, aims = [Stratum(seen, 300, 300)], AIMS | {"power": 0.98}
    rehearsal = rehearse(planned, rng=np.random.default_rng(1), lots=500)
    rise = smallest_rise(rehearsal, **aims).effect
    assert 1 < rise < 2  # the sample itself would promise something
    assert np.isnan(assured(rehearsal, planned, rise, rng=generator(9), **aims))
    apart = spread_again(planned, rng=generator(9))
    largest = [shown(rehearsal, rise * np.exp(assurance.MOST + one), alpha=0.05) for one in apart]  # without a curve
    assert np.mean(largest) < 0.98
    assert assured(rehearsal, planned, rise, rng=generator(9), **AIMS) > rise  # less power can be promised
