"""The promise: what each row of it says, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.design.promise import promise
from analysis.design.sizing import NOTHING_KNOWN, visible
from analysis.inference.lot_power import Stratum

REACH = pd.DataFrame(
    [
        ("loyal", 100, 100, 60, 40, 160.0, 240.0),
        ("lapsed", 50, 50, 40, 10, 40.0, 200.0),
        ("quiet", 9, 0, 0, 0, 0.0, 0.0),
    ],
    columns=["segment", "customers", "planned", "treated", "holdout", "expected_cost", "largest_cost"],
)
SPREAD = np.random.default_rng([3]).normal(0, 1, 100)
OUTCOMES = {
    "loyal": 200 + 90 * (SPREAD - SPREAD.mean()) / SPREAD.std() / 2,
    "lapsed": np.r_[np.zeros(40), np.full(10, 100.0)],  # mean 20, and two buyers expected among ten
}


def made(**changes):
    options = {"effect": 0.35, "power": 0.8, "rng": np.random.default_rng([4])} | changes
    return promise(REACH, OUTCOMES, **options).set_index("segment")


def test_the_total_adds_up_and_comes_last():
    table = made()
    assert table.index.tolist() == ["loyal", "lapsed", "quiet", "all segments"]
    total = table.loc["all segments"]
    assert total[["customers", "planned", "treated", "holdout"]].tolist() == [159, 150, 100, 50]
    assert total[["expected_cost", "largest_cost"]].tolist() == [200.0, 440.0]
    assert total["mean"] == pytest.approx((100 * 200 + 50 * 20) / 150)


def test_break_even_is_the_change_of_sales_that_pays_the_expected_cost():
    table = made()
    # loyal: 160 / (60 x 200) = 1.3 %; lapsed: 40 / (40 x 20) = 5 %; all: 200 / (100 x 140)
    assert table["break_even"].tolist()[:2] == pytest.approx([160 / 12000, 0.05])
    assert table.loc["all segments", "break_even"] == pytest.approx(200 / (100 * 140))


def test_the_smallest_effect_of_a_row_is_that_of_its_own_customers():
    row = made(power=0.9).loc["loyal"]
    alone = visible([Stratum(OUTCOMES["loyal"], 60, 40)], power=0.9, rng=np.random.default_rng([4]))
    assert row["smallest_effect"] == alone.effect
    # the formula for normal means: (1.96 + 1.2816) x 45 x sqrt(1/60 + 1/40) / 200, a little more where the treated spread
    assert alone.effect == pytest.approx(3.24 * 45 * np.sqrt(1 / 60 + 1 / 40) / 200, rel=0.12)


def test_reached_compares_with_the_effect_that_matters():
    table = made()
    assert table["reached"].tolist()[:3] == [True, False, False]
    assert not made(effect=0.01)["reached"].any()


def test_a_row_without_a_promise_says_why_not():
    table = made()
    assert table.loc["lapsed", "why_not"].startswith(
        "Fewer than 25 buyers are expected in the smaller arm; the test needs 20"
    )
    assert table["why_not"].tolist()[::2] == ["", NOTHING_KNOWN]
    assert (table["why_not"].eq("") == table["smallest_effect"].notna()).all()


def test_a_segment_that_gets_nothing_or_has_no_baseline_promises_nothing():
    quiet = made().loc["quiet"]
    assert quiet[["mean", "smallest_effect", "break_even"]].isna().all()
    assert not quiet["reached"]


def test_the_name_of_the_last_row_is_taken():
    with pytest.raises(ValueError, match="a segment is called 'all segments', the name of the last row"):
        promise(REACH.replace({"segment": {"quiet": "all segments"}}), OUTCOMES, effect=0.1, power=0.8,
                rng=np.random.default_rng([4]))  # fmt: skip


def test_an_empty_plan_costs_nothing_and_promises_nothing():
    nothing = REACH.assign(planned=0, treated=0, holdout=0, expected_cost=0.0, largest_cost=0.0)
    total = promise(nothing, OUTCOMES, effect=0.1, power=0.8, rng=np.random.default_rng([4])).iloc[-1]
    assert (total["planned"], total["expected_cost"]) == (0, 0.0)
    assert np.isnan([total["mean"], total["smallest_effect"], total["break_even"]]).all()
