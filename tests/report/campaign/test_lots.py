import pytest

from analysis.report.campaign import lots as drawn

WHO = {"customers": "households", "currency": "USD"}


def test_the_title_counts_lots_and_broken_ones(lots, by_lot):
    assert drawn.title(lots, by_lot) == "Three of 6 campaigns were drawn by lot; one of the lots is broken"
    assert drawn.title(lots[:1], by_lot) == "One of 6 campaigns was drawn by lot, and every lot fits what was meant"


def test_each_check_that_found_something_is_a_sentence(lots, by_lot):
    broken, leaked, silent, everyone = drawn.leads(lots, by_lot, customers="households")
    assert broken == (
        "In campaign 5 the lot is broken: channel web: 10 treated and 70 held out. Its result is not read."
    )
    assert leaked.startswith("In campaign 2, 5 of 50 held out used the offer all the same, about 20 may have had it")
    assert silent == "Campaign 4 sent nothing, as a check of the method: a difference was found in none of these."
    assert everyone == "Campaign 6 went to everyone who could be contacted: what it changed cannot be known."
    runs = by_lot.assign(
        closed=by_lot["campaign_id"] != "4", verdict=by_lot["verdict"].replace("nothing found", "check still runs")
    )
    assert drawn.leads(lots, runs, customers="households")[2].startswith(
        "Campaign 4 (which still runs) sent nothing, as a check"
    )
    assert "found in none of these" in drawn.leads(lots, runs, customers="households")[2]
    found = by_lot.assign(verdict=by_lot["verdict"].replace("nothing found", "found what is not there"))
    assert "found in one of these" in drawn.leads(lots, found, customers="households")[2]


@pytest.mark.parametrize(("before", "said"), [(0.4, True), (-0.4, True), (0.1, False), (float("nan"), False)])
def test_arms_that_differed_before_a_campaign_are_a_warning(lots, by_lot, before, said):
    one = lots[:1].assign(
        broken=False, leaked=0, treated=900, holdout=400, before_difference=before
    )  # 0.06 is an error
    rest = by_lot[by_lot["campaign_id"].isin(["1", "2", "3"])]
    told = drawn.leads(one, rest, customers="households")
    assert (
        "0.40 standard deviations: lots hardly ever do that. Do not rest a decision on it." in " ".join(told)
    ) is said and len(told) == 1


def test_sound_lots_alone_are_said_to_be_chance(lots, by_lot):
    rest = by_lot[by_lot["campaign_id"].isin(["1", "2", "3"])]
    assert drawn.leads(lots[:1].assign(leaked=0), rest, customers="households") == [
        "In each of them chance alone decided which households were contacted."
    ]


def test_the_table_has_every_lot_with_its_verdict_and_no_tiny_chance_reads_zero(lots, by_lot):
    assert drawn.listed(lots, by_lot)["verdict"].tolist() == ["caused a gain", "nothing found", "not valid"]
    shown = drawn.section(lots, by_lot, **WHO)
    assert "below 0.0001" in shown and "0.0000" not in shown


def test_without_lots_the_section_says_what_it_needs(lots, results):
    for none in (None, lots.head(0)):
        assert "Nobody drew lots for who was contacted" in drawn.section(none, results, **WHO)
