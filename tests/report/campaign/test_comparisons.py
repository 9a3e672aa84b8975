from analysis.report.campaign import comparisons
from analysis.report.campaign.phrases import Verdicts


def test_whom_a_campaign_is_compared_with_follows_its_method(by_lot):
    one, two = by_lot.iloc[0], by_lot.iloc[1]
    assert comparisons.than_whom(one, customers="households") == "that of comparable households (n = 10)"
    assert comparisons.than_whom(two, customers="households") == (
        "that of households held out by lot (n = 100 treated, 10 held out)"
    )


def test_whom_all_are_held_against_is_said_once():
    none, some, every = (Verdicts(9, 3, 0, 0, 3, 0, 0, by_lot=lots) for lots in (0, 1, 3))
    assert comparisons.whom(none, "households") == "comparable households"
    assert (
        comparisons.whom(some, "households") == "households held out by lot, or comparable ones where nobody drew lots"
    )
    assert comparisons.whom(every, "households") == "households held out by lot"


def test_the_note_names_campaigns_without_a_lot_and_explains_naive(by_lot, results):
    assert comparisons.note(by_lot, customers="households").startswith("Nobody drew lots in campaign 1: contacted")
    assert comparisons.note(results, customers="households").startswith(
        "Nobody drew lots for who was contacted: contacted"
    )
    alone = comparisons.note(by_lot[by_lot["method"] == "lot"], customers="households")
    assert alone.startswith("Naive is plain mean spend") and "Nobody" not in alone
