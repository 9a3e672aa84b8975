"""EWMA and CUSUM: by hand, by the published tables of run lengths, and by simulation."""

import numpy as np
import pytest

from analysis.monitor.small_shifts import cusum, cusum_wait, ewma, ewma_limit, ewma_wait
from analysis.randomness import generator


def test_the_mean_and_its_limit_by_hand():
    assert ewma([1, 0, 2], weight=0.5).tolist() == [0.5, 0.25, 1.125]
    # variance of the first two means: 1/4 and 1/4 + 1/16 of that of a week
    assert ewma_limit(2, weight=0.5, width=3) == pytest.approx([3 * 0.5, 3 * np.sqrt(5 / 16)])
    assert ewma_limit(500, weight=0.2, width=3)[-1] == pytest.approx(1.0)  # sqrt(0.2 / 1.8) is a third


def test_the_sums_by_hand():
    found = cusum([1, 2, -3, 0.5], slack=0.5)
    assert found.up.tolist() == [0.5, 2, 0, 0]  # 0.5, +1.5, -3.5 down to 0, 0.5 - 0.5
    assert found.down.tolist() == [0, 0, 2.5, 1.5]


@pytest.mark.parametrize(
    ("limit", "shift", "weeks"),
    [(4, 0, 168), (4, 0.25, 74.2), (4, 0.5, 26.6), (4, 1, 8.38), (4, 2, 3.34), (4, 3, 2.19)]
    + [(5, 0, 465), (5, 0.25, 139), (5, 0.5, 38.0), (5, 1, 10.4), (5, 2, 4.01), (5, 3, 2.57)],
)
def test_the_wait_of_a_cusum_is_that_of_montgomery_introduction_to_spc_table_9_3(limit, shift, weeks):
    assert cusum_wait(slack=0.5, limit=limit, shift=shift).mean == pytest.approx(weeks, rel=0.005)  # cited from memory


@pytest.mark.parametrize(
    ("weight", "width", "waits"),
    [(0.1, 2.814, (500, 31.3, 10.3)), (0.2, 2.962, (500, 41.8, 10.5)), (0.4, 3.054, (500, 71.2, 14.3))],
)
def test_the_wait_of_an_ewma_is_that_of_lucas_and_saccucci_1990_table_3(weight, width, waits):
    found = [ewma_wait(weight=weight, width=width, shift=shift).mean for shift in (0, 0.5, 1)]
    assert found == pytest.approx(waits, rel=0.005)  # cited from memory


def test_an_ewma_that_forgets_at_once_is_a_chart_of_three_standard_deviations():
    assert ewma_wait(weight=1.0, width=3.0).mean == pytest.approx(370.4, abs=0.1)
    assert ewma_wait(weight=1.0, width=3.0, weeks=52).within == pytest.approx(1 - 0.9973002039**52)


@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_chances_within_a_year_agree_with_simulation(shift):
    far = generator(1, "waits").standard_normal((4_000, 52)) + shift
    late = np.sqrt(0.2 / 1.8) * 2.7
    seen = np.mean([np.any(np.abs(ewma(row, weight=0.2)) > late) for row in far])
    assert ewma_wait(weight=0.2, width=2.7, shift=shift).within == pytest.approx(seen, abs=0.03)
    sums = [cusum(row, slack=0.5) for row in far]
    seen = np.mean([max(s.up.max(), s.down.max()) > 4 for s in sums])
    assert cusum_wait(slack=0.5, limit=4, shift=shift).within == pytest.approx(seen, abs=0.035)
