"""The truth of a comparison is that of exactly the contacted its number is about."""

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.evidence import METHODS
from analysis.validation import chosen


@pytest.fixture
def found(monkeypatch):
    """A world in which the doubly robust way keeps only every third customer, with what was looked at."""
    seen = {}

    def looked(*args, **options):
        found = chosen_look(*args, **options)
        some = found.about["doubly robust"] & (np.arange(len(found.about)) % 3 == 0)
        seen["found"] = found._replace(about=found.about.assign(**{"doubly robust": some}))
        return seen["found"]

    chosen_look = chosen.look
    monkeypatch.setattr(chosen, "look", looked)
    monkeypatch.setattr(
        chosen, "pseudo_campaigns", lambda *args, **options: pd.DataFrame({"effect": [], "standard_error": []})
    )
    return seen


def test_the_truth_of_each_number_is_the_mean_gain_of_the_contacted_that_it_is_about(found):
    options = {"customers": 800, "silent": 0.5, "sigma": 1.0, "contacted": 0.3, "who": "level", "effect": 0.3}
    outcomes = chosen.trial(np.random.default_rng(5), **options)
    rng = np.random.default_rng(5)  # the same rates and values, drawn first
    rate = rng.gamma(chosen.populations.SHAPE, chosen.populations.mean_orders(0.5) / chosen.populations.SHAPE, 800)
    gain = rate * chosen.populations.ORDER * rng.lognormal(0, 1.0, 800) * 0.3 / 4  # orders of four weeks
    about = found["found"].about
    by_hand = {name: sum(gain[i] for i in range(800) if about[name][i]) / about[name].sum() for name in METHODS}
    naive, ours, robust = (by_hand[name] for name in METHODS)
    truth = {(o.estimate, o.method): o.truth for o in outcomes if not o.says}
    assert truth["campaign by rule, per week", ""] == pytest.approx(ours)
    assert truth["campaign by rule, doubly robust", ""] == pytest.approx(robust) != ours
    assert truth["campaign by rule, per week", "naive: contacted against all others"] == pytest.approx(naive)
    assert truth["week by week around the start", ""] == pytest.approx(ours)  # all strata have both
