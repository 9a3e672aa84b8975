"""The promise: what each row of it says, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.design.promise import promise
from analysis.inference.experiments import power_two_means

REACH = pd.DataFrame(
    [
        ("loyal", 100, 100, 80, 20, 160.0, 240.0),
        ("lapsed", 50, 50, 40, 10, 40.0, 200.0),
        ("quiet", 9, 0, 0, 0, 0.0, 0.0),
    ],
    columns=["segment", "customers", "planned", "treated", "holdout", "expected_cost", "largest_cost"],
)
BASELINE = pd.DataFrame(
    {"segment": ["lapsed", "loyal"], "mean": [20.0, 200.0], "sd": [60.0, 150.0], "residual_sd": [60.0, 90.0]}
)


def made(**changes):
    options = {"effect": 0.35, "power": 0.8} | changes
    return promise(REACH, BASELINE, **options).set_index("segment")


def test_the_total_adds_up_and_comes_last():
    table = made()
    assert table.index.tolist() == ["loyal", "lapsed", "quiet", "all segments"]
    total = table.loc["all segments"]
    assert total[["customers", "planned", "treated", "holdout"]].tolist() == [159, 150, 120, 30]
    assert total[["expected_cost", "largest_cost"]].tolist() == [200.0, 440.0]
    assert total["mean"] == (100 * 200 + 50 * 20) / 150


def test_break_even_is_the_change_of_sales_that_pays_the_expected_cost():
    table = made()
    # loyal: 160 / (80 x 200) = 1 %; lapsed: 40 / (40 x 20) = 5 %; all: 200 / (120 x 140)
    assert table["break_even"].tolist()[:2] == [0.01, 0.05]
    assert table.loc["all segments", "break_even"] == pytest.approx(200 / (120 * 140))


def test_the_smallest_effect_of_a_row_is_seen_by_its_own_customers_with_the_stated_power():
    row = made(power=0.9).loc["loyal"]
    assert power_two_means(80, 20, effect=row["smallest_effect"] * 200, sd=90, alpha=0.05) == pytest.approx(0.9)


def test_reached_compares_with_the_effect_that_matters():
    table = made()
    assert table["reached"].tolist() == [True, False, False, True]  # 1.9 sd of 0.45: 32 %; 300 % of 20; none; 37 %


def test_a_segment_that_gets_nothing_or_has_no_baseline_promises_nothing():
    quiet = made().loc["quiet"]
    assert quiet[["mean", "smallest_effect", "break_even"]].isna().all()
    assert not quiet["reached"]


def test_the_name_of_the_last_row_is_taken():
    with pytest.raises(ValueError, match="a segment is called 'all segments', the name of the last row"):
        promise(REACH.replace({"segment": {"quiet": "all segments"}}), BASELINE, effect=0.1, power=0.8)


def test_an_empty_plan_costs_nothing_and_promises_nothing():
    nothing = REACH.assign(planned=0, treated=0, holdout=0, expected_cost=0.0, largest_cost=0.0)
    total = promise(nothing, BASELINE, effect=0.1, power=0.8).iloc[-1]
    assert (total["planned"], total["expected_cost"]) == (0, 0.0)
    assert np.isnan([total["mean"], total["smallest_effect"], total["break_even"]]).all()
