"""The truth in formulas is the average over many customers, drawn in another way."""

import numpy as np
import pytest

from analysis.validation import populations
from analysis.validation.contacted import CAMPAIGNS, OPEN, _by_day, _days


def drawn(growth):
    seen = populations.orders(np.random.default_rng(1), 1_000_000, silent=0.7, sigma=0.5, growth=growth)
    return seen.before, seen.now, seen.value


@pytest.mark.parametrize("growth", [0.0, 0.5])
def test_truth_is_what_a_million_customers_show(growth):
    before, now, value = drawn(growth)
    true = populations.truth(silent=0.7, sigma=0.5, growth=growth)
    came, either = now > 0, before + now > 0
    both = (before > 0) & came
    seen = [
        (now[came] - 1).mean(), (now[came] > 1).mean(), (now[before > 0] == 0).mean(), (now * value)[both].mean(),
        (now * value)[either].mean(), ((now - before) * value)[either].mean(), (now - before)[either].mean(),
    ]  # fmt: skip
    assert seen == pytest.approx(list(true[:7]), rel=0.01, abs=0.15)


def test_the_mean_score_is_the_share_of_pairs_in_which_one_did_less():
    _, now, value = drawn(0.0)
    one, other = np.arange(0, 1_000_000, 2), np.arange(1, 1_000_000, 2)
    spent = now * value
    by_pairs = 0.5 * (now[other] < now[one]).mean() + 0.5 * (spent[other] < spent[one]).mean()
    assert populations.truth(silent=0.7, sigma=0.5).score == pytest.approx(by_pairs, abs=0.002)


@pytest.mark.parametrize("silent", [0.5, 0.9, 0.99])
def test_as_many_are_silent_as_asked(silent):
    mean = populations.mean_orders(silent)
    assert (1 + mean / populations.SHAPE) ** -populations.SHAPE == pytest.approx(silent)
    seen = populations.orders(np.random.default_rng(2), 200_000, silent=silent, sigma=1.0)
    assert (seen.before == 0).mean() == pytest.approx(silent, abs=0.005)


def test_spend_is_mostly_zero_and_has_the_mean_asked_for():
    found = populations.spend(np.random.default_rng(3), 1_000_000, buying=0.2, sigma=0.8)
    assert (found > 0).mean() == pytest.approx(0.2, abs=0.002)
    assert found.mean() == pytest.approx(8.0, rel=0.01)


def test_days_to_redemption_are_those_of_the_formula():
    days = _days(np.random.default_rng(4), 200_000)
    assert (days.min(), days.max()) == (0, OPEN - 1)
    assert [(days <= day).mean() for day in (0, 5, 20)] == pytest.approx(
        [_by_day(day) for day in (0, 5, 20)], abs=0.004
    )
    assert _by_day(OPEN - 1) == pytest.approx(1)
    assert CAMPAIGNS > 2
