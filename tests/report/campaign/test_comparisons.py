import pandas as pd

from analysis.report.campaign import comparisons, worth
from analysis.report.campaign.phrases import Verdicts


def test_whom_a_campaign_is_compared_with_follows_its_method(by_lot):
    one, two = by_lot.iloc[0], by_lot.iloc[1]
    assert comparisons.than_whom(one, customers="households") == "that of comparable households (n = 10)"
    assert comparisons.than_whom(two, customers="households") == (
        "that of households held out by lot (n = 100 treated, 10 held out)"
    )


def test_whom_all_are_held_against_is_said_once():
    none, some, every = (Verdicts(9, 3, 0, 3, 0, 0, by_lot=lots) for lots in (0, 1, 3))
    assert comparisons.whom(none, "households") == "comparable households"
    assert (
        comparisons.whom(some, "households") == "households held out by lot, or comparable ones where nobody drew lots"
    )
    assert comparisons.whom(every, "households") == "households held out by lot"


def test_the_note_names_campaigns_without_a_lot_and_says_nothing_where_all_were_drawn(by_lot, results):
    assert comparisons.note(by_lot, customers="households").startswith("Nobody drew lots in campaign 1: contacted")
    assert comparisons.note(results, customers="households").startswith("Nobody drew lots: contacted")
    alone = comparisons.note(by_lot[by_lot["method"] == "lot"], customers="households")
    assert alone == ""


def test_a_campaign_that_still_runs_is_named_as_such(results):
    open_ = results.assign(closed=[True, False, True])
    said = "Campaign 2 still runs: its numbers will change."
    assert comparisons.note(open_, customers="households").startswith(f"{said} Nobody drew lots")
    assert "still" not in comparisons.note(results.assign(closed=True), customers="households")
    two = comparisons.running(results.assign(closed=[False, False, True]))
    assert two == "Campaigns 1 and 2 still run: their numbers will change."
    labels = [worth._label(row) for row in open_.itertuples() if row.contacted_used is not pd.NA]
    assert [label.endswith("still runs") for label in labels] == [False, True]
