import math

import numpy as np
import pandas as pd
import pytest

from analysis.inference.interval import Interval
from analysis.inference.permutation import compare
from analysis.monitor.lot_effects import Around, found_by_lot, in_columns, verdict

UNIT = "EUR per customer and week"


def result(difference, low, high, p_value, **more):
    """A result over a window of four weeks."""
    base = compare([], [], n_treated=2, n_holdout=2, rng=np.random.default_rng(1))
    return base._replace(difference=difference, interval=Interval(low, high), p_value=p_value, refused=None, **more)


CLEAR = result(8.0, 4.0, 12.0, 0.001)


def test_a_difference_that_stands_among_all_campaigns_is_said_to_be_caused():
    assert verdict(CLEAR, Around(9, 0.009), weeks=4, unit=UNIT) == (
        "caused a gain",
        "Drawn by lot, the treated spent 2.00 EUR per customer and week (95 % interval 1.00 to 3.00) more than the held out.",
    )
    worse = result(-8.0, -12.0, -4.0, 0.001)
    assert verdict(worse, Around(9, 0.009), weeks=4, unit=UNIT) == (
        "caused a loss",
        "Drawn by lot, the treated spent 2.00 EUR per customer and week (95 % interval 1.00 to 3.00) less than the held out.",
    )


def test_a_difference_that_stands_alone_but_not_among_all_is_cannot_tell():
    word, why = verdict(result(8.0, 1.0, 15.0, 0.03), Around(9, 0.27), weeks=4, unit=UNIT)
    assert word == "cannot tell"
    assert why == (
        "The difference is 2.00 EUR per customer and week (95 % interval 0.25 to 3.75). Looked at alone it would stand "
        "(p = 0.030), but not as one of 9 campaigns looked at (p = 0.27 by Holm)."
    )
    other = verdict(result(8.0, 1.0, 15.0, 0.03), Around(9, 0.06, by="Benjamini-Hochberg"), weeks=4, unit=UNIT)
    assert other[0] == "cannot tell" and other[1].endswith("(p = 0.06 by Benjamini-Hochberg).")


def test_an_interval_with_zero_inside_is_cannot_tell_and_an_open_end_is_said():
    assert verdict(result(8.0, -4.0, math.inf, 0.4), Around(1, 0.4), weeks=4, unit=UNIT) == (
        "cannot tell",
        "The difference is 2.00 EUR per customer and week (95 % interval -1.00 to no limit), so there may be none.",
    )


@pytest.mark.parametrize(
    ("found", "p_adjusted", "word"),
    [(result(1.0, -4.0, 6.0, 0.7), 1.0, "nothing found"), (result(8.0, 1.0, 15.0, 0.03), 0.2, "nothing found"),
     (CLEAR, 0.009, "found what is not there")],
)  # fmt: skip
def test_a_campaign_that_sent_nothing_never_caused_anything(found, p_adjusted, word):
    said, why = verdict(found, Around(9, p_adjusted, sent_nothing=True), weeks=4, unit=UNIT)
    assert said == word and why.startswith("Nothing was sent") and "caused" not in said + why


def test_too_few_buyers_are_said_with_their_number():
    few = compare([5.0] * 30, [], n_treated=90, n_holdout=10, rng=np.random.default_rng(1))
    assert verdict(few, Around(0, math.nan), weeks=4, unit=UNIT) == (
        "too few buyers", "Too few buyers: 3.0 are expected in the smaller group, an interval needs 20."
    )  # fmt: skip


def test_leaks_and_an_open_window_are_said_whatever_was_found_and_nothing_is_decided_in_it():
    around = Around(1, 0.001, leaked=35, holdout=712, open_until="2024-03-28")
    for found in (CLEAR, result(1.0, -4.0, 6.0, 0.7), result(8.0, 1.0, 15.0, 0.03)):
        word, why = verdict(found, around, weeks=4, unit=UNIT)
        assert word == "cannot tell yet" and why.startswith("So far the difference is ")
        word, silent = verdict(found, around._replace(sent_nothing=True), weeks=4, unit=UNIT)
        assert (word, silent) == ("check still runs", f"Nothing was sent. {why}")
        assert why.endswith(
            " Diluted: at least 35 of 712 held out used its offer all the same, so what the offer does lies farther from "
            "zero. The campaign still runs; measured until 2024-03-28."
        )


def test_a_result_stands_in_columns_per_week_and_in_total():
    part = pd.DataFrame({"treated": [True, False] * 100, "after": [6.0, 4.0] * 100, "before": [3.0, 3.0] * 100})
    part.loc[:99, "after"] = [0.0, 4.0] * 50  # half of the treated bought nothing, who bought spent 6
    found, before = (
        found_by_lot(part, span=s, rng=np.random.default_rng(1), confidence=0.95) for s in ("after", "before")
    )
    columns = in_columns(found, before, weeks=2, n_treated=100, n_holdout=100)
    assert columns["effect_per_week"] == (3 - 4) / 2 and columns["total_effect"] == -100
    assert columns["low"] == found.interval.low / 2 and columns["total_low"] == found.total_interval.low
    # The plain ratio, 3 to 4, leans upwards; what is taken off it lies well inside its error.
    assert columns["lift"] == found.lift < -0.25 < found.lift + 0.01 and columns["placebo_effect"] == 0
    assert (columns["contacted_used"], columns["comparable"], columns["contacted_left_out"]) == (100, 100, 0)
    assert math.isnan(in_columns(found, None, weeks=2, n_treated=1, n_holdout=1)["placebo_effect"])
