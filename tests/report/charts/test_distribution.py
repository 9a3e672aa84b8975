"""The curve of a distribution says which share is at or below a value."""

import pandas as pd

from analysis.report import charts, figures

SPEND = pd.DataFrame({"arm": ["treated"] * 4 + ["holdout"] * 2, "spend": [10.0, 20, 30, None, 10, 40]})


def drawn(frame):
    found = []

    def draw(ax):
        charts.distribution(frame, ax, value="spend", fmt=str, group="arm")
        found.append([tuple(zip(*line.get_data(), strict=True)) for line in ax.lines])
        return ax

    figures.svg(draw, alt="Spend of treated and holdout.")
    return found[0]


def test_a_step_goes_up_by_one_customer_at_each_value_and_the_unknown_are_left_out():
    treated, holdout = ([(float(x), round(float(y), 3)) for x, y in line if x > 0] for line in drawn(SPEND))
    assert treated == [(10, 0.333), (20, 0.667), (30, 1.0)]
    assert holdout == [(10, 0.5), (40, 1.0)]


def test_nothing_known_draws_no_axes():
    def draw(ax):
        charts.distribution(SPEND.assign(spend=float("nan")), ax, value="spend", fmt=str)
        assert not ax.axison
        return ax

    figures.svg(draw, alt="Nothing is known.")
